"""What a statement may add to its quote: a name that the passage gives what it speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.llm.wordings import Word, agreeing, is_japanese
from assistant.phrasebook import load_table
from assistant.topics import japanese_topic

_JOINED = frozenset({"と", "や", "か", "及び", "又は", "または", "並びに", "and", "or"})
_SIGNS = re.compile(r"[・、,/;]")
_BRACKET = re.compile(r"\([^()]*\)")
_PRONOUN = re.compile(r"^(?:it|they|he|she|this|these)\b")
_SUBJECT = re.compile(r"^(.*?)\b(?:is|are|was|were|has been|had been|have been)\b")
_SCOPE = re.compile(r"[でに][はも]?$")
_WHOLE_NAME = 3
"""Words that a name has at least, to be more than a kind of thing."""
_PLAIN = frozenset(
    {"の", "で", "に", "は", "が", "と", "of", "on", "in", "at", "for", "with", "to", "between"}
    | {"and", "under", "by", "from", "as"}
)
"""Words that may stand between those of a name, and after it."""
_LEADING = ("in", "at", "for", "under", "on", "with", "according", "to", "by", "of")


Runs = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Name:
    """A title, a heading or a topic: its runs of words, and whether it names several.

    ``head`` is the word that says what it is (the committee of a "committee on sport").
    """

    keys: tuple[str, ...]
    runs: Runs
    head: str
    joined: bool

    @property
    def content(self) -> frozenset[str]:
        """The words that name something."""
        return frozenset(word for run in self.runs for word in run)


@dataclass(frozen=True)
class Surroundings:
    """What stands around a quoted sentence.

    ``topic`` is the nearest one before; ``above`` holds the runs of words of the title and the
    headings, ``before`` those of the sentences before.
    """

    title: Name
    headings: tuple[Name, ...]
    topic: Name | None
    above: tuple[Runs, ...]
    before: tuple[Runs, ...]


def surroundings(title: str, headings: Sequence[str], before: Sequence[str]) -> Surroundings:
    """What names things for a sentence.

    Args:
        title: the document's.
        headings: those above the passage, each by itself.
        before: the sentences of the passage before the one quoted, in order.
    """
    return Surroundings(
        _name(title),
        tuple(map(_name, headings)),
        _topic(before),
        tuple(_runs(agreeing(text)) for text in (title, *headings)),
        tuple(_runs(agreeing(text)) for text in before),
    )


def _topic_of(sentence: str) -> str | None:
    """What the next sentence goes on from; "" where a sentence goes on itself, None for unknown.

    An English "it" after somebody did something may be either of the two.
    """
    if is_japanese(sentence):
        return japanese_topic(sentence)
    if _PRONOUN.match(sentence):
        return ""
    match = _SUBJECT.match(sentence)
    return match.group(1) if match else None


def _topic(before: Sequence[str]) -> Name | None:
    """The nearest topic of the sentences before, without words where it cannot be told."""
    for sentence in reversed(before):
        found = _topic_of(sentence)
        if found is None:
            return _name("")
        if found:
            return _name(found)
    return None


def _name(text: str) -> Name:
    text = _BRACKET.sub("", text)
    found = agreeing(text)
    keys = tuple(w.key for w in found)
    figures = sum(k[0] == "=" for k in keys)
    joined = bool(_JOINED & set(keys)) or bool(_SIGNS.search(text)) or figures > 1
    return Name(keys, _runs(found), _head(found), joined)


def _runs(words: Sequence[Word]) -> Runs:
    parts = groupby(words, lambda w: w.content)
    return tuple(tuple(w.key for w in run) for content, run in parts if content)


def _head(words: Sequence[Word]) -> str:
    runs = _runs(words)
    japanese = any(is_japanese(w.key) for w in words)
    return runs[-1 if japanese else 0][-1] if runs else ""


def above(words: Sequence[Word], around: Surroundings) -> bool:
    """Whether words are a name in the headings, whole where that names several.

    The title is no such name: a document may speak of other things too.
    """
    return _are_of(words, around.headings)


def goes_on_from(words: Sequence[Word], around: Surroundings) -> bool:
    """Whether words name what a sentence without a topic speaks of.

    That is the topic of the sentence before it, which the headings may say in full; where
    there is none, what the headings name.
    """
    if around.topic is None:
        return above(words, around)
    if not around.topic.runs:
        return False
    names = [around.title, *around.headings, around.topic]
    in_full = around.topic.content <= _spoken(words) and _are_of(words, names)
    return _head(words) == around.topic.head and (in_full or _are_of(words, [around.topic]))


def _spoken(words: Sequence[Word]) -> set[str]:
    return {w.key for w in words if w.content}


def _are_of(words: Sequence[Word], names: Sequence[Name]) -> bool:
    """Whether every run of words shortens a run of the names and ends as it does."""
    held = [run for n in names if not n.joined or n.content <= _spoken(words) for run in n.runs]
    runs = _runs(words)
    plain = all(w.content or w.key in _PLAIN for w in words)
    return plain and bool(runs) and all(any(_shortens(run, full) for full in held) for run in runs)


def _shortens(run: Sequence[str], full: Sequence[str]) -> bool:
    rest = iter(full)
    return run[-1] == full[-1] and all(word in rest for word in run)


def is_title(words: Sequence[Word], around: Surroundings) -> bool:
    """Whether words are the name that the title begins with, which is no list."""
    run = tuple(w.key for w in words)
    whole = not around.title.joined and around.title.keys[: len(run)] == run
    return whole and sum(w.content for w in words) >= _WHOLE_NAME


def scopes(opening: str) -> bool:
    """Whether a Japanese opening tells where or when something holds (では, には)."""
    return bool(_SCOPE.search(opening))


def closes_opening(opening: str, topicless: bool) -> bool:
    """Whether a text ends as an opening may that goes before a sentence as it stands."""
    if is_japanese(opening):
        return scopes(opening) or opening.endswith("の") or (topicless and opening[-1] in "はが")
    return opening.split()[0] in _LEADING


def completes(
    run: Sequence[Word], head: Sequence[Word], told: Sequence[Word], around: Surroundings
) -> bool:
    """Whether words before a shortened name give its full name.

    Only what ``[names]`` in ``language/carried.toml`` lists may be shortened, and it means what
    was called so last: in the sentence, in those before it, in the headings or the title.

    Args:
        run: the words that stand before it in the statement only.
        head: the words of the shortened name and what follows, which the quote has.
        told: the words of the quote before the shortened name.
    """
    kept = next(iter(_runs(head)), ()) if head[0].content else ()
    if not kept or not _may_be_short(kept):
        return False
    full = tuple(w.key for w in run if w.content) + kept
    before = [*around.above, *around.before, _runs(told)]
    named = [r for runs in before for r in runs if r[-len(kept) :] == kept and r != kept]
    return bool(named) and named[-1][-len(full) :] == full and all(_is_part(w) for w in run)


def _is_part(word: Word) -> bool:
    return word.content or word.key in ("up", "off")


def _may_be_short(kept: Sequence[str]) -> bool:
    shorts = load_table("carried")["names"]["short"]
    return any(tuple(kept) == run for form in shorts for run in _runs(agreeing(form)))
