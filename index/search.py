"""The index of a document set, and the search in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from corpus.datatypes import Document, Passage
from corpus.guides import Guide
from corpus.shingles import folded
from index.asked import ASKED_SHARE, COUNTED, Crowded
from index.calibration import Fitted
from index.concepts import Concept, expansion, expansion_text, find_concepts, is_english
from index.dense import DenseIndex
from index.encoder import Encoder
from index.fusion import DENSE_WEIGHT, Scores, fuse, with_known
from index.keywords import KeywordIndex
from index.spelling import mend
from index.terms import TermList
from index.tokenization import tokens
from index.views import Kept, restricted_parts

Mode = Literal["both", "dense", "keywords"]
EXPANSION_WEIGHT = 0.6
"""How much the term list's words count beside the question's own in BM25."""
PRIOR = {"gap": 0.8, "issue": 0.9}
"""A passage that says what is not known, or only asks, gives way to one that knows."""
NEARLY = (0.75, 0.95)
"""Likeness from which a question is nearly a known one, and from which it is that one: what is not
known then need not give way."""
_ROWS = 4_000
_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"


@dataclass(frozen=True)
class Hit:
    """A unit found: a passage, in the question's language where it is there in it.

    ``score`` ranks (0 to 1, the best of a question near 1); ``cosine`` and ``coverage`` (share
    of the question's concepts, weighted by rarity, that the unit holds) are absolute.
    """

    passage: Passage
    rank: int
    score: float
    cosine: float
    coverage: float


@dataclass(frozen=True)
class SearchResult:
    """What a search found, and the concepts that it looked for.

    ``held``: which concept stands in which unit, shape (concepts, passages); ``asked``: the
    cosine of the known question nearest to this one among those that a unit answers, shape
    (passages,), -1 where there is none.
    """

    hits: tuple[Hit, ...]
    concepts: tuple[Concept, ...]
    weights: tuple[float, ...]
    held: npt.NDArray[np.bool_] = field(repr=False)
    asked: Scores = field(repr=False)

    def joint_coverage(self, passages: list[int]) -> float:
        """Share of the question's concepts that these passages hold together."""
        total = sum(self.weights)
        if not total or not passages:
            return 0.0
        together = self.held[:, passages].any(axis=1)
        return float(np.dot(self.weights, together) / total)


@dataclass(frozen=True)
class Index:
    """A searchable document set. Read-only: many threads may search it at once."""

    passages: tuple[Passage, ...]
    documents: tuple[Document, ...]
    dense: DenseIndex
    asked: DenseIndex
    keywords: KeywordIndex
    encoder: Encoder
    terms: TermList
    fingerprint: str
    skipped: tuple[tuple[str, str], ...] = ()
    guides: tuple[Guide, ...] = ()
    calibration: Fitted | None = None
    crowded: Crowded | None = None

    @cached_property
    def _views(self) -> Kept[frozenset[str], Index]:
        return Kept()

    @cached_property
    def collections(self) -> frozenset[str]:
        """The collections that its documents belong to."""
        return frozenset(d.collection for d in self.documents if d.collection)

    def seen_by(self, collections: frozenset[str] | None) -> Index:
        """What somebody may see, as an index of its own: nothing else is in it.

        It answers as an index built of these documents only. It is made once for all who may
        see the same; itself where nothing has to be left out.

        Args:
            collections: those that they may see beside what everyone sees; None: all.
        """
        if collections is None or collections >= self.collections:
            return self
        return self._views.get(collections & self.collections, self._restricted)

    def _restricted(self, collections: frozenset[str]) -> Index:
        return replace(self, skipped=(), **restricted_parts(self, collections))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each passage by its id."""
        return {p.passage_id: i for i, p in enumerate(self.passages)}

    @cached_property
    def by_document(self) -> dict[str, tuple[Passage, ...]]:
        """The passages of each document by its id, in order."""
        rows: dict[str, list[Passage]] = {}
        for passage in self.passages:
            rows.setdefault(passage.document.document_id, []).append(passage)
        return {name: tuple(row) for name, row in rows.items()}

    @cached_property
    def partners(self) -> npt.NDArray[np.int32]:
        """For each passage the number of its counterpart, its own where it has none."""
        own = self.numbers
        pairs = [own.get(p.counterpart or "", i) for i, p in enumerate(self.passages)]
        return np.array(pairs, dtype=np.int32)

    @cached_property
    def _units(self) -> npt.NDArray[np.int32]:
        """For each passage the number of its unit: the same for it and its counterpart."""
        return np.minimum(np.arange(len(self.passages), dtype=np.int32), self.partners)

    @cached_property
    def _known_questions(self) -> npt.NDArray[np.int64]:
        """How many known questions each unit answers, shape (passages,)."""
        owned = np.bincount(self._units[self.asked.owners], minlength=len(self.passages))
        return owned[self._units]

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """The English stems that the documents or the term list know."""
        return frozenset(self.keywords.frequencies) | self.terms.stems

    @cached_property
    def _prior(self) -> Scores:
        """What a passage's score is multiplied by before anything is asked."""
        return np.array([PRIOR.get(p.standing, 1.0) for p in self.passages], dtype=np.float32)

    @cached_property
    def _terms_of_force(self) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]]:
        """From and until when each passage is in force; open ends reach past every date."""
        starts = [p.effective_from or _FIRST_DAY for p in self.passages]
        ends = [p.effective_until or _LAST_DAY for p in self.passages]
        return np.array(starts, dtype=np.str_), np.array(ends, dtype=np.str_)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of an id, None where there is none."""
        number = self.numbers.get(passage_id)
        return None if number is None else self.passages[number]

    def search(
        self,
        query: str,
        k: int = 10,
        as_of: str | None = None,
        language: str | None = None,
        mode: Mode = "both",
    ) -> SearchResult:
        """The k best units for a question, best first; fewer where fewer match at all.

        Args:
            query: the question, in Japanese or English.
            k: how many.
            as_of: an ISO date; provisions not in force then are left out. None: all.
            language: "ja" or "en": in which language units are shown where there is a choice;
                None: the question's.
            mode: both rankings, or one alone (for comparison).
        """
        english = is_english(query)
        query = mend(query, self._vocabulary) if english else query
        concepts = find_concepts(query, self.terms)
        cosines, known = self._cosines(query, concepts, english)
        asked = known[0]
        counts = self._counts(query, concepts)
        cosines = np.maximum(cosines, cosines[self.partners])
        counts = np.maximum(counts, counts[self.partners])
        both = DENSE_WEIGHT["en" if english else "ja"]
        weight = {"both": both, "dense": 1.0, "keywords": 0.0}[mode]
        nearly = np.clip((asked - NEARLY[0]) / (NEARLY[1] - NEARLY[0]), 0.0, 1.0)
        prior = self._prior + (1.0 - self._prior) * nearly
        scores = fuse(cosines, counts, weight) * prior
        if mode != "keywords" and self.asked.faiss_index.ntotal:
            scores = with_known(scores, cosines, known, self._known_questions)
        cosines = np.maximum(cosines, ASKED_SHARE * asked)
        scores = self._in_force(scores, as_of)
        held, weights = self._held(concepts)
        shown_english = english if language is None else language == "en"
        hits = self._top(scores, cosines, held, weights, k, shown_english, as_of)
        return SearchResult(hits, tuple(concepts), weights, held, asked)

    def known(self, question: str) -> float:
        """The cosine of the known question nearest to one; -1 where none is known."""
        vector = self.encoder.encode_queries([question])
        return float(self.asked.similarities(vector, len(self.passages), 1).max(initial=-1.0))

    def _cosines(self, query: str, concepts: list[Concept], english: bool) -> tuple[Scores, Scores]:
        """Each passage's likeness to the question, shape (passages,), and that of the nearest
        known questions that it answers, shape (COUNTED, passages)."""
        texts = [query]
        extra = expansion_text(concepts, "en" if english else "ja")
        if extra:
            texts.append(extra)
        vectors = self.encoder.encode_queries(texts)
        count = len(self.passages)
        known = self.asked.nearest_of_each(vectors[:1], self._units, _ROWS, COUNTED)
        return self.dense.similarities(vectors, count, _ROWS), known

    def _counts(self, query: str, concepts: list[Concept]) -> Scores:
        own = self.keywords.scores(tokens(query))
        added = expansion(concepts)
        return own + EXPANSION_WEIGHT * self.keywords.scores(added) if added else own

    def in_force(self, day: str) -> npt.NDArray[np.bool_]:
        """Which passages are in force on an ISO date (see ``in_force``), shape (passages,)."""
        starts, ends = self._terms_of_force
        return (starts <= day) & (day <= ends)

    def _in_force(self, scores: Scores, as_of: str | None) -> Scores:
        return scores if as_of is None else np.where(self.in_force(as_of), scores, 0.0)

    def _held(self, concepts: list[Concept]) -> tuple[npt.NDArray[np.bool_], tuple[float, ...]]:
        """Which concept stands in which unit, shape (concepts, passages), and their weights."""
        held = np.zeros((len(concepts), len(self.passages)), dtype=bool)
        for row, concept in enumerate(concepts):
            for alternative in concept.alternatives:
                found = np.ones(len(self.passages), dtype=bool)
                for word in alternative:
                    found &= self.keywords.holds(word)
                held[row] |= found
        held |= held[:, self.partners]
        weights = tuple(max(map(self.keywords.idf, c.alternatives[0])) for c in concepts)
        return held, weights

    def _top(
        self,
        scores: Scores,
        cosines: Scores,
        held: npt.NDArray[np.bool_],
        weights: tuple[float, ...],
        k: int,
        english: bool,
        as_of: str | None,
    ) -> tuple[Hit, ...]:
        total = sum(weights) or 1.0
        hits: list[Hit] = []
        taken: set[str] = set()
        for number in np.argsort(-scores, kind="stable"):
            passage = self.passages[number]
            if scores[number] <= 0 or len(hits) == k:
                break
            group = passage.copy_of or passage.passage_id
            if passage.rendering or group in taken:
                continue
            taken.add(group)
            best = self.best_copy(passage, as_of)
            shown = self._shown(best, english)
            column = held[:, self.numbers[best.passage_id]]
            coverage = float(np.dot(weights, column) / total) if weights else 0.0
            score, cosine = (
                round(float(scores[number]), 4),
                round(float(cosines[number]), 4),
            )
            hits.append(Hit(shown, len(hits) + 1, score, cosine, round(coverage, 4)))
        return tuple(hits)

    def best_copy(self, passage: Passage, day: str | None) -> Passage:
        """The passage that stands for one with the same words, or for an older version of it.

        Args:
            passage: a passage.
            day: an ISO date on which it has to be in force; None: any.
        """
        best = self.passage(passage.copy_of) if passage.copy_of else None
        if best is None or (day is not None and not in_force(best, day)):
            return passage
        same = passage.superseded or folded(passage.text) == folded(best.text)
        return best if same else passage

    def _shown(self, passage: Passage, english: bool) -> Passage:
        other = self.passage(passage.counterpart) if english and passage.counterpart else None
        return other or passage


def in_force(passage: Passage, day: str) -> bool:
    """Whether a passage is in force on an ISO date; unknown dates do not stand against it."""
    started = passage.effective_from is None or passage.effective_from <= day
    return started and (passage.effective_until is None or day <= passage.effective_until)
