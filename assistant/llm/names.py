"""What a statement may add to its quote: a name that the passage gives what it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.llm.wordings import Word, agreeing, is_japanese
from assistant.topics import japanese_topic

_JOINED = frozenset({"と", "や", "か", "及び", "又は", "または", "並びに", "and", "or"})
_SIGNS = re.compile(r"[・、,/;]")
_BRACKET = re.compile(r"\([^()]*\)")
_PRONOUN = re.compile(r"^(?:it|they|he|she|this|these)\b")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|must|will|should|does|do|did|cannot|could"
    r"|\w{3,}ed|made|held|set|ran|began|came|took|gave|sets|covers)\b"
)
_SCOPE = re.compile(r"[でに][はも]?$")
_WHOLE_NAME = 3
"""Words that a name has at least, to be more than a kind of thing."""
_LEADING = ("in", "at", "for", "under", "on", "with", "according", "to", "by", "of")


@dataclass(frozen=True)
class Name:
    """A title, a heading or a topic: its runs of words, and whether it names several.

    ``head`` is the word that says what it is (the committee of a "committee on sport").
    """

    keys: tuple[str, ...]
    runs: tuple[tuple[str, ...], ...]
    head: str
    joined: bool

    @property
    def content(self) -> frozenset[str]:
        """The words that name something."""
        return frozenset(word for run in self.runs for word in run)


@dataclass(frozen=True)
class Surroundings:
    """What stands around a quoted sentence.

    ``topic`` is the nearest one before; ``before`` and ``texts`` hold the words of the
    sentences before, and of title, headings and passage.
    """

    title: Name
    headings: tuple[Name, ...]
    topic: Name | None
    before: tuple[tuple[str, ...], ...]
    texts: tuple[tuple[str, ...], ...]


def surroundings(
    title: str, headings: Sequence[str], before: Sequence[str], everything: Sequence[str]
) -> Surroundings:
    """What names things for a sentence.

    Args:
        title: the document's.
        headings: those above the passage, each by itself.
        before: the sentences of the passage before the one quoted, in order.
        everything: every sentence of the passage.
    """
    topic = next((t for s in reversed(before) if (t := _topic_of(s))), "")
    return Surroundings(
        _name(title),
        tuple(map(_name, headings)),
        _name(topic) if topic else None,
        _keys(before),
        _keys([title, *headings, *everything]),
    )


def _keys(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(w.key for w in agreeing(text)) for text in texts)


def _topic_of(sentence: str) -> str:
    if is_japanese(sentence):
        return japanese_topic(sentence)
    verb = None if _PRONOUN.match(sentence) else _VERB.search(sentence)
    return sentence[: verb.start()] if verb else ""


def _name(text: str) -> Name:
    text = _BRACKET.sub("", text)
    found = agreeing(text)
    keys = tuple(w.key for w in found)
    figures = sum(k[0] == "=" for k in keys)
    joined = bool(_JOINED & set(keys)) or bool(_SIGNS.search(text)) or figures > 1
    return Name(keys, _runs(found), _head(found), joined)


def _runs(words: Sequence[Word]) -> tuple[tuple[str, ...], ...]:
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
    names = [around.title, *around.headings, around.topic]
    in_full = around.topic.content <= _spoken(words) and _are_of(words, names)
    return _head(words) == around.topic.head and (in_full or _are_of(words, [around.topic]))


def _spoken(words: Sequence[Word]) -> set[str]:
    return {w.key for w in words if w.content}


def _are_of(words: Sequence[Word], names: Sequence[Name]) -> bool:
    """Whether every run of words shortens a run of the names and ends as it does."""
    held = [run for n in names if not n.joined or n.content <= _spoken(words) for run in n.runs]
    runs = _runs(words)
    return bool(runs) and all(any(_shortens(run, full) for full in held) for run in runs)


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
        return scopes(opening) or opening.endswith("の") or (topicless and opening[-1] in "はもが")
    return opening.split()[0] in _LEADING


def completes(
    run: Sequence[Word], head: Sequence[Word], told: Sequence[Word], around: Surroundings
) -> bool:
    """Whether words before a shortened name give its full name, the only one that there is.

    Args:
        run: the words that stand before it in the statement only.
        head: the words of the shortened name and what follows, which the quote has.
        told: the words of the quote before the shortened name.
    """
    added = tuple(w.key for w in run)
    noun = next((i for i, w in enumerate(head) if not w.content), len(head))
    kept = tuple(w.key for w in head[: max(noun, 1)])
    for size in range(len(kept), 0, -1):
        full = (*added, *kept[:size])
        if any(_holds(text, full) for text in around.texts):
            before = [*around.before, tuple(w.key for w in told)]
            return _meant(added, kept[0], before, around.texts)
    return False


def _holds(text: Sequence[str], run: Sequence[str]) -> bool:
    return any(tuple(text[i : i + len(run)]) == tuple(run) for i in range(len(text)))


def _meant(
    added: Sequence[str],
    head: str,
    told: Sequence[Sequence[str]],
    everywhere: Sequence[Sequence[str]],
) -> bool:
    """Whether a bare noun means the name whose words before it are those added.

    It means what the passage called so last before it; where it has not, what the only name
    with that noun in the headings and the passage is.
    """
    named = [b for b, word in _pairs(told) if word == head and b not in _BARE]
    if named:
        return named[-1] == added[-1]
    others = {before for before, word in _pairs(everywhere) if word == head} - _BARE
    return others <= set(added)


_BARE = frozenset({"", "は", "が", "を", "に", "の", "で", "と", "of", "in", "by", "to", "and"})


def _pairs(texts: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    for text in texts:
        for i, word in enumerate(text):
            yield (text[i - 1] if i else ""), word
