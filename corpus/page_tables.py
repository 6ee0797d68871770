"""Tables of a PDF that go on over pages, and a table's lines with its caption and heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus import marks
from corpus.grid import Cell, table_lines
from corpus.layout import PlacedLine
from corpus.structure import Line
from corpus.wrapping import join_lines

_SAME_EDGE = 6.0

_Row = tuple[tuple[str, str], ...]


def continued_tables(pages: Sequence[Sequence[PlacedLine]]) -> list[list[PlacedLine]]:
    """The lines of pages, a table that goes on at the top of a page with the heads it began with.

    A row that a page's end divides is put together again, on the page where it begins.
    """
    result = [list(page) for page in pages]
    for before, page in zip(result, result[1:], strict=False):
        if before and page and _goes_on(before[-1], page[0]):
            heads, rows = before[-1].cells[0], page[0].cells
            rows = rows[1:] if rows[0] == heads else rows
            if rows and _is_rest(rows[0]):
                before[-1] = _with_rest(before[-1], rows[0])
                rows = rows[1:]
            elif rows and not rows[0][0][0]:
                rows = ((before[-1].cells[-1][0][:1] + ("down",), *rows[0][1:]), *rows[1:])
            page[0:1] = [replace(page[0], cells=(heads, *rows))] if rows else []
    return result


def _goes_on(table: PlacedLine, following: PlacedLine) -> bool:
    if len(table.cells) < 2 or not following.cells:
        return False
    return (
        len(table.cells[0]) == len(following.cells[0])
        and abs(table.x0 - following.x0) < _SAME_EDGE
        and abs(table.x1 - following.x1) < _SAME_EDGE
    )


def _is_rest(row: _Row) -> bool:
    """Whether a row is the rest of one that the page before began: most of it is empty."""
    filled = sum(bool(text) for text, _ in row)
    return not row[0][0] and 2 * filled <= len(row)


def _with_rest(table: PlacedLine, rest: _Row) -> PlacedLine:
    last = tuple(
        (join_lines(text, more) if text and more else text + more, copy)
        for (text, copy), (more, _) in zip(table.cells[-1], rest, strict=True)
    )
    return replace(table, cells=(*table.cells[:-1], last))


def lines_of_table(table: PlacedLine, page: int, above: list[Line]) -> list[Line]:
    """The lines of a table; a caption right above it is taken from ``above``."""
    caption = ""
    if above and marks.is_table_caption(above[-1].text):
        caption = "" if marks.annex(above[-1].text) else above.pop().text
    rows = [[Cell(text, copy) for text, copy in row] for row in table.cells]  # type: ignore[arg-type]
    return table_lines(rows, caption, page)


def row_as_text(table: PlacedLine) -> PlacedLine:
    """A lone row of cells is a line: labels beside their words, a box around a notice."""
    text = "　".join(text.replace("\n", "") for text, copy in table.cells[0] if text and not copy)
    return replace(table, text=text, cells=(), right=table.x1 + 1000)
