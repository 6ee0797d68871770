"""Ruled lines of a PDF page, and the grids of tables that they make.

A grid is ruled where at least two columns of cells lie between lines; a line missing between
two cells makes them one merged cell. A grid of one row may go on from the page before.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2.raw as pdfium

from corpus.drawn import Drawn, Quad, box_of, matrix_of

_THIN = 3.0
"""Points up to which a drawn shape is a line."""
_NEAR = 3.0
"""Points up to which two lines meet."""
_SHORTEST = 4.0
_MOST_SEGMENTS = 400
_MOST_RULES = 6_000
_MOST_CELLS = 20_000


class Rule(NamedTuple):
    """A straight line: at ``at`` on the one axis, from ``start`` to ``end`` on the other."""

    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Grid:
    """A ruled table: its columns' edges from the left, its rows' edges from the top.

    ``owner`` tells for every cell (row, column) the first cell of the merged one it is part of.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: tuple[tuple[tuple[int, int], ...], ...]

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The (merged) cell of a point inside."""
        column = max(sum(edge <= x for edge in self.xs) - 1, 0)
        row = max(sum(edge >= y for edge in self.ys) - 1, 0)
        return self.owner[min(row, len(self.ys) - 2)][min(column, len(self.xs) - 2)]


def read_rules(
    things: Sequence[Drawn], set_up: Callable[[Quad], Quad] = lambda stroke: stroke
) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical lines drawn on a page; none where it draws too many.

    Args:
        things: what is drawn on the page.
        set_up: turns a box upright.
    """
    across: list[Rule] = []
    down: list[Rule] = []
    for drawn in things:
        if drawn.kind != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        for x0, y0, x1, y1 in map(set_up, _strokes(drawn)):
            if abs(y1 - y0) <= _THIN and abs(x1 - x0) >= _SHORTEST:
                across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x1 - x0) <= _THIN and abs(y1 - y0) >= _SHORTEST:
                down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
        if len(across) + len(down) > _MOST_RULES:
            return [], []
    return across, down


def _strokes(drawn: Drawn) -> Iterator[Quad]:
    """The straight strokes of a shape; a thin shape is one stroke, whatever it is made of."""
    box = box_of(drawn)
    if box is None:
        return
    left, bottom, right, top = box
    if right - left <= _THIN or top - bottom <= _THIN:
        middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
        if right - left > top - bottom:
            yield left, middle_y, right, middle_y
        else:
            yield middle_x, bottom, middle_x, top
        return
    yield from _segments(drawn)


def _segments(drawn: Drawn) -> Iterator[Quad]:
    place = matrix_of(drawn.raw, drawn.place)
    x, y = ctypes.c_float(), ctypes.c_float()
    begin = last = (0.0, 0.0)
    for i in range(min(pdfium.FPDFPath_CountSegments(drawn.raw), _MOST_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(drawn.raw, i)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = place.point(x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield (*last, *point)
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield (*last, *begin)
            last = begin


def grids(across: Sequence[Rule], down: Sequence[Rule]) -> list[Grid]:
    """The ruled tables that lines make, from the top of the page."""
    across, down = _joined(across), _joined(down)
    found = []
    for rows, columns in _connected(across, down):
        grid = _grid(rows, columns)
        if grid:
            found.append(grid)
    return sorted(found, key=lambda g: -g.ys[0])


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Lines drawn in pieces, or twice, put together."""
    joined: list[Rule] = []
    for rule in sorted(rules):
        for i in range(len(joined) - 1, -1, -1):
            other = joined[i]
            if rule.at - other.at > _NEAR:
                joined.append(rule)
                break
            if rule.start <= other.end + _NEAR and rule.end >= other.start - _NEAR:
                start, end = min(rule.start, other.start), max(rule.end, other.end)
                joined[i] = Rule(other.at, start, end)
                break
        else:
            joined.append(rule)
    return joined


def _connected(across: list[Rule], down: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Lines that touch one another, directly or through others."""
    parent = list(range(len(across) + len(down)))

    def top(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, row in enumerate(across):
        for j, column in enumerate(down):
            if _meet(row, column):
                parent[top(i)] = top(len(across) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate((*across, *down)):
        groups.setdefault(top(i), ([], []))[i >= len(across)].append(rule)
    yield from groups.values()


def _meet(row: Rule, column: Rule) -> bool:
    return (
        row.start - _NEAR <= column.at <= row.end + _NEAR
        and column.start - _NEAR <= row.at <= column.end + _NEAR
    )


def _grid(rows: list[Rule], columns: list[Rule]) -> Grid | None:
    if len(rows) < 2 or not columns:
        return None
    xs = _edges([c.at for c in columns], min(r.start for r in rows), max(r.end for r in rows))
    ys = _edges([r.at for r in rows], min(c.start for c in columns), max(c.end for c in columns))
    if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > _MOST_CELLS:
        return None
    ys = ys[::-1]
    owner = _owners(xs, ys, rows, columns)
    cells = {cell for row in owner for cell in row}
    if len({c for _, c in cells}) < 2:
        return None
    return Grid(tuple(xs), tuple(ys), owner)


def _edges(places: list[float], first: float, last: float) -> list[float]:
    """Places in order, near ones once; a table open at its sides ends where its lines end."""
    edges: list[float] = []
    for place in sorted([*places, first, last]):
        if not edges or place - edges[-1] > 2 * _NEAR:
            edges.append(place)
    return edges


def _owners(
    xs: list[float], ys: list[float], rows: list[Rule], columns: list[Rule]
) -> tuple[tuple[tuple[int, int], ...], ...]:
    owner = [[(r, c) for c in range(len(xs) - 1)] for r in range(len(ys) - 1)]
    for r in range(len(ys) - 1):
        for c in range(len(xs) - 1):
            middle_x, middle_y = (xs[c] + xs[c + 1]) / 2, (ys[r] + ys[r + 1]) / 2
            if c and not _is_ruled(columns, xs[c], middle_y):
                owner[r][c] = owner[r][c - 1]
            elif r and not _is_ruled(rows, ys[r], middle_x):
                owner[r][c] = owner[r - 1][c]
    return tuple(tuple(row) for row in owner)


def _is_ruled(rules: list[Rule], at: float, through: float) -> bool:
    return any(abs(r.at - at) <= 2 * _NEAR and r.start <= through <= r.end for r in rules)
