"""What else there is to ask after an answer."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.datatypes import Query
from assistant.phrasebook import phrase
from assistant.retrieve import Found
from assistant.select import Piece

_FOLLOW_UPS = 3


def follow_ups(query: Query, found: Found, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """What else there is to ask: the headings of good passages that were not used."""
    used = {piece.passage.unit for piece in pieces}
    shown = {piece.passage.headings[-1:] for piece in pieces}
    headings: list[str] = []
    for hit in found.hits:
        heading = hit.passage.headings[-1:]
        fits = hit.passage.language == query.language and hit.passage.standing == "provision"
        if fits and heading and hit.passage.unit not in used and heading not in shown:
            headings.append(heading[0])
    unique = list(dict.fromkeys(headings))[:_FOLLOW_UPS]
    return tuple(phrase(query.language, "follow_up", "about", heading=h) for h in unique)
