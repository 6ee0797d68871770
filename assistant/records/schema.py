"""The tables of the records."""

from __future__ import annotations

from assistant.state import Schema

_ANSWERS = """
CREATE TABLE answers (
    number INTEGER PRIMARY KEY,
    answer_id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    at TEXT NOT NULL,
    question TEXT NOT NULL,
    standalone TEXT NOT NULL,
    language TEXT NOT NULL,
    status TEXT NOT NULL,
    engine TEXT NOT NULL,
    index_fingerprint TEXT NOT NULL,
    folded TEXT NOT NULL,
    whole TEXT NOT NULL
);
CREATE INDEX answers_of_a_person ON answers (person_id, conversation_id, number);
CREATE INDEX answers_by_time ON answers (at);
"""
"""``whole`` is ``Asked.to_dict()`` as JSON; ``folded`` its question and answer as searched."""

_SAVED = """
CREATE TABLE saved_answers (
    saved_id TEXT PRIMARY KEY,
    answer_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    at TEXT NOT NULL,
    title TEXT NOT NULL,
    whole TEXT NOT NULL,
    checked TEXT NOT NULL DEFAULT '',
    checked_at TEXT NOT NULL DEFAULT '',
    outcomes TEXT NOT NULL DEFAULT '[]',
    UNIQUE (person_id, answer_id)
);
"""
"""A saved answer is a copy of its own: it stays when the history is deleted or grows old."""

SCHEMA = Schema("records", (_ANSWERS, _SAVED))
