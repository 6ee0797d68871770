"""The state file keeps what was committed, grows without losing anything, and refuses the rest."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.requests import Request

from assistant.asked import Asked, tell
from assistant.errors import NobodyError, StateError
from assistant.person import AT_THIS_MACHINE, SCOPE_KEY, Person, person_of
from assistant.state import Schema, State, open_state

ONE = Schema("notes", ("CREATE TABLE notes (text TEXT NOT NULL); CREATE INDEX i ON notes (text);",))
TWO = Schema("notes", (*ONE.steps, "ALTER TABLE notes ADD COLUMN at TEXT NOT NULL DEFAULT '';"))


def _write(state: State, *texts: str | None) -> None:
    with state.writing() as rows:
        for text in texts:
            rows.execute("INSERT INTO notes VALUES (?)", (text,))


def _texts(path: Path, schema: Schema = ONE) -> list[str]:
    with open_state(path, [schema]).reading() as rows:
        return [row["text"] for row in rows.execute("SELECT text FROM notes ORDER BY rowid")]


def test_what_a_block_writes_is_kept_together_or_not_at_all(tmp_path: Path) -> None:
    state = open_state(tmp_path / "s", [ONE])
    with state.writing() as rows:
        rows.execute("INSERT INTO notes VALUES ('one')")
    with pytest.raises(sqlite3.IntegrityError):
        _write(state, "two", None)
    assert _texts(tmp_path / "s") == ["one"]


def test_reading_never_writes(tmp_path: Path) -> None:
    state = open_state(tmp_path / "s", [ONE])
    with pytest.raises(Exception, match="readonly"), state.reading() as rows:
        rows.execute("INSERT INTO notes VALUES ('one')")


def test_a_newer_version_keeps_what_an_older_one_wrote(tmp_path: Path) -> None:
    with open_state(tmp_path / "s", [ONE]).writing() as rows:
        rows.execute("INSERT INTO notes VALUES ('one')")
    with open_state(tmp_path / "s", [TWO]).writing() as rows:
        rows.execute("INSERT INTO notes VALUES ('two', '2026')")
    assert _texts(tmp_path / "s", TWO) == ["one", "two"]


def test_an_older_version_refuses_the_file_of_a_newer_one(tmp_path: Path) -> None:
    open_state(tmp_path / "s", [TWO])
    with pytest.raises(StateError, match="newer kyodo"):
        open_state(tmp_path / "s", [ONE])


def test_a_step_that_fails_leaves_the_tables_as_they_were(tmp_path: Path) -> None:
    open_state(tmp_path / "s", [ONE])
    broken = Schema("notes", (*ONE.steps, "ALTER TABLE notes ADD COLUMN a TEXT; BROKEN;"))
    with pytest.raises(StateError):
        open_state(tmp_path / "s", [broken])
    assert _texts(tmp_path / "s") == []


def test_a_file_that_is_no_state_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b"not a database" * 100)
    with pytest.raises(StateError, match="back-up"):
        open_state(tmp_path / "s", [ONE])


def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    open_state(tmp_path / "s", [ONE])
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600


def test_a_file_kept_open_is_as_whole_as_any(tmp_path: Path) -> None:
    state = open_state(tmp_path / "s", [ONE])
    with state.kept_open():
        _write(state, "one")
        assert (tmp_path / "s-wal").stat().st_size > 0
        assert _texts(tmp_path / "s") == ["one"]
    assert _texts(tmp_path / "s") == ["one"]
    assert not (tmp_path / "s-wal").exists()


def test_nothing_committed_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from assistant.state import Schema, open_state\n"
        f"schema = Schema('notes', ({ONE.steps[0]!r},))\n"
        f"state = open_state(Path({str(tmp_path / 's')!r}), [schema])\n"
        "for number in range(20):\n"
        "    with state.writing() as rows:\n"
        "        rows.execute('INSERT INTO notes VALUES (?)', (str(number),))\n"
        "    print(number, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == -9
    assert _texts(tmp_path / "s") == done.stdout.split() == [str(n) for n in range(20)]


def test_a_request_that_nobody_was_established_for_shows_nothing() -> None:
    with pytest.raises(NobodyError):
        person_of(Request({"type": "http", "headers": []}))
    scope = {"type": "http", "headers": [], SCOPE_KEY: AT_THIS_MACHINE}
    assert person_of(Request(scope)).may("owner")


def test_a_role_may_do_what_lesser_ones_may() -> None:
    editor = Person("1", "編集 花子", "editor")
    assert editor.may("reader")
    assert editor.may("editor")
    assert not editor.may("owner")


def test_a_listener_that_fails_keeps_no_other_from_hearing() -> None:
    heard: list[object] = []

    def fails(asked: Asked) -> None:
        raise OSError("disk full")

    asked = Asked("a", "c", AT_THIS_MACHINE, "2026-11-26T00:00:00+00:00", None)  # type: ignore[arg-type]
    tell([fails, heard.append], asked)
    assert heard == [asked]
