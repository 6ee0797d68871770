"""A page of a PDF as people see it, and where its characters stand on that picture.

Both run in a process of their own (``corpus/child.py``): the file may be hostile.
"""

from __future__ import annotations

import base64
import ctypes
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import pypdfium2
import pypdfium2.raw as pdfium

from corpus.errors import EncryptedFile, FileTooBig, UnreadableFile

_POINTS_PER_INCH = 72.0
_GRID = 100_000
"""Steps into which pdfium's device divides the picture's width and height."""


def draw(file: BinaryIO, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """``{"png"}``: the page in colour, in base64.

    Args:
        file: the PDF.
        options: ``page`` from 1, ``dots_per_inch``, ``megapixels`` as the picture's limit.

    Raises:
        UnreadableFile: where it is no PDF, or has no such page.
    """
    page = _page(file, options["page"])[1]
    width, height = page.get_size()
    most = options["megapixels"] * 1_000_000
    scale = min(
        options["dots_per_inch"] / _POINTS_PER_INCH, (most / max(width * height, 1.0)) ** 0.5
    )
    png = io.BytesIO()
    page.render(scale=scale).to_pil().save(png, "PNG")
    yield {"png": base64.b64encode(png.getvalue()).decode("ascii")}


def places(file: BinaryIO, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """``{"pages", "width", "height", "text", "boxes"}``: how many pages there are, the page's
    size in points as it is shown, its characters, and a box for each of them
    (``corpus.page_text.Box``).

    Args:
        file: the PDF.
        options: ``page`` from 1, ``characters`` as the limit for one page.

    Raises:
        UnreadableFile: where it is no PDF, or has no such page.
        FileTooBig: where the page has too many characters.
    """
    count, page = _page(file, options["page"])
    text = page.get_textpage()
    characters = text.count_chars()
    if characters > options["characters"]:
        raise FileTooBig(
            f"expected at most {options['characters']} characters on a page, found {characters}."
        )
    width, height = page.get_size()
    seen = [found for i in range(characters) if (found := _character(page, text, i))]
    yield {
        "pages": count,
        "width": width,
        "height": height,
        "text": "".join(character for character, _ in seen),
        "boxes": [box for _, box in seen],
    }


def _page(file: BinaryIO, number: int) -> tuple[int, Any]:
    try:
        document = pypdfium2.PdfDocument(file.read())
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise EncryptedFile("the PDF asks for a password; save it without one.") from error
        raise UnreadableFile("expected a readable PDF, found: a damaged one.") from error
    count = len(document)
    if not 1 <= number <= count:
        raise UnreadableFile(f"expected one of its {count} pages, found {number}.")
    try:
        return count, document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(f"expected a readable page {number}, found a damaged one.") from error


def _character(page: Any, text: Any, number: int) -> tuple[str, list[float]] | None:
    """A character and its box on the picture; None for one that is not drawn."""
    code = pdfium.FPDFText_GetUnicode(text, number)
    box = pdfium.FS_RECTF()
    if code <= 0x20 or not pdfium.FPDFText_GetLooseCharBox(text, number, ctypes.byref(box)):
        return None
    # Halves of a pair cannot be told apart here: one sign that is never found stands for each.
    character = "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)
    corners = [_on_picture(page, box.left, box.top), _on_picture(page, box.right, box.bottom)]
    (x0, y0), (x1, y1) = corners
    if x0 == x1 or y0 == y1:
        return None
    return character, [min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]


def _on_picture(page: Any, x: float, y: float) -> tuple[float, float]:
    """A point of the page as shares of the picture, whichever way the page is turned."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(
        page.raw, 0, 0, _GRID, _GRID, 0, x, y, ctypes.byref(across), ctypes.byref(down)
    )
    return across.value / _GRID, down.value / _GRID
