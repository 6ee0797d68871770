"""The words of a question that nothing cited speaks of, so that the reader sees the gap."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from assistant.retrieve import Found
from assistant.select import Piece
from index.tokenization import english_stems, normalise

SHARE = 0.5
"""Share of the question's weight from which what is not mentioned is said."""
MOST = 3
_CONTENT = re.compile(r"[一-鿿々ァ-ヴー]{2,}|[a-z]{4,}")


def unmentioned(question: str, found: Found, pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The question's rarest terms of the field that no passage cited holds; often none.

    Args:
        question: as asked, to show its own words.
        found: what was found for it.
        pieces: what is cited.
    """
    weights = found.result.weights
    cited = [found.numbers[piece.passage.passage_id] for piece in pieces]
    if not weights or not cited:
        return ()
    held = np.any(found.result.held[:, cited], axis=1)
    absent = [i for i in range(len(weights)) if not held[i]]
    if sum(weights[i] for i in absent) < SHARE * sum(weights):
        return ()
    absent.sort(key=lambda i: -weights[i])
    named = [found.result.concepts[i] for i in absent]
    words = [_as_asked(c.surface, question) for c in named if c.official]
    return tuple(dict.fromkeys(word for word in words if word))[:MOST]


def _as_asked(surface: str, question: str) -> str:
    """A concept in the question's own spelling, "" where it cannot be shown so."""
    plain = normalise(question)
    if not surface.isascii():
        return surface if surface in plain and _CONTENT.fullmatch(surface) else ""
    for word in re.findall(r"[a-z][a-z'-]+", plain):
        if english_stems(word) == [surface] and _CONTENT.fullmatch(word):
            return str(word)
    return ""
