"""The bundled embedding model: what is stored, and that both runtimes read it alike."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel
from numpy.typing import NDArray

MODEL = Path(__file__).parents[1] / "index" / "model"
TEXTS = Path(__file__).with_name("model_texts.tsv")
MEBIBYTE = 1024 * 1024

Vectors = NDArray[np.float32]


@pytest.fixture(scope="module")
def model() -> StaticModel:
    return StaticModel.from_pretrained(MODEL, normalize=True, max_length=None)


@pytest.fixture(scope="module")
def translations() -> list[list[str]]:
    lines = TEXTS.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def test_stored_files_are_the_pinned_ones() -> None:
    sums = (MODEL / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    pinned = {name: digest for digest, _, name in (line.partition("  ") for line in sums)}
    assert set(pinned) == {"model.safetensors", "tokenizer.json"}
    found = {name: hashlib.sha256((MODEL / name).read_bytes()).hexdigest() for name in pinned}
    assert found == pinned


def test_folder_is_under_24_mebibytes() -> None:
    stored = sum(path.stat().st_size for path in MODEL.rglob("*") if path.is_file())
    assert stored < 24 * MEBIBYTE


def test_fifty_texts_in_both_languages(translations: list[list[str]]) -> None:
    assert len(translations) == 25
    assert all(len(row) == 2 for row in translations)


def test_both_runtimes_give_the_same_vectors(
    model: StaticModel, translations: list[list[str]]
) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    texts = [text for row in translations for text in row]
    texts += [translations[0][0] * 400, "𠮷 ☃ 龘", ""]
    reference = sentence_transformers.SentenceTransformer(str(MODEL), device="cpu").encode(texts)
    found = np.asarray(model.encode(texts, use_multiprocessing=False))
    assert found.shape == reference.shape == (len(texts), model.dim)
    np.testing.assert_allclose(found, reference, rtol=0, atol=1e-5)


def test_vectors_are_finite_and_of_unit_length(
    model: StaticModel, translations: list[list[str]]
) -> None:
    vectors: Vectors = np.asarray(model.encode([text for row in translations for text in row]))
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=0, atol=1e-5)


def test_an_empty_text_gives_a_zero_vector(model: StaticModel) -> None:
    vectors: Vectors = np.asarray(model.encode([""]))
    assert not vectors.any()


def test_width_and_capitals_make_no_difference(model: StaticModel) -> None:
    vectors: Vectors = np.asarray(model.encode(["ＰＴＡ", "pta", "Kyōdō", "kyodo"]))
    np.testing.assert_allclose(vectors[0], vectors[1], rtol=0, atol=1e-6)
    np.testing.assert_allclose(vectors[2], vectors[3], rtol=0, atol=1e-6)


def test_english_is_nearest_to_its_own_translation(
    model: StaticModel, translations: list[list[str]]
) -> None:
    english: Vectors = np.asarray(model.encode([row[0] for row in translations]))
    japanese: Vectors = np.asarray(model.encode([row[1] for row in translations]))
    own = (english @ japanese.T).argmax(axis=1) == np.arange(len(translations))
    assert own.mean() >= 0.9
