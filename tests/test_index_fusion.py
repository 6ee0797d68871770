"""Fusion: one ranking out of two, whatever the scores are."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from index.fusion import DENSE_WEIGHT, Scores, fuse

WEIGHTS = st.floats(0, 1)


@st.composite
def rankings(draw: Any) -> tuple[Scores, Scores]:
    """Cosines and BM25 scores of the same passages."""
    size = draw(st.integers(1, 20))
    cosines = arrays.arrays(np.float32, size, elements=st.floats(-1, 1, width=32))
    counts = arrays.arrays(np.float32, size, elements=st.floats(0, 100, width=16))
    return draw(cosines), draw(counts)


@given(rankings(), WEIGHTS)
def test_scores_lie_between_0_and_1(both: tuple[Scores, Scores], weight: float) -> None:
    fused = fuse(*both, weight)
    assert fused.dtype == np.float32
    assert fused.shape == both[0].shape
    assert (fused >= 0).all()
    assert (fused <= 1 + 1e-6).all()


@given(rankings(), WEIGHTS)
def test_where_both_agree_the_order_is_kept(both: tuple[Scores, Scores], weight: float) -> None:
    dense, keywords = both
    fused = fuse(dense, keywords, weight)
    for i in range(len(dense)):
        below = (dense <= dense[i]) & (keywords <= keywords[i])
        assert (fused[below] <= fused[i]).all()


@given(rankings())
def test_weight_1_is_the_dense_ranking_alone(both: tuple[Scores, Scores]) -> None:
    dense, keywords = both
    fused = fuse(dense, keywords, 1.0)
    np.testing.assert_array_equal(fused, fuse(dense, np.zeros_like(keywords), 1.0))
    best = max(float(dense.max()), 0.0)
    np.testing.assert_allclose(fused * best, np.maximum(dense, 0), rtol=1e-5, atol=1e-30)


@given(rankings())
def test_weight_0_is_the_keyword_ranking_alone(both: tuple[Scores, Scores]) -> None:
    dense, keywords = both
    fused = fuse(dense, keywords, 0.0)
    np.testing.assert_array_equal(fused, fuse(-np.ones_like(dense), keywords, 0.0))
    np.testing.assert_allclose(fused * keywords.max(), keywords, rtol=1e-5, atol=1e-30)


@given(rankings(), WEIGHTS, st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_the_unit_of_the_keyword_scores_does_not_matter(
    both: tuple[Scores, Scores], weight: float, factor: float
) -> None:
    dense, keywords = both
    scaled = keywords * np.float32(factor)
    np.testing.assert_allclose(
        fuse(dense, keywords, weight), fuse(dense, scaled, weight), rtol=1e-4, atol=1e-6
    )


def test_a_sum_worked_by_hand() -> None:
    dense = np.array([0.8, 0.4, -0.5], dtype=np.float32)
    keywords = np.array([0.0, 10.0, 5.0], dtype=np.float32)
    fused = fuse(dense, keywords, 0.4)
    np.testing.assert_allclose(fused, [0.4, 0.4 * 0.5 + 0.6, 0.6 * 0.5], rtol=1e-6)


def test_nothing_found_scores_0() -> None:
    none = np.zeros(3, dtype=np.float32)
    assert fuse(none - 1, none, 0.5).tolist() == [0, 0, 0]


def test_both_languages_have_a_weight() -> None:
    assert set(DENSE_WEIGHT) == {"ja", "en"}
    assert all(0 < weight < 1 for weight in DENSE_WEIGHT.values())
