"""Writing the audit log.

The log has a file of its own, ``audit.sqlite3`` beside the state: whoever writes to the state
may write an entry inside the same block without waiting for their own lock; a damaged or
restored state takes no entry along; and the log has another term of keeping than the rest.
"""

from __future__ import annotations

import datetime
import getpass
import logging
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.audit.chain import BEGINNING, canonical, digest
from assistant.errors import AssistantError, StateError
from assistant.person import Person
from assistant.state import Schema, State, open_state

FILE = "audit.sqlite3"
EXPIRED = "audit.expire"
"""The action of a checkpoint: earlier entries were removed at the end of their term."""
REFUSALS = (
    "CREATE TRIGGER refuse_update BEFORE UPDATE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'an entry of the audit log is never changed'); END;",
    "CREATE TRIGGER refuse_delete BEFORE DELETE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'an entry of the audit log is not taken out'); END;",
)
"""What keeps an entry as it is against mistakes; against intent there is the chain."""
SCHEMA = Schema(
    "audit",
    (
        "CREATE TABLE entries (sequence INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, "
        "person TEXT NOT NULL, name TEXT NOT NULL, action TEXT NOT NULL, details TEXT NOT NULL, "
        "previous TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT;" + "".join(REFUSALS),
    ),
)
_log = logging.getLogger(__name__)


class AuditError(AssistantError):
    """An entry could not be written, or the log cannot be read."""


def record(
    state: State, who: Person | str, what: str, details: Mapping[str, Any] | None = None
) -> None:
    """Write an entry; it is on disk when this returns.

    Threads and processes may write at once: the chain has one order. Inside a ``writing`` block
    of the state, the error undoes the change that nobody could account for.

    Args:
        state: the office's records; the log lies beside them.
        who: the person, or a name that nobody is signed in under (a sign-in that failed).
        what: ``part.verb``, such as ``people.sign_in``.
        details: plain JSON. No password, token or key.

    Raises:
        AuditError: it could not be written; this is logged too, and ``/healthz`` tells it.
    """
    path = audit_file(state)
    person, name = (who, who) if isinstance(who, str) else (who.person_id, who.name)
    try:
        with open_log(path).writing() as rows:
            append(rows, person, name, what, details or {})
    except (OSError, sqlite3.Error, StateError) as error:
        _log.critical("An entry of the audit log (%s) could not be written: %s", what, error)
        raise AuditError(
            f"{path}: expected to write an entry of the audit log, found: {error}; make room, "
            "mend its rights, or restore it from a back-up."
        ) from error


def audit_file(state: State) -> Path:
    """The file of the log that belongs to a state."""
    return state.path.with_name(FILE)


def open_log(path: Path) -> State:
    """The log in a file, made where there is none.

    Raises:
        StateError: it is no such file, or a newer version has written it.
        sqlite3.Error: it cannot be read.
    """
    log = State(path)
    if path.is_file():
        with log.reading() as rows:
            known = "SELECT version FROM schema_versions WHERE name = 'audit'"
            found = _one(rows, known) if _has_versions(rows) else None
        if found == len(SCHEMA.steps):
            return log
    return open_state(path, [SCHEMA])


def append(
    rows: sqlite3.Connection, person: str, name: str, action: str, details: Mapping[str, Any]
) -> None:
    """Put an entry at the end of the chain, in the caller's ``writing`` block."""
    last = rows.execute(
        "SELECT sequence, sha256 FROM entries ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    # After the lock: the times stand in the order of the chain.
    at = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
    sequence, previous = (last["sequence"] + 1, last["sha256"]) if last else (1, BEGINNING)
    parts = (sequence, at, _text(person), _text(name), action, canonical(_plain(details)), previous)
    rows.execute("INSERT INTO entries VALUES (?,?,?,?,?,?,?,?)", (*parts, digest(*parts)))


def head(path: Path) -> tuple[int, str]:
    """The last entry's sequence and hash; (0, ``BEGINNING``) of a log without entries.

    Raises:
        AuditError: the log cannot be read.
    """
    try:
        with open_log(path).reading() as rows:
            last = rows.execute(
                "SELECT sequence, sha256 FROM entries ORDER BY sequence DESC LIMIT 1"
            ).fetchone()
    except (OSError, sqlite3.Error, StateError) as error:
        raise AuditError(
            f"{path}: expected the audit log, found: {error}; restore it from a back-up."
        ) from error
    return (last["sequence"], last["sha256"]) if last else (0, BEGINNING)


def at_the_shell() -> Person:
    """Who runs a command: the user of the operating system; its number where it has no name."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return Person(f"shell:{name}", name, "owner", None)


def _has_versions(rows: sqlite3.Connection) -> bool:
    asked = "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_versions'"
    return bool(_one(rows, asked))


def _one(rows: sqlite3.Connection, query: str) -> int | None:
    row = rows.execute(query).fetchone()
    return row[0] if row else None


def _plain(value: Any) -> Any:
    """A value with all its text fit for UTF-8; a browser may send half a character."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {_text(str(k)): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return value


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode("utf-8")
