"""Whether a unit belongs beside the best one in an answer: better short than wide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from assistant.phrasebook import load_table
from assistant.retrieve import Found
from index.search import Hit, Index


@dataclass(frozen=True)
class Signs:
    """What speaks for citing a unit beside the best one.

    Attributes:
        share: its score beside the best unit's, 0 to 1 or so.
        score: its score itself, 0 to 1 or more where the question names it by number.
        likeness: its cosine to the question beside the best unit's.
        kin: cosine of its original text and the best unit's, 0 to 1.
        gain: share of the question's concepts that it adds to the best unit's, 0 to 1.
        document: 1 if it is of the same document.
        heading: 1 if it stands under the same heading there.
        gap: 1 if it says what is not known.
        english: 1 if the question is English.
    """

    share: float
    score: float
    likeness: float
    kin: float
    gain: float
    document: float
    heading: float
    gap: float
    english: float


def all_signs(hits: Sequence[Hit], found: Found, index: Index, english: bool) -> list[Signs]:
    """The signs of each of the hits but the first, beside the first."""
    if len(hits) < 2:
        return []
    originals = [index.passage(hit.passage.unit) or hit.passage for hit in hits]
    vectors = index.encoder.encode_passages([passage.text for passage in originals])
    kin = vectors[1:] @ vectors[0]
    return [
        _signs(hits[0], other, found, float(near), english)
        for other, near in zip(hits[1:], kin, strict=True)
    ]


def belonging(seen: Signs) -> float:
    """Probability, 0 to 1, that a unit belongs beside the best one: a logistic model.

    Its weights stand in ``language/beside.toml``; ``python -m eval.citing`` fits them on
    development questions.
    """
    weights = load_table("beside")["weights"]
    z = float(weights["bias"])
    z += sum(float(weights[name]) * value for name, value in asdict(seen).items())
    return 1.0 / (1.0 + math.exp(-z))


def enough() -> float:
    """The probability from which a unit is cited beside the best one."""
    return float(load_table("beside")["threshold"])


def _signs(first: Hit, other: Hit, found: Found, kin: float, english: bool) -> Signs:
    weights = found.result.weights
    new = found.concepts_of(other) - found.concepts_of(first)
    same = first.passage.document.document_id == other.passage.document.document_id
    above, own = first.passage.headings[:-1], other.passage.headings[:-1]
    return Signs(
        share=other.score / max(first.score, 1e-6),
        score=other.score,
        likeness=min(other.cosine / max(first.cosine, 0.05), 2.0),
        kin=max(kin, 0.0),
        gain=sum(weights[i] for i in new) / (sum(weights) or 1.0),
        document=float(same),
        heading=float(same and bool(above) and above == own),
        gap=float(other.passage.standing == "gap"),
        english=float(english),
    )
