"""What an answer is measured by. A question without a result counts as 0, never as nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.datatypes import Answer
from corpus.datatypes import Passage
from eval.questions import Question, fold

_RESAMPLES = 2_000


@dataclass(frozen=True)
class Figure:
    """A mean over questions with its 95 % bootstrap interval (percentile method)."""

    value: float
    low: float
    high: float
    count: int


def mean(values: Sequence[float], seed: int = 0) -> Figure:
    """The mean of values with its interval; zeros where there are none."""
    if not values:
        return Figure(0.0, 0.0, 0.0, 0)
    array = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(seed).integers(0, len(array), (_RESAMPLES, len(array)))
    low, high = np.percentile(array[drawn].mean(axis=1), [2.5, 97.5])
    return Figure(float(array.mean()), float(low), float(high), len(array))


def success_at(question: Question, passages: Sequence[Passage], k: int) -> float:
    """1 if one of the first k passages stands where an answer stands, else 0.

    Others call this hit rate, or recall@k for questions with a single answer.
    """
    found = any(place.holds(p) for p in passages[:k] for place in question.answers)
    return 1.0 if found else 0.0


def reciprocal_rank(question: Question, passages: Sequence[Passage]) -> float:
    """1 / the rank of the first passage that answers; 0 where none does."""
    for rank, passage in enumerate(passages, 1):
        if any(place.holds(passage) for place in question.answers):
            return 1.0 / rank
    return 0.0


def citation_precision(question: Question, answer: Answer) -> float:
    """Share of the citations that stand where an answer stands; 0 for none.

    ALCE asks instead whether each citation entails its statement; here a quote is its
    statement's own words, so what is left to ask is whether it is to the point.
    """
    cited = [c.passage for c in answer.citations]
    good = sum(any(place.holds(p) for place in question.answers) for p in cited)
    return good / len(cited) if cited else 0.0


def key_point_coverage(question: Question, answer: Answer) -> float:
    """Share of the key points that the answer or its quotes hold; 1 where none are asked."""
    if not question.key_points:
        return 1.0
    parts = [answer.text, *(c.quote for c in answer.citations)]
    said = fold("\n".join(parts))
    held = sum(any(fold(form) in said for form in group) for group in question.key_points)
    return held / len(question.key_points)


def contradicts(question: Question, answer: Answer) -> float:
    """1 if the answer holds a string that it must not hold, else 0."""
    said = fold(answer.text)
    return 1.0 if any(fold(form) in said for form in question.must_not) else 0.0


def quotes_exact(answer: Answer) -> float:
    """Share of the citations whose quote is its passage's text at its offsets; 1 for none."""
    if not answer.citations:
        return 1.0
    exact = sum(
        c.quote != "" and c.quote == c.passage.text[c.start : c.end] for c in answer.citations
    )
    return exact / len(answer.citations)


def verified_share(answer: Answer) -> float:
    """Share of the statements that passed the quote gate; 1 for none."""
    if not answer.statements:
        return 1.0
    return sum(s.verified for s in answer.statements) / len(answer.statements)
