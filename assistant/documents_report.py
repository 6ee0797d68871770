"""What became of documents that were added, removed, corrected or fetched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from corpus.changes import Change, Reliance
from corpus.outcomes import Status

Progress = Callable[[str, int, int], None]
"""Called with a file's name, which one it is (from 1), and of how many."""
Result = Literal["added", "replaced", "unchanged", "refused", "removed", "restored", "corrected"]


@dataclass(frozen=True)
class Done:
    """What became of one file or document.

    ``status`` is how its reading ended (``corpus.outcomes.Status``); ``detail`` says in a sentence
    why it was refused or read in part, or is "". ``warnings`` are put into words by
    ``corpus.warnings.sentence``. ``changes`` are those from the
    version that was in use before, ``guides`` the decision guides that cite what changed.
    ``collection`` is that of the document, "" where everyone may see it.
    """

    name: str
    document_id: str
    result: Result
    detail: str = ""
    passages: int = 0
    status: Status = "ok"
    warnings: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    guides: tuple[Reliance, ...] = ()
    collection: str = ""


@dataclass(frozen=True)
class Report:
    """What a change to the documents came to.

    ``index`` is the fingerprint of the index that answers from now on, "" where none was built.
    ``problem`` says in a sentence why it could not be built: the documents are kept, and the
    next build takes them in. ``left_out`` says why guides are not in the index.
    """

    done: tuple[Done, ...]
    index: str = ""
    problem: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def has_problems(self) -> bool:
        """Whether somebody should look: a file was refused or not read whole, or the index was not
        built."""
        return bool(self.problem) or any(
            d.result == "refused" or d.status != "ok" for d in self.done
        )


def guides_left_out(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Why guides are not in an index: what they cite is no longer there."""
    rows = manifest["skipped"]
    return tuple(str(row["reason"]) for row in rows if str(row["file"]).endswith(".toml"))


def silent(name: str, number: int, total: int) -> None:
    """Progress that nobody watches."""
