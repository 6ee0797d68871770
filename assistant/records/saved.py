"""Answers that a person has saved: kept apart from the history, for as long as they like."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.asked import new_id, now
from assistant.person import Person
from assistant.records.check import Outcome
from assistant.state import State

TITLE_LIMIT = 200
"""Characters that a title may have."""


@dataclass(frozen=True)
class Saved:
    """A saved answer.

    ``at`` is when it was saved, ``whole`` the answer as ``kept`` gives it; ``checked`` names the
    index, the day and the view of the documents for which ``outcomes`` were found, "" before the
    first check, and ``checked_at`` says when. Times are ISO times in UTC.
    """

    saved_id: str
    answer_id: str
    at: str
    title: str
    whole: dict[str, Any]
    checked: str
    checked_at: str
    outcomes: tuple[Outcome, ...]

    @property
    def changed(self) -> bool:
        """Whether the source of a quote is no longer what it was."""
        return any(outcome.changed for outcome in self.outcomes)


def save(state: State, whole: Mapping[str, Any], person: Person, title: str) -> str:
    """Save an answer; one that is saved already takes the new title. Gives the id it is saved by.

    Args:
        state: the office's records.
        whole: the answer, as ``kept`` gives it.
        person: for whom.
        title: by which they find it again, 1 to ``TITLE_LIMIT`` characters.
    """
    text = json.dumps(dict(whole), ensure_ascii=False)
    with state.writing() as rows:
        rows.execute(
            "INSERT INTO saved_answers (saved_id, answer_id, person_id, at, title, whole)"
            " VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (person_id, answer_id) DO UPDATE SET title = excluded.title",
            (new_id(), whole["answer_id"], person.person_id, now(), title, text),
        )
        row = rows.execute(
            "SELECT saved_id FROM saved_answers WHERE person_id = ? AND answer_id = ?",
            (person.person_id, whole["answer_id"]),
        ).fetchone()
    return str(row["saved_id"])


def saved_ids(state: State, person: Person) -> dict[str, str]:
    """By which id each answer of a person is saved."""
    with state.reading() as rows:
        found = rows.execute(
            "SELECT answer_id, saved_id FROM saved_answers WHERE person_id = ?",
            (person.person_id,),
        )
        return {row["answer_id"]: row["saved_id"] for row in found}


def saved_answers(state: State, person: Person) -> tuple[Saved, ...]:
    """What a person has saved, newest first."""
    with state.reading() as rows:
        found = rows.execute(
            "SELECT * FROM saved_answers WHERE person_id = ? ORDER BY at DESC, rowid DESC",
            (person.person_id,),
        ).fetchall()
    return tuple(map(_saved, found))


def saved_answer(state: State, saved_id: str, person: Person) -> Saved | None:
    """A saved answer of this person's, None where it is not theirs."""
    with state.reading() as rows:
        row = rows.execute(
            "SELECT * FROM saved_answers WHERE saved_id = ? AND person_id = ?",
            (saved_id, person.person_id),
        ).fetchone()
    return _saved(row) if row else None


def remove_saved(state: State, saved_id: str, person: Person) -> bool:
    """Delete a saved answer, so that no trace is left; False where it is not this person's."""
    with state.writing() as rows:
        gone = rows.execute(
            "DELETE FROM saved_answers WHERE saved_id = ? AND person_id = ?",
            (saved_id, person.person_id),
        ).rowcount
    if gone:
        state.leave_no_trace()
    return bool(gone)


def note_checks(
    state: State, checked: str, at: str, outcomes: Mapping[str, Sequence[Outcome]]
) -> None:
    """Keep what came of checking saved answers.

    Args:
        state: the office's records.
        checked: for which index, day and view of the documents.
        at: when, an ISO time in UTC.
        outcomes: by the id of the saved answer.
    """
    with state.writing() as rows:
        rows.executemany(
            "UPDATE saved_answers SET checked = ?, checked_at = ?, outcomes = ? WHERE saved_id = ?",
            [
                (checked, at, json.dumps([asdict(o) for o in found], ensure_ascii=False), saved_id)
                for saved_id, found in outcomes.items()
            ],
        )


def _saved(row: sqlite3.Row) -> Saved:
    return Saved(
        row["saved_id"],
        row["answer_id"],
        row["at"],
        row["title"],
        json.loads(row["whole"]),
        row["checked"],
        row["checked_at"],
        tuple(Outcome(**outcome) for outcome in json.loads(row["outcomes"])),
    )
