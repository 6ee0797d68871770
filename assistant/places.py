"""The passages that a guide names, in the answer's language, cut to the sentence that matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.datatypes import Query
from assistant.select import Piece, without_bullet
from corpus.datatypes import Passage
from corpus.guides import Guide, Place, cited_places, fold_place
from corpus.sentences import split_sentences
from index.encoder import Encoder, Vectors
from index.search import Index, in_force
from index.tokenization import words

_LABEL = 12
_HELD = 0.3
"""What a sentence gains that holds the very words wanted."""


@dataclass(frozen=True)
class Places:
    """Looks up a guide's passages for one question."""

    index: Index
    query: Query

    def pieces(self, places: Sequence[Place], wanted: str) -> list[Piece]:
        """For each place the sentence of its passage nearest to what is wanted, if in force."""
        found = [p for place in places for p in self._passages(place)]
        return [self._nearest_sentence(p, wanted) for p in found if self._holds(p)]

    def first(self, places: Sequence[Place]) -> list[Piece]:
        """For each place the first sentence of its passage, if in force."""
        found = [p for place in places for p in self._passages(place)]
        return [self._sentences(p, p.locator)[0] for p in found if self._holds(p)]

    def nearest(self, places: Sequence[Place], said: str, most: int) -> list[Piece]:
        """The sentences of all the places nearest to what was said, best first."""
        pieces = [
            piece
            for place in places
            for passage in self._passages(place)
            if self._holds(passage)
            for piece in self._sentences(passage, said)
        ]
        return sorted(pieces, key=lambda p: -p.score)[:most]

    def not_in_force(self, guide: Guide) -> tuple[Passage, ...]:
        """The guide's passages that are not in force on the day, and are not relied on."""
        passages = [p for place in cited_places(guide) for p in self._passages(place)]
        return tuple({p.passage_id: p for p in passages if not self._holds(p)}.values())

    def _holds(self, passage: Passage) -> bool:
        return in_force(passage, self.query.as_of)

    def _passages(self, place: Place) -> list[Passage]:
        wanted = fold_place(place.locator)
        found = [
            p
            for p in self.index.by_document.get(place.document, ())
            if not p.rendering and fold_place(p.locator) == wanted
        ]
        return [self._in_language(p) for p in found]

    def _in_language(self, passage: Passage) -> Passage:
        if passage.language == self.query.language or not passage.counterpart:
            return passage
        return self.index.passage(passage.counterpart) or passage

    def _nearest_sentence(self, passage: Passage, wanted: str) -> Piece:
        return max(self._sentences(passage, wanted), key=lambda p: p.score)

    def _sentences(self, passage: Passage, wanted: str) -> list[Piece]:
        spans = [without_bullet(passage.text, s, e) for s, e in split_sentences(passage.text)]
        spans = [(s, e) for s, e in spans if e - s > _LABEL] or [(0, len(passage.text))]
        texts = tuple(passage.text[s:e] for s, e in spans)
        cosines = _passages(self.index.encoder, texts) @ _wanted(self.index.encoder, wanted)
        held = _shares(texts, wanted)
        return [
            Piece(passage, s, e, max(float(c) + _HELD * h, 0.0), 0)
            for (s, e), c, h in zip(spans, cosines, held, strict=True)
        ]


@lru_cache(maxsize=4096)
def _passages(encoder: Encoder, texts: tuple[str, ...]) -> Vectors:
    return encoder.encode_passages(list(texts))


@lru_cache(maxsize=4096)
def _wanted(encoder: Encoder, text: str) -> Vectors:
    vector: Vectors = encoder.encode_queries([text])[0]
    return vector


@lru_cache(maxsize=4096)
def _shares(texts: tuple[str, ...], wanted: str) -> tuple[float, ...]:
    """For each text the share of the words wanted that it holds; a word said twice counts so."""
    asked = words(wanted)
    held = [set(words(text)) for text in texts]
    return tuple(sum(w in said for w in asked) / max(len(asked), 1) for said in held)
