"""A person's history: their conversations, searched, shown and deleted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.person import Person
from assistant.records.fold import fold
from assistant.state import State


@dataclass(frozen=True)
class Asking:
    """A question as the list shows it. ``at`` is an ISO time in UTC."""

    answer_id: str
    question: str
    at: str


@dataclass(frozen=True)
class Conversation:
    """A conversation as the list shows it.

    ``questions`` are how many it has; ``first`` is the one that it began with, ``found`` are
    those that a search has found, oldest first; ``at`` is of the newest, an ISO time in UTC.
    """

    conversation_id: str
    at: str
    questions: int
    first: str
    found: tuple[Asking, ...] = ()


@dataclass(frozen=True)
class Listing:
    """Some conversations, newest first, and how many there are in all."""

    conversations: tuple[Conversation, ...]
    total: int


def conversations(
    state: State, person: Person, search: str = "", start: int = 0, most: int = 30
) -> Listing:
    """A person's conversations, those asked in last first.

    Args:
        state: the office's records.
        person: whose.
        search: words, each of which the question or answer must have; "" for everything.
        start: how many to leave out at the top.
        most: how many at most.
    """
    wanted = [word for part in search.split() if (word := fold(part))]
    having = "".join(" AND instr(folded, ?)" for _ in wanted)
    given = (person.person_id, *wanted)
    with state.reading() as rows:
        total = rows.execute(
            f"SELECT count(DISTINCT conversation_id) FROM answers WHERE person_id = ?{having}",
            given,
        ).fetchone()[0]
        heads = rows.execute(
            "SELECT conversation_id, max(at) AS newest, max(number) AS last FROM answers"
            f" WHERE person_id = ?{having} GROUP BY conversation_id"
            " ORDER BY newest DESC, last DESC LIMIT ? OFFSET ?",
            (*given, most, start),
        ).fetchall()
        made = [
            _conversation(rows, person, head["conversation_id"], having, wanted) for head in heads
        ]
    return Listing(tuple(made), total)


def conversation(state: State, conversation_id: str, person: Person) -> tuple[dict[str, Any], ...]:
    """The answers of a conversation, oldest first, as ``kept`` gives them; none where it is not
    this person's."""
    with state.reading() as rows:
        found = rows.execute(
            "SELECT whole FROM answers WHERE conversation_id = ? AND person_id = ? ORDER BY number",
            (conversation_id, person.person_id),
        ).fetchall()
    return tuple(json.loads(row["whole"]) for row in found)


def forget(state: State, person: Person, conversation_id: str | None = None) -> int:
    """Delete a conversation of a person, or all of theirs where None, so that no trace is left.

    Returns:
        How many answers were deleted.
    """
    which = " AND conversation_id = ?" if conversation_id is not None else ""
    given = (person.person_id, *((conversation_id,) if conversation_id is not None else ()))
    with state.writing() as rows:
        gone = rows.execute(f"DELETE FROM answers WHERE person_id = ?{which}", given).rowcount
    if gone:
        state.leave_no_trace()
    return gone


def count(state: State, person: Person) -> tuple[int, int]:
    """How many conversations a person has, and how many answers."""
    with state.reading() as rows:
        found = rows.execute(
            "SELECT count(DISTINCT conversation_id), count(*) FROM answers WHERE person_id = ?",
            (person.person_id,),
        ).fetchone()
    return found[0], found[1]


def _conversation(
    rows: sqlite3.Connection,
    person: Person,
    conversation_id: str,
    having: str,
    wanted: Sequence[str],
) -> Conversation:
    given = (person.person_id, conversation_id)
    askings = [
        Asking(row["answer_id"], row["question"], row["at"])
        for row in rows.execute(
            "SELECT answer_id, question, at FROM answers"
            " WHERE person_id = ? AND conversation_id = ? ORDER BY number",
            given,
        )
    ]
    found: set[str] = set()
    if wanted:
        found = {
            row["answer_id"]
            for row in rows.execute(
                "SELECT answer_id FROM answers"
                f" WHERE person_id = ? AND conversation_id = ?{having}",
                (*given, *wanted),
            )
        }
    return Conversation(
        conversation_id,
        askings[-1].at,
        len(askings),
        askings[0].question,
        tuple(a for a in askings if a.answer_id in found),
    )
