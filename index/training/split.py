"""Cut the development part off: whole articles, held-out sentence pairs, held-out scores."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from index.training.datatypes import Material, Pair, Passage, Scored

Row = TypeVar("Row")
_UNSAID = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Sizes:
    """How much is held out.

    Attributes:
        passages: Passages at least, in whole articles.
        pairs: Sentence pairs of one draw.
        draws: How many such draws, none of which shares a row with another.
        scored: Scored pairs.
    """

    passages: int = 1150
    pairs: int = 500
    draws: int = 4
    scored: int = 1450


@dataclass(frozen=True)
class Development:
    """What is never trained on and only measured.

    Attributes:
        passages: The passages of whole articles.
        pairs: The first draw of sentence pairs, the one of the trials' table.
        scored: The scored pairs.
        more_pairs: The other draws: how much a figure depends on the pairs that were drawn.
    """

    passages: tuple[Passage, ...]
    pairs: tuple[Pair, ...]
    scored: tuple[Scored, ...]
    more_pairs: tuple[tuple[Pair, ...], ...] = ()


def split(
    material: Material, pairs_name: str, sizes: Sizes, seed: int
) -> tuple[Material, Development]:
    """Divide a material into what is trained on and what is measured on.

    No article and no sentence of the held-out scored pairs stays in the training part of its
    data set; no sentence of the held-out sentence pairs, however spaced or punctuated, in that of
    any set of pairs.

    Args:
        material: Everything that was read.
        pairs_name: Which sentence pairs the held-out ones are drawn from.
        sizes: How much to hold out.
        seed: Fixes the draw.

    Returns:
        The training part and the development part.
    """
    held_passages, passages = _split_articles(material.passages, sizes.passages, seed)
    draws = _draws(material.pairs.get(pairs_name, ()), sizes, seed)
    held_scored = tuple(_drawn(material.scored, sizes.scored, seed))
    seen = {_folded(text) for draw in draws for pair in draw for text in pair}
    scored_seen = {text for row in held_scored for text in (row.left, row.right)}
    pairs = {
        name: tuple(pair for pair in rows if seen.isdisjoint(map(_folded, pair)))
        for name, rows in material.pairs.items()
    }
    scored = tuple(r for r in material.scored if scored_seen.isdisjoint((r.left, r.right)))
    kept = replace(material, passages=passages, pairs=pairs, scored=scored)
    return kept, Development(held_passages, draws[0], held_scored, draws[1:])


def _split_articles(
    passages: Sequence[Passage], enough: int, seed: int
) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    titles = sorted({passage.title for passage in passages})
    random.Random(seed).shuffle(titles)
    held: set[str] = set()
    count = 0
    for title in titles:
        if count >= enough:
            break
        held.add(title)
        count += sum(passage.title == title for passage in passages)
    apart = tuple(passage for passage in passages if passage.title in held)
    return apart, tuple(passage for passage in passages if passage.title not in held)


def _folded(text: str) -> str:
    """A sentence without what writers may choose: width, capitals, spaces, punctuation."""
    return _UNSAID.sub("", unicodedata.normalize("NFKC", text).lower())


def _draws(rows: Sequence[Pair], sizes: Sizes, seed: int) -> tuple[tuple[Pair, ...], ...]:
    first = tuple(_drawn(rows, sizes.pairs, seed))
    seen = {text for pair in first for text in pair}
    rest = [pair for pair in rows if seen.isdisjoint(pair)]
    more = _drawn(rest, sizes.pairs * (sizes.draws - 1), seed)
    starts = range(0, len(more), sizes.pairs)
    return (first, *(tuple(more[start : start + sizes.pairs]) for start in starts))


def _drawn(rows: Sequence[Row], count: int, seed: int) -> list[Row]:
    unique = list(dict.fromkeys(rows))
    return random.Random(seed).sample(unique, min(count, len(unique)))
