"""Tables of a PDF page: the cells of ruled grids, and rows that are only aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from corpus.glyphs import Box, Glyph
from corpus.layout import PlacedLine, boxes_of, lines_of, rows_of
from corpus.rulings import Grid
from corpus.wrapping import join_placed

Cells = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of cells, each its text and "" or, where a merged cell goes on, "down" or "across"."""

_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 3
_NEXT_ROW = 1.9
"""Lines of a cell stand closer than this many characters; rows of an aligned table do not."""


def ruled_tables(
    glyphs: list[Glyph], grids: Sequence[Grid], height: float
) -> tuple[list[Box], list[Glyph]]:
    """Every ruled table as one box with its cells, and the characters outside of tables."""
    inside: list[list[Glyph]] = [[] for _ in grids]
    outside: list[Glyph] = []
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2
        owner = next((i for i, g in enumerate(grids) if g.contains(x, y)), None)
        (outside if owner is None else inside[owner]).append(glyph)
    tables = []
    for grid, found in zip(grids, inside, strict=True):
        cells = _ruled_cells(grid, found, height)
        if sum(bool(text) for row in cells for text, copy in row if not copy) < 2:
            outside += found
            continue
        sizes = [g.size for g in found]
        box = Box("", grid.xs[0], grid.ys[-1], grid.xs[-1], grid.ys[0], median(sizes), cells)
        tables.append(box)
    return tables, outside


def _ruled_cells(grid: Grid, glyphs: list[Glyph], height: float) -> Cells:
    filled: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        place = grid.cell((glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2)
        filled.setdefault(place, []).append(glyph)
    texts = {place: cell_text(found, height) for place, found in filled.items()}
    return tuple(
        tuple((texts.get(owner, ""), _copy(owner, (r, c))) for c, owner in enumerate(row))
        for r, row in enumerate(grid.owner)
    )


def _copy(owner: tuple[int, int], place: tuple[int, int]) -> str:
    if owner == place:
        return ""
    return "across" if owner[1] != place[1] else "down"


def cell_text(glyphs: list[Glyph], height: float) -> str:
    """The text of one cell, its broken lines joined; a cell may be written downwards."""
    boxes, _ = boxes_of(glyphs, height)
    return "\n".join(join_placed(lines_of(boxes)))


def aligned_tables(boxes: list[Box]) -> list[Box]:
    """Boxes, with every stretch of rows that is a table without lines put into one box."""
    kept: list[Box] = []
    stretch: list[list[Box]] = []
    for row in [*rows_of(boxes), []]:
        if _may_go_on(stretch, row):
            stretch.append(row)
            continue
        kept += _table_or_rows(stretch)
        stretch = []
        if _may_go_on(stretch, row):
            stretch.append(row)
        else:
            kept += row
    return kept


def _may_go_on(stretch: list[list[Box]], row: list[Box]) -> bool:
    if any(box.cells for box in row):
        return False
    return len(row) >= _FEWEST_COLUMNS or (bool(stretch) and len(row) > 0 and _fits(stretch, row))


def _fits(stretch: list[list[Box]], row: list[Box]) -> bool:
    """Whether each box of a short row stands below one column of the rows above it."""
    columns = _columns([r for r in stretch if len(r) >= _FEWEST_COLUMNS])
    near = stretch[-1][0].middle - row[0].middle < 4 * row[0].size
    return near and all(_column_of(columns, box) is not None for box in row)


def _columns(rows: list[list[Box]]) -> list[tuple[float, float]]:
    """The stretches of the line that rows fill, from the left."""
    columns: list[tuple[float, float]] = []
    for x0, x1 in sorted((box.x0, box.x1) for row in rows for box in row):
        if columns and x0 < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], x1))
        else:
            columns.append((x0, x1))
    return columns


def _column_of(columns: list[tuple[float, float]], box: Box) -> int | None:
    found = [i for i, (x0, x1) in enumerate(columns) if box.x0 < x1 and box.x1 > x0]
    return found[0] if len(found) == 1 else None


def _table_or_rows(stretch: list[list[Box]]) -> list[Box]:
    boxes = [box for row in stretch for box in row]
    full = [row for row in stretch if len(row) >= _FEWEST_COLUMNS]
    columns = _columns(stretch)
    if len(full) < _FEWEST_ROWS or len(columns) < max(map(len, full)):
        return boxes
    rows: list[list[str]] = []
    for before, row in zip([None, *stretch], stretch, strict=False):
        texts = [""] * len(columns)
        for box in row:
            place = _column_of(columns, box)
            texts[place or 0] += box.text
        if before and not texts[0] and before[0].middle - row[0].middle < _NEXT_ROW * row[0].size:
            rows[-1] = [one + other for one, other in zip(rows[-1], texts, strict=True)]
        else:
            rows.append(texts)
    cells = tuple(tuple((text.strip(), "") for text in row) for row in rows)
    return [
        replace(
            boxes[0],
            text="",
            x0=min(b.x0 for b in boxes),
            y0=min(b.y0 for b in boxes),
            x1=max(b.x1 for b in boxes),
            y1=max(b.y1 for b in boxes),
            cells=cells,
        )
    ]


def as_line(line: PlacedLine) -> list[object]:
    """A line as it leaves the process that reads the page."""
    return [
        line.text,
        *(round(v, 1) for v in (line.x0, line.y0, line.x1, line.y1, line.size)),
        round(line.left, 1),
        round(line.right, 1),
        line.cells,
    ]
