"""What a few words say must or may be done, deny or narrow, by the names of ``gate.toml``."""

from __future__ import annotations

from assistant.agreement import count_negations, found_in, modalities, scopes
from assistant.quantities import disagreement

_DENIED = "denied"
_TABLES = ("kept_before", "kept_after")


def marks(text: str) -> frozenset[str]:
    """The marks of a folded, lower-case stretch: must, may, forbidden, denied, only, ..."""
    found = set(modalities(text))
    for table in _TABLES:
        found |= found_in(text, table)
    if count_negations(text) % 2:
        found.add(_DENIED)
    return frozenset(found)


def marks_disagree(said: str, carried: str) -> str:
    """Which of numbers, limits, what must or may be done, and denials differ; "" for none.

    Both texts are folded and in lower case, in either of Japanese and English.
    """
    reason = disagreement(said, carried)
    if reason:
        return reason
    if scopes(said) != scopes(carried):
        return "limits"
    if modalities(said) != modalities(carried):
        return "modality"
    return "negation" if count_negations(said) % 2 != count_negations(carried) % 2 else ""
