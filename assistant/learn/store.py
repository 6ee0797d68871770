"""What each person has learnt, in the office's state file. What is committed is acknowledged."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from assistant.asked import now
from assistant.learn.material import Key
from assistant.state import Schema, State
from corpus.cited import text_hash

SCHEMA = Schema(
    "learn",
    (
        """
        CREATE TABLE learn_units (
            person_id TEXT NOT NULL, unit TEXT NOT NULL, opened_at TEXT NOT NULL,
            read_at TEXT, done_at TEXT, PRIMARY KEY (person_id, unit)
        );
        CREATE TABLE learn_answers (
            id INTEGER PRIMARY KEY, person_id TEXT NOT NULL, unit TEXT NOT NULL,
            question TEXT NOT NULL, chosen TEXT NOT NULL, is_right INTEGER NOT NULL,
            at TEXT NOT NULL
        );
        CREATE INDEX learn_answers_of ON learn_answers (person_id, unit, question);
        CREATE TABLE learn_people (
            person_id TEXT PRIMARY KEY, start TEXT NOT NULL, at TEXT NOT NULL
        );
        CREATE TABLE learn_mentors (
            person_id TEXT PRIMARY KEY, mentor_id TEXT NOT NULL, at TEXT NOT NULL
        );
        CREATE TABLE learn_confirmed (
            piece TEXT NOT NULL, document TEXT NOT NULL, locator TEXT NOT NULL,
            language TEXT NOT NULL, sha256 TEXT NOT NULL, text TEXT NOT NULL,
            person_id TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (piece, document, locator, language)
        );
        """,
    ),
)


@dataclass(frozen=True)
class Answered:
    """A question of a quiz as somebody last answered it.

    ``chosen`` are the places of options, from 0; ``first_right``: whether the first try was
    right; ``tries`` counts from 1; ``at`` is an ISO time in UTC.
    """

    chosen: frozenset[int]
    right: bool
    at: str
    tries: int
    first_right: bool


@dataclass(frozen=True)
class Progress:
    """How far somebody has come in a unit; the times are ISO in UTC, "" for not yet."""

    opened_at: str = ""
    read_at: str = ""
    done_at: str = ""
    answers: Mapping[str, Answered] = field(default_factory=dict)

    @property
    def last_at(self) -> str:
        """When they last did something in it."""
        times = [self.opened_at, self.read_at, self.done_at]
        return max(times + [answer.at for answer in self.answers.values()])


def progress_of(state: State, person_id: str) -> dict[str, Progress]:
    """How far somebody has come, by unit; only units that they have opened or answered in."""
    with state.reading() as held:
        units = held.execute(
            "SELECT * FROM learn_units WHERE person_id = ?", (person_id,)
        ).fetchall()
        rows = held.execute(
            "SELECT * FROM learn_answers WHERE person_id = ? ORDER BY id", (person_id,)
        ).fetchall()
    answers: dict[str, dict[str, Answered]] = {row["unit"]: {} for row in units}
    for row in rows:
        of_unit = answers.setdefault(row["unit"], {})
        before = of_unit.get(row["question"])
        right = bool(row["is_right"])
        of_unit[row["question"]] = Answered(
            frozenset(json.loads(row["chosen"])),
            right,
            row["at"],
            before.tries + 1 if before else 1,
            before.first_right if before else right,
        )
    times = {r["unit"]: (r["opened_at"], r["read_at"] or "", r["done_at"] or "") for r in units}
    return {unit: Progress(*times.get(unit, ("", "", "")), held) for unit, held in answers.items()}


def open_unit(state: State, person_id: str, unit: str) -> None:
    """Take down that somebody has begun a unit."""
    with state.writing() as held:
        held.execute(_OPEN, (person_id, unit, now()))


def mark_read(state: State, person_id: str, unit: str, done: bool = False) -> None:
    """Take down that somebody has read a unit; ``done``: there is no quiz to take."""
    with state.writing() as held:
        held.execute(_OPEN, (person_id, unit, now()))
        held.execute(
            "UPDATE learn_units SET read_at = coalesce(read_at, ?) "
            "WHERE person_id = ? AND unit = ?",
            (now(), person_id, unit),
        )
        if done:
            held.execute(_DONE, (now(), person_id, unit))


def keep_answer(
    state: State,
    person_id: str,
    unit: str,
    question: str,
    chosen: Collection[int],
    right: bool,
    all_questions: Collection[str],
) -> None:
    """Keep an answer; the unit is done once every one of ``all_questions`` has been answered."""
    at = now()
    with state.writing() as held:
        held.execute(_OPEN, (person_id, unit, at))
        held.execute(
            "INSERT INTO learn_answers (person_id, unit, question, chosen, is_right, at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (person_id, unit, question, json.dumps(sorted(chosen)), int(right), at),
        )
        rows = held.execute(
            "SELECT DISTINCT question FROM learn_answers WHERE person_id = ? AND unit = ?",
            (person_id, unit),
        )
        if set(all_questions) <= {row["question"] for row in rows}:
            held.execute(_DONE, (at, person_id, unit))


def start_of(state: State, person_id: str) -> str:
    """The id of the start that somebody chose, "" for none."""
    with state.reading() as held:
        row = held.execute(
            "SELECT start FROM learn_people WHERE person_id = ?", (person_id,)
        ).fetchone()
    return str(row["start"]) if row else ""


def choose_start(state: State, person_id: str, start: str) -> None:
    """Keep the start that somebody chose; "" for the common one."""
    with state.writing() as held:
        held.execute(
            "INSERT OR REPLACE INTO learn_people VALUES (?, ?, ?)", (person_id, start, now())
        )


def mentor_of(state: State, person_id: str) -> tuple[str, str]:
    """Whom somebody lets see their summary and since when; ("", "") for nobody."""
    with state.reading() as held:
        row = held.execute(
            "SELECT mentor_id, at FROM learn_mentors WHERE person_id = ?", (person_id,)
        ).fetchone()
    return (str(row["mentor_id"]), str(row["at"])) if row else ("", "")


def choose_mentor(state: State, person_id: str, mentor_id: str) -> None:
    """Let somebody see one's summary, in place of whoever did before; "": nobody any more."""
    with state.writing() as held:
        held.execute("DELETE FROM learn_mentors WHERE person_id = ?", (person_id,))
        if mentor_id:
            held.execute(
                "INSERT INTO learn_mentors VALUES (?, ?, ?)", (person_id, mentor_id, now())
            )


def learners_of(state: State, mentor_id: str) -> tuple[str, ...]:
    """The people who let somebody see their summary."""
    with state.reading() as held:
        rows = held.execute(
            "SELECT person_id FROM learn_mentors WHERE mentor_id = ? ORDER BY at", (mentor_id,)
        ).fetchall()
    return tuple(str(row["person_id"]) for row in rows)


def confirmed_texts(state: State) -> dict[str, dict[Key, str]]:
    """The texts that somebody has looked at and confirmed, by unit (or glossary) and key."""
    with state.reading() as held:
        rows = held.execute("SELECT * FROM learn_confirmed").fetchall()
    found: dict[str, dict[Key, str]] = {}
    for row in rows:
        key = (row["document"], row["locator"], row["language"])
        found.setdefault(row["piece"], {})[key] = row["text"]
    return found


def confirm_texts(state: State, piece: str, texts: Mapping[Key, str], person_id: str) -> None:
    """Record texts of passages as looked at for a unit (or the glossary)."""
    at = now()
    with state.writing() as held:
        held.executemany(
            "INSERT OR REPLACE INTO learn_confirmed VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(piece, *key, text_hash(text), text, person_id, at) for key, text in texts.items()],
        )


_OPEN = "INSERT OR IGNORE INTO learn_units (person_id, unit, opened_at) VALUES (?, ?, ?)"
_DONE = (
    "UPDATE learn_units SET done_at = coalesce(done_at, ?1), read_at = coalesce(read_at, ?1) "
    "WHERE person_id = ?2 AND unit = ?3"
)
