"""The audit log keeps one chain whoever writes, and shows whatever was changed afterwards."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.audit.expire import expire
from assistant.audit.exports import Exports
from assistant.audit.log import (
    REFUSALS,
    AuditError,
    append,
    at_the_shell,
    audit_file,
    head,
    open_log,
    record,
)
from assistant.audit.verify import Anchor, BrokenChainError, verify
from assistant.cli import main
from assistant.pages import Surroundings
from assistant.person import AT_THIS_MACHINE, SCOPE_KEY, Person
from assistant.settings import Settings
from assistant.state import State, open_state
from tests.page_server import serving
from tests.page_stub import StubService
from tests.test_server import send

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


def test_a_user_without_a_name_is_written_down_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that is run under any number."""

    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert at_the_shell().person_id == f"shell:{os.getuid()}"


def _three(state: State) -> Path:
    for n in range(3):
        record(state, CLERK, "chat.ask", {"question": f"協働とは何ですか{n}", "passages": ["a:1"]})
    return audit_file(state)


def _tamper(path: Path, *statements: str) -> None:
    """As somebody with the file in hand: without the triggers, then with them again."""
    with closing(sqlite3.connect(path, isolation_level=None)) as rows:
        rows.execute("DROP TRIGGER refuse_update")
        rows.execute("DROP TRIGGER refuse_delete")
        for statement in (*statements, *REFUSALS):
            rows.execute(statement)
        rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _copied(name: str, *, to: int, of: int) -> str:
    return f"UPDATE entries SET {name} = (SELECT {name} FROM e WHERE sequence = {of}) " + (
        f"WHERE sequence = {to}"
    )


def test_a_log_that_nobody_touched_is_whole(state: State) -> None:
    path = _three(state)
    found = verify(path)
    assert (found.first, found.last, found.expired) == (1, 3, 0)
    assert verify(path, Anchor(*head(path))) == found


def test_every_changed_byte_of_an_entry_is_seen(state: State, tmp_path: Path) -> None:
    path = _three(state)
    _tamper(path)
    whole = path.read_bytes()
    tried = tmp_path / "tried.sqlite3"
    with closing(sqlite3.connect(path)) as rows:
        rows.text_factory = bytes
        texts = rows.execute(
            "SELECT at, person, name, action, details, previous, sha256 "
            "FROM entries WHERE sequence = 2"
        ).fetchone()
    record_bytes = b"".join(texts)
    start = whole.index(record_bytes)
    for offset in range(start, start + len(record_bytes)):
        for flipped in (1, 0x20, 0x80):
            damaged = bytearray(whole)
            damaged[offset] ^= flipped
            tried.write_bytes(damaged)
            with pytest.raises(BrokenChainError, match="entry [23]"):
                verify(tried)


@pytest.mark.parametrize(
    ("statements", "entry"),
    [
        (["UPDATE entries SET name = 'x' WHERE sequence = 2"], 2),
        (["DELETE FROM entries WHERE sequence = 2"], 2),
        (["DELETE FROM entries WHERE sequence = 1"], 1),
        (["DELETE FROM entries WHERE sequence = 3"], 3),
        (
            [
                "INSERT INTO entries SELECT 4, at, person, name, action, details, sha256, previous "
                "FROM entries WHERE sequence = 3"
            ],
            4,
        ),
        (
            [
                "CREATE TABLE e AS SELECT * FROM entries",
                *[
                    _copied(c, to=t, of=o)
                    for c in ("at", "person", "details", "sha256", "previous")
                    for t, o in ((2, 3), (3, 2))
                ],
            ],
            2,
        ),
        (["DELETE FROM entries"], 1),
    ],
    ids=["changed", "removed", "first", "last", "added", "swapped", "all"],
)
def test_a_row_changed_removed_added_or_swapped_is_named(
    state: State, statements: list[str], entry: int
) -> None:
    path = _three(state)
    _tamper(path, *statements)
    with pytest.raises(BrokenChainError, match=f"broken at entry {entry}:"):
        verify(path)


def test_an_anchor_finds_a_tail_that_was_cut_off_and_a_chain_computed_anew(state: State) -> None:
    path = _three(state)
    anchor = Anchor(*head(path))
    _tamper(
        path,
        "DELETE FROM entries WHERE sequence = 3",
        "UPDATE sqlite_sequence SET seq = 2 WHERE name = 'entries'",
    )
    assert verify(path).last == 2
    with pytest.raises(BrokenChainError, match="broken at entry 3: the log ends here"):
        verify(path, anchor)
    record(state, CLERK, "chat.ask", {"question": "別の質問"})
    assert verify(path).last == 3
    with pytest.raises(BrokenChainError, match="broken at entry 3: it is not the one"):
        verify(path, anchor)


def test_without_its_triggers_the_log_is_not_passed_as_whole(state: State) -> None:
    path = _three(state)
    with closing(sqlite3.connect(path)) as rows:
        rows.execute("DROP TRIGGER refuse_delete")
    with pytest.raises(BrokenChainError, match="triggers"):
        verify(path)


def test_what_has_been_kept_for_its_term_is_removed_and_the_chain_goes_on(state: State) -> None:
    path = _three(state)
    anchor = Anchor(*head(path))
    assert expire(path, 365, CLERK) == 0
    assert expire(path, 0, CLERK) == 3
    assert "協働とは何ですか".encode() not in path.read_bytes()
    record(state, CLERK, "chat.ask")
    found = verify(path, anchor)
    assert (found.first, found.last, found.expired) == (4, 5, 3)
    (row, _) = _rows(state)
    assert json.loads(row["details"])["last_hash"] == anchor.sha256
    assert expire(path, 0, CLERK) == 2
    assert verify(path).expired == 5
    with pytest.raises(AuditError, match="later anchor"):
        verify(path, anchor)


def test_an_entry_removed_after_a_checkpoint_is_named(state: State) -> None:
    path = _three(state)
    expire(path, 0, CLERK)
    record(state, CLERK, "chat.ask")
    record(state, CLERK, "chat.ask")
    _tamper(path, "DELETE FROM entries WHERE sequence = 5")
    with pytest.raises(BrokenChainError, match="entry 5: it is missing"):
        verify(path)


def test_a_wrong_clock_leaves_no_gap(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _three(state)
    with open_log(path).writing() as rows:
        append(rows, "p", "", "x.y", {})
    _tamper(path)
    assert expire(path, 10_000, CLERK) == 0
    assert verify(path).last == 4


def _kyodo(*arguments: str) -> int:
    return main(["audit", *arguments])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("KYODO_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    state = open_state(tmp_path / "state.sqlite3", [])
    _three(state)
    return state


def test_the_command_says_whole_or_names_the_first_broken_entry(home: State, capsys) -> None:
    assert _kyodo("verify") == 0
    assert capsys.readouterr().out == "whole: entries 1 to 3\n"
    _kyodo("anchor")
    anchor = capsys.readouterr().out.strip()
    assert _kyodo("verify", "--anchor", anchor) == 0
    _tamper(audit_file(home), "UPDATE entries SET details = '{}' WHERE sequence = 2")
    assert _kyodo("verify") == 1
    assert "broken at entry 2" in capsys.readouterr().err
    assert _kyodo("verify", "--anchor", "nonsense") == 1


def test_entries_are_shown_of_one_person_and_as_csv_that_runs_nothing(home: State, capsys) -> None:
    record(home, "=cmd()", "people.sign_in_failed")
    assert _kyodo("show", "--person", "窓口 花子", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert [e["details"]["question"] for e in shown] == [f"協働とは何ですか{n}" for n in range(3)]
    assert _kyodo("show", "--csv", "--since", "2020-01-01") == 0
    assert "'=cmd()" in capsys.readouterr().out
    assert _kyodo("show", "--since", "2999-01-01") == 0
    assert capsys.readouterr().out == ""


def test_what_is_old_is_removed_by_a_command_that_says_so(home: State, capsys) -> None:
    assert _kyodo("expire") == 0
    assert "0 entries older than 365 days" in capsys.readouterr().err
    assert _kyodo("expire", "--older-than", "0") == 0
    assert _kyodo("verify") == 0
    assert "entries 4 to 4, 3 removed" in capsys.readouterr().out


def test_no_log_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("KYODO_HOME", str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)
    assert _kyodo("verify") == 1
    assert "KYODO_HOME" in capsys.readouterr().err


def test_a_question_on_the_page_is_written_down_with_the_passages_shown(tmp_path: Path) -> None:
    home = tmp_path / "home"
    state = open_state(home / "state.sqlite3")
    service = StubService()
    around = Surroundings(Settings(home), home / "index", service, state)
    with serving(service, (), around) as address, httpx.Client(base_url=address) as web:
        send(web, "submit", {"question": "条例では協働をどう定めていますか"}, "audited")
    (row,) = _rows(state)
    details = json.loads(row["details"])
    assert (row["person"], row["action"]) == ("local", "chat.ask")
    assert details["question"] == "条例では協働をどう定めていますか"
    assert details["passages"] == ["jichi:3-4", "rules:1-2", "table:3"]
    assert details["index"] == "stub-0001"


def _taken(request: Request) -> Response:
    head = {"content-disposition": 'attachment; filename="all.csv"'}
    return Response("a,b", headers=head if "file" in request.query_params else {})


def test_what_is_taken_away_as_a_file_is_written_down_or_not_sent(state: State) -> None:
    app = Exports(Starlette(routes=[Route("/history", _taken)]), state)

    async def known(scope, receive, send) -> None:
        await app({**scope, SCOPE_KEY: CLERK}, receive, send)

    web = TestClient(known, raise_server_exceptions=False)
    assert web.get("/history").text == "a,b"
    assert web.get("/history?file=1").text == "a,b"
    (row,) = _rows(state)
    assert (row["person"], row["action"]) == ("p1", "records.export")
    assert json.loads(row["details"]) == {
        "address": "/history",
        "file": "all.csv",
        "query": "file=1",
    }
    audit_file(state).write_bytes(b"no database " * 1000)
    assert web.get("/history?file=1").status_code == 500
    assert web.get("/history").status_code == 200
