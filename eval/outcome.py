"""What came of one question: kept as a line of ``answers.jsonl``, measured from there alone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from eval.questions import Place, Question


@dataclass(frozen=True)
class Found:
    """One unit that the search found: its passage, its unit's id, and where it stands."""

    passage_id: str
    unit: str
    document: str
    locator: str


@dataclass(frozen=True)
class Outcome:
    """One question with what was found and answered.

    Attributes:
        question: what was asked and what is right.
        group: the name of the file of questions that it comes from.
        answer: the answer as the JSON contract has it; {} where the assistant gave none.
        found: what the search found, best first.
        confidence: the probability, 0 to 1, that the assistant gave to its being answerable;
            None where it gave none: a decision guide answered, or nothing did.
        exact: for each citation whether the passage in the index reads as quoted.
        error: why there is no answer, "" where there is one.
        seconds: how long asking, searching and weighing took together.
    """

    question: Question
    group: str
    answer: dict[str, Any]
    found: tuple[Found, ...]
    confidence: float | None
    exact: tuple[bool, ...]
    error: str = ""
    seconds: float = 0.0

    @property
    def refused(self) -> bool:
        """Whether the assistant said that the documents do not answer."""
        return self.answer.get("status") == "no_answer"

    @property
    def citations(self) -> list[dict[str, Any]]:
        """The citations of the answer."""
        return list(self.answer.get("citations", ()))

    @property
    def said(self) -> str:
        """The answer's text and its quotes."""
        return "\n".join([self.answer.get("answer", ""), *(c["quote"] for c in self.citations)])

    def to_row(self) -> dict[str, Any]:
        """The line of ``answers.jsonl``: the answer's own keys, and ours under ``run``."""
        run = {
            "found": [asdict(f) for f in self.found],
            "confidence": self.confidence,
            "exact": list(self.exact),
            "error": self.error,
            "seconds": self.seconds,
        }
        return {"id": self.question.question_id, **self.answer, "run": run}


def outcome_from_row(row: dict[str, Any], question: Question, group: str) -> Outcome:
    """The outcome that ``to_row`` wrote; raises KeyError or TypeError where it is none."""
    run = row["run"]
    answer = {key: value for key, value in row.items() if key not in ("id", "run")}
    return Outcome(
        question=question,
        group=group,
        answer=answer,
        found=tuple(Found(**f) for f in run["found"]),
        confidence=None if run["confidence"] is None else float(run["confidence"]),
        exact=tuple(run["exact"]),
        error=run["error"],
        seconds=float(run["seconds"]),
    )


def answers_at(place: Place, citation: dict[str, Any]) -> bool:
    """Whether a citation stands at a place."""
    return place.covers(citation["document_id"], citation["locator"])
