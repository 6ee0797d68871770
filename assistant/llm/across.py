"""A statement held against a quote in another language, where there is no rendering.

Numbers, limits, what must or may be done and denials are compared as in one language, for the
gate's tables hold both. A content word is carried where the term list or ``[words]`` of
``language/across.toml`` names it in the other language; any other is not carried.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from assistant.agreement import count_negations, modalities, scopes
from assistant.datatypes import Language
from assistant.gate import fold
from assistant.phrasebook import load_table
from assistant.quantities import disagreement
from assistant.wording import is_framing
from index.concepts import find_concepts
from index.terms import load_terms
from index.tokenization import words


def across_languages(text: str, quote: str, language: Language) -> str:
    """Why a quote in the other language does not carry a statement; "" where it does.

    Args:
        text: the statement, in ``language``.
        quote: the words quoted, in the other of Japanese and English.
        language: the language of the answer.
    """
    said, carried = fold(text).lower(), fold(quote).lower()
    reason = marks_disagree(said, carried)
    if reason:
        return reason
    held = set(words(carried))
    return "" if all(_carried(c, held, language) for c in _spoken(said)) else "unsupported"


def marks_disagree(said: str, carried: str) -> str:
    """Which of numbers, limits, what must or may be done, and denials differ; "" for none.

    Both texts are folded and in lower case, in either language.
    """
    reason = disagreement(said, carried)
    if reason:
        return reason
    if scopes(said) != scopes(carried):
        return "limits"
    if modalities(said) != modalities(carried):
        return "modality"
    return "negation" if count_negations(said) % 2 != count_negations(carried) % 2 else ""


def _spoken(said: str) -> list[tuple[tuple[str, ...], ...]]:
    """The ways to say each content word of a statement, in either language."""
    found = []
    for concept in find_concepts(said, load_terms()):
        own = [w for w in concept.alternatives[0] if not is_framing(w)]
        if own:
            found.append(concept.alternatives)
    return found


def _carried(ways: Iterable[tuple[str, ...]], held: set[str], language: Language) -> bool:
    table = _pairs(language)
    return any(all(w in held or held & table.get(w, frozenset()) for w in way) for way in ways)


@cache
def _pairs(language: Language) -> dict[str, frozenset[str]]:
    """Words of a language, each with the words of the other that say the same."""
    pairs: dict[str, set[str]] = {}
    own, other = ("en", "ja") if language == "en" else ("ja", "en")
    for row in load_table("across")["words"]:
        theirs = {w for entry in row[other] for w in words(entry)}
        for entry in row[own]:
            for word in words(entry):
                pairs.setdefault(word, set()).update(theirs)
    return {word: frozenset(found) for word, found in pairs.items()}
