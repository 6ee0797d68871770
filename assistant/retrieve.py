"""The passages that a question is answered from, and whether they answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from assistant.address import find_addresses, stands_at
from assistant.datatypes import Query
from assistant.understand import kind_of, standings_asked
from index.encoder import Vectors
from index.search import Hit, Index, SearchResult, in_force
from index.tokenization import words

LOOKED_AT = 24
"""How many units are looked at for one answer."""
ADDRESS_BONUS = 0.6
"""What a provision gains when the question names it by number."""
STANDING_BONUS = 0.2
"""What a finding, an opinion or a hypothesis gains when the question asks for one by name."""
ADDED_SHARE = 0.35
"""How much what a kind of question also looks for counts beside the question itself."""
ADDED_SHARE_VAGUE = 0.8
"""The same for a question that says hardly more than its kind, or hardly in our words."""
BROAD = 2
"""Concepts up to which a question says hardly more than its kind."""
CLEAR = 0.45
"""Coverage from which the documents speak of what the question speaks of."""
OWN_SHARE = 0.4
"""How much the words of a question that leans on an earlier one count beside the two together:
without it the topic, which the earlier answer was about as well, outweighs what is asked now.
Between 0.2 and 0.6 alike on the development follow-ups."""
VAGUE_SHARE = 0.6
"""How much a question's own findings count when they are below that."""
PER_ADDED = 2
"""Units taken for each thing that a kind of question also looks for."""


@dataclass(frozen=True)
class Found:
    """What was found for a question, best first.

    ``result`` is of the question itself; ``hits`` are reordered by what the question's kind
    also looks for and by the provisions it names; ``asked`` is the question's unit vector,
    shape (dimension,); ``numbers`` are the passages' by id;
    ``standings`` are those that the question asks for by name.
    """

    hits: tuple[Hit, ...]
    result: SearchResult
    asked: Vectors
    numbers: dict[str, int]
    standings: frozenset[str] = frozenset()

    def concepts_of(self, hit: Hit) -> set[int]:
        """Which concepts of the question, by number, a unit holds."""
        column = self.result.held[:, self.numbers[hit.passage.passage_id]]
        return set(np.flatnonzero(column).tolist())


def retrieve(index: Index, query: Query) -> Found:
    """The units that may answer a question, best first."""
    rule = kind_of(query.standalone, query.language)
    result = index.search(
        _without(query.standalone, rule.drops), LOOKED_AT, query.as_of, query.language
    )
    added = _added(index, query, rule.adds)
    vague = not result.concepts or len(result.concepts) <= BROAD or _coverage(result) < CLEAR
    share = ADDED_SHARE_VAGUE if vague else ADDED_SHARE
    own = VAGUE_SHARE if added and _coverage(result) < CLEAR else 1.0
    scores = {h.passage.unit: replace(h, score=round(own * h.score, 4)) for h in result.hits}
    for hit in added:
        _raise(scores, hit, share * hit.score)
    for hit in _own(index, query):
        if hit.passage.unit in scores:
            _raise(scores, hit, OWN_SHARE * hit.score)
    for hit in _addressed(index, query, find_addresses(query.standalone)):
        _raise(scores, hit, ADDRESS_BONUS)
    asked_for = standings_asked(query.standalone, query.language)
    for hit in result.hits:
        if hit.passage.standing in asked_for:
            _raise(scores, hit, STANDING_BONUS)
    ranked = sorted(scores.values(), key=lambda hit: -hit.score)
    hits = tuple(replace(hit, rank=i) for i, hit in enumerate(ranked, 1))
    asked = index.encoder.encode_queries([query.standalone])[0]
    return Found(hits, result, asked, index.numbers, asked_for)


def _own(index: Index, query: Query) -> tuple[Hit, ...]:
    """What a question that leans on an earlier one finds by itself; nothing for any other."""
    if query.standalone == query.question:
        return ()
    return index.search(query.question, LOOKED_AT, query.as_of, query.language).hits


def _coverage(result: SearchResult) -> float:
    return max((hit.coverage for hit in result.hits[:5]), default=0.0)


def _raise(scores: dict[str, Hit], hit: Hit, bonus: float) -> None:
    """Add to a unit's score; a unit that the question itself did not find starts from 0."""
    before = scores.get(hit.passage.unit)
    if before is None:
        before = replace(hit, score=0.0, coverage=0.0, cosine=0.0)
    scores[hit.passage.unit] = replace(before, score=round(before.score + bonus, 4))


def _without(question: str, drops: tuple[str, ...]) -> str:
    """The question without the words that only tell its kind; itself where nothing is left."""
    kept = question
    for word in sorted(drops, key=len, reverse=True):
        pattern = rf"\b{re.escape(word)}" if word.isascii() else re.escape(word)
        kept = re.sub(pattern, " ", kept, flags=re.IGNORECASE)
    return kept if words(kept) else question


def _added(index: Index, query: Query, adds: tuple[str, ...]) -> list[Hit]:
    """The best units for each thing that a kind of question also looks for, each once."""
    best: dict[str, Hit] = {}
    for added in adds:
        for hit in index.search(added, PER_ADDED, query.as_of, query.language).hits:
            known = best.get(hit.passage.unit)
            weighted = replace(hit, score=hit.score / hit.rank)
            if known is None or known.score < weighted.score:
                best[hit.passage.unit] = weighted
    return list(best.values())


def _addressed(index: Index, query: Query, addresses: tuple[str, ...]) -> list[Hit]:
    """The provisions that the question names by number, in the documents it may mean."""
    if not addresses:
        return []
    english = query.language == "en"
    named = [
        p
        for p in index.passages
        if p.rendering == (english and p.counterpart is not None)
        and any(stands_at(p, a) for a in addresses)
        and in_force(p, query.as_of)
        and index.best_copy(p, query.as_of) is p
    ]
    return [Hit(p, 0, 0.0, 0.0, 0.0) for p in named]
