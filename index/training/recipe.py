"""The knobs of one training run, read from a TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Recipe:
    """How one model is trained.

    Attributes:
        pieces: Size of the vocabulary, without phrases.
        phrases: How many phrases at most, of each language; a phrase is a piece of several words.
        longest_piece: Characters of the longest piece.
        word_mode: Sudachi mode that cuts the tokenizer's training text; empty: uncut.
        dimensions: Numbers in a vector.
        epochs: How often the pairs are gone through.
        batch: Pairs in a step; each is told from all others of its step.
        scale: Cosines are multiplied by it before the softmax.
        start_spread: Standard deviation of the random numbers the table starts from.
        part_share: Spread of the parts' vectors that pieces written alike share, beside
            ``start_spread``; 0 for none.
        learning_rate: Adam's step at its highest.
        token_dropout: Share of pieces left out of a text at random, 0 to 1.
        rest_pairs: Pairs of a sentence with the rest of its passage, each epoch, a passage.
        scored_weight: How much the scored pairs count beside the others.
        teacher_weight: How much the teacher's view counts beside the others.
        teacher_scale: The teacher's cosines are multiplied by it before its softmax.
        side_every: Scored pairs and teacher join every so many steps.
        alike_from: Scored pairs from this score on are also used as pairs that belong together.
        mixed: Whether a step mixes the data sets or takes its pairs from one.
        batches: Pairs in a step for the sets named; ``batch`` for the others.
        hard_negatives: Whether each question is also told from a passage BM25 ranks high.
        repeats: How often an epoch goes through each set; 1 where not named.
        seed: Fixes every random choice.
    """

    pieces: int = 24000
    phrases: int = 0
    longest_piece: int = 12
    word_mode: str = "A"
    dimensions: int = 512
    epochs: int = 6
    batch: int = 512
    scale: float = 20.0
    start_spread: float = 1.0
    part_share: float = 0.0
    learning_rate: float = 0.02
    token_dropout: float = 0.15
    rest_pairs: int = 2
    scored_weight: float = 0.0
    teacher_weight: float = 0.0
    teacher_scale: float = 20.0
    side_every: int = 1
    alike_from: float = 4.0
    mixed: bool = True
    batches: dict[str, int] = field(default_factory=dict)
    hard_negatives: bool = False
    repeats: dict[str, int] = field(default_factory=dict)
    seed: int = 7


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Args:
        path: A TOML file with any of the attributes of ``Recipe``.

    Returns:
        The recipe; what the file does not name has its default.

    Raises:
        ValueError: The file names something that is no attribute.
    """
    with path.open("rb") as file:
        values = tomllib.load(file)
    unknown = sorted(set(values) - set(Recipe.__annotations__))
    if unknown:
        raise ValueError(
            f"{path}: unknown {', '.join(unknown)}; expected {', '.join(Recipe.__annotations__)}"
        )
    return Recipe(**values)
