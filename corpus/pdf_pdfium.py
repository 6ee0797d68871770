"""The second reader of PDF: pdfium, with the place of every character.

It runs in a process of its own, and does there all that needs the places: the order of
reading, columns, pages written downwards, tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.drawn import Drawn, Quad, box_of, drawn_on
from corpus.errors import EncryptedFile, FileTooBig, UnreadableFile
from corpus.glyph_reader import read_glyphs, set_up, unseen, way_up
from corpus.glyphs import Glyph
from corpus.layout import PlacedLine, boxes_of, lines_of, turn
from corpus.pdf_tables import aligned_tables, as_line, ruled_tables
from corpus.rulings import Rule, grids, read_rules

_NO_PASSWORD = {
    pdfium.FPDF_ERR_PASSWORD: "the PDF asks for a password; save it without one.",
    pdfium.FPDF_ERR_SECURITY: "the PDF is protected in a way that cannot be opened here; save it "
    "without protection.",
}


def read(file: BinaryIO, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """``{"pages": n}``, then for every page its text and its lines, or ``{"page", "error"}``.

    A page is ``{"page", "text", "lines", "vertical", "height", "pictures", "drawn", "hidden",
    "layer"}``: its characters in the order of drawing, its lines in the order of reading (each a
    list of the fields of ``corpus.layout.PlacedLine``), whether it is written downwards, its
    height in points, the share of it that pictures cover, the number of things drawn on it, the
    number of characters that nobody sees (they are in no line), and whether its text lies unseen
    over a picture, as programs for scanning put what their OCR has read.

    Args:
        file: the PDF.
        options: ``characters_per_page``, ``pages_over_limit`` and ``pages`` of ``pdf.toml``.

    Raises:
        EncryptedFile: where it asks for a password.
        FileTooBig: where it has too many pages, or too many that are over a limit.
        UnreadableFile: where it is no PDF.
    """
    document = _open(file)
    count = len(document)
    if count > options["pages"]:
        raise FileTooBig(f"expected at most {options['pages']} pages, found {count}.")
    yield {"pages": count}
    over = 0
    for number in range(1, count + 1):
        try:
            page = document[number - 1]
            row = _read_page(page, options["characters_per_page"])
            page.close()
        except OverflowError as error:
            over += 1
            if over > options["pages_over_limit"]:
                raise FileTooBig(f"{error}, and so on other pages.") from error
            yield {"page": number, "error": f"{error}", "limit": True}
        except (pypdfium2.PdfiumError, ValueError, RecursionError) as error:
            yield {"page": number, "error": f"{error}"[:200]}
        else:
            yield {"page": number, **row}


def count(file: BinaryIO, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """``{"pages": n}``; raises like ``read``."""
    yield {"pages": len(_open(file))}


def _open(file: BinaryIO) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(file.read())
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in _NO_PASSWORD:
            raise EncryptedFile(_NO_PASSWORD[code]) from error
        raise UnreadableFile("expected a readable PDF, found: a damaged one.") from error


def _read_page(page: Any, most: int) -> dict[str, Any]:
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    text = page.get_textpage()
    things = drawn_on(page)
    pictures, layer = _covered(things, width * height), unseen(things, text)
    glyphs = read_glyphs(text, most, (left, bottom, right, top), frozenset() if pictures else layer)
    turned = way_up(text)
    text.close()

    def upright(box: Quad) -> Quad:
        x0, y0, x1, y1 = box
        return set_up((x0 - left, y0 - bottom, x1 - left, y1 - bottom), turned, width, height)

    seen = [glyph for glyph in glyphs if not glyph.hidden]
    if turned or left or bottom:
        seen = [Glyph(g.text, *upright(g[1:5]), g.spaced) for g in seen]
    high = width if turned % 180 else height
    lines, vertical = _lines(seen, read_rules(things, upright), high)
    return {
        "text": "".join(glyph.text for glyph in glyphs),
        "lines": [as_line(line) for line in lines],
        "vertical": vertical,
        "height": round(high, 1),
        "pictures": round(pictures, 3),
        "drawn": len(things),
        "hidden": sum(g.hidden and not g.text.isspace() for g in glyphs),
        "layer": bool(layer and pictures),
    }


def _lines(
    glyphs: list[Glyph], rules: tuple[list[Rule], list[Rule]], height: float
) -> tuple[list[PlacedLine], bool]:
    tables, outside = ruled_tables(glyphs, grids(*rules), height)
    boxes, vertical = boxes_of(outside, height)
    if vertical:
        boxes += [turn(table, height) for table in tables]
    else:
        boxes = aligned_tables([*boxes, *tables])
    return lines_of(boxes), vertical


def _covered(things: Sequence[Drawn], area: float) -> float:
    """The share of a page that its largest picture covers."""
    pictures = [box_of(thing) for thing in things if thing.kind == pdfium.FPDF_PAGEOBJ_IMAGE]
    sizes = [(box[2] - box[0]) * (box[3] - box[1]) for box in pictures if box]
    return min(max(sizes, default=0.0) / area, 1.0) if area else 0.0
