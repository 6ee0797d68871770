"""Find passages that look like an answer and are none, by keywords (BM25)."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.training.datatypes import Passage
from index.training.words import spaced

DEPTH = 8


def near_misses(passages: Sequence[Passage]) -> list[list[int]]:
    """List the misleading passages of each question.

    Args:
        passages: Passages with their questions.

    Returns:
        For each question, in the order of passages and their questions, numbers of other
        questions: their passages share most words with this question and are not its own.
    """
    found = _search(passages)
    owners = [number for number, p in enumerate(passages) for _ in p.questions]
    first = {number: question for question, number in reversed(list(enumerate(owners)))}
    return [
        [first[int(n)] for n in found[question] if int(n) != own and int(n) in first]
        for question, own in enumerate(owners)
    ]


def drawn(misses: Sequence[Sequence[int]], random: np.random.Generator) -> NDArray[np.int64]:
    """Choose one misleading passage for each question.

    Args:
        misses: What ``near_misses`` gave; a question without any gets itself.
        random: Chooses.

    Returns:
        One number a question.
    """
    return np.array([random.choice(m) if m else n for n, m in enumerate(misses)], dtype=np.int64)


def _search(passages: Sequence[Passage]) -> NDArray[np.int64]:
    index = bm25s.BM25(k1=1.5, b=0.75)
    index.index(_words([p.text for p in passages]), show_progress=False)
    questions = _words([q for p in passages for q in p.questions])
    found, _ = index.retrieve(questions, k=DEPTH + 1, show_progress=False)
    return np.asarray(found, dtype=np.int64)


def _words(texts: Sequence[str]) -> list[list[str]]:
    return [text.lower().split() for text in spaced(texts, "A")]
