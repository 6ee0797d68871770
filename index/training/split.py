"""Cut the development part off: whole articles, held-out sentence pairs, held-out scores."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from index.training.datatypes import Material, Pair, Passage, Scored

Row = TypeVar("Row")


@dataclass(frozen=True)
class Sizes:
    """How much is held out: passages at least, sentence pairs, scored pairs."""

    passages: int = 1150
    pairs: int = 500
    scored: int = 1450


@dataclass(frozen=True)
class Development:
    """What is never trained on and only measured."""

    passages: tuple[Passage, ...]
    pairs: tuple[Pair, ...]
    scored: tuple[Scored, ...]


def split(
    material: Material, pairs_name: str, sizes: Sizes, seed: int
) -> tuple[Material, Development]:
    """Divide a material into what is trained on and what is measured on.

    No article, no Japanese or English sentence of the held-out sentence pairs, and no sentence
    of the held-out scored pairs stays in the training part of its data set.

    Args:
        material: Everything that was read.
        pairs_name: Which sentence pairs the held-out ones are drawn from.
        sizes: How much to hold out.
        seed: Fixes the draw.

    Returns:
        The training part and the development part.
    """
    held_passages, passages = _split_articles(material.passages, sizes.passages, seed)
    held_pairs = tuple(_drawn(material.pairs.get(pairs_name, ()), sizes.pairs, seed))
    held_scored = tuple(_drawn(material.scored, sizes.scored, seed))
    seen = {text for pair in held_pairs for text in pair}
    scored_seen = {text for row in held_scored for text in (row.left, row.right)}
    pairs = {
        name: tuple(pair for pair in rows if seen.isdisjoint(pair))
        for name, rows in material.pairs.items()
    }
    scored = tuple(r for r in material.scored if scored_seen.isdisjoint((r.left, r.right)))
    kept = replace(material, passages=passages, pairs=pairs, scored=scored)
    return kept, Development(held_passages, held_pairs, held_scored)


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


def _drawn(rows: Sequence[Row], count: int, seed: int) -> list[Row]:
    unique = list(dict.fromkeys(rows))
    return random.Random(seed).sample(unique, min(count, len(unique)))
