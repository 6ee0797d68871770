"""Question sets: JSON Lines, validated with file and line."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.datatypes import Turn
from corpus.datatypes import Passage
from eval.errors import EvalError

FOLDER = Path(__file__).with_name("questions")
_KEYS = frozenset(
    [
        "id",
        "question",
        "language",
        "kind",
        "style",
        "answers",
        "passage_contains",
        "key_points",
        "must_not",
        "refuse",
        "history",
        "standalone",
    ]
)


@dataclass(frozen=True)
class Place:
    """Where an answer stands: a locator or the beginning of one, and its document ("" any)."""

    locator: str
    document: str = ""

    def holds(self, passage: Passage) -> bool:
        """Whether a passage stands there, so that cutting passages anew breaks nothing."""
        same = self.document in ("", passage.document.document_id)
        return same and fold(passage.locator).startswith(fold(self.locator))


@dataclass(frozen=True)
class Question:
    """One question with what a right answer is.

    ``key_points``: of each inner tuple at least one string must stand in the answer.
    """

    question_id: str
    question: str
    language: str
    kind: str
    style: str
    answers: tuple[Place, ...]
    key_points: tuple[tuple[str, ...], ...]
    must_not: tuple[str, ...]
    refuse: bool
    history: tuple[Turn, ...]
    standalone: str = ""


def fold(text: str) -> str:
    """NFKC, lower case, white space folded away: how strings of a set are compared."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def load_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a file.

    Raises:
        EvalError: on the first line that is no question, naming file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvalError(f"{path}: expected questions as JSON Lines, found: {error}") from error
    questions = [
        _question(line, f"{path.name} line {number}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    ids = [q.question_id for q in questions]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise EvalError(f"{path.name}: ids must be unique; these are not: {', '.join(twice)}")
    return tuple(questions)


def _question(line: str, where: str) -> Question:
    try:
        row: dict[str, Any] = json.loads(line)
        unknown = sorted(set(row) - _KEYS)
        if unknown:
            raise EvalError(f"{where}: unknown keys {', '.join(unknown)}.")
        question = Question(
            question_id=row["id"],
            question=row["question"],
            language=row["language"],
            kind=row["kind"],
            style=row.get("style", "plain"),
            answers=tuple(Place(a["locator"], a.get("document", "")) for a in row["answers"]),
            key_points=tuple(tuple(group) for group in row.get("key_points", ())),
            must_not=tuple(row.get("must_not", ())),
            refuse=bool(row["refuse"]),
            history=tuple(Turn(t["role"], t["content"]) for t in row.get("history", ())),
            standalone=row.get("standalone", ""),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise EvalError(f"{where}: expected a question, found: {error!r}") from error
    if not question.answers and not question.refuse:
        raise EvalError(f"{where}: a question that is to be answered needs its answers.")
    return question
