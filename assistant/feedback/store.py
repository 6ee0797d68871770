"""Keeps feedback: one row for what one person says of one answer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, cast

from assistant.asked import new_id, now
from assistant.feedback.datatypes import (
    LONGEST,
    STATES,
    VERDICTS,
    Feedback,
    FeedbackError,
    Said,
    State,
    Verdict,
    read_parts,
)
from assistant.person import Person
from assistant.records.fold import fold
from assistant.state import State as StateFile


def give(state: StateFile, whole: Mapping[str, Any], person: Person, said: Said) -> str:
    """Keep what a person says of an answer, in place of what they said of it before.

    It is on the disk when this returns. What was dealt with and is then changed is open again.

    Args:
        state: the office's records.
        whole: ``Asked.to_dict()`` of the answer.
        person: who says it.
        said: what.

    Returns:
        The feedback's id.

    Raises:
        FeedbackError: something is too long, or nothing is said of what is wrong.
    """
    _check(said)
    answer, moment = whole["answer"], now()
    row = {
        "feedback_id": new_id(),
        "answer_id": whole["answer_id"],
        "person_id": person.person_id,
        "section": person.section,
        "at": moment,
        "changed_at": moment,
        "verdict": said.verdict,
        "parts": json.dumps([str(part) for part in said.parts]),
        "comment": said.comment,
        "better": said.better,
        "folded": "\n".join(
            fold(text) for text in (answer["question"], answer["answer"], said.comment, said.better)
        ),
        "index_fingerprint": answer["index"],
        "whole": json.dumps(whole, ensure_ascii=False),
    }
    names, blanks = ", ".join(row), ", ".join(f":{name}" for name in row)
    with state.writing() as rows:
        kept = rows.execute(
            f"INSERT INTO feedback ({names}) VALUES ({blanks})"
            " ON CONFLICT (answer_id, person_id) DO UPDATE SET changed_at = excluded.changed_at,"
            " section = excluded.section, verdict = excluded.verdict, parts = excluded.parts,"
            " comment = excluded.comment, better = excluded.better, folded = excluded.folded,"
            " state = 'open'"
            " RETURNING feedback_id",
            row,
        ).fetchone()
    return str(kept["feedback_id"])


def withdraw(state: StateFile, answer_id: str, person: Person) -> bool:
    """Take away what a person said of an answer, with its copy; False where they said nothing."""
    with state.writing() as rows:
        taken = rows.execute(
            "DELETE FROM feedback WHERE answer_id = ? AND person_id = ?",
            (answer_id, person.person_id),
        ).rowcount
    if taken:
        state.leave_no_trace()
    return bool(taken)


def forget_person(state: StateFile, person_id: str) -> None:
    """Keep what somebody said of answers, and no longer who said it; for the entry-point group
    ``kyodo.leavers``. It was said to the office, which may still have to deal with it."""
    with state.writing() as rows:
        rows.execute(
            "UPDATE feedback SET person_id = '', section = '',"
            " whole = json_set(whole, '$.person_id', '') WHERE person_id = ?",
            (person_id,),
        )
    state.leave_no_trace()


def said_by(state: StateFile, answer_id: str, person: Person) -> Feedback | None:
    """What a person said of an answer, None where they said nothing."""
    return _one(state, "answer_id = ? AND person_id = ?", (answer_id, person.person_id))


def find(state: StateFile, feedback_id: str) -> Feedback | None:
    """The feedback of an id, None where there is none. For those who may read all of it."""
    return _one(state, "feedback_id = ?", (feedback_id,))


def all_of(state: StateFile, person: Person) -> tuple[Feedback, ...]:
    """What a person has said, the newest first."""
    with state.reading() as rows:
        found = rows.execute(
            "SELECT * FROM feedback WHERE person_id = ? ORDER BY changed_at DESC, rowid DESC",
            (person.person_id,),
        )
        return tuple(made(row) for row in found)


def handle(state: StateFile, feedback_id: str, done: str, note: str, person: Person) -> bool:
    """Say whether feedback is dealt with, and what became of it; False where there is none.

    Raises:
        FeedbackError: the state is none, or the note is too long.
    """
    if done not in STATES:
        raise FeedbackError(f"Expected one of {', '.join(STATES)}, found {done[:40]!r}.")
    _check_length(note)
    with state.writing() as rows:
        changed = rows.execute(
            "UPDATE feedback SET state = ?, note = ?, handled_by = ?, handled_at = ?"
            " WHERE feedback_id = ?",
            (done, note, person.name, now(), feedback_id),
        ).rowcount
    return bool(changed)


def _check(said: Said) -> None:
    if said.verdict not in VERDICTS:
        raise FeedbackError(f"Expected one of {', '.join(VERDICTS)}, found {said.verdict!r}.")
    if said.verdict == "wrong" and not (said.parts or said.comment or said.better):
        raise FeedbackError("Expected what is wrong, found nothing; choose a part or describe it.")
    for text in (said.comment, said.better):
        _check_length(text)


def _check_length(text: str) -> None:
    if len(text) > LONGEST:
        raise FeedbackError(
            f"Expected at most {LONGEST:,} characters, found {len(text):,}; shorten the text."
        )


def _one(state: StateFile, where: str, values: tuple[str, ...]) -> Feedback | None:
    with state.reading() as rows:
        row = rows.execute(f"SELECT * FROM feedback WHERE {where}", values).fetchone()
    return made(row) if row else None


def made(row: sqlite3.Row) -> Feedback:
    """The feedback of a row of the table."""
    whole = json.loads(row["whole"])
    said = Said(
        cast(Verdict, row["verdict"]),
        read_parts(json.loads(row["parts"]), whole["answer"]),
        row["comment"],
        row["better"],
    )
    return Feedback(
        feedback_id=row["feedback_id"],
        person_id=row["person_id"],
        section=row["section"],
        at=row["at"],
        changed_at=row["changed_at"],
        said=said,
        whole=whole,
        state=cast(State, row["state"]),
        note=row["note"],
        handled_by=row["handled_by"],
        handled_at=row["handled_at"],
    )
