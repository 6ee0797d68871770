"""What every reader hands over: a file's own words, each stretch with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.datatypes import Authority, Standing
from corpus.outcomes import Findings


@dataclass(frozen=True)
class Block:
    """A stretch of a document with its place in it.

    ``rendering`` is the English rendering of ``text``, "" where there is none. ``mergeable``
    says that the block may be joined with its neighbours under the same locator.
    ``ocr_confidence`` is the lowest of its lines, from 0 to 1, None where none was read by OCR.
    """

    text: str
    locator: str = ""
    headings: tuple[str, ...] = ()
    page: int | None = None
    rendering: str = ""
    locator_en: str = ""
    headings_en: tuple[str, ...] = ()
    standing: Standing = "provision"
    authority: Authority | None = None
    source: str | None = None
    effective_from: str | None = None
    effective_until: str | None = None
    facts: tuple[str, ...] = ()
    mergeable: bool = False
    ocr_confidence: float | None = None


@dataclass(frozen=True)
class FileContent:
    """A file as read: what its front matter says, and its blocks in order.

    ``notes`` name the parts that could not be read: with one, the file is read in part.
    ``warnings`` say what a person should know of what was read (see ``corpus.warnings``), and
    ``findings`` the rest of what the ingest report tells.
    """

    metadata: dict[str, str]
    blocks: tuple[Block, ...]
    title: str = ""
    notes: tuple[str, ...] = field(default=())
    warnings: tuple[str, ...] = field(default=())
    findings: Findings = field(default=Findings())


def lowest(one: float | None, other: float | None) -> float | None:
    """The lower of two confidences of OCR; None stands for characters that are the file's own."""
    known = [value for value in (one, other) if value is not None]
    return min(known, default=None)
