"""What a few words say must or may be done, deny or narrow, by the names of ``gate.toml``."""

from __future__ import annotations

from assistant.agreement import count_negations, found_in, modalities

DENIED = "denied"
_TABLES = ("kept_before", "kept_after")


def marks(text: str) -> frozenset[str]:
    """The marks of a folded, lower-case stretch: must, may, forbidden, denied, only, ..."""
    found = set(modalities(text))
    for table in _TABLES:
        found |= found_in(text, table)
    if count_negations(text) % 2:
        found.add(DENIED)
    return frozenset(found)
