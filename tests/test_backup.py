"""Back-up and restore: all of an office's state comes back, and nothing that was damaged does."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from assistant.audit.log import record
from assistant.cli import main
from assistant.operations.restore import serving_from
from assistant.person import AT_THIS_MACHINE
from assistant.state import Schema, State, open_state
from corpus.durable import held

NOTES = Schema("notes", ("CREATE TABLE notes (text TEXT)",))
QUESTION = "助成金の申請の締切はいつですか"


@pytest.fixture
def home(index_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with something of every kind, and the settings beside it."""
    folder = tmp_path / "data"
    monkeypatch.setenv("KYODO_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    Path("kyodo.toml").write_text("[audit]\ndays = 30\n")
    shutil.copytree(index_folder, folder / "index")
    state = open_state(folder / "state.sqlite3", [NOTES])
    with state.writing() as rows:
        rows.execute("INSERT INTO notes VALUES ('覚え書き')")
    record(state, AT_THIS_MACHINE, "chat.ask", {"question": QUESTION})
    for name, text in (
        ("documents/tebiki/versions.json", "{}"),
        ("documents/tebiki/0001/tebiki.md", "# 手引"),
        ("documents/tebiki/0001/tebiki.asked", "締切は\t締切"),
        ("documents-work/progress.json", "{}"),
        ("eval/questions/own.jsonl", "{}"),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Callable[[], dict[str, Any]]:
    def ask() -> dict[str, Any]:
        capsys.readouterr()
        assert main(["ask", QUESTION, "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return {key: value for key, value in found.items() if key != "timings_ms"}

    return ask


def _files(home: Path) -> list[str]:
    found = (p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file())
    return sorted(f for f in found if not f.endswith(("-wal", "-shm")))


def _notes(home: Path) -> list[str]:
    with State(home / "state.sqlite3").reading() as rows:
        return [row["text"] for row in rows.execute("SELECT text FROM notes")]


@pytest.mark.parametrize("ending", ["tar.zst", "tar.gz"])
def test_the_same_answers_come_out_after_all_was_deleted(
    home: Path, answer, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before, files = answer(), _files(home)
    assert main(["backup", f"b.{ending}"]) == 0
    assert stat.S_IMODE(Path(f"b.{ending}").stat().st_mode) == 0o600
    shutil.rmtree(home)
    Path("kyodo.toml").unlink()
    assert main(["restore", f"b.{ending}"]) == 0
    assert answer() == before
    lost = set(files) - set(_files(home))
    assert lost == {"documents-work/progress.json", "index/LOCK"}
    assert _notes(home) == ["覚え書き"]
    assert Path("kyodo.toml").read_text() == "[audit]\ndays = 30\n"
    capsys.readouterr()
    assert main(["audit", "verify"]) == 0
    assert capsys.readouterr().out == "whole: entries 1 to 3\n"
    main(["audit", "show", "--json"])
    logged = [entry["action"] for entry in json.loads(capsys.readouterr().out)]
    assert logged == ["chat.ask", "backup.make", "backup.restore", "audit.show"]


def test_what_is_restored_is_its_owners_alone(home: Path) -> None:
    main(["backup", "b.tar.zst"])
    assert main(["restore", "b.tar.zst", "--home", "other/data"]) == 0
    modes = {stat.S_IMODE(p.stat().st_mode) for p in Path("other/data").rglob("*") if p.is_file()}
    assert modes == {0o600}
    folders = [Path("other/data"), *(p for p in Path("other/data").rglob("*") if p.is_dir())]
    assert {stat.S_IMODE(p.stat().st_mode) for p in folders} == {0o700}


def test_a_back_up_is_of_one_moment_while_somebody_writes(home: Path) -> None:
    state = State(home / "state.sqlite3")
    with state.writing() as rows:
        rows.execute("INSERT INTO notes VALUES ('under way')")
        assert main(["backup", "b.tar.gz"]) == 0
    assert main(["restore", "b.tar.gz", "--home", "other"]) == 0
    assert _notes(Path("other")) == ["覚え書き"]
    assert _notes(home) == ["覚え書き", "under way"]


def test_an_older_back_up_is_brought_up_to_date(home: Path) -> None:
    main(["backup", "b.tar.gz"])
    main(["restore", "b.tar.gz", "--home", "other"])
    newer = Schema("notes", (*NOTES.steps, "ALTER TABLE notes ADD COLUMN at TEXT DEFAULT ''"))
    open_state(Path("other/state.sqlite3"), [newer])
    assert _notes(Path("other")) == ["覚え書き"]


def test_a_folder_that_holds_something_is_kept_unless_told(home: Path, capsys) -> None:
    main(["backup", "b.tar.zst"])
    (home / "state.sqlite3").write_bytes(b"something else")
    assert main(["restore", "b.tar.zst"]) == 1
    assert "--force" in capsys.readouterr().err
    assert (home / "state.sqlite3").read_bytes() == b"something else"
    assert main(["restore", "b.tar.zst", "--force"]) == 0
    assert _notes(home) == ["覚え書き"]
    (aside,) = home.parent.glob("data.before-*")
    assert (aside / "state.sqlite3").read_bytes() == b"something else"


def test_settings_of_this_machine_stay(home: Path, capsys) -> None:
    main(["backup", "b.tar.zst"])
    Path("kyodo.toml").write_text("[audit]\ndays = 90\n")
    main(["restore", "b.tar.zst", "--force"])
    assert Path("kyodo.toml").read_text() == "[audit]\ndays = 90\n"
    assert Path("kyodo.toml.restored").read_text() == "[audit]\ndays = 30\n"
    assert stat.S_IMODE(Path("kyodo.toml.restored").stat().st_mode) == 0o600


def _files(folder: Path) -> dict[str, bytes]:
    """What was restored; the audit log is left out, since it goes on with the time of restoring."""
    found = (p for p in sorted(folder.rglob("*")) if p.is_file() and "audit" not in p.name)
    return {str(p.relative_to(folder)): p.read_bytes() for p in found}


@pytest.mark.parametrize("ending", ["tar.zst", "tar.gz"])
def test_a_damaged_back_up_is_refused_before_anything_is_touched(
    home: Path, ending: str, capsys
) -> None:
    whole = Path(f"whole.{ending}")
    main(["backup", str(whole)])
    data, damaged = whole.read_bytes(), Path(f"damaged.{ending}")
    step = max(len(data) // 40, 1)
    tried = [data[:n] for n in range(0, len(data), step)]
    tried += [data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :] for n in range(0, len(data), step)]
    main(["restore", str(whole), "--home", "same"])
    refused = 0
    for content in tried:
        damaged.write_bytes(content)
        status = main(["restore", str(damaged), "--home", "other"])
        if status == 0:  # what was damaged stands for nothing: a bit, the end of its checksum
            assert _files(Path("other")) == _files(Path("same"))
            shutil.rmtree("other")
            continue
        assert status == 1
        assert not Path("other").exists()
        refused += 1
    assert refused > 60
    assert "Traceback" not in capsys.readouterr().err
    assert not list(Path().glob(".*restoring*"))


def _archive(members: dict[str, bytes], manifest: object) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for name, data in {**members, "manifest.json": json.dumps(manifest).encode()}.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return zstandard.compress(written.getvalue())


@pytest.mark.parametrize(
    ("members", "manifest", "why"),
    [
        ({"../evil": b"x"}, {"kyodo_backup": 1, "files": {}}, "leads out"),
        ({"/etc/evil": b"x"}, {"kyodo_backup": 1, "files": {}}, "leads out"),
        ({"home/more": b"x"}, {"kyodo_backup": 1, "files": {}}, "home/more is not what"),
        ({}, {"kyodo_backup": 1, "files": {"home/a": {"size": 1, "sha256": ""}}}, "home/a is not"),
        ({}, {"kyodo_backup": 2, "files": {}}, "format 1, found 2"),
        ({}, ["nonsense"], "its end is missing"),
    ],
)
def test_an_archive_that_is_none_of_ours_is_refused(
    home: Path, members: dict[str, bytes], manifest: object, why: str, capsys
) -> None:
    Path("b.tar.zst").write_bytes(_archive(members, manifest))
    assert main(["restore", "b.tar.zst", "--home", "other"]) == 1
    assert why in capsys.readouterr().err
    assert not Path("other").exists()
    assert not Path("evil").exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [("b.zip", "ends in"), ("there.tar.gz", "not there yet"), ("data/b.tar.gz", "outside")],
)
def test_where_a_back_up_cannot_go_is_said(home: Path, name: str, why: str, capsys) -> None:
    Path("there.tar.gz").write_bytes(b"kept")
    assert main(["backup", name]) == 1
    assert why in capsys.readouterr().err
    assert Path("there.tar.gz").read_bytes() == b"kept"


def test_a_damaged_state_is_not_backed_up_in_silence(home: Path, capsys) -> None:
    path = home / "state.sqlite3"
    with State(path).writing() as rows:
        rows.executemany("INSERT INTO notes VALUES (?)", [("x" * 500,)] * 50)
    data = bytearray(path.read_bytes())
    data[4096 * 2 : 4096 * 4] = b"\xff" * 8192
    path.write_bytes(data)
    assert main(["backup", "b.tar.gz"]) == 1
    assert "whole SQLite file" in capsys.readouterr().err
    assert not Path("b.tar.gz").exists()


def test_nothing_is_restored_under_a_server(home: Path, capsys) -> None:
    main(["backup", "b.tar.zst"])
    with serving_from(home):
        assert main(["restore", "b.tar.zst", "--force"]) == 1
    assert "stop it" in capsys.readouterr().err
    assert _notes(home) == ["覚え書き"]


def test_a_change_to_the_documents_is_waited_for(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr("assistant.operations.backup._WAIT_S", 0.3)
    with held(home / "documents" / ".lock"):
        assert main(["backup", "b.tar.gz"]) == 1
    assert "another process" in capsys.readouterr().err
    assert main(["backup", "b.tar.gz"]) == 0
