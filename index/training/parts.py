"""Let pieces that are written alike share some of their vector.

While training, a piece's vector is its own plus the mean of its parts' vectors: the kanji it is
written with, the beginning of a word. What is learnt of 出発 helps 出発する's rarer relatives, and
what is learnt of "optimism" helps "optimistic". A phrase's vector is its own plus the sum of its
words' vectors. The sums are written out as one row a piece, so the finished model knows nothing of
parts or words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from index.training.tokens import WORD_START

KANJI = re.compile(r"[\u3400-\u9fff]")
PREFIXES = (4, 5, 6)


class SharedTable(nn.Module):  # type: ignore[misc]  # torch has no types here
    """A table of vectors, one a piece, that adds the vectors of a piece's parts or words.

    Attributes:
        own: Each word piece's own vector, shape (words, dimensions).
        shared: Each part's vector, shape (parts, dimensions).
        apart: How each phrase differs from the sum of its words, shape (phrases, dimensions).
    """

    def __init__(
        self,
        pieces: Sequence[str],
        dimensions: int,
        spread: float,
        share: float,
        composed: sparse.csr_matrix | None = None,
    ) -> None:
        """Start from random vectors.

        Args:
            pieces: The pieces by their ids, phrases last.
            dimensions: Numbers in a vector.
            spread: Standard deviation of the own vectors' numbers.
            share: Standard deviation of the parts' numbers beside it; 0 for no parts.
            composed: Which words each piece is made of (``phrases.word_matrix``); None where
                there are no phrases.
        """
        super().__init__()
        words = len(pieces) if composed is None else composed.shape[1]
        self._composed = composed
        self._parts = part_matrix(pieces[:words]) if share else None
        self.own = nn.Parameter(torch.randn(words, dimensions) * spread)
        count = self._parts.shape[1] if self._parts is not None else 0
        self.shared = nn.Parameter(torch.randn(count, dimensions) * spread * share)
        self.apart = nn.Parameter(torch.zeros(len(pieces) - words, dimensions))

    def start_from(self, vectors: NDArray[np.float32]) -> None:
        """Start from given rows instead of random ones; parts then start from zero.

        Args:
            vectors: Shape (words, dimensions), or (pieces, dimensions).

        Raises:
            ValueError: The shape is another; says which.
        """
        words, dimensions = self.own.shape
        whole = words + len(self.apart)
        if vectors.shape not in ((words, dimensions), (whole, dimensions)):
            raise ValueError(
                f"expected vectors of shape {(words, dimensions)}, found {vectors.shape}; "
                "give the recipe the dimensions of the model you start from"
            )
        self.own.data = torch.from_numpy(vectors[:words].copy())
        self.shared.data.zero_()
        if len(vectors) == whole and self._composed is not None:
            summed = (self._composed @ vectors[:words])[words:]
            self.apart.data = torch.from_numpy(vectors[words:] - summed)

    def rows(self) -> Tensor:
        """Each piece's vector as the finished model stores it, shape (pieces, dimensions)."""
        rows: Tensor = self.own
        if self._parts is not None:
            rows = rows + _Times.apply(self.shared, self._parts)
        if self._composed is None:
            return rows
        summed: Tensor = _Times.apply(rows, self._composed)
        return torch.cat([summed[: len(rows)], summed[len(rows) :] + self.apart])

    def forward(self, flat: Tensor, starts: Tensor) -> Tensor:
        """Mean vectors of texts.

        Args:
            flat: Ids of all texts, one after the other.
            starts: Where each text begins.

        Returns:
            Shape (texts, dimensions), not of unit length.
        """
        return functional.embedding_bag(flat, self.rows(), starts, mode="mean")


class _Times(torch.autograd.Function):  # type: ignore[misc]  # torch has no types here
    """A constant sparse matrix times a dense one."""

    @staticmethod
    def forward(context: Any, dense: Tensor, matrix: sparse.csr_matrix) -> Tensor:
        context.matrix = matrix
        return torch.from_numpy(matrix @ dense.detach().numpy())

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return torch.from_numpy(context.matrix.T @ gradient.numpy()), None


def part_matrix(pieces: Sequence[str]) -> sparse.csr_matrix:
    """Say which parts each piece has.

    Args:
        pieces: The pieces by their ids.

    Returns:
        Shape (pieces, parts); a row's numbers sum to 1, or to 0 where a piece has no part that
        another piece has too.
    """
    parts = [list(_parts_of(piece)) for piece in pieces]
    counts = Counter(part for row in parts for part in row)
    numbers = {part: n for n, part in enumerate(sorted(p for p, c in counts.items() if c > 1))}
    rows, columns, values = [], [], []
    for number, row in enumerate(parts):
        known = [numbers[part] for part in row if part in numbers]
        rows += [number] * len(known)
        columns += known
        values += [1 / max(len(known), 1)] * len(known)
    shape = (len(pieces), len(numbers))
    return sparse.csr_matrix((np.array(values, dtype=np.float32), (rows, columns)), shape=shape)


def _parts_of(piece: str) -> Iterator[str]:
    if piece.startswith(WORD_START):
        yield from (piece[: length + 1] for length in PREFIXES if len(piece) > length)
        return
    yield from dict.fromkeys(KANJI.findall(piece))
    if len(piece) > 2 and KANJI.search(piece):
        yield piece[:2]
    elif len(piece) > 3:
        yield piece[:3]
