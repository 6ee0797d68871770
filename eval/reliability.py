"""Whether a confidence means what it says: of the questions at 0.8, do 8 in 10 have an answer?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The questions whose confidence lies in [low, high): their mean and what came true."""

    low: float
    high: float
    confidence: float
    answerable: float
    count: int


@dataclass(frozen=True)
class Reliability:
    """The reliability curve, empty bins left out, and two figures for it.

    ``ece``: expected calibration error, the mean distance of confidence and truth over bins,
    weighted by their questions (equal-width bins; equal-mass bins give another value).
    ``brier``: the mean squared distance over questions, which needs no bins.
    """

    bins: tuple[Bin, ...]
    ece: float
    brier: float

    def to_dict(self) -> dict[str, object]:
        """Numbers by group, as ``metrics.json`` holds them."""
        curve = {
            f"{b.low:.1f}-{b.high:.1f}": {
                "confidence": round(b.confidence, 4),
                "answerable": round(b.answerable, 4),
                "count": b.count,
            }
            for b in self.bins
        }
        return {"ece": round(self.ece, 4), "brier": round(self.brier, 4), "curve": curve}


def reliability(confidence: Sequence[float], answerable: Sequence[bool]) -> Reliability:
    """The reliability curve of confidences, 0 to 1, against what is answerable."""
    said = np.asarray(confidence, dtype=float)
    true = np.asarray(answerable, dtype=float)
    if not len(said):
        return Reliability((), 0.0, 0.0)
    number = np.minimum((said * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(n / BINS, (n + 1) / BINS, float(said[m].mean()), float(true[m].mean()), int(m.sum()))
        for n in range(BINS)
        if (m := number == n).any()
    )
    ece = sum(b.count * abs(b.confidence - b.answerable) for b in bins) / len(said)
    return Reliability(bins, ece, float(np.mean((said - true) ** 2)))


def reliability_table(curve: Reliability) -> str:
    """The curve as text: a line a bin, a bar for the share that had an answer."""
    lines = ["confidence   questions   said   true"]
    lines += [
        f"{b.low:.1f} - {b.high:.1f}   {b.count:9d}   {b.confidence:.2f}   {b.answerable:.2f}  "
        + "#" * round(b.answerable * 20)
        for b in curve.bins
    ]
    return "\n".join([*lines, f"ECE {curve.ece:.3f}   Brier {curve.brier:.3f}"])
