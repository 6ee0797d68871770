"""The tables of people, their sessions, and the sign-ins that failed."""

from __future__ import annotations

from assistant.state import Schema

_TABLES = """
CREATE TABLE people (
    person_id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('reader', 'editor', 'owner')),
    section TEXT NOT NULL,
    collections TEXT,
    password TEXT NOT NULL,
    must_change INTEGER NOT NULL,
    locked INTEGER NOT NULL,
    added TEXT NOT NULL
);
CREATE TABLE people_sessions (
    token_hash TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
    began REAL NOT NULL,
    seen REAL NOT NULL
);
CREATE INDEX people_sessions_of_a_person ON people_sessions (person_id);
CREATE TABLE people_failures (
    who TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last REAL NOT NULL,
    until REAL NOT NULL
);
CREATE TABLE people_secrets (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
);
"""
"""``collections`` is a JSON list, NULL for all of them; ``password`` an argon2 hash, "" where
nobody may sign in with one; times are seconds since 1970."""

SCHEMA = Schema("people", (_TABLES,))
