"""Excel workbooks (.xlsx): every shown sheet as text lines and tables with their heads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.blocks import FileContent
from corpus.content import content_of
from corpus.errors import UnreadableFile
from corpus.grid import Cell, table_lines
from corpus.ooxml import Package, attribute, limits, open_package
from corpus.structure import Line
from corpus.warnings import warning
from corpus.xlsx_sheet import Sheet, Workbook, read_sheet
from corpus.xlsx_values import read_formats, reads_1904, text_below

_UNNAMED = re.compile(r"^(?:sheet|シート)[\s　]*\d*$", re.IGNORECASE)
_NOTE = re.compile(r"^[※*＊注（(]|。$")
_LONGEST_CAPTION = 60
_LONGEST_ROW_NAME = 20


@dataclass
class _Reading:
    """The lines read so far, and what was left out, sheet by sheet."""

    lines: list[Line] = field(default_factory=list)
    hidden_sheets: list[str] = field(default_factory=list)
    hidden_rows: dict[str, int] = field(default_factory=dict)
    hidden_columns: dict[str, int] = field(default_factory=dict)
    empty_formulas: int = 0
    long_cells: int = 0


def read_xlsx(data: bytes, name: str) -> FileContent:
    """The content of an Excel workbook.

    Hidden sheets, rows and columns are not read but named in the warnings. Formulas are not
    run: their stored results are read.

    Raises:
        UnreadableFile: if the package is refused (see ``open_package``) or damaged.
    """
    return read_workbook(open_package(data, name))


def read_workbook(package: Package) -> FileContent:
    """The content of a package whose main part is a workbook."""
    parts = package.related(package.main)
    workbook = Workbook(
        _strings(package, parts.get("sharedStrings", "")),
        read_formats(package, parts.get("styles", "")),
        reads_1904(package),
    )
    shown = list(_sheets(package))
    reading = _Reading(hidden_sheets=[name for name, _, hidden in shown if hidden])
    visible = [(name, parts.get(key, "")) for name, key, hidden in shown if not hidden]
    notes: list[str] = []
    for name, path in visible:
        if not package.has(path):
            continue
        sheet = read_sheet(package, path, workbook)
        _take(name, sheet, reading, headed=len(visible) > 1 or not _UNNAMED.match(name))
        if sheet.cut:
            notes.append(
                f"{package.name}: sheet {name}: only its first {limits()['most_rows']} rows were "
                "read; split the sheet."
            )
    if not reading.lines and not reading.hidden_sheets:
        raise UnreadableFile(f"{package.name}: expected text in its sheets, found none.")
    warnings = _warnings(reading)
    guess = bool(reading.lines) and not reading.lines[0].level
    return content_of(reading.lines, "", warnings, tuple(notes), guess_title=guess)


def _sheets(package: Package) -> Iterator[tuple[str, str, bool]]:
    """The name of each sheet, the id of its part, and whether it is hidden."""
    for element in package.elements(package.main, ("sheet",)):
        hidden = attribute(element, "state", "visible") != "visible"
        key = next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), "")
        yield attribute(element, "name"), key, hidden


def _strings(package: Package, path: str) -> list[str]:
    strings: list[str] = []
    if path and package.has(path):
        for element in package.elements(path, ("si",)):
            strings.append(text_below(element))
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    return strings


def _take(name: str, sheet: Sheet, reading: _Reading, headed: bool) -> None:
    if sheet.rows and headed:
        reading.lines.append(Line(name, level=1))
    for region in _regions(sheet):
        reading.lines += _region_lines(region)
    if sheet.hidden_rows:
        reading.hidden_rows[name] = sheet.hidden_rows
    if sheet.hidden_columns:
        reading.hidden_columns[name] = len(sheet.hidden_columns)
    reading.empty_formulas += sheet.empty_formulas
    reading.long_cells += sheet.long_cells


def _regions(sheet: Sheet) -> Iterator[list[dict[int, Cell]]]:
    """The rows of a sheet, parted where a row is empty."""
    region: list[dict[int, Cell]] = []
    last = -1
    for number in sorted(sheet.rows):
        if region and number > last + 1:
            yield region
            region = []
        region.append(sheet.rows[number])
        last = number
    if region:
        yield region


def _region_lines(region: list[dict[int, Cell]]) -> list[Line]:
    """Rows of one cell are text, above and below the rows of the table between them."""
    single = [_is_single(row) for row in region]
    if all(single):
        return [line for row in region for line in _text_lines(row)]
    start = single.index(False)
    end = len(single) - single[::-1].index(False)
    while end < len(region) and _goes_on(region[end]):
        end += 1
    above = [line for row in region[:start] for line in _text_lines(row)]
    caption = ""
    if above and len(above[-1].text) <= _LONGEST_CAPTION and not above[-1].text.endswith("。"):
        caption = above.pop().text
    width = max(max(row) for row in region[start:end]) + 1
    columns = sorted({c for row in region[start:end] for c in row if c < width})
    grid = [[row.get(c, Cell()) for c in columns] for row in region[start:end]]
    below = [line for row in region[end:] for line in _text_lines(row)]
    return [*above, *table_lines(grid, caption), *below]


def _is_single(row: dict[int, Cell]) -> bool:
    return sum(not cell.copy for cell in row.values()) <= 1 and not any(
        cell.copy == "down" for cell in row.values()
    )


def _goes_on(row: dict[int, Cell]) -> bool:
    """Whether a row of one cell below a table is a row of it that is nearly empty, and no note."""
    text = "".join(cell.text for cell in row.values() if not cell.copy)
    return bool(text) and len(text) <= _LONGEST_ROW_NAME and not _NOTE.search(text)


def _text_lines(row: dict[int, Cell]) -> list[Line]:
    texts = [cell.text for cell in row.values() if not cell.copy]
    return [Line(line) for text in texts for line in text.split("\n") if line.strip()]


def _warnings(reading: _Reading) -> tuple[str, ...]:
    sheets = "、".join(reading.hidden_sheets)
    rows, columns = reading.hidden_rows, reading.hidden_columns
    return (
        *warning("hidden_sheets", len(reading.hidden_sheets), sheets),
        *warning("hidden_rows", sum(rows.values()), "、".join(rows)),
        *warning("hidden_columns", sum(columns.values()), "、".join(columns)),
        *warning("formulas_without_value", reading.empty_formulas),
        *warning("long_cells", reading.long_cells, str(limits()["longest_cell"])),
    )
