"""How the reading of each file ended: the ingest report, file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

Status = Literal[
    "ok",
    "partial",
    "no_text",
    "encrypted",
    "unreadable",
    "timeout",
    "too_big",
    "crashed",
    "text_conflict",
]
STATUSES: tuple[Status, ...] = get_args(Status)
"""Every way in which the reading of a file can end."""
INDEXED: frozenset[Status] = frozenset({"ok", "partial", "text_conflict"})
"""The ends that leave passages in the index; any other leaves none of the file's."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a reader noticed about a file, beside its text.

    ``status`` is ``ok`` only where every part of the file was read and gave text.
    ``detail`` says in one sentence what is wrong and what to do, "" where nothing is.
    ``notes`` name each part that could not be read, a sentence each.
    ``warnings`` are worth knowing and no fault: hidden text that was left out, pages by OCR.
    ``pages`` is None for a file without pages; the lists of pages hold numbers from 1:
    those that could not be read, those that are pictures of text, those read by OCR, and
    those where the two readers of PDF gave different characters.
    """

    status: Status = "ok"
    detail: str = ""
    pages: int | None = None
    pages_failed: tuple[int, ...] = ()
    pages_needing_ocr: tuple[int, ...] = ()
    pages_by_ocr: tuple[int, ...] = ()
    pages_in_conflict: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FileOutcome(Findings):
    """How the reading of one file ended, and what it gave: every file has one, the good too.

    ``file`` is the file's place below its folder of documents, with "/" between its parts.
    ``passages`` and ``characters`` count what the file put into the index.
    """

    file: str
    document_id: str = ""
    sha256: str = ""
    passages: int = 0
    characters: int = 0

    @property
    def is_problem(self) -> bool:
        """Whether somebody should look at the file."""
        return self.status != "ok"


def outcome_to_dict(outcome: FileOutcome) -> dict[str, Any]:
    """An outcome as the index's manifest and ``kyodo index info --json`` hold it."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(outcome).items()}


def outcome_from_dict(row: Mapping[str, Any]) -> FileOutcome:
    """An outcome as it was stored; keys of a later version are passed over."""
    known = {f.name for f in fields(FileOutcome)}
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in row.items()
        if key in known
    }
    return FileOutcome(**values)


def count_statuses(outcomes: Iterable[FileOutcome]) -> dict[str, int]:
    """How many files ended in each way, in the order of ``STATUSES``; ways unused are left out."""
    counts = Counter(outcome.status for outcome in outcomes)
    return {status: counts[status] for status in STATUSES if counts[status]}
