"""Why a question needs a look: what its measures say, named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.outcome import Outcome
from eval.questions import fold

NOTES = frozenset({"cites_beside"})
"""Reasons that are told and do not make an answer wrong."""

GRAVEST = (
    "error",
    "inexact",
    "contradicts",
    "should_refuse",
    "verdict",
    "wrongly_refused",
    "not_cited",
)
"""What harms a reader most, first: an invented answer before one that is missing."""


@dataclass(frozen=True)
class Reason:
    """A reason by its name in ``page/words.toml``, and what it speaks of."""

    name: str
    detail: str = ""


def reasons(outcome: Outcome, values: Mapping[str, float]) -> tuple[Reason, ...]:
    """Why an answer needs a look, gravest first; () where nothing was found.

    Args:
        outcome: the question and its answer.
        values: the measures that apply to it.
    """
    if outcome.error or not outcome.answer:
        return (Reason("error", outcome.error),)
    lost = values.get("success@5") == 0.0
    if values.get("wrongly_refused") == 1.0:
        return (Reason("wrongly_refused"), *([Reason("not_found")] if lost else []))
    if outcome.question.refuse and not outcome.refused:
        return (Reason("should_refuse"), *_content(outcome, values))
    found = [Reason("not_found")] if lost else []
    uncited = values.get("citation_recall") == 0.0
    if uncited:
        found.append(Reason("not_cited"))
    found += _content(outcome, values)
    if not uncited and values.get("citation_precision", 1.0) < 1.0:
        found.append(Reason("cites_beside"))
    return tuple(found)


def needs_a_look(found: tuple[Reason, ...]) -> bool:
    """Whether any of the reasons is more than a note."""
    return any(reason.name not in NOTES for reason in found)


def gravity(found: tuple[Reason, ...]) -> int:
    """Where a question comes in a list of the gravest first: 0 to ``len(GRAVEST)`` + 2."""
    names = {reason.name for reason in found}
    for place, name in enumerate(GRAVEST):
        if name in names:
            return place
    return len(GRAVEST) + (0 if needs_a_look(found) else 1 + (not found))


def _content(outcome: Outcome, values: Mapping[str, float]) -> tuple[Reason, ...]:
    """What is wrong with what the answer says."""
    question, said = outcome.question, fold(outcome.said)
    verdict = (outcome.answer.get("verdict") or {}).get("value", "—")
    missing = [g[0] for g in question.key_points if not any(fold(form) in said for form in g)]
    wrong = [form for form in question.must_not if fold(form) in said]
    found = [
        ("missing", values.get("key_points", 1.0) < 1.0, " / ".join(missing)),
        ("contradicts", values.get("contradiction", 0.0) > 0.0, " / ".join(wrong)),
        ("verdict", values.get("verdict", 1.0) < 1.0, str(verdict)),
        ("inexact", values.get("quotes_exact", 1.0) < 1.0, ""),
        ("unverified", values.get("verified", 1.0) < 1.0, ""),
        ("language", values.get("language_right", 1.0) < 1.0, ""),
    ]
    return tuple(Reason(name, detail) for name, holds, detail in found if holds)
