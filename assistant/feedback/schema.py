"""The table in which feedback is kept."""

from __future__ import annotations

from assistant.state import Schema

SCHEMA = Schema(
    "feedback",
    (
        """
        CREATE TABLE feedback (
            feedback_id TEXT PRIMARY KEY,
            answer_id TEXT NOT NULL,
            person_id TEXT NOT NULL,
            section TEXT NOT NULL,
            at TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong')),
            parts TEXT NOT NULL,
            comment TEXT NOT NULL,
            better TEXT NOT NULL,
            folded TEXT NOT NULL,
            index_fingerprint TEXT NOT NULL,
            whole TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done')),
            note TEXT NOT NULL DEFAULT '',
            handled_by TEXT NOT NULL DEFAULT '',
            handled_at TEXT NOT NULL DEFAULT '',
            UNIQUE (answer_id, person_id)
        );
        CREATE INDEX feedback_in_time ON feedback (changed_at);
        CREATE INDEX feedback_of_person ON feedback (person_id, changed_at);
        """,
    ),
)
"""``parts`` is a JSON list of ``Part`` as text; ``whole`` is ``Asked.to_dict()`` as JSON;
``folded`` is the question, the answer and what was said of it, as they are searched."""
