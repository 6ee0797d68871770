"""Tables and definition lists of a page, as they are read cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.grid import Cell, table_lines
from corpus.structure import Line

_WIDEST = 200
_TALLEST = 5_000


@dataclass
class _Open:
    """A cell being read: its lines, whether it is a head, how far it spans."""

    lines: list[Line] = field(default_factory=list)
    head: bool = False
    across: int = 1
    down: int = 1


@dataclass
class Table:
    """A table being read. ``plain`` says that it only lays out the page: it gives its lines."""

    plain: bool = False
    caption: list[Line] | None = None
    rows: list[list[_Open]] = field(default_factory=list)
    beside: list[Line] = field(default_factory=list)
    in_caption: bool = False

    def target(self) -> list[Line]:
        """Where lines go now: into the last cell, the caption, or beside the table."""
        if self.in_caption and self.caption is not None:
            return self.caption
        return self.rows[-1][-1].lines if self.rows and self.rows[-1] else self.beside

    def open(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A caption, a row or a cell begins."""
        self.in_caption = tag == "caption"
        if tag == "caption":
            self.caption = self.caption or []
        elif tag == "tr":
            self.rows.append([])
        elif tag == "dt":
            self.rows.append([_Open()])
        elif tag in ("td", "th", "dd"):
            if not self.rows:
                self.rows.append([])
            across = _span(attributes, "colspan", _WIDEST)
            down = _span(attributes, "rowspan", _TALLEST)
            self.rows[-1].append(_Open([], tag == "th", across, down))

    def lines(self) -> list[Line]:
        """The lines of the whole table."""
        before = [*(self.caption or []), *self.beside]
        cells = [cell for row in self.rows for cell in row]
        apart = any(line.level or line.row for cell in cells for line in cell.lines)
        if self.plain or apart:
            return [*before, *(line for cell in cells for line in cell.lines)]
        caption = " ".join(line.text for line in self.caption or [])
        return [*self.beside, *table_lines(self._grid(), caption)]

    def _grid(self) -> list[list[Cell]]:
        """Cells at their places; what spans several is copied into each of them."""
        below: dict[int, tuple[int, Cell]] = {}
        grid = []
        for row in self.rows:
            placed: list[Cell] = []
            for cell in row:
                _take_down(placed, below)
                text = "\n".join(line.text for line in cell.lines)
                first = len(placed)
                across = cell.across if first < _WIDEST else 1
                placed += [Cell(text, "across" if i else "", cell.head) for i in range(across)]
                if cell.down > 1:
                    for i in range(across):
                        copy = Cell(text, "across" if i else "down", cell.head)
                        below[first + i] = (cell.down - 1, copy)
            _take_down(placed, below)
            grid.append(placed)
        return grid


def _take_down(placed: list[Cell], below: dict[int, tuple[int, Cell]]) -> None:
    while len(placed) in below:
        column = len(placed)
        left, cell = below.pop(column)
        placed.append(cell)
        if left > 1:
            below[column] = (left - 1, cell)


def _span(attributes: Mapping[str, str], name: str, most: int) -> int:
    value = attributes.get(name) or "1"
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() else 1
