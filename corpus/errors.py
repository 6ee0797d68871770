"""What can go wrong with a document.

CorpusError
├── UnreadableFile   the bytes cannot be read as a document
└── DocumentError    the document is readable, but says something that cannot be right
"""

from __future__ import annotations


class CorpusError(Exception):
    """A problem with a document, in one sentence that names the file."""


class UnreadableFile(CorpusError):
    """A file that cannot be read as a document."""


class DocumentError(CorpusError):
    """A readable document with a value that cannot be right."""
