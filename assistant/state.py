"""What the office writes down (accounts, answers, feedback, progress): one SQLite file.

SQLite in WAL mode with ``synchronous=FULL``: what a ``writing`` block has committed is there
after the process is killed, and after the power fails.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from assistant.errors import StateError

FILE = "state.sqlite3"
PLUGINS = "kyodo.schemas"
"""Entry-point group through which packages name the tables that they keep."""
_BUSY_S = 10.0


@dataclass(frozen=True)
class Schema:
    """The tables of one package. ``steps`` are SQL scripts, applied once each, in order.

    A step that was ever released is never edited: what changes is a further step, so that an
    older file is brought up to date without losing anything.
    """

    name: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """The state file. Threads and processes may share it."""

    path: Path

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one moment of the file; rows are ``sqlite3.Row``."""
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA query_only = 1")
            connection.execute("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept together when the block ends, or not at all."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def leave_no_trace(self) -> None:
        """After something was deleted: bring the log into the file and empty it.

        Deleted rows are overwritten in the file by every connection; the log beside it may
        still hold them until then. A reader that is busy all the while puts it off to the next
        time.
        """
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Keep the file open for as long as the block runs, for a server that writes often.

        Whoever closes a file last, of all processes, has to move what is in SQLite's log into
        the file and wait for the disk; with this, that is not done after every change.
        """
        with closing(self._connect()) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            yield

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = 1")
        connection.execute("PRAGMA secure_delete = 1")
        return connection


def open_state(path: Path, schemas: Sequence[Schema] | None = None) -> State:
    """The state in a file, made where there is none, with every table up to date.

    Args:
        path: the file; only its owner may read it.
        schemas: the tables; those of the installed packages where None.

    Raises:
        StateError: it is no such file, or a newer version has written it.
    """
    state = State(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_file(path)
        with closing(state._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        for schema in find_schemas() if schemas is None else schemas:
            _bring_up_to_date(state, schema)
    except (OSError, sqlite3.DatabaseError) as error:
        raise StateError(
            f"{path}: expected the file with the office's records, found: {error}; restore it "
            "from a back-up, or move it aside to begin anew."
        ) from error
    return state


def _make_file(path: Path) -> None:
    """Make an empty file for its owner alone, unless it is there.

    It is linked, not opened, under its name: closing a file that SQLite has open in another
    thread would let go of the locks that SQLite holds on it.
    """
    if path.exists():
        return
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(handle)
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(made)


def find_schemas() -> tuple[Schema, ...]:
    """The tables that the installed packages keep, by the name of their entry point."""
    found = sorted(entry_points(group=PLUGINS), key=lambda point: point.name)
    return tuple(point.load() for point in found)


def _bring_up_to_date(state: State, schema: Schema) -> None:
    with state.writing() as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_versions (name TEXT PRIMARY KEY, version INTEGER)"
        )
        row = connection.execute(
            "SELECT version FROM schema_versions WHERE name = ?", (schema.name,)
        ).fetchone()
        version = row["version"] if row else 0
        if version > len(schema.steps):
            raise StateError(
                f"{state.path}: expected the tables of {schema.name!r} in version "
                f"{len(schema.steps)} or older, found {version}; a newer kyodo has written "
                "them: use that one."
            )
        for step in schema.steps[version:]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(
            "INSERT OR REPLACE INTO schema_versions VALUES (?, ?)",
            (schema.name, len(schema.steps)),
        )


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; ``executescript`` would commit half-way."""
    statement = ""
    for piece in script.split(";"):
        statement += f"{piece};"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                yield statement
            statement = ""
    if statement.strip(" \n;"):
        yield statement
