"""Refusing, measured over a set: precision, recall and F1, and the curve over thresholds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from eval.outcome import Outcome
from eval.sampling import Figure, Values, figure_of, resampled

_STEPS = 19


def refusal_figures(
    outcomes: Sequence[Outcome], weights: Values | None = None
) -> dict[str, Figure]:
    """Precision, recall and F1 of refusing, with intervals.

    The positive class is refusing: precision is the share of the refusals that were right,
    recall the share of the unanswerable questions that were refused, F1 their harmonic mean.
    SQuAD 2.0 scores a refusal as an answer of its own (EM/F1 over all questions), and others
    report accuracy (``refusal_right``): both hide which of the two errors was made. Without a
    refusal precision is 0; without a question to refuse all are 0. ``count`` is the number of
    questions to refuse.
    """
    refused = np.array([o.refused for o in outcomes], dtype=float)
    wanted = np.array([o.question.refuse for o in outcomes], dtype=float)
    count = int(wanted.sum())
    if not count:
        return dict.fromkeys(
            ("refusal_precision", "refusal_recall", "refusal_f1"), Figure(0.0, 0.0, 0.0, 0)
        )
    drawn = resampled(len(outcomes)) if weights is None else weights
    one = np.ones((1, len(outcomes)))
    values = _scores(one @ (refused * wanted), one @ refused, one @ wanted)
    draws = _scores(drawn @ (refused * wanted), drawn @ refused, drawn @ wanted)
    names = ("refusal_precision", "refusal_recall", "refusal_f1")
    return {
        name: figure_of(float(value[0]), draw, count)
        for name, value, draw in zip(names, values, draws, strict=True)
    }


def refusal_curve(outcomes: Sequence[Outcome], threshold: float) -> dict[str, dict[str, float]]:
    """What each threshold of confidence would have given, by the threshold ("0.05" to "0.95").

    At a threshold all questions below it are refused, and those that the assistant refused
    for another reason (a known gap, nothing to quote): which of the questions below the
    threshold in force would also have been refused for such a reason is not known. A question
    without a confidence, which a decision guide serves, is refused at none.

    Args:
        outcomes: the run.
        threshold: the one in force in it.
    """
    confidence = np.array([1.0 if o.confidence is None else o.confidence for o in outcomes])
    otherwise = np.array([o.refused for o in outcomes], dtype=bool) & (confidence >= threshold)
    wanted = np.array([o.question.refuse for o in outcomes], dtype=bool)
    curve = {}
    for step in np.linspace(0.05, 0.95, _STEPS):
        refused = (confidence < step) | otherwise
        curve[f"{step:.2f}"] = _at(refused, wanted)
    return curve


def _at(refused: np.ndarray, wanted: np.ndarray) -> dict[str, float]:
    right, all_refused = float((refused & wanted).sum()), float(refused.sum())
    scores = _scores(np.array([right]), np.array([all_refused]), np.array([float(wanted.sum())]))
    precision, recall, f1 = (round(float(s[0]), 4) for s in scores)
    wrongly = (all_refused - right) / max(float((~wanted).sum()), 1.0)
    return {
        "refusal_precision": precision,
        "refusal_recall": recall,
        "refusal_f1": f1,
        "wrongly_refused": round(wrongly, 4),
    }


def _scores(right: Values, refused: Values, wanted: Values) -> tuple[Values, Values, Values]:
    """Precision, recall and F1 from counts; 0 where nothing was refused or wanted."""
    precision = right / np.maximum(refused, 1e-9)
    recall = right / np.maximum(wanted, 1e-9)
    f1 = 2 * right / np.maximum(refused + wanted, 1e-9)
    return precision, recall, f1
