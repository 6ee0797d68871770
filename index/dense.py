"""Vectors in FAISS: inner product on unit vectors, exact."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from corpus.datatypes import Passage
from corpus.sentences import split_sentences
from index.encoder import Encoder, Vectors
from index.errors import IndexDamaged

_SHORTEST_SENTENCE = 12
_HEADINGS_USED = 3


@dataclass(frozen=True)
class DenseIndex:
    """A FAISS index of rows, and which passage (by number) each row belongs to.

    A passage has one row for itself under its headings and, where it has several, one for
    each of its sentences: a question that one sentence answers is not drowned by the others.
    """

    faiss_index: Any
    owners: npt.NDArray[np.int32]

    def similarities(self, query: Vectors, passages: int, k: int) -> npt.NDArray[np.float32]:
        """The best cosine of each passage among the k nearest rows; -1 where none is.

        Args:
            query: unit vectors, shape (n, dimension); the mean over them is compared.
            passages: how many passages there are.
            k: how many rows to look at.
        """
        mean = query.mean(axis=0, keepdims=True)
        mean /= max(float(np.linalg.norm(mean)), 1e-12)
        scores, rows = self.faiss_index.search(mean, min(k, self.faiss_index.ntotal))
        best = np.full(passages, -1.0, dtype=np.float32)
        found = rows[0] >= 0
        np.maximum.at(best, self.owners[rows[0][found]], scores[0][found])
        return best


def row_texts(passage: Passage) -> list[str]:
    """What is embedded of a passage: itself under its headings, and its sentences."""
    title = passage.document.title_en if passage.language == "en" else passage.document.title
    heads = " ".join((title or passage.document.title, *passage.headings[-_HEADINGS_USED:]))
    texts = [f"{heads}\n{passage.text}"]
    spans = split_sentences(passage.text)
    if len(spans) > 1:
        texts += [passage.text[s:e] for s, e in spans if e - s >= _SHORTEST_SENTENCE]
    return texts


def build_dense(
    passages: tuple[Passage, ...], encoder: Encoder, known: dict[str, Vectors]
) -> tuple[DenseIndex, Vectors]:
    """The dense index of passages, and its vectors.

    Args:
        passages: the passages, in order.
        encoder: the model.
        known: vectors by text of an earlier index of the same model, not encoded again.
    """
    texts: list[str] = []
    owners: list[int] = []
    for number, passage in enumerate(passages):
        for text in row_texts(passage):
            texts.append(text)
            owners.append(number)
    new = [t for t in dict.fromkeys(texts) if t not in known]
    encoded = dict(zip(new, encoder.encode_passages(new), strict=True)) if new else {}
    vectors = np.stack([known[t] if t in known else encoded[t] for t in texts])
    index = faiss.IndexFlatIP(encoder.dimension)
    index.add(vectors)
    return DenseIndex(index, np.array(owners, dtype=np.int32)), vectors


def save_dense(dense: DenseIndex, folder: Path) -> None:
    """Write ``vectors.faiss`` and ``owners.npy``."""
    faiss.write_index(dense.faiss_index, str(folder / "vectors.faiss"))
    np.save(folder / "owners.npy", dense.owners, allow_pickle=False)


def load_dense(folder: Path, passages: int, dimension: int) -> DenseIndex:
    """Read what ``save_dense`` wrote.

    Raises:
        IndexDamaged: if the parts do not belong together.
    """
    index = faiss.read_index(str(folder / "vectors.faiss"))
    owners = np.load(folder / "owners.npy", allow_pickle=False)
    if (
        index.d != dimension
        or index.ntotal != len(owners)
        or int(owners.max(initial=0)) >= passages
    ):
        raise IndexDamaged(
            f"{folder}: expected {len(owners)} vectors of {dimension} dimensions for {passages} "
            f"passages, found {index.ntotal} of {index.d}; build the index again."
        )
    return DenseIndex(index, owners)


def vectors_by_text(dense: DenseIndex, passages: tuple[Passage, ...]) -> dict[str, Vectors]:
    """The vectors of an index by the text that each stands for."""
    texts = [text for passage in passages for text in row_texts(passage)]
    if len(texts) != dense.faiss_index.ntotal:
        return {}
    return dict(zip(texts, dense.faiss_index.reconstruct_n(0, len(texts)), strict=True))
