"""Whether what was found answers the question: better no answer than an invented one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from assistant.datatypes import Query
from assistant.expected import lacks_a_side, lacks_expected, lacks_year, on_what_is_named
from assistant.near_misses import AROUND, NearMisses, crowd
from assistant.retrieve import Found
from assistant.unheld import told_by, unheld_words
from corpus.datatypes import Passage
from index.encoder import Encoder, Vectors
from index.search import Hit, Index
from index.tokenization import names, words

if TYPE_CHECKING:
    from assistant.calibration import Calibration

_ELSEWHERE = Path(__file__).with_name("language") / "elsewhere.txt"
_READ = 3
_NEAR = 3
BELONGS_ELSEWHERE = 0.07
"""How little a question may be nearer to the documents than to what belongs elsewhere: on
development questions hardly any answerable one comes below, some unanswerable ones do."""
_KNOWN = 4 * AROUND
"""Rows of known questions that are looked up: one that several passages answer is there several
times, and those that lead to "not known here" are left out."""
_TYPED = 2
"""Units of which one must have the amount, date or number asked for."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for an answer and against one; by default what nothing found says.

    Attributes:
        cosine: the best unit's likeness to the question, 0 to 1.
        elsewhere: the question's likeness to what belongs to no document here, 0 to 1.
        asked: likeness to the nearest known question that one of the best three answers, at
            least ``cosine``, 0 to 1.
        unasked: 1 if the index knows no questions that its passages answer, so that ``asked`` is
            no more than ``cosine``.
        missed: likeness to the nearest question that the bundled documents do not answer, 0 to
            1; 0 where the best unit is of another document.
        crowd: how much denser such questions lie around it than answered ones, as ``crowd`` tells;
            0 as above, and where the index knows no questions that its passages answer.
        unchecked: 1 where the best unit is of another document, so that these say nothing.
        coverage: the weighted share of the question's concepts that the best unit holds.
        joint: the share that the best three units hold together.
        unknown: the share that no document holds.
        missing: the weight of the rarest concept that the best three do not hold, beside that
            of the rarest of all.
        stranger: 1 if it names somebody or something that no document names.
        lacking: 1 if it asks for an amount, a date or a number that is not in what was found.
        outdated: 1 if it asks about now and what was found is not about now.
        otherwise: 1 if it names a year, a place, an article or the like and what was found is about
            others.
        onesided: 1 if it compares two things and what was found does not speak of both.
        unheld: what the question's words that the best three do not hold tell, as ``told_by``
            adds it up, above 0 for an answer and below against.
        english: 1 if it is asked in English, where cosines run higher and words are rarer.
    """

    cosine: float = 0.0
    elsewhere: float = 0.0
    asked: float = 0.0
    unasked: float = 0.0
    missed: float = 1.0
    crowd: float = 1.0
    unchecked: float = 0.0
    coverage: float = 0.0
    joint: float = 0.0
    unknown: float = 1.0
    missing: float = 1.0
    stranger: float = 0.0
    lacking: float = 0.0
    outdated: float = 0.0
    otherwise: float = 0.0
    onesided: float = 0.0
    unheld: float = 0.0
    english: float = 0.0


@dataclass(frozen=True)
class Elsewhere:
    """Questions that belong to no document here, as vectors of the index's model."""

    vectors: Vectors = field(repr=False)

    def nearness(self, vector: Vectors) -> float:
        """Mean cosine of the nearest lines to a question's unit vector."""
        nearest = np.sort(np.einsum("ij,j->i", self.vectors, vector))[-_NEAR:]
        return float(max(nearest.mean(), 0.0))


@lru_cache(maxsize=2)
def load_elsewhere(encoder: Encoder) -> Elsewhere:
    """The lines of ``language/elsewhere.txt`` in a model's space."""
    lines = _ELSEWHERE.read_text(encoding="utf-8").splitlines()
    kept = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return Elsewhere(encoder.encode_queries(kept))


def weigh(
    found: Found, query: Query, index: Index, elsewhere: Elsewhere, near_misses: NearMisses
) -> Evidence:
    """The evidence for answering a question from what was found."""
    hits = found.result.hits
    if not hits:
        return Evidence()
    total = sum(found.result.weights)
    unheld = ~found.result.held.any(axis=1)
    lost = float(np.dot(found.result.weights, unheld)) if total else 0.0
    top = [index.numbers[hit.passage.passage_id] for hit in hits[:_READ]]
    texts = [hit.passage.text for hit in found.hits[:_TYPED]]
    named = [_told(hit.passage, index) for hit in found.hits[:_TYPED]]
    on_it = on_what_is_named(query.standalone, named)
    telling = [texts[n] for n in on_it] or texts
    cosine = max(0.0, *(hit.cosine for hit in hits[: _READ + 2]))
    first = [index.numbers[hit.passage.passage_id] for hit in found.hits[:_READ]]
    around = near_misses.around(found.asked)
    checked = near_misses.covers(found.hits[0].passage.document)
    absent = np.logical_not(np.any(found.result.held[:, top], axis=1))
    return Evidence(
        cosine=cosine,
        elsewhere=elsewhere.nearness(found.asked),
        asked=max(cosine, *(float(found.result.asked[n]) for n in first)),
        unasked=float(not index.asked.faiss_index.ntotal),
        missed=max(0.0, float(around[-1])) if checked else 0.0,
        crowd=_crowd(around, found.asked, index) if checked else 0.0,
        unchecked=float(not checked),
        coverage=max(hit.coverage for hit in hits[: _READ + 2]),
        joint=found.result.joint_coverage(top),
        unknown=lost / total if total else 1.0,
        missing=_rarest(found.result.weights, absent) / max(max(found.result.weights), 1e-9)
        if found.result.weights
        else 1.0,
        stranger=float(_names_a_stranger(query.standalone, index)),
        lacking=float(lacks_expected(query.standalone, telling, query.language)),
        outdated=float(lacks_year(query.standalone, texts, query.as_of)),
        otherwise=float(not on_it),
        onesided=float(lacks_a_side(query.standalone, named, query.language)),
        unheld=told_by(unheld_words(query.standalone, read_for(index, found.hits))),
        english=float(query.language == "en"),
    )


def read_for(index: Index, hits: Sequence[Hit]) -> list[Passage]:
    """The best three passages with the same in the other language."""
    return [p for hit in hits[:_READ] for p in _both(hit.passage, index)]


def _both(passage: Passage, index: Index) -> list[Passage]:
    """A passage and the same in the other language, where there is one."""
    other = index.passage(passage.counterpart) if passage.counterpart else None
    return [passage] if other is None else [passage, other]


def _told(passage: Passage, index: Index) -> str:
    """A passage with its title and headings, in both languages."""
    rows = [(p.text, p.locator, p.locator_en) for p in _both(passage, index)]
    title = passage.document.title, passage.document.title_en
    return "\n".join(str(part) for row in (title, *rows) for part in row if part)


def _crowd(around: Vectors, asked: Vectors, index: Index) -> float:
    known = index.asked.faiss_index
    if not known.ntotal:
        return 0.0
    cosines, rows = known.search(asked[None, :], min(_KNOWN, known.ntotal))
    # What leads to "not known here" is neither answered nor unanswered.
    told = [index.passages[n].standing != "gap" for n in index.asked.owners[rows[0]]]
    return crowd(around, cosines[0][told]) if any(told) and len(around) else 0.0


def _rarest(weights: tuple[float, ...], chosen: npt.NDArray[np.bool_]) -> float:
    return max((w for w, c in zip(weights, chosen.tolist(), strict=True) if c), default=0.0)


def answers(evidence: Evidence, calibration: Calibration) -> bool:
    """Whether to answer: likely enough, and not a matter for another desk altogether.

    A comparison of which one side is not told is never answered: the other half would be taken
    for the whole.
    """
    if evidence.cosine - evidence.elsewhere < BELONGS_ELSEWHERE or evidence.onesided:
        return False
    return confidence(evidence, calibration) >= calibration.threshold


def confidence(evidence: Evidence, calibration: Calibration) -> float:
    """Probability, 0 to 1, that the documents answer: a logistic model of the evidence.

    ``kyodo eval calibrate`` fits its weights on development questions.
    """
    weights = calibration.weights
    z = weights["bias"]
    z += sum(weights[name] * value for name, value in asdict(evidence).items())
    return 1.0 / (1.0 + math.exp(-z))


def _names_a_stranger(question: str, index: Index) -> bool:
    """Whether a proper name stands in the question that stands in no document."""
    frequencies = index.keywords.frequencies
    for name in names(question):
        parts = words(name)
        if parts and not any(frequencies.get(word) for word in parts):
            return True
    return False
