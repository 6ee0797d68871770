"""Feedback shows no answer that rests on a document hidden from who reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.feedback.datatypes import Said
from assistant.feedback.search import Wanted, count, every, search
from assistant.feedback.sight import EVERYTHING, Sight
from assistant.feedback.store import all_of, forget_person, give
from assistant.state import State, open_state
from tests.feedback_home import HANAKO, TARO, answered


@pytest.fixture
def state(tmp_path: Path) -> State:
    """Two answers with feedback, one of them of the collection "personnel"."""
    state = open_state(tmp_path / "state.sqlite3")
    give(state, answered(state).to_dict(), HANAKO, Said("right"))
    whole = {**answered(state).to_dict(), "collections": ["personnel"]}
    give(state, whole, TARO, Said("wrong", comment="personnel"))
    return state


@pytest.mark.parametrize(
    ("sight", "seen"),
    [
        (EVERYTHING, 2),
        (Sight(frozenset({"personnel"})), 2),
        (Sight(frozenset()), 1),
        (Sight(frozenset({"other"})), 1),
        (Sight(frozenset({"personnel"}), frozenset({"jichi"})), 0),
        (Sight(frozenset(), frozenset({"elsewhere"})), 1),
    ],
)
def test_list_counts_and_export_hold_only_what_one_may_see(
    sight: Sight, seen: int, state: State
) -> None:
    assert len(search(state, Wanted(), sight, 10)) == seen
    assert count(state, Wanted(), sight).total == seen
    found = list(every(state, Wanted(), sight))
    assert len(found) == seen
    everything = search(state, Wanted(), EVERYTHING, 10)
    assert sum(sight.shows(given.whole) for given in everything) == seen


def test_who_left_for_good_is_no_longer_named_and_what_they_said_stays(state: State) -> None:
    forget_person(state, HANAKO.person_id)
    assert all_of(state, HANAKO) == ()
    assert len(all_of(state, TARO)) == 1
    assert count(state, Wanted(), EVERYTHING).total == 2
    with state.reading() as rows:
        told = [tuple(row) for row in rows.execute("SELECT * FROM feedback")]
    assert not any(HANAKO.person_id in str(value) for row in told for value in row)
    assert not any(HANAKO.section in str(row[3]) for row in told)
