"""Keeps every answer that a person was given, for that person, for as long as the office says."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from assistant.asked import Asked, documents_of
from assistant.person import Person
from assistant.records.fold import fold
from assistant.state import State

SESSION_HOURS = 12
"""How long an answer is kept where ``[records] days`` is 0. A working day: the evidence sheet
and the feedback under an answer need it for as long as its conversation stands open."""


def keep(state: State, asked: Asked, made_with: Mapping[str, str] | None = None) -> None:
    """Keep an answer, with all that a sheet of evidence needs.

    Args:
        state: the office's records.
        asked: the answer and its circumstances.
        made_with: the models and versions that it was made with, see ``made_with``.
    """
    answer = asked.answer
    collections = sorted({d.collection for d in documents_of(answer)} - {""})
    whole = {**asked.to_dict(), "made_with": dict(made_with or {}), "collections": collections}
    texts = [answer.query.question, answer.text, *(s.text for s in answer.statements)]
    row = (
        asked.answer_id,
        asked.conversation_id,
        asked.person.person_id,
        asked.at,
        answer.query.question,
        answer.query.standalone,
        answer.query.language,
        answer.status,
        answer.engine,
        answer.index,
        "\n".join(fold(text) for text in texts),
        json.dumps(whole, ensure_ascii=False),
    )
    with state.writing() as rows:
        rows.execute(
            "INSERT INTO answers (answer_id, conversation_id, person_id, at, question, standalone,"
            " language, status, engine, index_fingerprint, folded, whole)"
            f" VALUES ({', '.join('?' * len(row))})",
            row,
        )


def kept(state: State, answer_id: str, person: Person) -> dict[str, Any] | None:
    """``Asked.to_dict()`` of an answer that this person asked for, with ``made_with`` and the
    ``collections`` that its documents were of; None for any other answer."""
    with state.reading() as rows:
        row = rows.execute(
            "SELECT whole FROM answers WHERE answer_id = ? AND person_id = ?",
            (answer_id, person.person_id),
        ).fetchone()
    return dict(json.loads(row["whole"])) if row else None


def forget_person(state: State, person_id: str) -> None:
    """Remove all that is kept of somebody's asking, saved answers too, once they are no more."""
    with state.writing() as rows:
        rows.execute("DELETE FROM answers WHERE person_id = ?", (person_id,))
        rows.execute("DELETE FROM saved_answers WHERE person_id = ?", (person_id,))
    state.leave_no_trace()


def remove_old(state: State, days: int, now: datetime.datetime | None = None) -> int:
    """Remove the answers that are older than the office keeps them.

    Args:
        state: the office's records.
        days: how many days an answer is kept; 0 for ``SESSION_HOURS``.
        now: the moment to count from, with a time zone; this one where None.

    Returns:
        How many were removed.
    """
    moment = (now or datetime.datetime.now(datetime.UTC)).astimezone(datetime.UTC)
    age = datetime.timedelta(days=days) if days else datetime.timedelta(hours=SESSION_HOURS)
    oldest = (moment - age).isoformat(timespec="seconds")
    with state.writing() as rows:
        removed = rows.execute("DELETE FROM answers WHERE at < ?", (oldest,)).rowcount
    if removed:
        state.leave_no_trace()
    return removed
