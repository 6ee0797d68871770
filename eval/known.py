"""Known-item searches: two rare words of a passage must find that passage.

Questions in sentences say little of exact words: a model that was trained on the field finds
most answers by meaning alone, and nobody would notice the keywords gone. Who types a form's name
or a person's into the search does. So the index is also asked for each of its passages by the
two words of it that are rarest, as Azzopardi, de Rijke and Balog (2007) simulate searches for a
known item; they draw words at random in proportion to their weight, here the rarest are taken,
so that the same index gives the same searches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.retrieval import DEPTH, measure_rankings
from index.search import Index
from index.tokenization import words

MOST = 500
"""Searches at most; of a larger index every n-th passage is searched for."""
MEASURES = {"known@1": "success@1", "known_rr": "rr"}
"""Their names in ``metrics.json``, and what is measured: success@1 and RR."""
_WORDS = 2


@dataclass(frozen=True)
class KnownItem:
    """A search for one passage: the words typed, and the unit that they were taken from."""

    words: str
    unit: str


def known_items(index: Index) -> dict[str, KnownItem]:
    """The searches for an index's passages, by the passage's id; renderings are left out."""
    own = [p for p in index.passages if not p.rendering]
    found = {}
    for passage in own[:: max(1, -(-len(own) // MOST))]:
        held = sorted(set(words(passage.text)), key=lambda w: (-index.keywords.idf(w), w))
        if len(held) >= _WORDS:
            found[passage.passage_id] = KnownItem(" ".join(held[:_WORDS]), passage.unit)
    return found


def measure_known(index: Index) -> dict[str, Mapping[str, float]]:
    """The measures of each known-item search, by the id of its passage."""
    items = known_items(index)
    rankings = {
        passage: [hit.passage.unit for hit in index.search(item.words, DEPTH).hits]
        for passage, item in items.items()
    }
    ranked = measure_rankings(rankings, {passage: [i.unit] for passage, i in items.items()})
    return {
        passage: {ours: own[theirs] for ours, theirs in MEASURES.items()}
        for passage, own in ranked.items()
    }
