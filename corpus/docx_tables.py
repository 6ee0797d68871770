"""Tables of a Word document as grids: spans, merged cells, heads, rows deleted under tracking."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from corpus.docx_runs import Tally, cell_shaded, text_of
from corpus.docx_styles import is_on, is_shaded
from corpus.grid import Cell
from corpus.ooxml import attribute, child, local

_WIDEST = 63
"""Columns that Word allows; more in a span is a damaged file."""
_WRAPPERS = ("sdt", "sdtContent", "customXml", "ins", "moveTo")


def grid_of(table: etree._Element, tally: Tally) -> list[list[Cell]]:
    """The rows of a table; a merged cell's text is copied into every place that it covers."""
    rows: list[list[Cell]] = []
    for row in _inside(table, "tr"):
        properties = child(row, "trPr")
        if child(properties, "del") is not None:
            tally.changes += 1
            continue
        head = is_on(child(properties, "tblHeader"))
        rows.append(_row(row, properties, head, rows[-1] if rows else [], tally))
    return rows


def _row(
    row: etree._Element,
    properties: etree._Element | None,
    head: bool,
    above: list[Cell],
    tally: Tally,
) -> list[Cell]:
    cells = [Cell() for _ in range(_span(properties, "gridBefore", 0))]
    for cell in _inside(row, "tc"):
        about = child(cell, "tcPr")
        merge = child(about, "vMerge")
        if merge is not None and attribute(merge, "val", "continue") == "continue":
            at = len(cells)
            text = above[at].text if at < len(above) else ""
            cells.append(Cell(text, "down", head))
        else:
            text = _cell_text(cell, tally)
            cells.append(Cell(text, "", head))
        cells += [Cell(text, "across", head)] * (_span(about, "gridSpan", 1) - 1)
    return cells


def _span(properties: etree._Element | None, name: str, default: int) -> int:
    value = attribute(child(properties, name), "val")
    return min(int(value), _WIDEST) if value.isdigit() else default


def _cell_text(cell: etree._Element, tally: Tally) -> str:
    """The paragraphs of a cell; those of tables inside it too, cell after cell."""
    shaded = cell_shaded(cell)
    texts = []
    for paragraph in (p for p in cell.iter() if local(p) == "p"):
        behind = shaded or is_shaded(child(paragraph, "pPr"))
        texts.append(text_of(paragraph, tally, shaded=behind).text.strip())
    return "\n".join(t for t in texts if t)


def _inside(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, through content controls."""
    for inner in element:
        if local(inner) == name:
            yield inner
        elif local(inner) in _WRAPPERS:
            yield from _inside(inner, name)
