"""Answers are kept for the person who asked, for as long as the office says, and then are gone."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from assistant.asked import tell
from assistant.errors import SettingsError
from assistant.pages import Surroundings
from assistant.records.fold import fold
from assistant.records.listener import Due, listener
from assistant.records.store import kept, remove_old
from assistant.settings import Settings, load_settings
from tests.page_stub import StubService
from tests.records_home import HANAKO, TARO, ask, asked, records

NOON = datetime.datetime(2026, 11, 26, 3, 0, tzinfo=datetime.UTC)


def test_the_whole_answer_is_kept_for_the_person_who_asked(tmp_path: Path) -> None:
    state = records(tmp_path)
    told = ask(state)
    whole = kept(state, told.answer_id, HANAKO)
    assert whole is not None
    assert whole.items() >= told.to_dict().items()


def test_an_answer_is_nothing_to_anybody_else(tmp_path: Path) -> None:
    state = records(tmp_path)
    told = ask(state)
    assert kept(state, told.answer_id, TARO) is None
    assert kept(state, "no such answer", HANAKO) is None


@pytest.mark.parametrize(
    ("days", "at", "stays"),
    [
        (365, "2025-11-26T03:00:01+00:00", True),
        (365, "2025-11-26T02:59:59+00:00", False),
        (1, "2026-11-25T02:59:59+00:00", False),
        (0, "2026-11-25T15:00:01+00:00", True),
        (0, "2026-11-25T14:59:59+00:00", False),
    ],
)
def test_what_is_older_than_the_office_keeps_it_is_removed(
    days: int, at: str, stays: bool, tmp_path: Path
) -> None:
    state = records(tmp_path)
    told = ask(state, at=at)
    assert remove_old(state, days, NOON) == (not stays)
    assert (kept(state, told.answer_id, HANAKO) is not None) == stays


def test_the_listener_removes_at_the_start_and_keeps_what_it_is_told(tmp_path: Path) -> None:
    state = records(tmp_path)
    old = ask(state, at="2020-01-01T00:00:00+00:00")
    around = Surroundings(Settings(tmp_path), tmp_path / "index", StubService(), state)
    new = asked()
    tell([listener(around)], new)
    assert kept(state, old.answer_id, HANAKO) is None
    whole = kept(state, new.answer_id, HANAKO)
    assert whole is not None
    assert whole["made_with"].keys() >= {"kyodo", "embedding_model"}
    assert whole.items() >= new.to_dict().items()


def test_something_is_due_once_in_its_time() -> None:
    moments = iter([0.0, 5.0, 10.0, 11.0, 25.0])
    due = Due(10.0, lambda: next(moments))
    assert [due.now() for _ in range(4)] == [False, True, False, True]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｷｮｳﾄﾞｳ", "キョウドウ"),
        ("ＡＢＣ　１２", "abc12"),
        ("協 働\n事業", "協働事業"),
        ("㈱", "(株)"),
        ("Ｃollaborative  Project", "collaborativeproject"),
        ("協\u200b働", "協働"),
    ],
)
def test_a_text_is_searched_however_it_is_typed(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_how_long_answers_are_kept_can_be_set(tmp_path: Path) -> None:
    file = tmp_path / "kyodo.toml"
    assert load_settings({}, file).records_days == 365
    file.write_text("[records]\ndays = 30\n", encoding="utf-8")
    assert load_settings({}, file).records_days == 30
    assert load_settings({"KYODO_RECORDS_DAYS": "0"}, file).records_days == 0
    for wrong in ("-1", "1.5", "forever", "36501"):
        with pytest.raises(SettingsError, match=r"records\.days: expected whole days"):
            load_settings({"KYODO_RECORDS_DAYS": wrong}, file)
