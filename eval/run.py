"""A question set through the search and the assistant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.datatypes import Answer
from assistant.pipeline import Assistant
from corpus.datatypes import Passage
from eval import metrics
from eval.metrics import Figure, mean
from eval.questions import Question
from index.search import Mode

DEPTH = 10


@dataclass(frozen=True)
class Result:
    """One question with what was found and answered."""

    question: Question
    passages: tuple[Passage, ...]
    answer: Answer


def run(
    assistant: Assistant,
    questions: Sequence[Question],
    mode: Mode = "both",
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[Result, ...]:
    """Ask every question, in order.

    Args:
        assistant: what answers.
        questions: the set.
        mode: which rankings the search measured uses (the answer always uses both).
        progress: called with the number of questions done.
    """
    results = []
    for done, question in enumerate(questions, 1):
        answer = assistant.ask(question.question, question.history)
        hits = assistant.index.search(answer.query.standalone, DEPTH, mode=mode).hits
        results.append(Result(question, tuple(h.passage for h in hits), answer))
        progress(done)
    return tuple(results)


def summarise(results: Sequence[Result]) -> dict[str, dict[str, Any]]:
    """The figures of a run: for all questions, and for each language."""
    groups = {"all": list(results)}
    for result in results:
        groups.setdefault(result.question.language, []).append(result)
    return {name: _figures(group) for name, group in groups.items()}


def _figures(results: Sequence[Result]) -> dict[str, Any]:
    asked = [r for r in results if not r.question.refuse]
    answered = [r for r in asked if r.answer.status != "no_answer"]
    total = [r.answer.timings_ms.get("total", 0.0) for r in results]
    figures = {
        "success@1": mean([metrics.success_at(r.question, r.passages, 1) for r in asked]),
        "success@5": mean([metrics.success_at(r.question, r.passages, 5) for r in asked]),
        "rr": mean([metrics.reciprocal_rank(r.question, r.passages) for r in asked]),
        "citation_precision": mean(
            [metrics.citation_precision(r.question, r.answer) for r in answered]
        ),
        "key_points": mean([metrics.key_point_coverage(r.question, r.answer) for r in asked]),
        "contradiction": mean([metrics.contradicts(r.question, r.answer) for r in results]),
        "quotes_exact": mean([metrics.quotes_exact(r.answer) for r in results]),
        "verified": mean([metrics.verified_share(r.answer) for r in results]),
        "language_right": mean(
            [float(r.answer.query.language == r.question.language) for r in results]
        ),
    }
    return {
        **{name: _rounded(figure) for name, figure in figures.items()},
        **refusal(results),
        "questions": len(results),
        "latency_ms": {
            "median": round(float(np.median(total)), 2) if total else 0.0,
            "p95": round(float(np.percentile(total, 95)), 2) if total else 0.0,
        },
    }


def refusal(results: Sequence[Result]) -> dict[str, float]:
    """Precision, recall and F1 of refusing, and the share of answerable questions refused."""
    refused = [r for r in results if r.answer.status == "no_answer"]
    wanted = [r for r in results if r.question.refuse]
    right = sum(r.question.refuse for r in refused)
    precision = right / len(refused) if refused else 0.0
    recall = right / len(wanted) if wanted else 0.0
    both = precision + recall
    answerable = len(results) - len(wanted)
    return {
        "refusal_precision": round(precision, 4),
        "refusal_recall": round(recall, 4),
        "refusal_f1": round(2 * precision * recall / both, 4) if both else 0.0,
        "wrongly_refused": round((len(refused) - right) / answerable, 4) if answerable else 0.0,
    }


def _rounded(figure: Figure) -> dict[str, float]:
    return {
        "value": round(figure.value, 4),
        "low": round(figure.low, 4),
        "high": round(figure.high, 4),
        "count": figure.count,
    }
