"""Files of questions, loaded together: JSON Lines, or CSV as a spreadsheet saves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.errors import EvalError
from eval.questions import FOLDER, Question, load_questions
from eval.spreadsheet import load_csv

DEFAULT = ("policy-dev", "outside-dev", "followups")
FITTED = (
    *DEFAULT,
    "outside-dev-more",
    "policy-dev-more",
    "outside-dev-near",
    "policy-dev-desk",
    "outside-dev-desk",
)
"""What the refusal is fitted on: with more near misses than a run asks by default."""
QuestionSets = Mapping[str, tuple[Question, ...]]
"""The questions of each file, by its name without suffix."""


def files_of(paths: Sequence[Path] | None) -> tuple[Path, ...]:
    """The files named, or the development sets where none is."""
    return tuple(paths or (FOLDER / f"{name}.jsonl" for name in DEFAULT))


def load_sets(files: Sequence[Path]) -> dict[str, tuple[Question, ...]]:
    """The questions of each file by its name, their ids unique over all of them.

    Raises:
        EvalError: on the first line or row that is no question, on an id or a name that is
            there twice, and where there is no question at all.
    """
    sets: dict[str, tuple[Question, ...]] = {}
    taken: dict[str, Path] = {}
    for path in files:
        if path.stem in sets:
            raise EvalError(f"{path}: another file of questions has this name; rename one.")
        load = load_csv if path.suffix.lower() == ".csv" else load_questions
        sets[path.stem] = load(path)
        for question in sets[path.stem]:
            other = taken.setdefault(question.question_id, path)
            if other != path:
                raise EvalError(
                    f"{path}: the id {question.question_id} stands in {other} too; ids must be "
                    "unique over all files, change one."
                )
    if not taken:
        raise EvalError(f"{', '.join(map(str, files))}: expected questions, found none.")
    return sets
