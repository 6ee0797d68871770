"""Fitting when to refuse: a logistic model of the evidence, on development questions only."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.calibration import NAMES
from assistant.pipeline import Assistant
from eval.questions import Question
from eval.reliability import Reliability, reliability

MOST_WRONGLY_REFUSED = 0.035
"""Share of answerable questions that the threshold may refuse on the questions fitted. The floor is
0.05; questions never seen are refused more often than these."""
RECALL_WEIGHT = 2.0
"""Refusing what cannot be answered counts twice: an invented answer does more harm."""
_FOLDS = 10
Truth = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """What one index gives the fit: its name, and its questions that come to the refusal."""

    name: str
    features: Values
    answerable: Truth


@dataclass(frozen=True)
class Judged:
    """Refusal F1 and the share of answerable questions refused, on some questions."""

    f1: float
    wrongly_refused: float
    questions: int


@dataclass(frozen=True)
class Fit:
    """Weights and threshold, and what they give on the questions they were fitted on.

    All figures come from ten-fold cross-validation, so that they do not flatter: each question
    is judged by weights that were fitted without it. ``parts`` judges each index by itself.
    """

    weights: Mapping[str, float]
    threshold: float
    whole: Judged
    parts: Mapping[str, Judged]
    reliability: Reliability

    def to_dict(self) -> dict[str, Any]:
        """What is stored with an index and printed."""
        return {
            "threshold": round(self.threshold, 4),
            "weights": {name: round(value, 4) for name, value in self.weights.items()},
            "fitted": datetime.date.today().isoformat(),
            "cross_validated": asdict(self.whole),
            "by_index": {name: asdict(judged) for name, judged in self.parts.items()},
            "reliability": self.reliability.to_dict(),
        }


def gather(name: str, assistant: Assistant, questions: Sequence[Question]) -> Part:
    """The evidence of an index's questions.

    Questions that a decision guide serves never come to the refusal, and are left out.
    """
    asked = [q for q in questions if not _is_guided(assistant, q)]
    features = [_features(assistant, q) for q in asked]
    return Part(
        name,
        np.array(features, dtype=float).reshape(len(asked), len(NAMES) - 1),
        np.array([not q.refuse for q in asked], dtype=bool),
    )


def calibrate(parts: Sequence[Part]) -> Fit:
    """Fit one refusal on the questions of one index or several together.

    All lend their questions to the weights, so that these suit other documents too; the
    threshold is chosen on the first, which the fit is for.

    The confidence is a plain maximum-likelihood fit with a light penalty (C = 3): weighting
    both classes alike would make it a better separator of equal classes and a worse
    probability. What an error costs is the threshold's to say.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    features = np.concatenate([p.features for p in parts])
    answerable = np.concatenate([p.answerable for p in parts])
    model = LogisticRegression(C=3.0, max_iter=2_000)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    held_out = cross_val_predict(model, features, answerable, cv=folds, method="predict_proba")
    confidence = held_out[:, 1]
    first = len(parts[0].answerable)
    threshold = best_threshold(confidence[:first], answerable[:first])
    model.fit(features, answerable)
    weights = (float(model.intercept_[0]), *map(float, model.coef_[0]))
    ends = np.cumsum([len(p.answerable) for p in parts])[:-1]
    own = zip(parts, np.split(confidence, ends), strict=True)
    return Fit(
        weights=dict(zip(NAMES, weights, strict=True)),
        threshold=threshold,
        whole=judge(confidence, answerable, threshold),
        parts={p.name: judge(said, p.answerable, threshold) for p, said in own},
        reliability=reliability(confidence.tolist(), answerable.tolist()),
    )


def judge(confidence: Values, answerable: Truth, threshold: float) -> Judged:
    """What refusing below a threshold gives on some questions."""
    refused = confidence < threshold
    wrongly = float((refused & answerable).sum() / max(int(answerable.sum()), 1))
    return Judged(round(_f(refused, answerable, 1.0), 4), round(wrongly, 4), len(answerable))


def best_threshold(confidence: Values, answerable: Truth) -> float:
    """The threshold with the best refusal F2 among those that refuse few answerable ones."""
    kept = [
        float(step)
        for step in np.linspace(0.02, 0.9, 89)
        if judge(confidence, answerable, step).wrongly_refused <= MOST_WRONGLY_REFUSED
    ]
    return max(kept or [0.02], key=lambda step: _f(confidence < step, answerable, RECALL_WEIGHT))


def write(fit: Fit, path: Path) -> None:
    """Write the weights as the table that the assistant falls back to."""
    names = ", ".join(f"{name} ({judged.questions})" for name, judged in fit.parts.items())
    lines = [
        "# 答えるか断るかを決める重みです。開発用の質問に当てはめた値で、手では直しません。",
        "# Weights that decide between answering and refusing, fitted by `kyodo eval calibrate`",
        f"# on {datetime.date.today().isoformat()} over the questions of: {names}.",
        f"# Cross-validated: refusal F1 {fit.whole.f1:.3f}, answerable questions refused "
        f"{fit.whole.wrongly_refused:.3f},",
        f"# expected calibration error {fit.reliability.ece:.3f}.",
        f"threshold = {fit.threshold:.3f}",
        "",
        "[weights]",
        *(f"{name} = {value:.4f}" for name, value in fit.weights.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _is_guided(assistant: Assistant, question: Question) -> bool:
    return assistant.ask(question.question, question.history).verdict is not None


def _features(assistant: Assistant, question: Question) -> list[float]:
    evidence = asdict(assistant.evidence(question.question, question.history))
    return [float(evidence[name]) for name in NAMES[1:]]


def _f(refused: Truth, answerable: Truth, beta: float) -> float:
    """F-beta of refusing: recall counts beta times as much as precision (van Rijsbergen 1979)."""
    right = int((refused & ~answerable).sum())
    below = beta**2 * int((~answerable).sum()) + int(refused.sum())
    return (1 + beta**2) * right / below if below else 0.0
