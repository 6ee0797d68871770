"""The audit log keeps one chain whoever writes, and shows whatever was changed afterwards."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.audit.log import AuditError, audit_file, head, open_log, record
from assistant.person import AT_THIS_MACHINE, Person
from assistant.state import State, open_state

CLERK = Person("p1", "窓口 花子", "reader")


@pytest.fixture
def state(tmp_path: Path) -> State:
    return open_state(tmp_path / "state.sqlite3", [])


def _rows(state: State) -> list[sqlite3.Row]:
    with open_log(audit_file(state)).reading() as rows:
        return rows.execute("SELECT * FROM entries ORDER BY sequence").fetchall()


def _add_somebody(state: State) -> None:
    with state.writing() as rows:
        rows.execute("INSERT INTO t VALUES (1)")
        record(state, CLERK, "people.add")


def test_an_entry_says_who_did_what_and_follows_the_one_before(state: State) -> None:
    record(state, CLERK, "chat.ask", {"question": "協働とは", "passages": ["a", "b"]})
    record(state, "誰か", "people.sign_in_failed")
    first, second = _rows(state)
    assert (first["sequence"], first["person"], first["name"]) == (1, "p1", "窓口 花子")
    assert json.loads(first["details"]) == {"question": "協働とは", "passages": ["a", "b"]}
    assert second["previous"] == first["sha256"]
    assert head(audit_file(state)) == (2, second["sha256"])


def test_the_file_is_its_owners_alone(state: State) -> None:
    record(state, CLERK, "chat.ask")
    assert stat.S_IMODE(audit_file(state).stat().st_mode) == 0o600


def test_an_entry_is_written_inside_a_change_of_the_state_and_undoes_it_where_it_fails(
    state: State,
) -> None:
    with state.writing() as rows:
        rows.execute("CREATE TABLE t (x)")
    _add_somebody(state)
    audit_file(state).write_bytes(b"no database " * 1000)
    with pytest.raises(AuditError, match="audit log"):
        _add_somebody(state)
    with state.reading() as rows:
        assert rows.execute("SELECT count(*) FROM t").fetchone()[0] == 1


@pytest.mark.parametrize("change", ["UPDATE entries SET name = 'x'", "DELETE FROM entries"])
def test_no_entry_is_changed_or_taken_out_by_a_statement(state: State, change: str) -> None:
    record(state, CLERK, "chat.ask")
    with (
        pytest.raises(sqlite3.IntegrityError, match="audit log"),
        open_log(audit_file(state)).writing() as rows,
    ):
        rows.execute(change)
    assert len(_rows(state)) == 1


def test_threads_and_processes_that_write_at_once_make_one_chain(state: State) -> None:
    script = (
        "import sys; from pathlib import Path; from assistant.audit.log import record\n"
        "from assistant.state import State\n"
        "for n in range(25): record(State(Path(sys.argv[1])), 'other', 'x.y', {'n': n})\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", script, str(state.path)]) for _ in range(2)]

    def write() -> None:
        for n in range(25):
            record(state, AT_THIS_MACHINE, "x.y", {"n": n})

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [p.wait(60) for p in others] == [0, 0]
    rows = _rows(state)
    assert [row["sequence"] for row in rows] == list(range(1, 126))
    assert all(b["previous"] == a["sha256"] for a, b in zip(rows, rows[1:], strict=False))
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


def test_half_a_character_does_not_keep_an_entry_out(state: State) -> None:
    record(state, CLERK, "chat.ask", {"question": "協\ud800働"})
    assert json.loads(_rows(state)[0]["details"]) == {"question": "協?働"}
