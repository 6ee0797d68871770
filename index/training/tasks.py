"""Lay training pairs out as token ids, so that a step only gathers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.training.datatypes import Material, Pair, Passage, Scored
from index.training.recipe import Recipe
from index.training.tokens import Ragged, tokenize

SENTENCE = re.compile(r"[^。!?!?\n]+[。!?!?]?")


@dataclass(frozen=True)
class Task:
    """Pairs of one kind.

    ``left_group[i] == left_group[j]`` where the two left texts are the same, so that a pair is
    never told from its own double; ``right_group`` likewise. ``harder[i]`` is a pair whose right
    text looks like an answer to left text ``i`` and is none.
    """

    name: str
    left: Ragged
    right: Ragged
    left_group: NDArray[np.int64]
    right_group: NDArray[np.int64]
    harder: NDArray[np.int64] | None = None

    def same(
        self, rows: NDArray[np.int64], others: NDArray[np.int64] | None = None
    ) -> NDArray[np.bool_]:
        """Tell which pairs of a step share a text and must not be told apart.

        Args:
            rows: The pairs of the step.
            others: Rows whose right texts they are compared with; None: their own.

        Returns:
            Shape (rows, others); False where a pair meets itself.
        """
        against = rows if others is None else others
        same = self.right_group[rows][:, None] == self.right_group[against][None, :]
        if others is None:
            same |= self.left_group[rows][:, None] == self.left_group[against][None, :]
            np.fill_diagonal(same, False)
        return np.asarray(same, dtype=np.bool_)

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.left)


@dataclass(frozen=True)
class ScoredTask:
    """Sentence pairs with how alike people found them; ``scores`` has shape (pairs,)."""

    left: Ragged
    right: Ragged
    scores: NDArray[np.float32]


@dataclass(frozen=True)
class TaughtTask:
    """Texts with a teacher's unit vectors, shape (texts, teacher's dimensions)."""

    texts: Ragged
    vectors: NDArray[np.float32]


def make_scored_task(rows: Sequence[Scored], tokenizer: Tokenizer) -> ScoredTask:
    """Tokenize scored pairs.

    Args:
        rows: The scored pairs.
        tokenizer: The trained tokenizer.

    Returns:
        The task.
    """
    return ScoredTask(
        tokenize(tokenizer, [row.left for row in rows]),
        tokenize(tokenizer, [row.right for row in rows]),
        np.array([row.score for row in rows], dtype=np.float32),
    )


def make_taught_task(
    teacher: Mapping[str, NDArray[np.float16]], tokenizer: Tokenizer
) -> TaughtTask:
    """Tokenize what the teacher was asked about.

    Args:
        teacher: The teacher's vector of each text.
        tokenizer: The trained tokenizer.

    Returns:
        The task; what all the teacher's vectors of one script have in common is taken away,
        so that language does not count as likeness.
    """
    texts = list(teacher)
    vectors = np.stack([teacher[text] for text in texts]).astype(np.float32)
    latin = np.array([text.isascii() for text in texts])
    for part in (latin, ~latin):
        vectors[part] -= vectors[part].mean(axis=0) if part.any() else 0
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return TaughtTask(tokenize(tokenizer, texts), vectors)


def make_task(name: str, pairs: Sequence[Pair], tokenizer: Tokenizer) -> Task:
    """Tokenize pairs and number equal texts.

    Args:
        name: What kind they are.
        pairs: The pairs; those with an empty side are the caller's fault and stay.
        tokenizer: The trained tokenizer.

    Returns:
        The task.
    """
    left = [pair[0] for pair in pairs]
    right = [pair[1] for pair in pairs]
    return Task(
        name,
        tokenize(tokenizer, left),
        tokenize(tokenizer, right),
        _groups(left),
        _groups(right),
    )


def training_pairs(material: Material, recipe: Recipe) -> dict[str, list[Pair]]:
    """Every pair one epoch goes through, by kind, without the sentence pairs of passages.

    Args:
        material: The training part.
        recipe: Says how often each set is gone through.

    Returns:
        Pairs by the name of their set.
    """
    asked = [(question, p.text) for p in material.passages for question in p.questions]
    alike = [(r.left, r.right) for r in material.scored if r.score >= recipe.alike_from]
    named: dict[str, list[Pair]] = {"questions": asked, "alike": alike}
    named.update({name: list(rows) for name, rows in material.pairs.items()})
    repeated = {name: rows * recipe.repeats.get(name, 1) for name, rows in named.items()}
    return {name: rows for name, rows in repeated.items() if rows}


def sentence_rest_pairs(
    passages: Sequence[Passage], each: int, random: np.random.Generator
) -> Iterator[Pair]:
    """Pair a sentence of a passage with the rest of it, as a stand-in for a question.

    Args:
        passages: Where the sentences come from.
        each: How many sentences a passage gives at most.
        random: Draws them.

    Yields:
        The sentence and the passage without it.
    """
    for passage in passages:
        sentences = [s.strip() for s in SENTENCE.findall(passage.text) if len(s.strip()) > 8]
        if len(sentences) < 2:
            continue
        for chosen in random.permutation(len(sentences))[:each]:
            rest = "".join(s for n, s in enumerate(sentences) if n != chosen)
            yield sentences[chosen], rest


def _groups(texts: Sequence[str]) -> NDArray[np.int64]:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)
