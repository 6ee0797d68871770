"""Vectors: FAISS gives exactly what NumPy gives, and rows belong to their passages."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from index import Index, IndexDamaged
from index.dense import DenseIndex, build_dense, load_dense, row_texts, save_rows
from index.encoder import Vectors, load_encoder

HALF = 2e-4
"""What a number of a unit vector may lose in 16 bits (10 bits of fraction: 1/2048 of itself)."""
QUESTIONS = ["協働型事業とは何ですか", "What fairness steps apply?", "助成金の締切", "🌸", "x"]


def _vectors(dense: DenseIndex) -> Vectors:
    found: Vectors = dense.faiss_index.reconstruct_n(0, dense.faiss_index.ntotal)
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_similarities_are_exact(question: str, bundled_index: Index) -> None:
    query = bundled_index.encoder.encode_queries([question])
    rows = _vectors(bundled_index.dense) @ query[0]
    exact = np.full(len(bundled_index.passages), -1.0, dtype=np.float32)
    for owner, score in zip(bundled_index.dense.owners, rows, strict=True):
        exact[owner] = max(exact[owner], score)
    found = bundled_index.dense.similarities(query, len(exact), len(rows))
    np.testing.assert_allclose(found, exact, atol=1e-6)


@settings(deadline=None, max_examples=60)
@given(
    arrays.arrays(np.float32, (12, 4), elements=st.floats(-1, 1, width=32)),
    st.integers(1, 12),
    st.integers(0, 11),
)
def test_the_nearest_rows_are_the_nearest(given_rows: Vectors, k: int, asked: int) -> None:
    rows = given_rows + np.float32(0.01)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    index = faiss.IndexFlatIP(4)
    index.add(rows)
    owners = np.arange(12, dtype=np.int32)
    dense = DenseIndex(index, owners, np.zeros((12, 16), dtype=np.uint8))
    found = dense.similarities(rows[asked : asked + 1], 12, k)
    exact = rows @ rows[asked]
    assert (found > -1).sum() <= k
    assert found.max() == pytest.approx(exact.max(), abs=1e-5)
    np.testing.assert_allclose(found[found > -1], exact[found > -1], atol=1e-5)
    assert sorted(found)[-k:] == pytest.approx(sorted(exact)[-k:], abs=1e-5)


def test_several_texts_are_compared_by_their_mean(bundled_index: Index) -> None:
    query = bundled_index.encoder.encode_queries(["fairness", "公平性"])
    mean = query.mean(axis=0) / np.linalg.norm(query.mean(axis=0))
    passages = len(bundled_index.passages)
    found = bundled_index.dense.similarities(query, passages, 10_000)
    alone = bundled_index.dense.similarities(mean[None, :], passages, 10_000)
    np.testing.assert_allclose(found, alone, atol=1e-6)


def test_stored_vectors_are_of_unit_length(bundled_index: Index) -> None:
    norms = np.linalg.norm(_vectors(bundled_index.dense), axis=1)
    np.testing.assert_allclose(norms, 1.0, atol=HALF)


def test_every_row_is_the_vector_of_its_own_text(bundled_index: Index) -> None:
    texts = [(n, t) for n, p in enumerate(bundled_index.passages) for t in row_texts(p)]
    assert [n for n, _ in texts] == bundled_index.dense.owners.tolist()
    some = range(0, len(texts), 97)
    encoded = bundled_index.encoder.encode_passages([texts[i][1] for i in some])
    np.testing.assert_allclose(_vectors(bundled_index.dense)[list(some)], encoded, atol=HALF)


def test_headings_help_the_search_and_sentences_stand_alone(bundled_index: Index) -> None:
    passage = max(bundled_index.passages, key=lambda p: len(row_texts(p)))
    whole, *sentences = row_texts(passage)
    assert whole.startswith(passage.document.title)
    assert whole.endswith(passage.text)
    assert len(sentences) > 1
    assert all(sentence in passage.text for sentence in sentences)


def test_a_known_text_keeps_its_vector_and_only_its_own(bundled_index: Index) -> None:
    passages = bundled_index.passages[:3]
    encoder = load_encoder()
    first = build_dense(passages, encoder, {})
    marked = np.zeros(encoder.dimension, dtype=np.float32)
    known = {first.digests[0].tobytes(): marked}
    again = _vectors(build_dense(passages, encoder, known))
    assert not again[0].any()
    np.testing.assert_array_equal(again[1:], _vectors(first)[1:])


@pytest.mark.parametrize("wrong", ["passages", "dimension", "owners"])
def test_parts_that_do_not_belong_together_are_refused(
    wrong: str, bundled_index: Index, tmp_path: Path
) -> None:
    dense = build_dense(bundled_index.passages[:3], bundled_index.encoder, {})
    save_rows(dense, tmp_path)
    dimension = bundled_index.encoder.dimension
    load_dense(tmp_path, 3, dimension)
    if wrong == "owners":
        np.save(tmp_path / "owners.npy", dense.owners[:-1])
    given_parts = {
        "passages": (2, dimension),
        "dimension": (3, dimension + 1),
        "owners": (3, dimension),
    }
    with pytest.raises(IndexDamaged, match="build the index again"):
        load_dense(tmp_path, *given_parts[wrong])
