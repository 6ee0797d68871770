"""Which group a question belongs to: by likeness of meaning, and by words that they share."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from index.encoder import Vectors
from index.tokenization import words


@dataclass(frozen=True)
class Likeness:
    """From when on questions count as the same; see ``likeness.toml``."""

    cosine: float
    shared_words: int


@dataclass(frozen=True)
class Asked:
    """A question to group: its stand-alone wording, its language, its unit vector."""

    text: str
    language: str
    vector: Vectors


@cache
def load_likeness() -> Likeness:
    """The thresholds of ``likeness.toml``."""
    path = Path(__file__).with_name("likeness.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return Likeness(float(table["cosine"]), int(table["shared_words"]))


def place(
    questions: Sequence[Asked],
    known: Sequence[tuple[str, Asked]],
    likeness: Likeness,
    new_id: Callable[[], str],
) -> list[str]:
    """The group of each question, in the order in which they come.

    A question joins the group of its own language whose questions it is most like on average;
    where it is like none, it begins one. Questions that come later may join that one too.

    Args:
        questions: the new ones.
        known: the group and the question of those that have one.
        likeness: from when on they count as the same.
        new_id: makes the id of a new group.
    """
    groups: list[tuple[str, str]] = []
    rows: dict[tuple[str, str], int] = {}
    members: list[list[Asked]] = []
    dimension = len((questions or [k[1] for k in known])[0].vector) if questions or known else 0
    sums = np.zeros((len(known) + len(questions), dimension), dtype=np.float32)

    def join(group_id: str, question: Asked) -> None:
        key = group_id, question.language
        if key not in rows:
            rows[key] = len(groups)
            groups.append(key)
            members.append([])
        sums[rows[key]] += question.vector
        members[rows[key]].append(question)

    for group_id, question in known:
        join(group_id, question)
    found = []
    for question in questions:
        row = _nearest(question, groups, members, sums, likeness)
        group_id = new_id() if row is None else groups[row][0]
        join(group_id, question)
        found.append(group_id)
    return found


def _nearest(
    question: Asked,
    groups: Sequence[tuple[str, str]],
    members: Sequence[Sequence[Asked]],
    sums: Vectors,
    likeness: Likeness,
) -> int | None:
    """The row of the group that a question is most like, None where it is like none."""
    if not groups:
        return None
    counts = np.array([len(own) for own in members], dtype=np.float32)
    near = sums[: len(groups)] @ question.vector / counts
    own = frozenset(words(question.text))
    for row in np.argsort(-near, kind="stable"):
        if near[row] < likeness.cosine:
            return None
        fits = groups[row][1] == question.language
        if fits and any(_share(own, m, likeness.shared_words) for m in members[row]):
            return int(row)
    return None


def _share(own: frozenset[str], other: Asked, least: int) -> bool:
    return len(own & frozenset(words(other.text))) >= least
