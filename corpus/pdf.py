"""PDF files: read twice, each time in a process of its own, and put together page by page.

pypdf and pdfium read the file at the same time. Their texts of a page are compared (see
``corpus.pdf_choice``); where they agree, pdfium's is taken, for it tells where every
character stands, and with it the order of columns, tables, running heads and broken lines.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from corpus.blocks import FileContent
from corpus.child import Children, Limits
from corpus.content import content_of
from corpus.errors import (
    EncryptedFile,
    FileTooBig,
    NoText,
    ReaderCrashed,
    ReadingTimeout,
    UnreadableFile,
)
from corpus.outcomes import Findings
from corpus.pdf_choice import choose
from corpus.pdf_limits import PdfLimits, pdf_limits
from corpus.pdf_pages import PageLines, document_lines, lines_of_text, placed_lines
from corpus.structure import Line
from corpus.warnings import warning

_TAIL = 2048
_READERS = ("corpus.pdf_pypdf:read", "corpus.pdf_pdfium:read")
_WEIGHT = (EncryptedFile, FileTooBig, ReadingTimeout, ReaderCrashed, UnreadableFile)
"""Of two readers that both failed, the reason that says most."""


_Reading = tuple[Any, ...] | UnreadableFile
"""The rows of one reader, or why it gave none."""


@dataclass(frozen=True)
class PdfReading:
    """The lines of a PDF in order of reading, its title, and what there is to report."""

    title: str
    lines: list[Line]
    findings: Findings
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Page:
    """One page as chosen: its lines, or why it has none."""

    lines: PageLines | None = None
    failed: str = ""
    conflict: bool = False
    once: bool = False
    scan: bool = False
    over_limit: bool = False


def read_pdf(path: Path, children: Children) -> FileContent:
    """The content of a PDF.

    Args:
        path: the file.
        children: the processes to read it in.

    Raises:
        UnreadableFile: one of its kinds: it is no PDF, is cut off, asks for a password, has no
            text, or its readers were stopped, crashed or went over a limit.
    """
    reading = read_lines(path, children)
    content = content_of(reading.lines, reading.title, reading.warnings, reading.notes)
    return replace(content, findings=reading.findings)


def read_lines(path: Path, children: Children) -> PdfReading:
    """The lines of a PDF, before they are put under articles and headings; like ``read_pdf``."""
    name, limits = path.name, pdf_limits()
    _check_ends(path, limits)
    count = _count(path, children, limits)
    first, second = _read_twice(path, children, _time(count, limits))
    if isinstance(first, UnreadableFile) and isinstance(second, UnreadableFile):
        raise min(second, first, key=lambda e: _WEIGHT.index(type(e)))
    one, other = _by_page(first), _by_page(second)
    count = max(count, *one, *other, 0)
    pages = [_choose(n, one.get(n, {}), other.get(n, {}), limits) for n in range(1, count + 1)]
    return _reading(name, pages, (first, second))


def _check_ends(path: Path, limits: PdfLimits) -> None:
    """What can be seen without reading: the size, the first bytes and the last."""
    try:
        with path.open("rb") as file:
            head = file.read(1024)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL))
            tail = file.read(_TAIL)
    except OSError as error:
        raise UnreadableFile(
            f"{path.name}: the file cannot be opened: {error.strerror}."
        ) from error
    if b"%PDF-" not in head:
        kind = "a web page; name it .html" if b"<html" in head.lower() else "other bytes"
        raise UnreadableFile(
            f"{path.name}: expected a readable PDF, found: {kind if head else 'an empty file'}."
        )
    if not any(end in tail for end in (b"%%EOF", b"startxref", b"trailer")):
        raise UnreadableFile(
            f"{path.name}: expected a readable PDF, found: one that is cut off; copy it again."
        )
    if size > limits.file_mib << 20:
        raise FileTooBig(
            f"{path.name}: expected at most {limits.file_mib} MiB, found {size >> 20}; "
            "divide the file."
        )


def _count(path: Path, children: Children, limits: PdfLimits) -> int:
    """The pages of a file, 0 where pdfium cannot tell.

    Raises:
        EncryptedFile: where it asks for a password.
    """
    try:
        (row,) = children.run(
            "corpus.pdf_pdfium:count", path, {}, _limits(limits.seconds, limits)
        ).rows
        return min(int(row["pages"]), limits.pages)
    except EncryptedFile:
        raise
    except UnreadableFile:
        return 0


def _time(pages: int, limits: PdfLimits) -> Limits:
    more = max(0, pages - limits.pages_in_time) * limits.seconds_per_page
    return _limits(min(limits.seconds + more, limits.longest_seconds), limits)


def _limits(seconds: float, limits: PdfLimits) -> Limits:
    return Limits(memory_mib=limits.memory_mib, cpu_s=int(seconds) + 1, wall_s=seconds)


def _read_twice(path: Path, children: Children, limits: Limits) -> list[_Reading]:
    def read(task: str) -> _Reading:
        try:
            return children.run(task, path, asdict(pdf_limits()), limits).rows
        except UnreadableFile as error:
            return error

    with ThreadPoolExecutor(len(_READERS)) as threads:
        return list(threads.map(read, _READERS))


def _by_page(rows: _Reading) -> dict[int, Mapping[str, Any]]:
    if isinstance(rows, UnreadableFile):
        return {}
    return {row["page"]: row for row in rows if "page" in row}


def _warnings(readings: tuple[_Reading, _Reading], pages: list[_Page]) -> tuple[str, ...]:
    """What to know where only one of the two readers could read the file, or some of its pages."""
    stopped = [
        f"{name}: {reading.status}"
        for name, reading in zip(("pypdf", "pdfium"), readings, strict=True)
        if isinstance(reading, UnreadableFile)
    ]
    once = () if stopped else tuple(n for n, page in enumerate(pages, 1) if page.once)
    return (
        *warning("one_reader", len(stopped), ", ".join(stopped)),
        *warning("pages_by_one_reader", len(once), _pages(once)),
    )


def _choose(
    number: int, first: Mapping[str, Any], second: Mapping[str, Any], limits: PdfLimits
) -> _Page:
    choice, conflict = choose(first.get("text"), second.get("text"), limits)
    characters = len((second.get("text") or first.get("text") or "").strip())
    scan = (
        second.get("pictures", 0.0) >= limits.picture_share and characters < limits.scan_characters
    )
    if choice == "neither":
        errors = [row["error"] for row in (first, second) if "error" in row]
        if first.get("written", 0) > limits.blank_bytes and second.get("drawn") == 0:
            errors.append("its contents are damaged")
        return _Page(
            failed="; ".join(errors) if errors else "",
            scan=scan or characters > 0,
            over_limit=any(row.get("limit") for row in (first, second)),
        )
    if choice == "second":
        lines = placed_lines(number, second)
    else:
        lines = lines_of_text(number, first["text"], second.get("height", 842.0))
    once = "error" in first or "error" in second
    return _Page(lines, conflict=conflict, scan=scan, once=once)


def _reading(name: str, pages: list[_Page], readings: tuple[_Reading, _Reading]) -> PdfReading:
    failed = tuple(n for n, page in enumerate(pages, 1) if page.failed)
    scans = tuple(n for n, page in enumerate(pages, 1) if page.scan)
    conflicts = tuple(n for n, page in enumerate(pages, 1) if page.conflict)
    read = [page.lines for page in pages if page.lines]
    if not read:
        raise _nothing(name, pages, failed, scans, readings)
    title, lines = document_lines(read)
    notes = [f"{name}: page {n} could not be read: {pages[n - 1].failed}" for n in failed]
    if scans:
        notes.append(f"{name}: {_pages(scans)} needs OCR: a picture without a text layer.")
    status, detail = "ok", ""
    if notes:
        status, detail = "partial", " ".join(notes)[:500]
    elif conflicts:
        status = "text_conflict"
        detail = (
            f"{name}: the two readers gave different characters on {_pages(conflicts)}; "
            "compare the passages with the pages before you rely on them."
        )
    findings = Findings(
        status=status,  # type: ignore[arg-type]
        detail=detail,
        pages=len(pages),
        pages_failed=failed,
        pages_needing_ocr=scans,
        pages_in_conflict=conflicts,
    )
    return PdfReading(title, lines, findings, tuple(notes), _warnings(readings, pages))


def _nothing(
    name: str,
    pages: list[_Page],
    failed: tuple[int, ...],
    scans: tuple[int, ...],
    readings: tuple[_Reading, _Reading],
) -> UnreadableFile:
    """Why a file without any text has none."""
    for reading in readings:
        if isinstance(reading, UnreadableFile) and not scans:
            return reading
    if any(page.over_limit for page in pages):
        return FileTooBig(
            f"{name}: expected pages of ordinary size, found: {pages[failed[0] - 1].failed}; "
            "leave it out, or save it anew."
        )
    if failed and not scans:
        return UnreadableFile(
            f"{name}: expected a readable PDF, found: {pages[failed[0] - 1].failed}"
        )
    return NoText(
        f"{name}: the PDF has no text layer; it needs OCR before it can be read.",
        len(pages),
        scans,
    )


def _pages(numbers: tuple[int, ...]) -> str:
    """Pages in words: page 3, pages 1-4, 7."""
    parts: list[list[int]] = []
    for n in numbers:
        if parts and n == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], n]
        else:
            parts.append([n])
    words = ", ".join("-".join(map(str, p)) for p in parts)
    return f"page {words}" if len(numbers) == 1 else f"pages {words}"
