"""A question for the evaluation, as far as feedback on an answer tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.feedback.datatypes import Feedback

Use = str
USES: tuple[Use, ...] = ("answers", "supports", "")
"""What a cited passage is to the question: it answers, it may stand beside the answer, neither."""


@dataclass(frozen=True)
class Passage:
    """A passage that the answer cited, by its place, and what it is to be to the question."""

    document: str
    locator: str
    title: str
    quote: str
    use: Use
    called_wrong: bool = False


@dataclass(frozen=True)
class Draft:
    """A question as the form is filled in.

    ``more`` are further places that answer, and ``key_points`` and ``must_not`` what a right
    answer holds and does not: lines as they are typed.
    """

    question_id: str
    question: str
    language: str
    kind: str
    refuse: bool
    passages: tuple[Passage, ...] = ()
    more: str = ""
    key_points: str = ""
    must_not: str = ""
    verdicts: tuple[str, ...] = ()

    def to_row(self) -> dict[str, Any]:
        """The question as a line of a question set.

        A question to be refused has no places, whatever is chosen: that is what refusing means.
        """
        answers = [_place(p) for p in self.passages if p.use == "answers"]
        answers += [_typed(line) for line in lines_of(self.more)]
        supports = [_place(p) for p in self.passages if p.use == "supports"]
        return {
            "id": self.question_id,
            "question": self.question,
            "language": self.language,
            "kind": self.kind,
            "style": "plain",
            "answers": [] if self.refuse else answers,
            "supports": supports if answers and not self.refuse else [],
            "key_points": [_wordings(line) for line in lines_of(self.key_points)],
            "must_not": lines_of(self.must_not),
            "refuse": self.refuse,
            "verdicts": [] if self.refuse else list(self.verdicts),
        }


def draft_of(given: Feedback) -> Draft:
    """What feedback tells of the question that it was about.

    The question is the one that stands alone, so that it needs no conversation before it. What
    the conclusion cites answers it, what else was cited may stand beside; what was called wrong
    does neither.
    """
    answer = given.answer
    kinds = {part.kind for part in given.said.parts}
    refuse = answer["status"] == "no_answer" if given.said.verdict == "right" else False
    refuse = refuse or ("missing" in kinds and "refusal" not in kinds)
    return Draft(
        question_id=f"office-{given.feedback_id[:12]}",
        question=answer["standalone_question"] or answer["question"],
        language=answer["language"],
        kind=answer["kind"],
        refuse=refuse,
        passages=_passages(given),
        verdicts=_verdicts(given),
    )


def lines_of(text: str) -> list[str]:
    """The lines of a text that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _verdicts(given: Feedback) -> tuple[str, ...]:
    """The verdict of an answer that is right; of one that is wrong nobody knows which is."""
    verdict = given.answer.get("verdict")
    return (str(verdict["value"]),) if verdict and given.said.verdict == "right" else ()


def _passages(given: Feedback) -> tuple[Passage, ...]:
    answer = given.answer
    wrong = {p.number for p in given.said.parts if p.kind == "citation"}
    statements = [s for s in answer["statements"] if s["verified"] and s["citations"]]
    decisive = _decisive(statements)
    found: dict[tuple[str, str], Passage] = {}
    for cited in answer["citations"]:
        called = cited["number"] in wrong
        use = "" if called else "answers" if cited["number"] in decisive else "supports"
        place = cited["document_id"], cited["locator"]
        found.setdefault(
            place, Passage(*place, cited["title"], cited["quote"], use, called_wrong=called)
        )
    return tuple(found.values())


def _decisive(statements: Sequence[Mapping[str, Any]]) -> set[int]:
    """The citations of the conclusion; of the first statement where there is none."""
    concluding = [s for s in statements if s["role"] == "conclusion"] or statements[:1]
    return {number for s in concluding for number in s["citations"]}


def _place(passage: Passage) -> dict[str, str]:
    return {"document": passage.document, "locator": passage.locator}


def _typed(line: str) -> dict[str, str]:
    document, mark, locator = line.partition(">>")
    if not mark:
        return {"document": "", "locator": line}
    return {"document": document.strip(), "locator": locator.strip()}


def _wordings(line: str) -> list[str]:
    parts = line.replace("｜", "|").split("|")
    return [part.strip() for part in parts if part.strip()]
