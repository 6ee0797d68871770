"""Whether a statement is its quote with nothing but allowed changes, word by word in order.

What may be left out is told by ``omissions``, what may be added by ``names``. Every other word
must agree and stand in the same order, so that nothing can change places, be denied, be
promised or be lent to something else. The instructions to a model ask for this form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.llm.names import (
    Surroundings,
    above,
    closes_opening,
    completes,
    goes_on_from,
    is_title,
    scopes,
)
from assistant.llm.omissions import bears_on_all, omissible, without_brackets
from assistant.llm.wordings import ALSO, TOPIC, Word, agreeing, is_japanese
from assistant.topics import japanese_topic

_QUOTED = re.compile(r"[「『\"“]$")
_MERE_SPACE = ' 「」『』"“”'
_ONE_NAME = re.compile(r"(?:['’]s?)?[ -]?")
"""What may stand between the words of one name."""
_PRONOUNS = frozenset({"it", "they", "he", "she", "this", "these"})
_POINTING = frozenset({"此の", "其の"})
_SUBJECTS = frozenset({TOPIC, "が"})
_JOINING = frozenset(
    {"of", "in", "by", "to", "and", "or", "for", "with", "は", "が", "を", "に", "と"}
)
_OF, _PAST = "の", "た"
_LONGEST_OPENING, _LONGEST_NAME = 14, 6
_State = tuple[int, int]


@dataclass(frozen=True)
class _Pair:
    """The words of a sentence and of a quoted one, and what is allowed between them.

    ``left_out`` tells for a place of the quote where one may go on without what lies between;
    ``labelled`` are its words in quotation marks and ordinals, ``fresh`` those that
    no word stands right before.
    """

    said: str
    own: Sequence[Word]
    theirs: Sequence[Word]
    left_out: Mapping[int, Collection[int]]
    labelled: Collection[int]
    fresh: Collection[int]
    topicless: bool
    japanese: bool
    around: Surroundings


def derives(said: str, source: str, around: Surroundings) -> bool:
    """Whether one sentence says what another says, in its words and their order.

    Args:
        said: a sentence of the statement, folded and in lower case.
        source: a sentence of the quote, folded likewise.
        around: what names things in the passage.
    """
    if is_japanese(said) != is_japanese(source):
        return False
    own, plain = agreeing(said), without_brackets(source)
    forms = [source] if plain == source else [source, plain]
    return any(_derives(said, own, form, around) for form in forms)


def _derives(said: str, own: Sequence[Word], source: str, around: Surroundings) -> bool:
    japanese, theirs = is_japanese(source), agreeing(source)
    if not own or not theirs:
        return False
    left_out = _word_spans(theirs, omissible(source))
    labelled = {
        i for i, w in enumerate(theirs) if w.key == "第" or _QUOTED.search(source[: w.start])
    }
    between = (source[one.end : other.start] for one, other in pairwise(theirs))
    fresh = {0, *(i for i, gap in enumerate(between, 1) if gap.strip(_MERE_SPACE))}
    topicless = japanese and not japanese_topic(source)
    pair = _Pair(said, own, theirs, left_out, labelled, fresh, topicless, japanese, around)
    return _reaches(pair)


def _word_spans(theirs: Sequence[Word], spans: Sequence[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for start, end in spans:
        inside = [i for i, w in enumerate(theirs) if start <= w.start and w.end <= end]
        if inside:
            found.setdefault(inside[0], set()).add(inside[-1] + 1)
    return found


def _reaches(pair: _Pair) -> bool:
    """Whether both sentences can be read to their ends by allowed steps."""
    goal = len(pair.own), len(pair.theirs)
    done: set[_State] = set()
    waiting = [(0, 0)]
    while waiting:
        state = waiting.pop()
        if state == goal:
            return True
        if state not in done:
            done.add(state)
            waiting.extend(_steps(state, pair))
    return False


def _steps(state: _State, pair: _Pair) -> Iterator[_State]:
    i, j = state
    own, theirs = pair.own, pair.theirs
    yield from ((i, k) for k in _left_out(state, pair))
    if j == len(theirs):
        return
    if i < len(own) and _same(own[i], theirs[j]):
        yield i + 1, j + 1
    if i == 0:
        yield from _openings(j, pair)
    yield from _completions(state, pair)
    yield from _before_of(state, pair)
    ends = len(theirs) in pair.left_out.get(j, ()) and i == len(own) - 1
    if ends and own[i].key == _PAST == theirs[-1].key:
        yield len(own), len(theirs)


def _left_out(state: _State, pair: _Pair) -> Iterator[int]:
    """Where the quote goes on; what ends in the past is not left out without its た."""
    past = pair.theirs[-1].key == _PAST
    for place in pair.left_out.get(state[1], ()):
        if not (past and place == len(pair.theirs)):
            yield place


def _same(one: Word, other: Word) -> bool:
    """Whether two words agree; "also" may be left out, never added."""
    if one.key in _SUBJECTS:
        return other.key in _SUBJECTS or other.key == ALSO
    return one.key == other.key


def _openings(j: int, pair: _Pair) -> Iterator[_State]:
    """Where one goes on after a name that the statement opens with."""
    own = pair.own
    pronoun = not pair.japanese and pair.theirs[j].key in _PRONOUNS
    for end in range(1, min(_LONGEST_OPENING, len(own))):
        words = own[:end]
        opening = pair.said[: words[-1].end]
        if pronoun:
            if goes_on_from(words, pair.around):
                yield end, j + 1
        elif closes_opening(opening, pair.topicless):
            where = pair.japanese and scopes(opening)
            named = (where or not pair.topicless) and above(words, pair.around)
            if named or ((where or pair.topicless) and goes_on_from(words, pair.around)):
                yield end, j


def _before_of(state: _State, pair: _Pair) -> Iterator[_State]:
    """Where one goes on after the title before a label (条例の「市民」), or in place of この."""
    i, j = state
    own, theirs = pair.own, pair.theirs
    points = theirs[j].key in _POINTING
    if not points and j not in pair.labelled:
        return
    for end in range(i + 2, min(i + _LONGEST_OPENING, len(own))):
        if own[end - 1].key != _OF:
            continue
        run = own[i : end - 1]
        if points and goes_on_from(run, pair.around):
            yield end, j + 1
        if j in pair.labelled and own[end].key == theirs[j].key and is_title(run, pair.around):
            yield end, j


def _completions(state: _State, pair: _Pair) -> Iterator[_State]:
    """Where one goes on after words that complete a shortened name."""
    i, j = state
    own, theirs = pair.own, pair.theirs
    apart = j in pair.fresh or not theirs[j - 1].content
    if not theirs[j].content or not apart or (j and theirs[j - 1].key == _OF):
        return
    if theirs[j].key[0] == "=":
        return
    for end in range(i + 1, min(i + _LONGEST_NAME + 1, len(own))):
        run = own[i:end]
        joint = pair.said[own[end - 1].end : own[end].start]
        if run[-1].key in _JOINING or not _ONE_NAME.fullmatch(joint):
            return
        if bears_on_all(pair.said[run[0].start : run[-1].end]):
            return
        if _same(own[end], theirs[j]) and completes(run, own[end:], theirs[:j], pair.around):
            yield end, j
