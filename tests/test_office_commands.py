"""``kyodo feedback`` and ``kyodo unanswered``: the same as the pages, for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.feedback.datatypes import Said
from assistant.feedback.store import give
from assistant.pages import Surroundings
from assistant.settings import Settings
from assistant.state import State, open_state
from tests.feedback_home import HANAKO, TARO, answered
from tests.page_stub import StubService
from tests.unanswered_home import COPIES, OTHER, asked, tell


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KYODO_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def state(home: Path) -> State:
    return open_state(Settings(home).state)


def test_feedback_is_exported_to_a_file_or_to_standard_output(
    home: Path, state: State, capsys: pytest.CaptureFixture[str]
) -> None:
    give(state, answered(state).to_dict(), HANAKO, Said("wrong", comment="古い"))
    give(state, answered(state).to_dict(), TARO, Said("right"))
    assert main(["feedback", "export", "--verdict", "wrong"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["comment"] == "古い"
    file = home / "out.csv"
    assert main(["feedback", "export", "--format", "csv", "--output", str(file)]) == 0
    written = file.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == 3
    assert main(["feedback", "export", "--since", "soon"]) == 1
    assert "YYYY-MM-DD" in capsys.readouterr().err


def test_unanswered_questions_are_listed_and_asked_again(
    home: Path, state: State, index_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Surroundings(Settings(home), index_folder, StubService(), state)
    tell(place, *(asked(q) for q in (*COPIES, OTHER, "助成金の上限はいくらですか")))
    index: list[Any] = ["--index", str(index_folder)]
    assert main(["unanswered", "list", *index]) == 0
    assert [row.split("\t")[0] for row in capsys.readouterr().out.splitlines()] == ["3", "1", "1"]
    assert main(["unanswered", "check", *index]) == 0
    told = capsys.readouterr()
    assert "助成金の上限" in told.out
    assert "3 open groups asked again, 1 answered now" in told.err
    assert main(["unanswered", "list", "--json", *index]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(line["now_answered"] for line in lines) == [0, 0, 1]
