"""The figures of a run: over all questions, and by file, language, kind and document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from eval.known import MEASURES as KNOWN
from eval.metrics import MEASURES
from eval.outcome import Outcome
from eval.refusal import refusal_curve, refusal_figures
from eval.reliability import reliability
from eval.retrieval import NAMES
from eval.sampling import mean, quantile, resampled

PerQuestion = Mapping[str, Mapping[str, float]]
"""For each question by its id the measures that apply to it."""
SLICES = ("set", "language", "kind", "document")


def summarise(
    outcomes: Sequence[Outcome],
    values: PerQuestion,
    threshold: float,
    known: PerQuestion = MappingProxyType({}),
) -> dict[str, Any]:
    """Everything that ``metrics.json`` holds.

    Args:
        outcomes: the run, every question of it.
        values: the measures of each question.
        threshold: the confidence under which it refused.
        known: the measures of each known-item search, by its passage.

    Returns:
        ``all``; for each of ``SLICES`` its groups' figures; ``refusal_curve``;
        ``reliability``; and under ``questions`` each question's own measures, under
        ``known_items`` each search's, so that this one file can serve as a baseline.
    """
    weighed = [o for o in outcomes if o.confidence is not None]
    return {
        "all": {**figures(outcomes, values), **_known_figures(known)},
        **{name: _by(name, outcomes, values) for name in SLICES},
        "refusal_curve": refusal_curve(outcomes, threshold),
        "reliability": reliability(
            [o.confidence or 0.0 for o in weighed], [not o.question.refuse for o in weighed]
        ).to_dict(),
        "questions": {question: dict(found) for question, found in values.items()},
        "known_items": {passage: dict(found) for passage, found in known.items()},
    }


def _known_figures(known: PerQuestion) -> dict[str, Any]:
    return {name: mean([v[name] for v in known.values()]).to_dict() for name in KNOWN}


def figures(outcomes: Sequence[Outcome], values: PerQuestion) -> dict[str, Any]:
    """The figures of some questions, each with interval and count."""
    weights = resampled(len(outcomes))
    own = [values[o.question.question_id] for o in outcomes]
    means = {name: mean([v.get(name) for v in own], weights) for name in (*NAMES, *MEASURES)}
    taken = [o.answer.get("timings_ms", {}).get("total", 0.0) for o in outcomes if o.answer]
    found = {
        **means,
        **refusal_figures(outcomes, weights),
        "latency_median": quantile(taken, 0.5),
        "latency_p95": quantile(taken, 0.95),
    }
    return {**{n: f.to_dict() for n, f in found.items()}, "questions": len(outcomes)}


def groups_of(outcome: Outcome, name: str) -> tuple[str, ...]:
    """Which groups of a slicing a question belongs to; to several documents if several answer."""
    question = outcome.question
    if name == "document":
        return tuple(dict.fromkeys(p.document for p in question.answers if p.document))
    return ({"set": outcome.group, "language": question.language, "kind": question.kind}[name],)


def _by(name: str, outcomes: Sequence[Outcome], values: PerQuestion) -> dict[str, Any]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for group in groups_of(outcome, name):
            groups.setdefault(group, []).append(outcome)
    return {group: figures(held, values) for group, held in sorted(groups.items())}
