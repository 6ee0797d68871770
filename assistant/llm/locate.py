"""Where a quote stands in a passage, whatever its widths, line breaks and hidden characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.markup import visible
from corpus.sentences import split_sentences

_EDGE = re.compile(r"^[\s「『“\"'…・]+|[\s」』”\"'…]+$")
_JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
SHORTEST = {"ja": 4, "en": 12}
"""Characters that a quote needs at least, to say anything."""


@dataclass(frozen=True)
class Folded:
    """A text after NFKC without white space and hidden characters, in lower case.

    ``origins[i]`` is the offset in the text of the character that ``plain[i]`` comes from.
    """

    plain: str
    origins: tuple[int, ...]


def fold_with_origins(text: str) -> Folded:
    """Fold a text, keeping where each character comes from."""
    plain: list[str] = []
    origins: list[int] = []
    for start, end in _clusters(text):
        for character in unicodedata.normalize("NFKC", text[start:end]).lower():
            if not character.isspace() and visible(character):
                plain.append(character)
                origins.append(start)
    return Folded("".join(plain), tuple(origins))


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """The span of a quote in a text, None where the text does not hold it.

    The quote may differ in width, white space, case and hidden characters, in nothing else.
    ``text[start:end]`` is the passage's own wording.
    """
    wanted = fold_with_origins(_EDGE.sub("", quote)).plain
    shortest = SHORTEST["ja" if _JAPANESE.search(wanted) else "en"]
    held = fold_with_origins(text)
    if not wanted or len(wanted) < min(shortest, len(held.plain)):
        return None
    place = held.plain.find(wanted)
    if place < 0:
        return None
    last = held.origins[place + len(wanted) - 1]
    return held.origins[place], _cluster_end(text, last)


def whole_sentences(text: str, start: int, end: int) -> tuple[int, int]:
    """A span widened to the sentences that it touches.

    What a quote leaves out of its sentence may turn it round (… とは限らない), so a statement
    is held against whole sentences.
    """
    spans = [(s, e) for s, e in split_sentences(text) if s < end and e > start]
    if not spans:
        return start, end
    return min(start, spans[0][0]), max(end, spans[-1][1])


def aligned(text: str, start: int, end: int, other: str) -> tuple[int, int]:
    """The span of a rendering that says what a span of the original says.

    Sentence by sentence where both have as many, else the whole rendering.
    """
    own, theirs = split_sentences(text), split_sentences(other)
    if len(own) != len(theirs) or not theirs:
        return 0, len(other)
    touched: Sequence[int] = [i for i, (s, e) in enumerate(own) if s < end and e > start]
    if not touched:
        return 0, len(other)
    return theirs[touched[0]][0], theirs[touched[-1]][1]


def _clusters(text: str) -> list[tuple[int, int]]:
    """Runs of characters that NFKC may join: a base with the marks that follow it."""
    clusters: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = _cluster_end(text, start)
        clusters.append((start, end))
        start = end
    return clusters


def _cluster_end(text: str, start: int) -> int:
    end = start + 1
    while end < len(text) and (unicodedata.combining(text[end]) or text[end] in "\uff9e\uff9f"):
        end += 1
    return end
