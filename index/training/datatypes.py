"""What training reads: pairs that belong together, scored pairs, and running text."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Passage:
    """One passage of an article with the questions people wrote to it."""

    title: str
    text: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scored:
    """Two sentences and how alike people found them, 0 (not at all) to 5 (the same)."""

    left: str
    right: str
    score: float


Pair = tuple[str, str]
"""Two texts that belong together: question and passage, English and Japanese."""


@dataclass(frozen=True)
class Material:
    """Everything one data set holds, by what it is.

    ``pairs`` maps a set's name to its pairs; ``texts`` is running text without a partner.
    """

    passages: tuple[Passage, ...] = ()
    scored: tuple[Scored, ...] = ()
    pairs: dict[str, tuple[Pair, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
