"""Puts the questions that are new into groups, and moves them by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from assistant.asked import new_id
from assistant.pages import Surroundings
from assistant.pipeline import Assistant
from assistant.state import State
from assistant.unanswered.likeness import Asked, best_group, load_likeness
from index.encoder import BUNDLED_NAME, Encoder, load_encoder


def encoder_of(around: Surroundings) -> Encoder:
    """The model of the index that answers; where none is open here, that of the settings."""
    now = around.service.snapshot()
    if isinstance(now, Assistant):
        return now.index.encoder
    return load_encoder(around.settings.model or BUNDLED_NAME)


def group_new(state: State, encoder: Encoder) -> int:
    """Give every question that has no group its group; how many there were.

    A question that is like none begins a group of its own. Those that have a group keep it,
    for what was said of the group was said of them.
    """
    with state.reading() as rows:
        waiting = rows.execute("SELECT 1 FROM unanswered WHERE group_id IS NULL LIMIT 1").fetchone()
    if waiting is None:
        return 0
    _encode(state, encoder)
    with state.writing() as rows:
        known = rows.execute(
            "SELECT question_id, standalone, language, group_id, vector FROM unanswered"
            " WHERE model = ? ORDER BY at, rowid",
            (encoder.fingerprint,),
        ).fetchall()
        return _place(rows, known)


def split(state: State, question_ids: Sequence[str]) -> str | None:
    """Put questions into a new group of their own; its id, None where there are none of them."""
    group_id = new_id()
    with state.writing() as rows:
        rows.execute("INSERT INTO unanswered_groups (group_id) VALUES (?)", (group_id,))
        moved = rows.executemany(
            "UPDATE unanswered SET group_id = ? WHERE question_id = ? AND group_id IS NOT NULL",
            [(group_id, question_id) for question_id in question_ids],
        ).rowcount
        _remove_empty(rows)
    return group_id if moved > 0 else None


def merge(state: State, group_id: str, into: str) -> bool:
    """Put the questions of a group into another; False where there is no other."""
    with state.writing() as rows:
        known = rows.execute(
            "SELECT 1 FROM unanswered_groups WHERE group_id = ?", (into,)
        ).fetchone()
        if known is None or group_id == into:
            return False
        moved = rows.execute(
            "UPDATE unanswered SET group_id = ? WHERE group_id = ?", (into, group_id)
        ).rowcount
        _remove_empty(rows)
    return bool(moved)


def _encode(state: State, encoder: Encoder) -> None:
    """Keep the vectors of the questions that have none of this model."""
    with state.reading() as rows:
        found = rows.execute(
            "SELECT question_id, standalone FROM unanswered WHERE model != ?",
            (encoder.fingerprint,),
        ).fetchall()
    if not found:
        return
    vectors = encoder.encode_queries([row["standalone"] for row in found]).astype(np.float32)
    with state.writing() as rows:
        rows.executemany(
            "UPDATE unanswered SET vector = ?, model = ? WHERE question_id = ?",
            [
                (vector.tobytes(), encoder.fingerprint, row["question_id"])
                for vector, row in zip(vectors, found, strict=True)
            ],
        )


def _place(rows: sqlite3.Connection, known: Sequence[sqlite3.Row]) -> int:
    likeness = load_likeness()
    groups: dict[str, list[Asked]] = {}
    for row in known:
        if row["group_id"]:
            groups.setdefault(row["group_id"], []).append(_asked(row))
    new = [row for row in known if row["group_id"] is None]
    for row in new:
        question = _asked(row)
        group_id = best_group(question, groups, likeness)
        if group_id is None:
            group_id = new_id()
            rows.execute("INSERT INTO unanswered_groups (group_id) VALUES (?)", (group_id,))
        groups.setdefault(group_id, []).append(question)
        rows.execute(
            "UPDATE unanswered SET group_id = ? WHERE question_id = ?",
            (group_id, row["question_id"]),
        )
    return len(new)


def _asked(row: sqlite3.Row) -> Asked:
    vector = np.frombuffer(row["vector"], dtype=np.float32)
    return Asked(row["standalone"], row["language"], vector)


def _remove_empty(rows: sqlite3.Connection) -> None:
    rows.execute(
        "DELETE FROM unanswered_groups WHERE group_id NOT IN"
        " (SELECT group_id FROM unanswered WHERE group_id IS NOT NULL)"
    )
