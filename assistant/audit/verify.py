"""Whether the audit log is as it was written: the first entry that is not is named."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.audit.chain import BEGINNING, digest
from assistant.audit.log import EXPIRED, REFUSALS, AuditError

_ANCHOR = re.compile(r"(\d+):([0-9a-f]{64})")
_COLUMNS = "sequence, at, person, name, action, details, previous, sha256"


@dataclass(frozen=True)
class Anchor:
    """An entry written down elsewhere: its sequence, and its hash (64 hexadecimal digits)."""

    sequence: int
    sha256: str

    def __str__(self) -> str:
        """As it is written down: ``SEQUENCE:HASH``."""
        return f"{self.sequence}:{self.sha256}"


@dataclass(frozen=True)
class Verified:
    """A log that was found whole: its first and last entry (0 of an empty log), the hash of the
    last, and how many earlier entries were removed at the end of their term."""

    first: int
    last: int
    sha256: str
    expired: int


class BrokenChainError(AuditError):
    """The log is not as it was written."""


def read_anchor(text: str) -> Anchor:
    """An anchor from its written form; raises AuditError on anything else."""
    found = _ANCHOR.fullmatch(text.strip().lower())
    if found is None:
        raise AuditError(
            f"expected an anchor as `kyodo audit anchor` prints it (SEQUENCE:HASH), found {text!r}."
        )
    return Anchor(int(found[1]), found[2])


def verify(path: Path, anchor: Anchor | None = None) -> Verified:
    """Read the whole log and compute every hash anew.

    Without an anchor it finds what was changed, removed, added or swapped by somebody who did
    not compute the chain anew. An anchor kept elsewhere finds that too, up to its entry, and a
    tail that was cut off.

    Raises:
        BrokenChainError: naming the first entry that is not as it was written.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as rows:
            rows.text_factory = bytes
            rows.execute("BEGIN")
            found, hashes = _walk(rows, anchor)
            _check_ends(rows, found)
            _check_refusals(rows)
    except sqlite3.Error as error:
        raise BrokenChainError(f"{path}: the audit log cannot be read whole: {error}.") from error
    if anchor is not None:
        _check_anchor(anchor, found, hashes)
    return found


def _walk(rows: sqlite3.Connection, anchor: Anchor | None) -> tuple[Verified, dict[int, str]]:
    first, last, previous = 0, 0, BEGINNING
    begin: tuple[int, str] | None = None
    checkpoint: dict[str, Any] = {}
    wanted: dict[int, str] = {}
    for row in rows.execute(f"SELECT {_COLUMNS} FROM entries ORDER BY sequence"):
        sequence, _, _, _, action, details, before, sha256 = parts = _decoded(row, last + 1)
        if begin is None:
            begin = (sequence - 1, before)
            first = sequence
        elif sequence != last + 1:
            raise _broken(last + 1, "it is missing")
        elif before != previous:
            raise _broken(sequence, "it does not follow the entry before it")
        if digest(*parts[:-1]) != sha256:
            raise _broken(sequence, "it is not as it was written")
        if action == EXPIRED:
            checkpoint = json.loads(details)
        if anchor is not None and anchor.sequence == sequence:
            wanted[sequence] = sha256
        last, previous = sequence, sha256
    _check_beginning(begin, checkpoint)
    if checkpoint:
        wanted[checkpoint["last_sequence"]] = checkpoint["last_hash"]
    return Verified(first, last, previous, checkpoint.get("removed_in_all", 0)), wanted


def _decoded(row: tuple[Any, ...], expected: int) -> tuple[Any, ...]:
    try:
        return tuple(v.decode("utf-8") if isinstance(v, bytes) else v for v in row)
    except UnicodeDecodeError as error:
        sequence = row[0] if isinstance(row[0], int) else expected
        raise _broken(sequence, "it is not as it was written") from error


def _check_beginning(begin: tuple[int, str] | None, checkpoint: dict[str, Any]) -> None:
    """The first entry is number 1, or follows what the newest checkpoint says was removed."""
    if begin is None:
        return
    expected = (
        (checkpoint["last_sequence"], checkpoint["last_hash"]) if checkpoint else (0, BEGINNING)
    )
    if begin == expected:
        return
    if begin[0] > expected[0]:
        raise _broken(expected[0] + 1, "it is missing")
    raise _broken(begin[0] + 1, "it does not follow the entry before it")


def _check_ends(rows: sqlite3.Connection, found: Verified) -> None:
    """SQLite remembers the highest number it ever gave."""
    asked = "SELECT seq FROM sqlite_sequence WHERE name = 'entries'"
    given: int = (rows.execute(asked).fetchone() or (0,))[0]
    if given != found.last:
        raise _broken(min(given, found.last) + 1, "entries at the end were removed or added")


def _check_refusals(rows: sqlite3.Connection) -> None:
    asked = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'entries'"
    there = {row[0].decode("utf-8", "replace") for row in rows.execute(asked)}
    if there != {refusal.rstrip(";") for refusal in REFUSALS}:
        raise BrokenChainError("the audit log no longer refuses changes: its triggers are gone.")


def _check_anchor(anchor: Anchor, found: Verified, hashes: dict[int, str]) -> None:
    known = BEGINNING if anchor.sequence == 0 else hashes.get(anchor.sequence)
    if known == anchor.sha256:
        return
    if known is None and anchor.sequence > found.last:
        raise _broken(found.last + 1, f"the log ends here, and the anchor names {anchor.sequence}")
    if known is None:
        raise AuditError(
            f"the anchor names entry {anchor.sequence}, which was removed at the end of its term; "
            "use a later anchor."
        )
    raise _broken(anchor.sequence, "it is not the one that the anchor names")


def _broken(sequence: int, why: str) -> BrokenChainError:
    return BrokenChainError(f"the audit log is broken at entry {sequence}: {why}.")


def entries(
    rows: sqlite3.Connection, since: str = "", person: str = ""
) -> Iterator[tuple[Any, ...]]:
    """The entries from a day on, of a person by id or name, oldest first.

    Args:
        rows: a reading connection of the log.
        since: ISO date or time in UTC, "" for all.
        person: id or name, "" for everybody.
    """
    asked = (
        f"SELECT {_COLUMNS} FROM entries WHERE at >= ? AND (? = '' OR ? IN (person, name)) "
        "ORDER BY sequence"
    )
    for row in rows.execute(asked, (since, person, person)):
        yield tuple(row)
