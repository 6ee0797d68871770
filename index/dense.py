"""Vectors in FAISS: inner product on unit vectors, every one compared, 16 bits a number."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from corpus.datatypes import Passage
from corpus.invisible import searchable
from corpus.sentences import split_sentences
from index.encoder import Encoder, Vectors
from index.errors import IndexDamaged

_SHORTEST_SENTENCE = 12
_HEADINGS_USED = 3
_DIGEST = 16
_AT_ONCE = 10_000
"""Rows that are added at once: the vectors need not lie in memory twice."""


@dataclass(frozen=True)
class DenseIndex:
    """A FAISS index of rows, and which passage (by number) each row belongs to.

    A passage has one row for itself under its headings and, where it has several, one for
    each of its sentences: a question that one sentence answers is not drowned by the others.
    ``digests``, shape (rows, 16), tell by which text each row was made.
    """

    faiss_index: Any
    owners: npt.NDArray[np.int32]
    digests: npt.NDArray[np.uint8]

    def similarities(self, query: Vectors, passages: int, k: int) -> npt.NDArray[np.float32]:
        """The best cosine of each passage among the k nearest rows; -1 where none is.

        Args:
            query: unit vectors, shape (n, dimension); the mean over them is compared.
            passages: how many passages there are.
            k: how many rows to look at.
        """
        best = self.nearest_of_each(query, np.arange(passages), k, 1)
        return best.reshape(passages)

    def nearest_of_each(
        self, query: Vectors, units: npt.NDArray[np.integer[Any]], k: int, most: int
    ) -> npt.NDArray[np.float32]:
        """The best cosines of each unit among the k nearest rows, the best first.

        Args:
            query: unit vectors, shape (n, dimension); the mean over them is compared.
            units: for each passage the number of the unit that it belongs to, shape (passages,).
            k: how many rows to look at.
            most: how many cosines of each unit.

        Returns:
            Shape (most, passages); a passage has its unit's; -1 where there are no more.
        """
        mean = query.mean(axis=0, keepdims=True)
        mean /= max(float(np.linalg.norm(mean)), 1e-12)
        best = np.full((most, len(units)), -1.0, dtype=np.float32)
        if not self.faiss_index.ntotal:
            return best
        scores, rows = self.faiss_index.search(mean, min(k, self.faiss_index.ntotal))
        found = rows[0] >= 0
        owners = units[self.owners[rows[0][found]]]
        order = np.argsort(owners, kind="stable")
        sorted_owners = owners[order]
        place = np.arange(len(order)) - np.searchsorted(sorted_owners, sorted_owners)
        kept = place < most
        best[place[kept], sorted_owners[kept]] = scores[0][found][order][kept]
        spread: npt.NDArray[np.float32] = best[:, units]
        return spread


def no_vectors(dimension: int) -> Any:
    """A FAISS index that unit vectors can be added to.

    Half precision: half the memory, and cosines are within 0.0001 of the exact ones.
    """
    half = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexScalarQuantizer(dimension, half, faiss.METRIC_INNER_PRODUCT)


def row_texts(passage: Passage) -> list[str]:
    """What is embedded of a passage: itself under its headings, and its sentences."""
    title = passage.document.title_en if passage.language == "en" else passage.document.title
    heads = " ".join((title or passage.document.title, *passage.headings[-_HEADINGS_USED:]))
    texts = [f"{heads}\n{passage.text}"]
    spans = split_sentences(passage.text)
    if len(spans) > 1:
        texts += [passage.text[s:e] for s, e in spans if e - s >= _SHORTEST_SENTENCE]
    return [searchable(text) for text in texts]


def build_dense(
    passages: tuple[Passage, ...], encoder: Encoder, known: dict[bytes, Vectors]
) -> DenseIndex:
    """The dense index of passages.

    Args:
        passages: the passages, in order; at least one.
        encoder: the model.
        known: vectors by digest of their text, of an earlier index of the same model; these
            are not encoded again.
    """
    texts: list[str] = []
    owners: list[int] = []
    for number, passage in enumerate(passages):
        for text in row_texts(passage):
            texts.append(text)
            owners.append(number)
    return build_rows(texts, owners, encoder.encode_passages, encoder.dimension, known)


def build_rows(
    texts: Sequence[str],
    owners: Sequence[int],
    encode: Callable[[list[str]], Vectors],
    dimension: int,
    known: dict[bytes, Vectors],
) -> DenseIndex:
    """Rows for texts.

    Args:
        texts: what is embedded.
        owners: for each text the number of its passage.
        encode: makes unit vectors of texts, shape (n, dimension).
        dimension: numbers in a vector.
        known: vectors by digest of their text, of an earlier index of the same model.
    """
    digests = [_digest(text) for text in texts]
    new = {d: t for d, t in zip(digests, texts, strict=True) if d not in known}
    vectors = dict(known)
    if new:
        vectors.update(zip(new, encode(list(new.values())), strict=True))
    index = no_vectors(dimension)
    for start in range(0, len(digests), _AT_ONCE):
        index.add(np.stack([vectors[d] for d in digests[start : start + _AT_ONCE]]))
    rows = np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(len(digests), _DIGEST)
    return DenseIndex(index, np.array(owners, dtype=np.int32), rows)


def save_rows(rows: DenseIndex, folder: Path) -> None:
    """Write ``vectors.faiss``, ``owners.npy`` and ``digests.npy``."""
    with (folder / "vectors.faiss").open("wb") as file:
        file.write(faiss.serialize_index(rows.faiss_index).data)
    np.save(folder / "owners.npy", rows.owners, allow_pickle=False)
    np.save(folder / "digests.npy", rows.digests, allow_pickle=False)


def load_rows(folder: Path, dimension: int) -> DenseIndex:
    """Read what ``save_rows`` wrote.

    Raises:
        IndexDamaged: if the parts do not belong together.
    """
    index = faiss.read_index(str(folder / "vectors.faiss"))
    owners = np.load(folder / "owners.npy", allow_pickle=False)
    digests = np.load(folder / "digests.npy", allow_pickle=False)
    if index.d != dimension or not index.ntotal == len(owners) == len(digests):
        raise IndexDamaged(
            f"{folder}: expected {len(owners)} vectors of {dimension} dimensions, found "
            f"{index.ntotal} of {index.d}; build the index again."
        )
    return DenseIndex(index, owners, digests)


def load_dense(folder: Path, passages: int, dimension: int) -> DenseIndex:
    """The rows of all passages.

    Raises:
        IndexDamaged: if the parts do not belong together, or a passage has no row.
    """
    rows = load_rows(folder, dimension)
    if np.unique(rows.owners).tolist() != list(range(passages)):
        raise IndexDamaged(
            f"{folder}: expected vectors for {passages} passages, found them for "
            f"{len(np.unique(rows.owners))}; build the index again."
        )
    return rows


def restrict_rows(rows: DenseIndex, numbers: npt.NDArray[np.int32]) -> DenseIndex:
    """The rows of some of the passages.

    Args:
        rows: those of all passages.
        numbers: for each passage its number among those that are left, -1 where it is not,
            shape (passages,).
    """
    owners = numbers[rows.owners]
    return pick_rows(replace(rows, owners=owners), np.flatnonzero(owners >= 0))


def pick_rows(rows: DenseIndex, which: npt.NDArray[np.intp]) -> DenseIndex:
    """Some of the rows, by their numbers in order, each once, shape (n,).

    Where these are all rows, the vectors are shared with them.
    """
    if len(which) == rows.faiss_index.ntotal:
        return rows
    index = no_vectors(rows.faiss_index.d)
    for start in range(0, len(which), _AT_ONCE):
        index.add(rows.faiss_index.reconstruct_batch(which[start : start + _AT_ONCE]))
    return DenseIndex(index, rows.owners[which], rows.digests[which])


def join_rows(first: DenseIndex, second: DenseIndex) -> DenseIndex:
    """The rows of both, those of the first first."""
    if not second.faiss_index.ntotal:
        return first
    index = faiss.clone_index(first.faiss_index)
    index.add(second.faiss_index.reconstruct_n(0, second.faiss_index.ntotal))
    owners = np.concatenate((first.owners, second.owners))
    return DenseIndex(index, owners, np.concatenate((first.digests, second.digests)))


def vectors_by_digest(dense: DenseIndex) -> dict[bytes, Vectors]:
    """The vectors of an index by the digest of the text that each stands for."""
    if not dense.faiss_index.ntotal:
        return {}
    vectors = dense.faiss_index.reconstruct_n(0, dense.faiss_index.ntotal)
    return dict(zip((row.tobytes() for row in dense.digests), vectors, strict=True))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST).digest()
