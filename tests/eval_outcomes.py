"""Outcomes made by hand, for tests of what is measured on them."""

from __future__ import annotations

from typing import Any

from assistant.datatypes import Turn
from eval.outcome import Found, Outcome
from eval.questions import Place, Question

HANA = Place("第6条", "machi-jorei")
SHIME = Place("申請 › 締切", "tebiki")


def question(question_id: str = "q-1", **changes: Any) -> Question:
    """A question with two answering places, two key points and one string that is wrong."""
    values: dict[str, Any] = {
        "question_id": question_id,
        "question": "花壇の手入れは、いつまでに申し込めますか。",
        "language": "ja",
        "kind": "procedure",
        "style": "plain",
        "answers": (HANA, SHIME),
        "key_points": (("9月30日", "30 September"), ("町内会",)),
        "must_not": ("10月",),
        "refuse": False,
        "history": (Turn("user", "前の質問"),),
    }
    return Question(**{**values, **changes})


def citation(document: str = "machi-jorei", locator: str = "第6条", quote: str = "花壇") -> Any:
    """A citation as an answer's JSON has it."""
    return {"number": 1, "document_id": document, "locator": locator, "quote": quote}


def answer(text: str = "9月30日までに、町内会が申し込みます。", **changes: Any) -> dict[str, Any]:
    """An answer's JSON with one citation."""
    values: dict[str, Any] = {
        "answer": text,
        "status": "answered",
        "verdict": None,
        "statements": [{"text": text, "citations": [1], "verified": True}],
        "citations": [citation()],
        "timings_ms": {"total": 10.0},
    }
    return {**values, **changes}


def refusal() -> dict[str, Any]:
    """The JSON of an answer that refuses."""
    return answer(
        "資料には、9月30日の町内会の定めがありません。",
        status="no_answer",
        statements=[],
        citations=[],
    )


def outcome(
    asked: Question | None = None, given: dict[str, Any] | None = None, **changes: Any
) -> Outcome:
    """An outcome: by default a good answer to ``question()``."""
    given = answer() if given is None else given
    values: dict[str, Any] = {
        "question": asked or question(),
        "group": "set",
        "answer": given,
        "found": (Found("p1", "u1", "machi-jorei", "第6条"),),
        "confidence": 0.9,
        "exact": tuple(True for _ in given.get("citations", ())),
    }
    return Outcome(**{**values, **changes})
