"""Word documents (.docx): headings, rendered numbers, tables, notes, changes as accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpus.blocks import FileContent
from corpus.content import content_of
from corpus.docx_numbers import Numbering, read_numbering
from corpus.docx_runs import Tally, text_of
from corpus.docx_styles import Styles, is_shaded, read_styles
from corpus.docx_tables import grid_of
from corpus.grid import table_lines
from corpus.marks import is_table_caption
from corpus.ooxml import Package, attribute, child, local, open_package
from corpus.structure import Line
from corpus.warnings import warning

_TITLES = ("title", "表題", "タイトル")
_CAPTIONS = ("caption", "図表番号")
_TITLE_LEVEL = 1


@dataclass
class _Reading:
    """What is known of the document, and what was read so far.

    ``carried`` is the text of a paragraph whose end was deleted: it goes on in the next one.
    """

    styles: Styles
    numbering: Numbering
    notes: dict[str, str]
    tally: Tally = field(default_factory=Tally)
    lines: list[Line] = field(default_factory=list)
    title: str = ""
    carried: str = ""


def read_docx(data: bytes, name: str) -> FileContent:
    """The content of a Word document.

    Text that was deleted under "track changes" is left out and inserted text is read; hidden
    text is left out and counted. Headers, footers and comments are not read.

    Raises:
        UnreadableFile: if the package is refused (see ``open_package``) or damaged.
    """
    return read_document(open_package(data, name))


def read_document(package: Package) -> FileContent:
    """The content of a package whose main part is a Word document."""
    parts = package.related(package.main)
    tally = Tally()
    reading = _Reading(
        read_styles(package, parts.get("styles", "")),
        read_numbering(package, parts.get("numbering", "")),
        _notes(package, parts, tally),
        tally,
    )
    for element in package.elements(package.main, ("p", "tbl", "sdt")):
        parent = element.getparent()
        if parent is None or local(parent) != "body":
            continue
        _read(element, reading)
        element.clear()
        while element.getprevious() is not None:
            del parent[0]
    _flush(reading)
    warnings = (
        *warning("hidden_text", tally.hidden),
        *warning("tracked_changes", tally.changes),
    )
    return content_of(reading.lines, reading.title, warnings)


def _flush(reading: _Reading) -> None:
    if reading.carried:
        reading.lines.append(Line(reading.carried))
        reading.carried = ""


def _read(element: etree._Element, reading: _Reading) -> None:
    for block in blocks_below(element):
        if local(block) == "p":
            _read_paragraph(block, reading)
        else:
            _read_table(block, reading)


def blocks_below(element: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables that an element is or wraps (content controls, custom XML)."""
    if local(element) in ("p", "tbl"):
        yield element
    elif local(element) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
        for inner in element:
            yield from blocks_below(inner)


def _read_paragraph(element: etree._Element, reading: _Reading) -> None:
    properties = child(element, "pPr")
    style = attribute(child(properties, "pStyle"), "val")
    hidden = reading.styles.hides(style)
    shaded = is_shaded(properties)
    found = text_of(element, reading.tally, hidden=hidden, shaded=shaded)
    text = reading.carried + found.text
    reading.carried = ""
    if _end_deleted(properties):
        reading.tally.changes += 1
        reading.carried = text
        return
    if text.strip():
        text = _with_number(text.strip(), properties, style, reading)
        _add(text, _level(properties, style, reading), style, reading)
    for boxed in found.boxes:
        reading.lines += [Line(line) for line in boxed.split("\n") if line.strip()]
    for note in found.notes:
        if reading.notes.get(note):
            reading.lines.append(Line(reading.notes[note]))


def _add(text: str, level: int, style: str, reading: _Reading) -> None:
    name = reading.styles.name(style)
    if name in _TITLES and not reading.title:
        reading.title = " ".join(text.split())
        return
    pieces = [line for line in text.split("\n") if line.strip()]
    if level:
        pieces = [" ".join(pieces)]
    reading.lines += [Line(piece, level=level) for piece in pieces]


def _end_deleted(properties: etree._Element | None) -> bool:
    return child(properties, "rPr", "del") is not None


def _level(properties: etree._Element | None, style: str, reading: _Reading) -> int:
    outline = attribute(child(properties, "outlineLvl"), "val")
    if outline.isdigit() and int(outline) < 9:
        return int(outline) + 1
    return 0 if outline else reading.styles.level(style)


def _with_number(
    text: str, properties: etree._Element | None, style: str, reading: _Reading
) -> str:
    """The text behind the number that Word draws, where it does not hold it already."""
    list_id, depth = reading.styles.numbering(style)
    own = child(properties, "numPr")
    if own is not None:
        list_id = attribute(child(own, "numId"), "val", list_id)
        ilvl = attribute(child(own, "ilvl"), "val")
        depth = int(ilvl) if ilvl.isdigit() else depth
    if list_id in ("", "0"):
        return text
    if depth is None:
        depth = reading.numbering.level_of_style(list_id, style)
    label = reading.numbering.label(list_id, depth)
    return text if not label or text.startswith(label) else f"{label}　{text}"


def _read_table(element: etree._Element, reading: _Reading) -> None:
    _flush(reading)
    caption = ""
    last = reading.lines[-1] if reading.lines else None
    if last and not last.row and not last.level and is_table_caption(last.text):
        caption = reading.lines.pop().text
    reading.lines += table_lines(grid_of(element, reading.tally), caption)


def _notes(package: Package, parts: dict[str, str], tally: Tally) -> dict[str, str]:
    """The text of every footnote and endnote, under ``footnote:3`` and ``endnote:1``."""
    notes: dict[str, str] = {}
    for kind in ("footnote", "endnote"):
        path = parts.get(f"{kind}s", "")
        if not path or not package.has(path):
            continue
        number = 0
        for element in package.elements(path, (kind,)):
            if attribute(element, "type") in ("", "normal"):
                number += 1
                paragraphs = [
                    text_of(p, tally).text.strip() for p in element.iter() if local(p) == "p"
                ]
                text = "\n".join(t for t in paragraphs if t)
                notes[f"{kind}:{attribute(element, 'id')}"] = f"注{number}　{text}" if text else ""
            element.clear()
    return notes
