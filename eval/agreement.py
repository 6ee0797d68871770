"""Whether the metrics judge as people do: accuracy, Cohen's kappa, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.marks import Mark
from eval.outcome import Outcome
from eval.reasons import needs_a_look, reasons
from eval.sampling import Figure, Values, figure_of, resampled

WHOLE = "whole"
"""The name of what all metrics together say: whether the answer needs a look."""
Judge = Callable[[Outcome, Mapping[str, float]], bool | None]


@dataclass(frozen=True)
class Agreement:
    """How a judgement of the metrics and the marks by hand agree, over the answers marked.

    Attributes:
        name: a metric's name, or ``WHOLE``.
        both_right: how many answers both call right; so ``both_wrong``.
        only_hand: right by hand alone; ``only_metric`` by the metric alone.
        accuracy: the share of answers on which both agree.
        kappa: Cohen's kappa; None where it is not defined.
    """

    name: str
    both_right: int
    both_wrong: int
    only_hand: int
    only_metric: int
    accuracy: Figure
    kappa: Figure | None

    @property
    def count(self) -> int:
        """How many answers both judge."""
        return self.both_right + self.both_wrong + self.only_hand + self.only_metric


def says_right(outcome: Outcome, values: Mapping[str, float]) -> bool:
    """What the metrics together say of an answer: right where nothing needs a look."""
    return not needs_a_look(reasons(outcome, values))


def agreements(
    outcomes: Sequence[Outcome],
    values: Mapping[str, Mapping[str, float]],
    marks: Mapping[str, Mark],
) -> tuple[Agreement, ...]:
    """The agreement of all metrics together, then of each metric that judges, with the marks."""
    marked = [o for o in outcomes if o.question.question_id in marks]
    found = []
    for name, judge in JUDGES.items():
        told = [
            (marks[o.question.question_id].verdict == "right", said)
            for o in marked
            if (said := judge(o, values.get(o.question.question_id, {}))) is not None
        ]
        if told:
            found.append(agreement(name, [hand for hand, _ in told], [said for _, said in told]))
    return tuple(found)


def agreement(name: str, hand: Sequence[bool], metric: Sequence[bool]) -> Agreement:
    """How two judgements of the same answers agree, with 95 % bootstrap intervals.

    Cohen's kappa (1960) is (p_o - p_e) / (1 - p_e): p_o the share on which both agree, p_e the
    share on which they would by chance, were each to keep its own share of right. 1 is full
    agreement, 0 no more than chance; where both say the same of all it is not defined. Scott's
    pi takes one common share for both; Gwet's AC1 suffers less where nearly all is right.
    """
    by_hand, by_metric = np.array(hand, dtype=float), np.array(metric, dtype=float)
    cells = np.array(
        [
            by_hand * by_metric,
            (1 - by_hand) * (1 - by_metric),
            by_hand * (1 - by_metric),
            (1 - by_hand) * by_metric,
        ]
    )
    counts = cells.sum(axis=1)
    drawn = cells @ resampled(len(hand)).T
    share, kappa = _accuracy(counts[:, None])[0], _kappa(counts[:, None])[0]
    draws = _kappa(drawn)
    both_right, both_wrong, only_hand, only_metric = map(int, counts)
    return Agreement(
        name,
        both_right,
        both_wrong,
        only_hand,
        only_metric,
        figure_of(float(share), _accuracy(drawn), len(hand)),
        None if np.isnan(kappa) else figure_of(float(kappa), draws[~np.isnan(draws)], len(hand)),
    )


def _accuracy(cells: Values) -> Values:
    shares: Values = (cells[0] + cells[1]) / cells.sum(axis=0)
    return shares


def _kappa(cells: Values) -> Values:
    """Kappa of each column of counts (both right, both wrong, only hand, only metric)."""
    total = cells.sum(axis=0)
    hand, metric = (cells[0] + cells[2]) / total, (cells[0] + cells[3]) / total
    chance = hand * metric + (1 - hand) * (1 - metric)
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa: Values = np.where(
            chance < 1 - 1e-12, (_accuracy(cells) - chance) / (1 - chance), np.nan
        )
    return kappa


def _whole(name: str) -> Judge:
    def judge(_: Outcome, values: Mapping[str, float]) -> bool | None:
        return values[name] == 1.0 if name in values else None

    return judge


def _any(name: str) -> Judge:
    def judge(_: Outcome, values: Mapping[str, float]) -> bool | None:
        return values[name] > 0.0 if name in values else None

    return judge


JUDGES: Mapping[str, Judge] = {
    WHOLE: says_right,
    "refusal_right": _whole("refusal_right"),
    "success@5": _whole("success@5"),
    "key_points": _whole("key_points"),
    "citation_recall": _any("citation_recall"),
    "verdict": _whole("verdict"),
}
"""What is held against the marks: a judgement, None where it says nothing of an answer."""
