"""What people say of answers by hand: right or wrong, kept in SQLite in the data folder.

A mark belongs to an answer, not only to a run: where a later run gives the same answer to the
same question, the mark still holds. Nothing is ever changed or taken away; the newest mark of
an answer counts, and the earlier ones stay as its history.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from eval.errors import EvalError
from eval.outcome import Outcome

Verdict = Literal["right", "wrong"]
VERDICTS = get_args(Verdict)
LONGEST_NAME, LONGEST_NOTE = 60, 1_000
_VERSION = 1
_TABLE = """
CREATE TABLE mark (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('right', 'wrong')),
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX mark_of ON mark (question, answer);
"""
_COLUMNS = "run, question, answer, verdict, who, at, note"


@dataclass(frozen=True)
class Mark:
    """One person's word on one answer.

    Attributes:
        run: the run in which it was read.
        question: the question's id.
        answer: the answer's digest (``digest_of``).
        verdict: right or wrong.
        who: the name they gave.
        at: ISO date and time, to the second, of this machine.
        note: why, in their words; may be empty.
    """

    run: str
    question: str
    answer: str
    verdict: Verdict
    who: str
    at: str
    note: str = ""


def marks_file(home: Path) -> Path:
    """Where marks are kept in the data folder."""
    return home / "eval" / "marks.sqlite3"


def digest_of(outcome: Outcome) -> str:
    """A digest of what a reader sees of an answer: its status, text, verdict and quotes."""
    answer = outcome.answer
    seen = [
        answer.get("status"),
        answer.get("answer"),
        (answer.get("verdict") or {}).get("value"),
        [(c["document_id"], c["locator"], c["quote"]) for c in outcome.citations],
    ]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()[:32]


def add_mark(
    path: Path, run: str, outcome: Outcome, verdict: str, who: str, note: str = ""
) -> Mark:
    """Keep a mark; it is on the disk when this returns.

    Raises:
        EvalError: the verdict is none, the name is missing, something is too long, or the file
            cannot be written.
    """
    who, note = who.strip(), note.strip()
    if verdict not in VERDICTS:
        raise EvalError(f"expected a mark of {' or '.join(VERDICTS)}, found {verdict!r}.")
    if not 0 < len(who) <= LONGEST_NAME or len(note) > LONGEST_NOTE:
        raise EvalError(
            f"expected a name of 1 to {LONGEST_NAME} characters and a note of at most "
            f"{LONGEST_NOTE:,}, found {len(who)} and {len(note):,}."
        )
    mark = Mark(
        run,
        outcome.question.question_id,
        digest_of(outcome),
        "right" if verdict == "right" else "wrong",
        who,
        time.strftime("%Y-%m-%dT%H:%M:%S"),
        note,
    )
    with _opened(path) as marks, marks:
        marks.execute(
            f"INSERT INTO mark ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            tuple(vars(mark).values()),
        )
    return mark


def all_marks(path: Path) -> tuple[Mark, ...]:
    """Every mark, oldest first; none where none was ever made."""
    if not path.is_file():
        return ()
    with _opened(path) as marks:
        return tuple(
            Mark(*row) for row in marks.execute(f"SELECT {_COLUMNS} FROM mark ORDER BY number")
        )


def history_of(marks: tuple[Mark, ...], outcome: Outcome) -> tuple[Mark, ...]:
    """The marks of an answer, oldest first, whichever run they were made in."""
    key = outcome.question.question_id, digest_of(outcome)
    return tuple(m for m in marks if (m.question, m.answer) == key)


def newest_marks(marks: tuple[Mark, ...], outcomes: tuple[Outcome, ...]) -> Mapping[str, Mark]:
    """For each answer of a run that was marked, by its question's id, the mark that counts."""
    newest = {(m.question, m.answer): m for m in marks}
    found = {
        o.question.question_id: newest.get((o.question.question_id, digest_of(o))) for o in outcomes
    }
    return {question: mark for question, mark in found.items() if mark is not None}


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The database, made where there is none: write-ahead log, and flushed at every commit."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=10)) as marks:
            marks.execute("PRAGMA journal_mode = WAL")
            marks.execute("PRAGMA synchronous = FULL")
            _make_table(marks, path)
            yield marks
    except (OSError, sqlite3.Error) as error:
        raise EvalError(
            f"{path}: expected to keep marks there, found: {error}; make room, or put a copy of "
            "the file back."
        ) from error


def _make_table(marks: sqlite3.Connection, path: Path) -> None:
    (version,) = marks.execute("PRAGMA user_version").fetchone()
    if version == 0:
        with marks:
            marks.execute("BEGIN IMMEDIATE")
            if not marks.execute("PRAGMA user_version").fetchone()[0]:
                for statement in _TABLE.split(";"):
                    marks.execute(statement)
                marks.execute(f"PRAGMA user_version = {_VERSION}")
    elif version != _VERSION:
        raise EvalError(
            f"{path}: expected marks of version {_VERSION}, found {version}; use the program that "
            "wrote them or move the file away."
        )
