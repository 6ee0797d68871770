"""Whether what was found answers the question: better no answer than an invented one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.phrasebook import load_table
from assistant.retrieve import Found


@dataclass(frozen=True)
class Evidence:
    """What speaks for an answer, each 0 to 1.

    ``cosine``: the best unit's likeness to the question. ``coverage``: the weighted share of
    the question's concepts that the best unit holds. ``joint``: the share that the best three
    hold together. ``unknown``: the weighted share that no document holds at all.
    """

    cosine: float
    coverage: float
    joint: float
    unknown: float


def weigh(found: Found, index_numbers: dict[str, int]) -> Evidence:
    """The evidence for answering from what was found."""
    hits = found.result.hits
    if not hits:
        return Evidence(0.0, 0.0, 0.0, 1.0)
    top = [index_numbers[hit.passage.passage_id] for hit in hits[:3]]
    total = sum(found.result.weights)
    known = found.result.held.any(axis=1)
    lost = sum(w for w, k in zip(found.result.weights, known, strict=True) if not k)
    return Evidence(
        cosine=max(0.0, *(hit.cosine for hit in hits[:5])),
        coverage=max(hit.coverage for hit in hits[:5]),
        joint=found.result.joint_coverage(top),
        unknown=lost / total if total else 1.0,
    )


def confidence(evidence: Evidence) -> float:
    """Probability, 0 to 1, that the documents answer: a logistic model of the evidence.

    Its weights stand in ``language/answerable.toml``; they are fitted on development
    questions, never on test questions.
    """
    weights = load_table("answerable")["weights"]
    z = float(weights["bias"]) + sum(
        float(weights[name]) * value for name, value in vars(evidence).items()
    )
    return 1.0 / (1.0 + math.exp(-z))


def threshold() -> float:
    """The confidence under which a question is refused."""
    return float(load_table("answerable")["threshold"])
