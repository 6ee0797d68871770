"""Question sets: JSON Lines, validated with file and line."""

from __future__ import annotations

import datetime
import json
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from assistant.datatypes import Kind, Language, Role, Turn
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
        "supports",
        "passage_contains",
        "key_points",
        "must_not",
        "refuse",
        "history",
        "standalone",
        "verdicts",
        "as_of",
    ]
)
_CASE_KEYS = frozenset(["id", "language", "guide", "question", "accept", "criteria", "tags", "why"])
_LANGUAGES = frozenset(get_args(Language))
KINDS: tuple[Kind, ...] = get_args(Kind)
_ROLES = frozenset(get_args(Role))
VERDICTS = frozenset({"likely", "depends", "unlikely"})


@dataclass(frozen=True)
class Place:
    """Where an answer stands: a locator or the beginning of one, and its document ("" any).

    Places of one ``group`` say the same, so that one of them is enough; "" stands by itself.
    """

    locator: str
    document: str = ""
    group: str = ""

    def holds(self, passage: Passage) -> bool:
        """Whether a passage stands there, so that cutting passages anew breaks nothing."""
        return self.covers(passage.document.document_id, passage.locator)

    def covers(self, document_id: str, locator: str) -> bool:
        """The same for a passage known by its document and its locator alone."""
        same = self.document in ("", document_id)
        return same and fold(locator).startswith(fold(self.locator))


@dataclass(frozen=True)
class Question:
    """One question with what a right answer is.

    ``answers``: where what was asked for stands.
    ``supports``: what may rightly stand beside it, such as a condition or the term's definition.
    ``key_points``: of each inner tuple at least one string must stand in the answer.
    ``verdicts``: the acceptable values where the answer must weigh a case, else empty.
    ``as_of``: the ISO date that it is asked for, "" for the day of the run.
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
    verdicts: tuple[str, ...] = ()
    as_of: str = ""
    supports: tuple[Place, ...] = ()

    def to_row(self) -> dict[str, Any]:
        """The question as a line of a question set."""
        return {
            "id": self.question_id,
            "question": self.question,
            "language": self.language,
            "kind": self.kind,
            "style": self.style,
            "answers": [asdict(p) for p in self.answers],
            "supports": [asdict(p) for p in self.supports],
            "key_points": [list(group) for group in self.key_points],
            "must_not": list(self.must_not),
            "refuse": self.refuse,
            "history": [{"role": t.role, "content": t.content} for t in self.history],
            "standalone": self.standalone,
            "verdicts": list(self.verdicts),
            "as_of": self.as_of,
        }


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
    check_unique(questions, path)
    return tuple(questions)


def check_unique(questions: Sequence[Question], path: Path) -> None:
    """Raise EvalError where two questions of a file have one id."""
    ids = [q.question_id for q in questions]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise EvalError(f"{path.name}: ids must be unique; these are not: {', '.join(twice)}")


def _question(line: str, where: str) -> Question:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise EvalError(f"{where}: expected JSON, found: {error}; correct the line.") from error
    return question_from_row(row, where)


def question_from_row(row: Any, where: str) -> Question:
    """A question from its keys.

    Args:
        row: the keys and values.
        where: file and line, for errors.

    Raises:
        EvalError: where it is no question, saying which key and what was expected.
    """
    if not isinstance(row, dict):
        raise EvalError(f"{where}: expected a JSON object, found {type(row).__name__}.")
    if "accept" in row:
        row = _from_case(row, where)
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise EvalError(f"{where}: unknown keys {', '.join(unknown)}; remove or rename them.")
    try:
        question = Question(
            question_id=row["id"],
            question=row["question"],
            language=row["language"],
            kind=row["kind"],
            style=row.get("style", "plain"),
            answers=_places(row["answers"]),
            key_points=tuple(tuple(group) for group in row.get("key_points", ())),
            must_not=tuple(row.get("must_not", ())),
            refuse=row["refuse"],
            history=tuple(Turn(t["role"], t["content"]) for t in row.get("history", ())),
            standalone=row.get("standalone", ""),
            verdicts=tuple(row.get("verdicts", ())),
            as_of=row.get("as_of", ""),
            supports=_places(row.get("supports", ())),
        )
    except KeyError as error:
        raise EvalError(f"{where}: expected the key {error}, found none; add it.") from error
    except (TypeError, AttributeError) as error:
        raise EvalError(f"{where}: expected a question, found a wrong type: {error}") from error
    _check(question, row, where)
    return question


def _places(entries: Sequence[dict[str, str]]) -> tuple[Place, ...]:
    return tuple(Place(e["locator"], e.get("document", ""), e.get("group", "")) for e in entries)


def _from_case(row: dict[str, Any], where: str) -> dict[str, Any]:
    """A line of a file of cases as a question: what counts is the verdict."""
    unknown = sorted(set(row) - _CASE_KEYS)
    if unknown:
        raise EvalError(f"{where}: unknown keys {', '.join(unknown)}; remove or rename them.")
    kept: dict[str, Any] = {
        name: row[name] for name in ("id", "language", "question") if name in row
    }
    return {**kept, "kind": "counts", "answers": [], "refuse": False, "verdicts": row["accept"]}


def _check(question: Question, row: dict[str, Any], where: str) -> None:
    """Raise EvalError on a value that no question can have."""
    _check_types(question, row, where)
    _one_of(question.language, _LANGUAGES, "language", where)
    _one_of(question.kind, KINDS, "kind", where)
    for verdict in question.verdicts:
        _one_of(verdict, VERDICTS, "verdicts", where)
    for turn in question.history:
        _one_of(turn.role, _ROLES, "role in history", where)
    if question.as_of and not _is_date(question.as_of):
        raise EvalError(f"{where}: expected as_of as YYYY-MM-DD, found {question.as_of!r}.")
    if not question.answers and not question.refuse and not question.verdicts:
        raise EvalError(f"{where}: a question that is to be answered needs its answers.")
    if question.answers and question.refuse:
        raise EvalError(f"{where}: a question to be refused has no answers; empty one of them.")
    if question.supports and not question.answers:
        raise EvalError(f"{where}: supports stand beside answers; name the answers too.")


def _check_types(question: Question, row: dict[str, Any], where: str) -> None:
    for name in ("id", "question"):
        if not isinstance(row[name], str) or not row[name].strip():
            raise EvalError(f"{where}: expected {name} as text, found {row[name]!r}.")
    if not isinstance(question.refuse, bool):
        raise EvalError(f"{where}: expected refuse as true or false, found {question.refuse!r}.")
    for name in ("key_points", "must_not", "verdicts", "answers", "supports"):
        if not isinstance(row.get(name, []), list):
            raise EvalError(f"{where}: expected {name} as a list, found {row[name]!r}.")
    if any(isinstance(group, str) for group in row.get("key_points", ())):
        raise EvalError(f"{where}: expected key_points as a list of lists of strings.")
    strings = [*question.must_not, *(form for group in question.key_points for form in group)]
    if not all(isinstance(form, str) and fold(form) for form in strings):
        raise EvalError(f"{where}: key_points and must_not hold an empty or non-text string.")


def _one_of(value: object, known: Collection[str], name: str, where: str) -> None:
    if value not in known:
        raise EvalError(
            f"{where}: expected {name} to be one of {', '.join(sorted(known))}, found {value!r}."
        )


def _is_date(text: object) -> bool:
    try:
        return datetime.date.fromisoformat(str(text)).isoformat() == text
    except ValueError:
        return False
