"""PDF files with a text layer, page by page, through pypdf."""

from __future__ import annotations

import io
import logging

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from corpus.errors import UnreadableFile
from corpus.structure import Line
from corpus.wrapping import unwrap

_LOG = logging.getLogger(__name__)


def read_pdf(data: bytes, name: str) -> tuple[list[Line], tuple[str, ...]]:
    """The lines of every page, and a note for every page that could not be read.

    Raises:
        UnreadableFile: where the file is no PDF, is encrypted, or has no text layer at all.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(f"{name}: the PDF asks for a password; save it without one.")
        count = len(reader.pages)
    except UnreadableFile:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
        OSError,
        ImportError,
    ) as error:
        raise UnreadableFile(f"{name}: expected a readable PDF, found: {error}") from error
    lines: list[Line] = []
    notes: list[str] = []
    for number in range(1, count + 1):
        try:
            text = reader.pages[number - 1].extract_text()
        except Exception as error:  # noqa: BLE001 - pypdf raises many kinds on broken pages
            _LOG.warning("%s page %d: %s", name, number, error)
            notes.append(f"{name}: page {number} could not be read: {error}")
            continue
        written = unwrap([line for line in text.split("\n") if line.strip()])
        lines += [Line(line, page=number) for line in written]
    if not lines:
        raise UnreadableFile(
            f"{name}: the PDF has no text layer; it needs OCR before it can be read."
        )
    return lines, tuple(notes)
