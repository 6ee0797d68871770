"""Whether the content words of a statement stand in its quotes, in the same words or others."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from assistant.phrasebook import load_table
from index.concepts import find_concepts
from index.terms import load_terms
from index.tokenization import words


def unsupported_words(said: str, carried: str) -> list[str]:
    """The content words of a sentence that the quotes neither hold nor say in other words.

    A word may be another wording of the field's term list or of ``[same]`` in
    ``language/gate.toml``; words of ``[framing]`` and figures need no support.
    """
    held = set(words(carried))
    held |= _wordings(held)
    missing = []
    for concept in find_concepts(said, load_terms()):
        own = [w for w in concept.alternatives[0] if not _frames(w)]
        if _all_held(own, held) or any(_all_held(a, held) for a in concept.alternatives[1:]):
            continue
        missing.append(concept.surface)
    return missing


def _all_held(wanted: Iterable[str], held: set[str]) -> bool:
    return all(w in held or _wordings({w}) & held for w in wanted)


def _frames(word: str) -> bool:
    return word[0].isdigit() or word in _framing()


def _wordings(found: set[str]) -> set[str]:
    """Names of the groups of equal wordings that words belong to."""
    return {name for word in found for name in _groups().get(word, ())}


@cache
def _framing() -> frozenset[str]:
    listed = load_table("gate")["framing"]["words"]
    return frozenset(w for entry in listed for w in words(entry))


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(load_table("gate")["same"]["groups"]):
        for entry in row:
            own = words(entry)
            if len(own) == 1:
                groups[own[0]] = (*groups.get(own[0], ()), f"={number}")
    return groups
