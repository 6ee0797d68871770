"""The folder of a run: written a line at a time so that it can go on, and read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import EvalError
from eval.outcome import Outcome, outcome_from_row
from eval.provenance import changed
from eval.questions import Question, question_from_row
from eval.sets import QuestionSets

ANSWERS, QUESTIONS, INFO = "answers.jsonl", "questions.jsonl", "run.json"
METRICS, REPORT = "metrics.json", "report.html"
Say = Callable[[str], None]


@dataclass(frozen=True)
class StoredRun:
    """A finished run as its folder has it."""

    folder: Path
    info: dict[str, Any]
    metrics: dict[str, Any]
    outcomes: tuple[Outcome, ...]


def begin(folder: Path, info: dict[str, Any], sets: QuestionSets, say: Say) -> dict[str, Outcome]:
    """Make a folder ready for a run; what an interrupted run of the same has already answered.

    Raises:
        EvalError: if the folder cannot be written, or holds something else.
    """
    make_folder(folder)
    before = read_json(folder / INFO) if (folder / INFO).is_file() else {}
    if not before and (folder / ANSWERS).exists():
        raise EvalError(
            f"{folder / ANSWERS}: expected a new folder or that of a run, found answers without "
            f"{INFO}; name another folder with --output."
        )
    rows = [{"set": group, "question": q.to_row()} for group, held in sets.items() for q in held]
    write(folder / QUESTIONS, "".join(_line(row) for row in rows))
    if before.get("key") == info["key"]:
        known = _answered(folder, sets)
        if known:
            say(f"{len(known)} answers are in {folder} already; going on from there.")
            return known
    elif before:
        what = ", ".join(changed(before, info)) or "something"
        say(f"{folder} holds a run with other {what}; starting anew.")
    for name in (METRICS, REPORT):
        (folder / name).unlink(missing_ok=True)
    write(folder / ANSWERS, "")
    write_json(folder / INFO, info)
    return {}


def append(folder: Path, outcome: Outcome) -> None:
    """Add one answer; a run that is cut off keeps all before it."""
    try:
        with (folder / ANSWERS).open("a", encoding="utf-8") as file:
            file.write(_line(outcome.to_row()))
    except OSError as error:
        raise _unwritable(folder / ANSWERS, error) from error


def write_answers(folder: Path, outcomes: Sequence[Outcome]) -> None:
    """Write all answers, in the order of the questions."""
    write(folder / ANSWERS, "".join(_line(o.to_row()) for o in outcomes))


def load_run(folder: Path) -> StoredRun:
    """A finished run.

    Raises:
        EvalError: if the folder holds none.
    """
    for name in (INFO, METRICS, ANSWERS, QUESTIONS):
        if not (folder / name).is_file():
            raise EvalError(
                f"{folder / name}: expected a finished run's file, found none; run "
                f"`kyodo eval run --output {folder}` to its end."
            )
    sets = _read_questions(folder)
    answered = _answered(folder, sets)
    outcomes = [
        answered.get(q.question_id) or Outcome(q, group, {}, (), None, (), "not asked")
        for group, held in sets.items()
        for q in held
    ]
    return StoredRun(folder, read_json(folder / INFO), read_json(folder / METRICS), tuple(outcomes))


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object of a file; raises EvalError where there is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvalError(f"{path}: expected a JSON object, found: {error}") from error
    if not isinstance(value, dict):
        raise EvalError(f"{path}: expected a JSON object, found {type(value).__name__}.")
    return value


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON."""
    write(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def write(path: Path, text: str) -> None:
    """Write a file; raises EvalError where that fails."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from error


def _answered(folder: Path, sets: QuestionSets) -> dict[str, Outcome]:
    """The answers of a folder by question; the last line may have been cut off."""
    asked = {q.question_id: (q, group) for group, held in sets.items() for q in held}
    known: dict[str, Outcome] = {}
    path = folder / ANSWERS
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n") if path.is_file() else []
    lines = [line for line in lines if line]
    kept: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            known[row["id"]] = outcome_from_row(row, *asked[row["id"]])
        except (ValueError, KeyError, TypeError) as error:
            if number == len(lines):
                write(path, "".join(kept))
                break
            raise EvalError(
                f"{path} line {number}: expected an answer of this run, found: {error!r}; name "
                "another folder with --output."
            ) from error
        kept.append(line + "\n")
    return known


def _read_questions(folder: Path) -> dict[str, tuple[Question, ...]]:
    sets: dict[str, list[Question]] = {}
    path = folder / QUESTIONS
    for number, line in enumerate(path.read_text(encoding="utf-8").rstrip("\n").split("\n"), 1):
        where = f"{path} line {number}"
        try:
            row = json.loads(line)
            held = sets.setdefault(row["set"], [])
            held.append(question_from_row(row["question"], where))
        except (ValueError, KeyError, TypeError) as error:
            raise EvalError(f"{where}: expected a question, found: {error!r}") from error
    return {group: tuple(held) for group, held in sets.items()}


def make_folder(folder: Path) -> None:
    """Make a folder for results; raises EvalError where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvalError(
            f"{folder}: expected a folder for the results, found: {error.strerror}; name another."
        ) from error


def _unwritable(path: Path, error: OSError) -> EvalError:
    return EvalError(
        f"{path}: expected a file that can be written, found: {error.strerror}; "
        "name another folder with --output."
    )


def _line(row: object) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"
