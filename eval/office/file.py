"""The file of the office's own questions: only ever whole, and only ever good questions."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eval.errors import EvalError
from eval.questions import Question, load_questions, question_from_row

NAME = "office.jsonl"
_LOCK = ".office.lock"


def office_file(home: Path) -> Path:
    """Where the questions are kept in the data folder."""
    return home / "questions" / NAME


def office_questions(home: Path) -> tuple[Question, ...]:
    """The questions, in the order in which they were added; none where there is no file.

    Raises:
        EvalError: the file holds something else, naming the line.
    """
    path = office_file(home)
    return load_questions(path) if path.is_file() else ()


def add_question(home: Path, row: Mapping[str, Any]) -> Question:
    """Add a question; it is on the disk when this returns.

    The file is written aside and put in its place in one step: whoever reads it, or whatever
    ends this process, finds the questions before or the questions after.

    Args:
        home: the data folder.
        row: its keys, as a line of a question set has them.

    Raises:
        EvalError: it is no question, its id is taken, or the file cannot be read or written.
    """
    question = question_from_row(dict(row), "the new question")
    path = office_file(home)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _held(path.with_name(_LOCK)):
            known = office_questions(home)
            if question.question_id in {q.question_id for q in known}:
                raise EvalError(
                    f"{path}: expected a new id, found a question {question.question_id!r}; "
                    "change that one."
                )
            before = path.read_text(encoding="utf-8") if path.is_file() else ""
            if before and not before.endswith("\n"):
                before += "\n"
            _replace(path, before + json.dumps(question.to_row(), ensure_ascii=False) + "\n")
    except OSError as error:
        raise EvalError(
            f"{path}: expected to add a question, found: {error}; make room, or let kyodo write "
            "there."
        ) from error
    return question


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Only one at a time, in whichever process."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{NAME}-", delete=False
    ) as written:
        try:
            written.write(text)
            written.flush()
            os.fsync(written.fileno())
            os.replace(written.name, path)
        except BaseException:
            os.unlink(written.name)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
