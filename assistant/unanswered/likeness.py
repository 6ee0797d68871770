"""Which group a question belongs to: by likeness of meaning, and by words that they share."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
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


def best_group(
    question: Asked, groups: Mapping[str, Sequence[Asked]], likeness: Likeness
) -> str | None:
    """The group that a question is most like, None where it is like none.

    Only questions in its own language count: they are read together.
    """
    own = frozenset(words(question.text))
    best, found = likeness.cosine, None
    for group_id, members in groups.items():
        same = [m for m in members if m.language == question.language]
        if not same:
            continue
        near = float(np.mean(np.stack([m.vector for m in same]) @ question.vector))
        if near >= best and any(_share(own, m, likeness.shared_words) for m in same):
            best, found = near, group_id
    return found


def _share(own: frozenset[str], other: Asked, least: int) -> bool:
    return len(own & frozenset(words(other.text))) >= least
