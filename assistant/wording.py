"""Whether the content words of a statement stand in its quotes, in the same words or others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from assistant.phrasebook import load_table
from assistant.quantities import COUNTED
from index.concepts import find_concepts
from index.terms import load_terms
from index.tokenization import normalise, words

_WHOLE = 3
"""Characters from which a word found letter by letter is the same word."""


def unsupported_words(said: str, carried: str) -> list[str]:
    """The content words of a sentence that the quotes neither hold nor say in other words.

    A word may be another wording of the field's term list or of ``[same]`` in
    ``language/gate.toml``; words of ``[framing]`` and figures need no support.

    Args:
        said: the sentence.
        carried: the quotes.
    """
    held, spoken = set(words(carried)), normalise(carried)
    missing = []
    counters = load_table("gate")["counters"]["words"]
    for concept in find_concepts(said, load_terms()):
        own = [w for w in concept.alternatives[0] if not _frames(w) and w not in counters]
        others = concept.alternatives[1:]
        written = len(concept.surface) >= _WHOLE and concept.surface in spoken
        if written or _all_held(own, held) or any(_all_held(o, held) for o in others):
            continue
        missing.append(concept.surface)
    return missing


def any_wording(word: str, held: Collection[str]) -> bool:
    """Whether a word, or another wording of it, is among the words held."""
    return word in held or any(other in held for other in _same().get(word, ()))


def _all_held(wanted: Iterable[str], held: Collection[str]) -> bool:
    return all(any_wording(w, held) for w in wanted)


def is_framing(word: str) -> bool:
    """Whether a word frames a sentence and adds no fact, so that it needs no support."""
    return _frames(word)


def _frames(word: str) -> bool:
    return word[0].isdigit() or word in _framing()


@cache
def _framing() -> frozenset[str]:
    listed = [*load_table("gate")["framing"]["words"], *COUNTED]
    return frozenset(w for entry in listed for w in words(entry))


@cache
def _same() -> dict[str, frozenset[str]]:
    same: dict[str, frozenset[str]] = {}
    for row in load_table("gate")["same"]["groups"]:
        group = frozenset(own[0] for own in map(words, row) if len(own) == 1)
        for word in group:
            same[word] = same.get(word, frozenset()) | group
    return same
