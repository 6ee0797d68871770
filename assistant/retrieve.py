"""The passages that a question is answered from, and whether they answer it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.address import find_addresses, stands_at
from assistant.datatypes import Query
from assistant.understand import kind_of
from index.search import Hit, Index, SearchResult, in_force

LOOKED_AT = 24
"""How many units are looked at for one answer."""
ADDRESS_BONUS = 0.6
"""What a provision gains when the question names it by number."""
ADDED_SHARE = 0.35
"""How much what a kind of question also looks for counts beside the question itself."""


@dataclass(frozen=True)
class Found:
    """What was found for a question, best first.

    ``result`` is of the question itself; ``hits`` are reordered by what the question's kind
    looks for, by provisions it names, and by documents it names.
    """

    hits: tuple[Hit, ...]
    result: SearchResult
    addresses: tuple[str, ...]


def retrieve(index: Index, query: Query) -> Found:
    """The units that may answer a question, best first."""
    result = index.search(query.standalone, LOOKED_AT, query.as_of)
    scores = {hit.passage.unit: hit for hit in result.hits}
    for hit in _added(index, query):
        before = scores.get(hit.passage.unit)
        bonus = ADDED_SHARE * hit.score
        scores[hit.passage.unit] = (
            replace(before, score=before.score + bonus)
            if before
            else replace(hit, score=bonus, coverage=0.0, cosine=0.0)
        )
    addresses = find_addresses(query.standalone)
    for hit in _addressed(index, query, addresses):
        before = scores.get(hit.passage.unit, hit)
        scores[hit.passage.unit] = replace(before, score=before.score + ADDRESS_BONUS)
    ranked = sorted(scores.values(), key=lambda hit: -hit.score)
    hits = tuple(replace(hit, rank=i) for i, hit in enumerate(ranked, 1))
    return Found(hits, result, addresses)


def _added(index: Index, query: Query) -> tuple[Hit, ...]:
    adds = kind_of(query.standalone, query.language).adds
    return index.search(adds, LOOKED_AT // 2, query.as_of).hits if adds else ()


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
    ]
    return [Hit(p, 0, 0.0, 0.0, 0.0) for p in named]
