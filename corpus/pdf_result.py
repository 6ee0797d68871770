"""What two readers gave for each page of a PDF, to one reading with its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus.errors import FileTooBig, NoText, UnreadableFile
from corpus.furniture import PageLines
from corpus.outcomes import Findings, Status
from corpus.pdf_choice import choose
from corpus.pdf_limits import PdfLimits
from corpus.pdf_pages import document_lines, lines_of_text, placed_lines
from corpus.structure import Line
from corpus.warnings import warning

Rows = tuple[Any, ...]
"""What one reader wrote: the number of pages, then a row for each page."""
_HEIGHT = 842.0
"""Points of a page whose height no reader gave: that of A4."""


@dataclass(frozen=True)
class PdfReading:
    """The lines of a PDF in order of reading, its title, and what there is to report."""

    title: str
    lines: list[Line]
    findings: Findings
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class ChosenPage:
    """One page as chosen: its lines, or why it has none.

    ``failed`` says why it could not be read; ``conflict`` that the readers differ, ``once`` that
    only one could read it, ``scan`` that it is a picture of text, ``by_ocr`` that OCR read it,
    ``empty_scan`` that OCR found nothing on it, ``over_limit`` that it goes over a limit;
    ``hidden`` counts the characters that nobody sees, ``layer`` says that a scanner wrote its text.
    """

    lines: PageLines | None = None
    failed: str = ""
    conflict: bool = False
    once: bool = False
    scan: bool = False
    by_ocr: bool = False
    empty_scan: bool = False
    over_limit: bool = False
    hidden: int = 0
    layer: bool = False


def choose_page(
    number: int, first: Mapping[str, Any], second: Mapping[str, Any], limits: PdfLimits
) -> ChosenPage:
    """One page of two readings.

    Args:
        number: the page, from 1.
        first: pypdf's row, empty where it has none.
        second: pdfium's.
        limits: see ``pdf.toml``.
    """
    choice, conflict = choose(first.get("text"), second.get("text"), limits)
    characters = len((second.get("text") or first.get("text") or "").strip())
    scan = (
        second.get("pictures", 0.0) >= limits.picture_share and characters < limits.scan_characters
    )
    errors = [str(row["error"]) for row in (first, second) if "error" in row]
    if choice == "neither":
        if first.get("written", 0) > limits.blank_bytes and second.get("drawn") == 0:
            errors.append("its contents are damaged")
        return ChosenPage(
            failed="; ".join(errors),
            scan=scan or characters > 0,
            over_limit=any(row.get("limit") for row in (first, second)),
        )
    if choice == "second":
        lines = placed_lines(number, second)
    else:
        lines = lines_of_text(number, first["text"], second.get("height", _HEIGHT))
    seen = choice == "second"
    return ChosenPage(
        lines,
        conflict=conflict,
        scan=scan,
        once=bool(errors),
        hidden=second.get("hidden", 0) if seen else 0,
        layer=seen and second.get("layer", False),
    )


def reading_of(
    name: str, pages: list[ChosenPage], readings: tuple[Rows | UnreadableFile, ...]
) -> PdfReading:
    """The reading of a whole file.

    Args:
        name: the file's name, for the messages.
        pages: its pages, as chosen.
        readings: what pypdf and pdfium gave, in this order.

    Raises:
        UnreadableFile: one of its kinds, where no page has text.
    """
    read = [page.lines for page in pages if page.lines and page.lines.lines]
    if not read:
        raise _nothing(name, pages, readings)
    title, lines = document_lines(read)
    notes = [
        f"{name}: page {n} could not be read: {page.failed}"
        for n, page in enumerate(pages, 1)
        if page.failed
    ]
    scans = _numbers(pages, "scan")
    if scans:
        notes.append(f"{name}: {in_words(scans)} needs OCR: a picture without a text layer.")
    conflicts = _numbers(pages, "conflict")
    status, detail = _status(name, notes, conflicts)
    findings = Findings(
        status=status,
        detail=detail,
        pages=len(pages),
        pages_failed=_numbers(pages, "failed"),
        pages_needing_ocr=scans,
        pages_by_ocr=_numbers(pages, "by_ocr"),
        pages_in_conflict=conflicts,
    )
    return PdfReading(title, lines, findings, tuple(notes), _warnings(pages, readings))


def _status(name: str, notes: list[str], conflicts: tuple[int, ...]) -> tuple[Status, str]:
    if notes:
        return "partial", " ".join(notes)
    if not conflicts:
        return "ok", ""
    return "text_conflict", (
        f"{name}: the two readers gave different characters on {in_words(conflicts)}; compare "
        "the passages with the pages before you rely on them."
    )


def _numbers(pages: list[ChosenPage], what: str) -> tuple[int, ...]:
    return tuple(n for n, page in enumerate(pages, 1) if getattr(page, what))


def _warnings(
    pages: list[ChosenPage], readings: tuple[Rows | UnreadableFile, ...]
) -> tuple[str, ...]:
    stopped = [
        f"{name}: {reading.status}"
        for name, reading in zip(("pypdf", "pdfium"), readings, strict=True)
        if isinstance(reading, UnreadableFile)
    ]
    once = () if stopped else _numbers(pages, "once")
    layers = _numbers(pages, "layer")
    by_ocr, empty = _numbers(pages, "by_ocr"), _numbers(pages, "empty_scan")
    return (
        *warning("one_reader", len(stopped), ", ".join(stopped)),
        *warning("pages_by_one_reader", len(once), in_words(once)),
        *warning("hidden_text", sum(page.hidden for page in pages)),
        *warning("scanner_text", len(layers), in_words(layers)),
        *warning("pages_by_ocr", len(by_ocr), in_words(by_ocr)),
        *warning("pictures_without_text", len(empty), in_words(empty)),
    )


def _nothing(
    name: str, pages: list[ChosenPage], readings: tuple[Rows | UnreadableFile, ...]
) -> UnreadableFile:
    """Why a file without any text has none."""
    scans, failed = _numbers(pages, "scan"), [page.failed for page in pages if page.failed]
    for reading in readings:
        if isinstance(reading, UnreadableFile) and not scans:
            return reading
    if failed and any(page.over_limit for page in pages):
        return FileTooBig(
            f"{name}: expected pages of ordinary size, found: {failed[0]}; leave the file out, or "
            "save it anew."
        )
    if failed and not scans:
        return UnreadableFile(f"{name}: expected a readable PDF, found: {failed[0]}")
    if _numbers(pages, "empty_scan") and not scans:
        return NoText(
            f"{name}: the PDF has no text layer, and OCR found no characters on its pages; scan "
            "it more finely, or leave it out.",
            len(pages),
        )
    return NoText(
        f"{name}: the PDF has no text layer; it needs OCR before it can be read.",
        len(pages),
        scans,
    )


def in_words(numbers: tuple[int, ...]) -> str:
    """Pages in words: page 3; pages 1-4, 7."""
    parts: list[list[int]] = []
    for n in numbers:
        if parts and n == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], n]
        else:
            parts.append([n])
    words = ", ".join("-".join(map(str, p)) for p in parts)
    return f"page {words}" if len(numbers) == 1 else f"pages {words}"
