"""Find passages that look like an answer and are none, by keywords (BM25)."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.training.datatypes import Passage
from index.training.words import spaced

DEPTH = 8


def hard_negatives(passages: Sequence[Passage], random: np.random.Generator) -> NDArray[np.int64]:
    """Choose one misleading passage for each question.

    Args:
        passages: Passages with their questions.
        random: Chooses among the eight that share most words with the question.

    Returns:
        For each question, in the order of passages and their questions, the number of another
        question: that one's passage ranks high for this question and is not its own.
    """
    owners = [number for number, p in enumerate(passages) for _ in p.questions]
    first = {number: question for question, number in reversed(list(enumerate(owners)))}
    index = bm25s.BM25(k1=1.5, b=0.75)
    index.index(_words([p.text for p in passages]), show_progress=False)
    questions = _words([q for p in passages for q in p.questions])
    found, _ = index.retrieve(questions, k=DEPTH + 1, show_progress=False)
    chosen = np.empty(len(owners), dtype=np.int64)
    for question, own in enumerate(owners):
        others = [int(n) for n in found[question] if int(n) != own and int(n) in first]
        chosen[question] = first[others[random.integers(len(others))]]
    return chosen


def _words(texts: Sequence[str]) -> list[list[str]]:
    return [text.lower().split() for text in spaced(texts, "A")]
