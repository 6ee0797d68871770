"""PDF files: read twice, each time in a process of its own, and put together page by page.

pypdf and pdfium read the file at the same time. Their texts of a page are compared (see
``corpus.pdf_choice``); where they agree, pdfium's is taken, for it tells where every
character stands, and with it the order of columns, tables, running heads and broken lines.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from corpus.blocks import FileContent
from corpus.child import Children, Limits
from corpus.content import content_of
from corpus.errors import (
    EncryptedFile,
    FileTooBig,
    ReaderCrashed,
    ReadingTimeout,
    UnreadableFile,
)
from corpus.ocr import can_read_scans, read_scan
from corpus.pdf_limits import PdfLimits, pdf_limits
from corpus.pdf_result import ChosenPage, PdfReading, Rows, choose_page, reading_of

_TAIL = 2048
_READERS = ("corpus.pdf_pypdf:read", "corpus.pdf_pdfium:read")
_WEIGHT = (EncryptedFile, FileTooBig, ReadingTimeout, ReaderCrashed, UnreadableFile)
"""Of two readers that both failed, the reason that says most."""


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
    limits = pdf_limits()
    _check_ends(path, limits)
    count = _count(path, children, limits)
    first, second = _read_twice(path, children, _time(count, limits))
    if isinstance(first, UnreadableFile) and isinstance(second, UnreadableFile):
        raise min(second, first, key=lambda e: _WEIGHT.index(type(e)))
    one, other = _by_page(first), _by_page(second)
    count = max(count, *one, *other, 0)
    pages = [choose_page(n, one.get(n, {}), other.get(n, {}), limits) for n in range(1, count + 1)]
    if limits.ocr and any(page.scan for page in pages) and can_read_scans():
        pages = [_with_ocr(path, n, page, children) for n, page in enumerate(pages, 1)]
    return reading_of(path.name, pages, (first, second))


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
        answer = children.run("corpus.pdf_pdfium:count", path, {}, _limits(limits.seconds, limits))
        (row,) = answer.rows
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


def _read_twice(path: Path, children: Children, limits: Limits) -> list[Rows | UnreadableFile]:
    def read(task: str) -> Rows | UnreadableFile:
        try:
            return children.run(task, path, asdict(pdf_limits()), limits).rows
        except UnreadableFile as error:
            return error

    with ThreadPoolExecutor(len(_READERS)) as threads:
        return list(threads.map(read, _READERS))


def _by_page(rows: Rows | UnreadableFile) -> dict[int, Mapping[str, Any]]:
    if isinstance(rows, UnreadableFile):
        return {}
    return {row["page"]: row for row in rows if "page" in row}


def _with_ocr(path: Path, number: int, page: ChosenPage, children: Children) -> ChosenPage:
    """A scanned page as OCR reads it; left as it is where it cannot be drawn."""
    if not page.scan:
        return page
    try:
        lines = read_scan(path, number, children, pdf_limits())
    except UnreadableFile:
        return page
    if lines is None:
        return replace(page, scan=False, empty_scan=True)
    return ChosenPage(lines, by_ocr=True)
