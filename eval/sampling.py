"""Intervals and tests by resampling questions: no distribution is assumed.

Every draw is seeded, so that the same run gives the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 2_000
PERMUTATIONS = 10_000
_LEVEL = (2.5, 97.5)
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A figure over questions with its 95 % bootstrap interval (percentile method).

    ``count`` is the number of questions that it speaks of; with 0 all is 0, never NaN.
    """

    value: float
    low: float
    high: float
    count: int

    def to_dict(self) -> dict[str, float]:
        """The figure for JSON, to four decimals."""
        return {k: round(v, 4) if k != "count" else v for k, v in asdict(self).items()}


def resampled(count: int, seed: int = 0) -> Values:
    """How often each of ``count`` questions is drawn, shape (RESAMPLES, count)."""
    if count == 0:
        return np.zeros((RESAMPLES, 0))
    rng = np.random.default_rng(seed)
    return rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).astype(float)


def mean(values: Sequence[float | None], weights: Values | None = None) -> Figure:
    """The mean over the questions that have a value, with its interval.

    Others resample only the questions that have a value, or use the t distribution; here all
    questions are drawn, so that figures of one slice move together.

    Args:
        values: one value a question, None where the measure does not apply.
        weights: the draws of ``resampled``; made where None.
    """
    array = np.array([np.nan if v is None else v for v in values], dtype=float)
    applies = ~np.isnan(array)
    count = int(applies.sum())
    if not count:
        return Figure(0.0, 0.0, 0.0, 0)
    drawn = resampled(len(array)) if weights is None else weights
    sums = drawn @ np.where(applies, array, 0.0)
    totals = drawn @ applies.astype(float)
    kept = totals > 0
    return figure_of(float(array[applies].mean()), sums[kept] / totals[kept], count)


def figure_of(value: float, draws: Values, count: int) -> Figure:
    """A value with the interval that its draws span."""
    if not len(draws):
        return Figure(value, value, value, count)
    low, high = np.percentile(draws, _LEVEL)
    return Figure(value, float(low), float(high), count)


def quantile(values: Sequence[float], share: float) -> Figure:
    """A quantile (0.5 the median, linear between neighbours) with its interval."""
    if not values:
        return Figure(0.0, 0.0, 0.0, 0)
    array = np.asarray(values, dtype=float)
    picks = np.random.default_rng(0).integers(0, len(array), (RESAMPLES, len(array)))
    draws = np.quantile(array[picks], share, axis=1)
    return figure_of(float(np.quantile(array, share)), draws, len(array))


def difference(before: Sequence[float], after: Sequence[float]) -> Figure:
    """The mean of ``after - before`` over the same questions, with its interval."""
    return mean([b - a for a, b in zip(before, after, strict=True)])


def grouped_difference(sums: Sequence[float], counts: Sequence[int]) -> Figure:
    """The mean difference over questions that come in groups, drawn whole (cluster bootstrap).

    Args:
        sums: the sum of the differences of each group.
        counts: how many questions each has, 1 or more.
    """
    total = sum(counts)
    if not total:
        return Figure(0.0, 0.0, 0.0, 0)
    drawn = resampled(len(sums))
    draws = (drawn @ np.asarray(sums)) / (drawn @ np.asarray(counts, dtype=float))
    return figure_of(float(sum(sums) / total), draws, total)


def permutation_p(before: Sequence[float], after: Sequence[float]) -> float:
    """Two-sided p of a paired sign-flip permutation test on the mean difference.

    A paired t test assumes a normal mean; a bootstrap test resamples instead of swapping. The
    smallest p is 1 / (PERMUTATIONS + 1); without a difference it is 1.
    """
    differences = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    moved = differences[np.abs(differences) > 1e-12]
    if not len(moved):
        return 1.0
    signs = np.random.default_rng(0).choice((-1.0, 1.0), size=(PERMUTATIONS, len(moved)))
    as_far = np.abs(signs @ moved) >= abs(moved.sum()) - 1e-9
    return float((as_far.sum() + 1) / (PERMUTATIONS + 1))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """P values corrected for their number after Holm (1979): the family's error rate is kept.

    Bonferroni multiplies each by the number of tests and is never better; Benjamini-Hochberg
    keeps the share of false alarms instead, which is too lenient for a gate.
    """
    ordered = sorted(p_values, key=lambda name: p_values[name])
    corrected: dict[str, float] = {}
    highest = 0.0
    for place, name in enumerate(ordered):
        highest = max(highest, min(1.0, p_values[name] * (len(ordered) - place)))
        corrected[name] = highest
    return corrected
