"""A few questions that an index must answer before anyone is served from it.

They ask whether the parts belong together, not whether the ranking is good: a stored vector is
the one that the model makes of its text, the words of a passage lead to that passage, and a
search runs through.
"""

from __future__ import annotations

import numpy as np

from index.dense import row_texts
from index.errors import IndexDamaged
from index.search import Index
from index.tokenization import tokens

_QUESTIONS = 3
_APART = 0.1
"""Distance up to which a stored vector counts as the model's own: machines round differently."""
_QUERY = 200


def self_test(index: Index) -> None:
    """Ask an index for its own passages: the first, the middle and the last.

    Raises:
        IndexDamaged: if a passage is not found by its own vector or its own words.
    """
    last = len(index.passages) - 1
    for number in sorted({last * i // (_QUESTIONS - 1) for i in range(_QUESTIONS)}):
        wrong = _wrong_with(index, number)
        if wrong:
            raise IndexDamaged(
                f"index {index.fingerprint}: its self-test failed: {wrong}; build it again with "
                "`kyodo index build`."
            )


def _wrong_with(index: Index, number: int) -> str:
    passage = index.passages[number]
    vectors = index.encoder.encode_passages(row_texts(passage)[:1])
    rows = np.flatnonzero(index.dense.owners == number)
    if not len(rows):
        return f"no vector belongs to {passage.passage_id}"
    stored = index.dense.faiss_index.reconstruct(int(rows[0]))
    if float(np.linalg.norm(stored - vectors[0])) > _APART:
        return f"the vector of {passage.passage_id} is not the model's"
    words = tokens(passage.text[:_QUERY])
    if words and not index.keywords.scores(words)[number] > 0:
        return f"{passage.passage_id} is not found by its own words"
    if words and not index.search(passage.text[:_QUERY], k=1).hits:
        return f"a search for the words of {passage.passage_id} finds nothing"
    return ""
