"""One sheet of a workbook as a grid: shown rows and columns, merged cells, cached results."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from corpus.grid import Cell
from corpus.ooxml import Package, attribute, child, limits, local
from corpus.xlsx_values import column_of, shown, text_below

_MERGED_MOST = 20_000
_WIDEST = 16_384


@dataclass(frozen=True)
class Workbook:
    """What the sheets share: strings, the kinds of the cell styles, the first day."""

    strings: list[str]
    kinds: list[str]
    from_1904: bool


@dataclass
class Sheet:
    """The shown cells of a sheet by row and column from 0, and what was left out."""

    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden_rows: int = 0
    hidden_columns: set[int] = field(default_factory=set)
    empty_formulas: int = 0
    long_cells: int = 0
    cut: bool = False


def read_sheet(package: Package, path: str, workbook: Workbook) -> Sheet:
    """The cells of a sheet; merged cells hold copies of their first cell's text.

    Formulas are never run: the result that the spreadsheet program stored is what is read.
    """
    sheet = Sheet()
    merged: list[str] = []
    used: set[int] = set()
    number = -1
    for element in package.elements(path, ("col", "row", "mergeCell")):
        if local(element) == "col":
            _note_column(element, sheet)
        elif local(element) == "mergeCell":
            merged += [attribute(element, "ref")] if len(merged) < _MERGED_MOST else []
        else:
            number = _row_number(element, number)
            _read_row(element, number, sheet, workbook, used)
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    for reference in merged:
        _merge(reference, sheet)
    sheet.hidden_columns &= used
    return sheet


def _note_column(element: etree._Element, sheet: Sheet) -> None:
    if attribute(element, "hidden") in ("1", "true"):
        first, last = attribute(element, "min"), attribute(element, "max")
        if first.isdigit() and last.isdigit():
            sheet.hidden_columns |= set(range(int(first) - 1, min(int(last), _WIDEST)))


def _row_number(element: etree._Element, before: int) -> int:
    said = attribute(element, "r")
    return int(said) - 1 if said.isdigit() else before + 1


def _read_row(
    element: etree._Element, number: int, sheet: Sheet, workbook: Workbook, used: set[int]
) -> None:
    if attribute(element, "hidden") in ("1", "true"):
        sheet.hidden_rows += any(local(c) == "c" and len(c) for c in element)
        return
    if len(sheet.rows) >= limits()["most_rows"]:
        sheet.cut = True
        return
    cells: dict[int, Cell] = {}
    column = -1
    for cell in (c for c in element if local(c) == "c"):
        said = column_of(attribute(cell, "r"))
        column = said if said >= 0 else column + 1
        text = _text(cell, sheet, workbook)
        if text:
            used.add(column)
        if text and column not in sheet.hidden_columns:
            cells[column] = Cell(text)
    if cells:
        sheet.rows[number] = cells


def _text(cell: etree._Element, sheet: Sheet, workbook: Workbook) -> str:
    kind = attribute(cell, "t", "n")
    if kind == "inlineStr":
        inline = child(cell, "is")
        return _capped(text_below(inline) if inline is not None else "", sheet)
    stored = child(cell, "v")
    value = (stored.text or "") if stored is not None else ""
    if not value:
        sheet.empty_formulas += child(cell, "f") is not None and kind != "str"
        return ""
    if kind == "s":
        known = value.isdigit() and int(value) < len(workbook.strings)
        return _capped(workbook.strings[int(value)] if known else "", sheet)
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind in ("str", "e", "d"):
        return _capped(value, sheet)
    style = attribute(cell, "s")
    number = int(style) if style.isdigit() else 0
    look = workbook.kinds[number] if number < len(workbook.kinds) else ""
    return shown(value, look, workbook.from_1904)


def _capped(text: str, sheet: Sheet) -> str:
    plain = re.sub(r"_x([0-9A-Fa-f]{4})_", _unescaped, text).strip()
    longest = limits()["longest_cell"]
    sheet.long_cells += len(plain) > longest
    return plain[:longest]


def _unescaped(match: re.Match[str]) -> str:
    """_x000D_ is how a carriage return is kept in a cell; other such codes are characters."""
    character = chr(int(match.group(1), 16))
    return character if character.isprintable() else "\n" if character in "\r\n" else " "


def _merge(reference: str, sheet: Sheet) -> None:
    found = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", reference)
    if not found:
        return
    left, right = column_of(found.group(1)), column_of(found.group(3))
    top, bottom = int(found.group(2)) - 1, int(found.group(4)) - 1
    text = sheet.rows.get(top, {}).get(left, Cell()).text
    if not text:
        return
    for row in range(top, bottom + 1):
        if row not in sheet.rows:
            continue
        for column in range(left, right + 1):
            if (row, column) == (top, left) or column in sheet.hidden_columns:
                continue
            down = row > top and column == left
            sheet.rows[row][column] = Cell(text, "down" if down else "across")
