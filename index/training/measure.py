"""Measure a model on the development part: retrieval, English to Japanese, likeness."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from corpus.sentences import split_sentences
from index.training.datatypes import Pair
from index.training.split import Development

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Texts to unit vectors, shape (n, dimensions)."""


def measure(encode: Encode, development: Development) -> dict[str, float]:
    """Measure everything there is development data for.

    Args:
        encode: The model.
        development: What to measure on.

    Returns:
        ``ndcg@10`` and ``success@1`` (question to whole passage), ``ndcg@10_rows`` (question to
        the nearest of a passage and its sentences, as the index compares them), ``en_ja_r@1``
        and ``ja_en_r@1`` (sentence pairs of the first draw), ``en_ja_r@1_draws`` (the mean of
        the first and every other draw), ``sts_spearman``; each from 0 to 1, left out where there
        is no data.
    """
    results: dict[str, float] = {}
    if development.passages:
        results.update(_passage_figures(encode, development))
    if development.pairs:
        results["en_ja_r@1"] = first_hits(encode, development.pairs)
        results["ja_en_r@1"] = first_hits(encode, [(b, a) for a, b in development.pairs])
        draws = (development.pairs, *development.more_pairs)
        results["en_ja_r@1_draws"] = float(np.mean([first_hits(encode, d) for d in draws]))
    if development.scored:
        left = encode([row.left for row in development.scored])
        right = encode([row.right for row in development.scored])
        gold = [row.score for row in development.scored]
        results["sts_spearman"] = float(spearmanr((left * right).sum(axis=1), gold).statistic)
    return {name: round(value, 4) for name, value in results.items()}


def first_hits(encode: Encode, pairs: Sequence[Pair]) -> float:
    """Share of left texts whose nearest right text is their own."""
    scores = encode([left for left, _ in pairs]) @ encode([right for _, right in pairs]).T
    return float((scores.argmax(axis=1) == np.arange(len(pairs))).mean())


def ranks(scores: Vectors, gold: NDArray[np.int64]) -> NDArray[np.int64]:
    """Place of each query's own passage.

    Args:
        scores: Shape (queries, passages), higher is nearer.
        gold: The right passage of each query.

    Returns:
        0 for the first place; equal scores count against the query.
    """
    own = scores[np.arange(len(gold)), gold][:, None]
    return np.asarray((scores >= own).sum(axis=1) - 1, dtype=np.int64)


def ndcg_at_ten(places: NDArray[np.int64]) -> float:
    """Mean nDCG@10 where every query has one right passage."""
    return float(np.where(places < 10, 1 / np.log2(places + 2), 0).mean())


def passage_questions(development: Development) -> tuple[list[str], NDArray[np.int64]]:
    """Every question of the held-out passages, and which passage answers it."""
    asked = [
        (question, number)
        for number, passage in enumerate(development.passages)
        for question in passage.questions
    ]
    return [question for question, _ in asked], np.array([number for _, number in asked])


def _passage_figures(encode: Encode, development: Development) -> dict[str, float]:
    questions, gold = passage_questions(development)
    texts = [passage.text for passage in development.passages]
    asked = encode(questions)
    whole = asked @ encode(texts).T
    places = ranks(whole, gold)
    return {
        "ndcg@10": ndcg_at_ten(places),
        "success@1": float((places == 0).mean()),
        "ndcg@10_rows": ndcg_at_ten(ranks(_with_sentences(encode, asked, whole, texts), gold)),
    }


def _with_sentences(
    encode: Encode, asked: Vectors, whole: Vectors, texts: Sequence[str]
) -> Vectors:
    best = whole.copy()
    rows = [(n, t[s:e]) for n, t in enumerate(texts) for s, e in split_sentences(t) if e - s > 5]
    scores = asked @ encode([sentence for _, sentence in rows]).T
    for column, (number, _) in enumerate(rows):
        np.maximum(best[:, number], scores[:, column], out=best[:, number])
    return best
