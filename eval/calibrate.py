"""Fitting when to refuse: a logistic model of the evidence, on development questions only."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.answerable import Evidence
from assistant.pipeline import Assistant
from eval.questions import Question
from eval.reliability import Reliability, reliability

MOST_WRONGLY_REFUSED = 0.05
"""Share of answerable questions that the threshold may refuse on the questions fitted."""
RECALL_WEIGHT = 2.0
"""Refusing what cannot be answered counts twice: an invented answer does more harm."""
_NAMES = tuple(f.name for f in fields(Evidence))


@dataclass(frozen=True)
class Calibration:
    """Weights and threshold, and what they give on the questions they were fitted on.

    ``f1`` and ``wrongly_refused`` come from ten-fold cross-validation, so that they do not
    flatter: each question is judged by weights that were fitted without it; so does the
    reliability curve.
    """

    weights: dict[str, float]
    threshold: float
    f1: float
    wrongly_refused: float
    reliability: Reliability


def calibrate(assistant: Assistant, questions: Sequence[Question]) -> Calibration:
    """Fit the refusal on questions with both kinds among them.

    Questions that a decision guide serves never come to the refusal, and are left out.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    questions = [q for q in questions if not _is_guided(assistant, q)]
    features = np.array([_features(assistant, q) for q in questions])
    answerable = np.array([not q.refuse for q in questions])
    model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=2_000)
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    held_out = cross_val_predict(model, features, answerable, cv=folds, method="predict_proba")
    threshold, f1, wrongly = _best_threshold(held_out[:, 1], answerable)
    model.fit(features, answerable)
    weights = {"bias": float(model.intercept_[0])}
    weights |= {name: float(w) for name, w in zip(_NAMES, model.coef_[0], strict=True)}
    curve = reliability(held_out[:, 1].tolist(), answerable.tolist())
    return Calibration(weights, threshold, f1, wrongly, curve)


def _is_guided(assistant: Assistant, question: Question) -> bool:
    return assistant.ask(question.question, question.history).verdict is not None


def write(calibration: Calibration, path: Path) -> None:
    """Write the weights where the assistant reads them."""
    lines = [
        "# 答えるか断るかを決める重みです。開発用の質問に当てはめた値で、手では直しません。",
        "# Weights that decide between answering and refusing, fitted by `kyodo eval calibrate`",
        f"# on {datetime.date.today().isoformat()}. Cross-validated: refusal F1 "
        f"{calibration.f1:.3f}, answerable questions refused {calibration.wrongly_refused:.3f}.",
        f"threshold = {calibration.threshold:.3f}",
        "",
        "[weights]",
        *(f"{name} = {value:.4f}" for name, value in calibration.weights.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _features(assistant: Assistant, question: Question) -> list[float]:
    evidence = assistant.evidence(question.question, question.history)
    return [float(value) for value in asdict(evidence).values()]


def _best_threshold(
    confidence: npt.NDArray[np.float64], answerable: npt.NDArray[np.bool_]
) -> tuple[float, float, float]:
    """The threshold with the best refusal F2 among those that refuse few answerable ones."""
    best, chosen = -1.0, (0.0, 0.0, 0.0)
    for threshold in np.linspace(0.02, 0.9, 89):
        refused = confidence < threshold
        right = int((refused & ~answerable).sum())
        wrongly = float((refused & answerable).sum() / max(answerable.sum(), 1))
        precision = right / max(int(refused.sum()), 1)
        recall = right / max(int((~answerable).sum()), 1)
        worth = _f(precision, recall, RECALL_WEIGHT)
        if wrongly <= MOST_WRONGLY_REFUSED and worth > best:
            best, chosen = worth, (float(threshold), _f(precision, recall, 1.0), wrongly)
    return chosen


def _f(precision: float, recall: float, beta: float) -> float:
    """F-beta: recall counts beta times as much as precision (van Rijsbergen 1979)."""
    below = beta**2 * precision + recall
    return (1 + beta**2) * precision * recall / below if below else 0.0
