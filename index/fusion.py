"""One ranking out of two: a weighted sum of the cosine and the BM25 score of a question."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]

DENSE_WEIGHT = {"ja": 0.55, "en": 0.8}
"""Share of the dense score by the question's language, chosen on development questions.

English questions meet Japanese words through the term list only, so keywords say less there.
In Japanese 0.55 lies between what paraphrased policy questions want (0.6 to 0.7) and what
questions worded like their passage want (JaQuAD: 0.4; up to 0.55 both rankings together are
significantly better than keywords alone).
"""


def fuse(dense: Scores, keywords: Scores, weight: float) -> Scores:
    """Weighted sum of both scores, each divided by its best for this question.

    Convex combination after max normalisation (Bruch, Gai, Ingber 2023 find it at least as
    good as reciprocal rank fusion, and it keeps how far apart two passages are).

    Args:
        dense: cosines, shape (n,), -1 to 1; negative ones count as 0.
        keywords: BM25 scores, shape (n,), 0 or more.
        weight: share of the dense score, 0 to 1.

    Returns:
        Fused scores, shape (n,), 0 to 1.
    """
    return weight * _by_best(dense) + (1 - weight) * _by_best(keywords)


def with_known(
    fused: Scores, cosines: Scores, known: Scores, counts: npt.NDArray[np.int64]
) -> Scores:
    """Fused scores and the nearest known questions of each passage as one score.

    All count alike: weights fitted on questions of other authors differ by less than a fifth,
    and rank development questions no better. Where a passage has fewer known questions than are
    counted, its own cosine stands for each that is missing, so that a document that nobody has
    written questions for is not put last.

    Args:
        fused: scores of ``fuse``, shape (n,), 0 to 1.
        cosines: the passages' own, shape (n,).
        known: cosines of their nearest known questions, shape (counted, n).
        counts: how many known questions each has at all, shape (n,).

    Returns:
        Scores, shape (n,), 0 to 1; the best of a question 1.
    """
    order = np.arange(len(known))[:, None]
    near = np.where(order < counts[None, :], known, cosines[None, :])
    return _by_best(fused + np.maximum(near, 0.0).sum(axis=0))


def _by_best(scores: Scores) -> Scores:
    positive = np.maximum(scores, 0.0)
    best = float(positive.max(initial=0.0))
    scaled: Scores = (positive / np.float32(best)).astype(np.float32) if best > 0 else positive
    return scaled
