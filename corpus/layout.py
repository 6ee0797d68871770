"""Boxes of text on a page to lines in the order in which people read them.

Columns are read one after the other; a page written downwards is turned first, so that its
columns of characters are lines like any other. Ruby beside a line is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.glyphs import Box, Glyph, across_box, down_box, runs, space_between

_RUBY = re.compile(r"^[ぁ-ゖァ-ヺー・\s]+$")
_RUBY_SIZE = 0.65
_CANDIDATES = 12
_FEWEST_LINES = 3
_FEWEST_CHARACTERS = 40
_FILLED = 0.6
"""Share of a column's width that half of its lines must fill, or it is no column of prose."""
_DEEPEST = 3


@dataclass(frozen=True)
class PlacedLine:
    """A line with its box and the edges of the column that it stands in.

    On a page written downwards, x runs down the page and y to the right. ``confidence`` is that
    of OCR, from 0 to 1, None where the characters are the file's own.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    left: float
    right: float
    cells: tuple[tuple[tuple[str, str], ...], ...] = ()
    confidence: float | None = None


def boxes_of(glyphs: list[Glyph], height: float) -> tuple[list[Box], bool]:
    """The boxes of a page's characters, and whether the page is written downwards.

    Args:
        glyphs: its characters.
        height: of the page; a page written downwards is turned by it.
    """
    across, down = runs(glyphs)
    boxes = [across_box(run) for run in across], [down_box(run) for run in down]
    vertical = sum(map(len, down)) > sum(map(len, across))
    every = [*boxes[0], *boxes[1]]
    if vertical:
        every = [turn(box, height) for box in every]
    return every, vertical


def turn(box: Box, height: float) -> Box:
    """A box of a page written downwards, as if it were written to the right."""
    return replace(box, x0=height - box.y1, x1=height - box.y0, y0=box.x0, y1=box.x1)


def lines_of(boxes: Sequence[Box]) -> list[PlacedLine]:
    """The lines of a page in reading order, ruby left out."""
    kept = without_ruby(list(boxes))
    lines: list[PlacedLine] = []
    for block in _blocks(kept, 0):
        left, right = min(b.x0 for b in block), max(b.x1 for b in block)
        for row in rows_of(block):
            lines += _row_lines(row, left, right)
    return lines


def rows_of(boxes: Sequence[Box]) -> list[list[Box]]:
    """Boxes by row, from the top, each row from the left."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: (-b.middle, b.x0)):
        if rows and _is_beside(rows[-1], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda b: b.x0) for row in rows]


def _is_beside(row: list[Box], box: Box) -> bool:
    if box.cells or row[0].cells:
        return False
    largest = max(row, key=lambda b: b.size)
    reach = 0.5 * max(min(largest.size, box.size), 0.5 * max(largest.size, box.size))
    return abs(largest.middle - box.middle) < reach


def _row_lines(row: list[Box], left: float, right: float) -> list[PlacedLine]:
    text = ""
    for before, box in zip([row[0], *row], row, strict=False):
        gap = (box.x0 - before.x1) / max(box.size, 1.0)
        text += space_between(text, box.text, gap) + box.text
    return [
        PlacedLine(
            text.strip(),
            row[0].x0,
            min(b.y0 for b in row),
            max(b.x1 for b in row),
            max(b.y1 for b in row),
            max(b.size for b in row),
            left,
            right,
            row[0].cells,
        )
    ]


def without_ruby(boxes: list[Box]) -> list[Box]:
    """The boxes without small kana that stand right above larger characters."""
    sizes = Counter(round(box.size) for box in boxes for _ in box.text)
    if not sizes:
        return boxes
    body = sizes.most_common(1)[0][0]
    small = [b for b in boxes if b.size <= _RUBY_SIZE * body and _RUBY.match(b.text)]
    if not small:
        return boxes
    large = [b for b in boxes if b.size > _RUBY_SIZE * body]
    ruby = {id(b) for b in small if any(_is_above(b, base) for base in large)}
    return [b for b in boxes if id(b) not in ruby]


def _is_above(ruby: Box, base: Box) -> bool:
    gap = ruby.y0 - base.y1
    return (
        ruby.size <= _RUBY_SIZE * base.size
        and -0.5 * base.size <= gap <= 0.4 * base.size
        and ruby.x0 > base.x0 - base.size
        and ruby.x1 < base.x1 + base.size
    )


def _blocks(boxes: list[Box], depth: int) -> list[list[Box]]:
    """Boxes as blocks in reading order: a column of a page is a block of its own."""
    if not boxes:
        return []
    gutter = _gutter(boxes) if depth < _DEEPEST else None
    if gutter is None:
        return [boxes]
    blocks: list[list[Box]] = []
    flow: list[Box] = []
    for zone, crossing in _zones(boxes, gutter):
        left, right = _sides(zone, gutter)
        if _are_columns(left, right):
            blocks += [flow] if flow else []
            blocks += [*_blocks(left, depth + 1), *_blocks(right, depth + 1)]
            flow = []
        else:
            flow += zone
        flow += crossing
    return [*blocks, flow] if flow else blocks


def _zones(boxes: list[Box], gutter: float) -> list[tuple[list[Box], list[Box]]]:
    """From the top: boxes that leave the gutter free, and the box below them that crosses it."""
    zones: list[tuple[list[Box], list[Box]]] = [([], [])]
    for box in sorted(boxes, key=lambda b: -b.middle):
        if box.x0 < gutter < box.x1:
            zones[-1][1].append(box)
            zones.append(([], []))
        else:
            zones[-1][0].append(box)
    return zones


def _sides(boxes: list[Box], gutter: float) -> tuple[list[Box], list[Box]]:
    return [b for b in boxes if b.x1 <= gutter], [b for b in boxes if b.x0 >= gutter]


def _gutter(boxes: list[Box]) -> float | None:
    """Where two columns of prose are best told apart; None on a page of one column."""
    left, right = min(b.x0 for b in boxes), max(b.x1 for b in boxes)
    free: Counter[int] = Counter()
    for row in rows_of(boxes):
        for one, other in zip(row, row[1:], strict=False):
            if other.x0 - one.x1 > 0.8 * min(one.size, other.size):
                free.update(range(round(one.x1 / 2) + 1, round(other.x0 / 2)))
    margin = 0.15 * (right - left)
    inside = {b: n for b, n in free.items() if left + margin < 2 * b < right - margin}
    best, most = None, 0
    for candidate in _peaks(inside)[:_CANDIDATES]:
        score = _score(boxes, candidate)
        if score > most:
            best, most = candidate, score
    return best


def _peaks(counts: dict[int, int]) -> list[float]:
    """The middles of stretches that most rows leave free, the freest first, in points."""
    peaks: list[tuple[int, float]] = []
    start = None
    for place in sorted(counts):
        if start is None or counts[place] != counts[start] or place - 1 not in counts:
            start = place
        end = place + 1
        if counts.get(end) != counts[start]:
            peaks.append((counts[start], float(start + place)))
            start = None
    return [place for _, place in sorted(peaks, key=lambda p: -p[0])]


def _score(boxes: list[Box], gutter: float) -> int:
    """How many boxes stand in two columns if the gutter is there."""
    score = 0
    for zone, _ in _zones(boxes, gutter):
        left, right = _sides(zone, gutter)
        if _are_columns(left, right):
            score += len(zone)
    return score


def _are_columns(left: list[Box], right: list[Box]) -> bool:
    return _is_prose(left) and _is_prose(right) and _share_height(left, right)


def _is_prose(boxes: list[Box]) -> bool:
    rows = rows_of(boxes)
    if len(rows) < _FEWEST_LINES or sum(len(b.text) for b in boxes) < _FEWEST_CHARACTERS:
        return False
    begins, ends = sorted(row[0].x0 for row in rows), sorted(row[-1].x1 for row in rows)
    few = len(rows) // 8
    width = ends[-1 - few] - begins[few]
    widths = sorted(row[-1].x1 - row[0].x0 for row in rows)
    return widths[len(widths) // 2] >= _FILLED * width


def _share_height(left: list[Box], right: list[Box]) -> bool:
    low = max(min(b.y0 for b in left), min(b.y0 for b in right))
    high = min(max(b.y1 for b in left), max(b.y1 for b in right))
    return high - low > 2 * left[0].size
