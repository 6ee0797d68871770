"""Feedback on one answer, as it is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from assistant.errors import AssistantError

Verdict = Literal["right", "wrong"]
State = Literal["open", "done"]
PartKind = Literal["statement", "citation", "verdict", "refusal", "missing", "other"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
STATES: tuple[State, ...] = get_args(State)
PART_KINDS: tuple[PartKind, ...] = get_args(PartKind)
NUMBERED: tuple[PartKind, ...] = ("statement", "citation")
LONGEST = 2_000
"""Characters that a comment, what would be right, or a note may have."""
_PART = re.compile(r"([a-z]+)(?::([1-9]\d{0,2}))?")


class FeedbackError(AssistantError):
    """Feedback that cannot be kept, with the sentence that says why."""


@dataclass(frozen=True)
class Part:
    """What of an answer is wrong.

    ``number``: of the statement, from 1 in the order of ``statements``, or of the citation;
    0 for the other kinds.
    """

    kind: PartKind
    number: int = 0

    def __str__(self) -> str:
        """As it is kept: ``statement:2``, ``refusal``."""
        return f"{self.kind}:{self.number}" if self.number else self.kind


@dataclass(frozen=True)
class Said:
    """What a person says of an answer.

    Attributes:
        verdict: right or wrong.
        parts: which parts are wrong; none where it is right.
        comment: what is wrong with them.
        better: what would be right.
    """

    verdict: Verdict
    parts: tuple[Part, ...] = ()
    comment: str = ""
    better: str = ""


@dataclass(frozen=True)
class Feedback:
    """What was said of an answer, by whom, and what became of it.

    Attributes:
        feedback_id: of this feedback alone.
        person_id: who said it.
        section: the section that they worked in then, "" where unknown.
        at: ISO time in UTC when it was first said.
        changed_at: when it was last changed by them.
        said: what they say.
        whole: ``Asked.to_dict()`` of the answer, as it was when this was said.
        state: open, or done: dealt with.
        note: what became of it, in the owner's words.
        handled_by: the name of who set the state, "" where nobody has.
        handled_at: ISO time in UTC of that, "" where nobody has.
    """

    feedback_id: str
    person_id: str
    section: str
    at: str
    changed_at: str
    said: Said
    whole: Mapping[str, Any]
    state: State = "open"
    note: str = ""
    handled_by: str = ""
    handled_at: str = ""

    @property
    def answer(self) -> Mapping[str, Any]:
        """The answer, as the JSON contract has it."""
        answer: Mapping[str, Any] = self.whole["answer"]
        return answer

    @property
    def answer_id(self) -> str:
        """The answer that it is about."""
        return str(self.whole["answer_id"])

    @property
    def question(self) -> str:
        """What was asked."""
        return str(self.answer["question"])

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON, for a line of an export. Who said it is not named."""
        return {
            "feedback_id": self.feedback_id,
            "at": self.at,
            "changed_at": self.changed_at,
            "section": self.section,
            "verdict": self.said.verdict,
            "parts": [str(part) for part in self.said.parts],
            "comment": self.said.comment,
            "better": self.said.better,
            "state": self.state,
            "note": self.note,
            "handled_by": self.handled_by,
            "handled_at": self.handled_at,
            "index": self.answer["index"],
            "asked": {k: v for k, v in self.whole.items() if k != "person_id"},
        }


def read_parts(texts: Sequence[str], answer: Mapping[str, Any]) -> tuple[Part, ...]:
    """The parts that texts name, each once, in the order of their kinds and numbers.

    Args:
        texts: such as ``statement:2``.
        answer: the answer that they are parts of.

    Raises:
        FeedbackError: a text names no part of the answer.
    """
    found = {_read_part(text, answer) for text in texts}
    return tuple(sorted(found, key=lambda part: (PART_KINDS.index(part.kind), part.number)))


def _read_part(text: str, answer: Mapping[str, Any]) -> Part:
    match = _PART.fullmatch(text)
    kind = next((k for k in PART_KINDS if match and k == match[1]), None)
    number = int(match[2] or 0) if match else 0
    if kind is None or (kind in NUMBERED) != bool(number) or not _is_there(kind, number, answer):
        raise FeedbackError(
            f"Expected a part of the answer, found {text[:40]!r}; choose one of those on the form."
        )
    return Part(kind, number)


def _is_there(kind: PartKind, number: int, answer: Mapping[str, Any]) -> bool:
    if kind == "statement":
        return number <= len(answer["statements"])
    if kind == "citation":
        return any(c["number"] == number for c in answer["citations"])
    return kind != "verdict" or bool(answer.get("verdict"))
