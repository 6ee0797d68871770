"""Questions of the field that the bundled documents were found not to answer.

People wrote them after reading the documents. What is asked in nearly the same words is not
answered either. They say nothing of an office's own documents.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from corpus.datatypes import Document
from corpus.folder import BUNDLED
from index.dense import no_vectors
from index.encoder import Encoder, Vectors
from index.memory import give_back_memory

FILES = Path(__file__).with_name("language")
PATTERN = "near-misses.*.txt"
AROUND = 50
"""Questions of each kind that are looked at around one; 25 and 100 tell no more on development
questions (area under the curve 0.966 alone, 0.964 with 100)."""
_SHARPNESS = 10.0
_AT_ONCE = 1_024
"""Questions that are encoded at once: their exact vectors need not all lie in memory."""


@dataclass(frozen=True)
class NearMisses:
    """The questions as a FAISS index of vectors of the index's model, and the SHA-256 of the
    documents that they were held against."""

    faiss_index: Any = field(repr=False)
    documents: frozenset[str] = frozenset()

    def around(self, vector: Vectors) -> Vectors:
        """Cosines of those nearest to a question's unit vector, the nearest last."""
        count = min(AROUND, self.faiss_index.ntotal)
        cosines: Vectors = self.faiss_index.search(vector[None, :], count)[0][0]
        return cosines[::-1]

    def covers(self, document: Document) -> bool:
        """Whether they were held against a document as it stands."""
        return document.sha256 in self.documents


def crowd(unanswered: Vectors, answered: Vectors) -> float:
    """How much denser the unanswered lie around a question than the answered, as a logarithm.

    The log ratio of two kernel density estimates (exponential kernel on the cosine, Parzen
    1962), each over the nearest questions of its kind: 0 where both are as dense, above where
    the unanswered are denser.

    Args:
        unanswered: as ``NearMisses.around`` gives them.
        answered: cosines of the nearest known questions that documents answer; the same cosine
            twice is one question that several passages answer.
    """
    nearest = np.unique(answered)[-AROUND:]
    return _log_density(unanswered) - _log_density(nearest)


def _log_density(cosines: Vectors) -> float:
    return float(np.log(np.exp(_SHARPNESS * cosines.astype(np.float64)).sum()))


@lru_cache(maxsize=2)
def load_near_misses(encoder: Encoder) -> NearMisses:
    """The lines of ``language/near-misses.*.txt`` in a model's space."""
    files = sorted(BUNDLED.iterdir())
    hashes = (hashlib.sha256(f.read_bytes()).hexdigest() for f in files if f.is_file())
    rows, lines = no_vectors(encoder.dimension), read_lines()
    for start in range(0, len(lines), _AT_ONCE):
        rows.add(encoder.encode_queries(lines[start : start + _AT_ONCE]))
        give_back_memory()
    return NearMisses(rows, frozenset(hashes))


def read_lines() -> list[str]:
    """The questions, one a line; lines with # are comments."""
    lines = [
        line.strip()
        for file in sorted(FILES.glob(PATTERN))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [line for line in lines if line and not line.startswith("#")]
