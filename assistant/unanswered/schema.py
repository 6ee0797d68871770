"""The tables in which unanswered questions are kept. Who asked is in neither."""

from __future__ import annotations

from assistant.state import Schema

SCHEMA = Schema(
    "unanswered",
    (
        """
        CREATE TABLE unanswered_groups (
            group_id TEXT PRIMARY KEY,
            state TEXT NOT NULL DEFAULT 'open'
                CHECK (state IN ('open', 'added', 'elsewhere', 'not_ours')),
            note TEXT NOT NULL DEFAULT '',
            changed_by TEXT NOT NULL DEFAULT '',
            changed_at TEXT NOT NULL DEFAULT ''
        );
        CREATE TABLE unanswered (
            question_id TEXT PRIMARY KEY,
            at TEXT NOT NULL,
            question TEXT NOT NULL,
            standalone TEXT NOT NULL,
            language TEXT NOT NULL,
            section TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('no_answer', 'partial')),
            index_fingerprint TEXT NOT NULL,
            group_id TEXT REFERENCES unanswered_groups (group_id),
            vector BLOB,
            model TEXT NOT NULL DEFAULT '',
            now_status TEXT NOT NULL DEFAULT '',
            now_index TEXT NOT NULL DEFAULT '',
            now_at TEXT NOT NULL DEFAULT ''
        );
        CREATE INDEX unanswered_of_group ON unanswered (group_id, at);
        """,
    ),
)
"""``question_id`` is a digest of the conversation and the wording: asked again there, a question
counts once. ``vector`` is float32, made by the model of the fingerprint ``model``. ``now_...``
say what the documents answered when the question was asked again."""
