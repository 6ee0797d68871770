"""Puts the questions that are new into groups, and moves them by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from assistant.asked import new_id
from assistant.pages import Surroundings
from assistant.pipeline import Assistant
from assistant.state import State
from assistant.unanswered.likeness import Asked, load_likeness, place
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
    with state.reading() as rows:
        found = rows.execute(
            "SELECT question_id, standalone, language, group_id, vector FROM unanswered"
            " WHERE model = ? ORDER BY at, rowid",
            (encoder.fingerprint,),
        ).fetchall()
    known = [(row["group_id"], _asked(row)) for row in found if row["group_id"]]
    new = [row for row in found if row["group_id"] is None]
    groups = place([_asked(row) for row in new], known, load_likeness(), new_id)
    with state.writing() as rows:
        _keep(rows, [(group, row["question_id"]) for group, row in zip(groups, new, strict=True)])
    return len(new)


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


def _keep(rows: sqlite3.Connection, placed: Sequence[tuple[str, str]]) -> None:
    """Keep the group of each question, unless another process has placed it meanwhile."""
    rows.executemany(
        "INSERT INTO unanswered_groups (group_id) VALUES (?) ON CONFLICT DO NOTHING",
        [(group_id,) for group_id in dict.fromkeys(group for group, _ in placed)],
    )
    rows.executemany(
        "UPDATE unanswered SET group_id = ? WHERE question_id = ? AND group_id IS NULL", placed
    )
    _remove_empty(rows)


def _asked(row: sqlite3.Row) -> Asked:
    vector = np.frombuffer(row["vector"], dtype=np.float32)
    return Asked(row["standalone"], row["language"], vector)


def _remove_empty(rows: sqlite3.Connection) -> None:
    rows.execute(
        "DELETE FROM unanswered_groups WHERE group_id NOT IN"
        " (SELECT group_id FROM unanswered WHERE group_id IS NOT NULL)"
    )
