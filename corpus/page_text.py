"""Where a passage stands among the characters of its page, though it was put together anew.

A reader joins broken lines and makes font forms ordinary, so a passage and its page are compared
after NFKC and without white space. What is not found, or is found twice, is said to be nowhere:
a mark in the wrong place would be worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.sentences import split_sentences

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as shares (0 to 1) of the page's width and height, from the top."""

_PIECE = re.compile(r"[\n　：]")
_SHORTEST = 4
"""Characters under which a piece of a passage is too common to be told apart."""
_SAME = 0.5
_NEAR = 1.5


@dataclass(frozen=True)
class FoldedText:
    """A text as it is compared, and for each of its characters which one it was before."""

    text: str
    places: tuple[int, ...]


def fold_text(text: str) -> FoldedText:
    """A text after NFKC, without white space, hyphens that break words and control characters."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character):
            if not part.isspace() and unicodedata.category(part)[0] != "C":
                folded.append(part)
                places.append(place)
    return FoldedText("".join(folded), tuple(places))


def find_quote(page: FoldedText, text: str, start: int, end: int) -> range | None:
    """The characters of a page that are a quote, None where they cannot be told for certain.

    Args:
        page: the page's text, folded.
        text: the passage.
        start: offset of the quote's first character in the passage, from 0.
        end: offset after its last.
    """
    passage = fold_text(text)
    at = _only(page.text, passage.text)
    if at is None:
        return _as_range(page, fold_text(text[start:end]).text)
    first = sum(place < start for place in passage.places)
    last = sum(place < end for place in passage.places)
    return _between(page, at + first, at + last)


def find_passage(page: FoldedText, text: str) -> tuple[range, ...]:
    """The stretches of a page that a passage stands in: the whole, else the pieces of it that
    stand on the page once; none where nothing can be told."""
    whole = _as_range(page, fold_text(text).text)
    if whole is not None:
        return (whole,)
    pieces = (p for s, e in split_sentences(text) for p in _PIECE.split(text[s:e]))
    folded = (fold_text(piece).text for piece in pieces)
    found = (_as_range(page, piece) for piece in folded if len(piece) >= _SHORTEST)
    return tuple(each for each in found if each is not None)


def line_boxes(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """The boxes of characters in order, as one box for each line that they stand in."""
    lines: list[Box] = []
    last: Box | None = None
    for box in boxes:
        if last is not None and _goes_on(last, box):
            lines[-1] = _around(lines[-1], box)
        else:
            lines.append(box)
        last = box
    return tuple(lines)


def block_boxes(lines: Sequence[Box]) -> tuple[Box, ...]:
    """The boxes of lines in order, as one box for each column that they stand in."""
    blocks: list[Box] = []
    for line in lines:
        if blocks and _overlap(blocks[-1], line, 0) > 0 and line[1] >= blocks[-1][1]:
            blocks[-1] = _around(blocks[-1], line)
        else:
            blocks.append(line)
    return tuple(blocks)


def _only(text: str, wanted: str) -> int | None:
    at = text.find(wanted) if wanted else -1
    return at if at >= 0 and text.find(wanted, at + 1) < 0 else None


def _as_range(page: FoldedText, wanted: str) -> range | None:
    at = _only(page.text, wanted)
    return None if at is None else _between(page, at, at + len(wanted))


def _between(page: FoldedText, first: int, last: int) -> range | None:
    return range(page.places[first], page.places[last - 1] + 1) if first < last else None


def _goes_on(last: Box, box: Box) -> bool:
    """Whether a character stands beside the one before it, in a row or in a column."""
    for along in (0, 1):
        size = max(box[along + 2] - box[along], box[3 - along] - box[1 - along], 1e-6)
        across = 1 - along
        thin = min(last[across + 2] - last[across], box[across + 2] - box[across])
        gap = max(last[along], box[along]) - min(last[along + 2], box[along + 2])
        if _overlap(last, box, across) > _SAME * thin and gap < _NEAR * size:
            return True
    return False


def _overlap(a: Box, b: Box, axis: int) -> float:
    return min(a[axis + 2], b[axis + 2]) - max(a[axis], b[axis])


def _around(a: Box, b: Box) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
