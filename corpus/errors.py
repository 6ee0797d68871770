"""What can go wrong with a document.

CorpusError
├── UnreadableFile      the bytes cannot be read as a document
│   ├── NoText          readable, but nothing in it is text (a scan, an empty file)
│   ├── EncryptedFile   it asks for a password
│   ├── ReadingTimeout  its reader was stopped at the time limit
│   ├── FileTooBig      it, or what it unpacks to, is over a limit
│   └── ReaderCrashed   its reader ended without an answer
└── DocumentError       the document is readable, but says something that cannot be right
"""

from __future__ import annotations

from typing import ClassVar

from corpus.outcomes import Status


class CorpusError(Exception):
    """A problem with a document, in one sentence that names the file."""

    status: ClassVar[Status] = "unreadable"


class UnreadableFile(CorpusError):
    """A file that cannot be read as a document."""


class NoText(UnreadableFile):
    """A file in which nothing is text: ``pages_needing_ocr`` are pictures, from 1."""

    status = "no_text"

    def __init__(
        self, message: str, pages: int | None = None, pages_needing_ocr: tuple[int, ...] = ()
    ) -> None:
        super().__init__(message)
        self.pages = pages
        self.pages_needing_ocr = pages_needing_ocr


class EncryptedFile(UnreadableFile):
    """A file that asks for a password."""

    status = "encrypted"


class ReadingTimeout(UnreadableFile):
    """A file whose reader was stopped at the time limit."""

    status = "timeout"


class FileTooBig(UnreadableFile):
    """A file that is over a limit of size or memory, or unpacks to more than that."""

    status = "too_big"


class ReaderCrashed(UnreadableFile):
    """A file whose reader ended without an answer."""

    status = "crashed"


class DocumentError(CorpusError):
    """A readable document with a value that cannot be right."""


BY_STATUS: dict[Status, type[UnreadableFile]] = {
    kind.status: kind
    for kind in (UnreadableFile, NoText, EncryptedFile, ReadingTimeout, FileTooBig, ReaderCrashed)
}
"""The error for every way in which a file gives nothing."""
