"""What each epoch goes through: fixed pairs, and sentences drawn anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.training.contrast import Side
from index.training.datatypes import Material
from index.training.negatives import drawn, near_misses
from index.training.recipe import Recipe
from index.training.tasks import (
    Task,
    make_scored_task,
    make_task,
    make_taught_task,
    sentence_rest_pairs,
    training_pairs,
)


def epoch_maker(
    material: Material, tokenizer: Tokenizer, recipe: Recipe
) -> Callable[[], list[Task]]:
    """Prepare the tasks of the epochs.

    Args:
        material: The training part.
        tokenizer: The trained tokenizer.
        recipe: The knobs.

    Returns:
        A function that gives the tasks of the next epoch.
    """
    random = np.random.default_rng(recipe.seed)
    pairs = training_pairs(material, recipe)
    if recipe.mixed:
        everything = [pair for rows in pairs.values() for pair in rows]

        def mixed() -> list[Task]:
            rest = sentence_rest_pairs(material.passages, recipe.rest_pairs, random)
            return [make_task("all", [*everything, *rest], tokenizer)]

        return mixed
    fixed = {name: make_task(name, rows, tokenizer) for name, rows in pairs.items()}
    misses = near_misses(material.passages) if recipe.hard_negatives else []

    def apart() -> list[Task]:
        tasks = dict(fixed)
        if recipe.hard_negatives:
            tasks["questions"] = replace(tasks["questions"], harder=drawn(misses, random))
        rest = sentence_rest_pairs(material.passages, recipe.rest_pairs, random)
        return [*tasks.values(), make_task("rest", list(rest), tokenizer)]

    return apart


def side_of(
    material: Material, teacher: Mapping[str, NDArray[np.float16]], tokenizer: Tokenizer
) -> Side:
    """Prepare what joins every step beside the pairs.

    Args:
        material: The training part; its scored pairs are used.
        teacher: The teacher's vectors; empty where there is no teacher.
        tokenizer: The trained tokenizer.

    Returns:
        The scored pairs and the taught texts, tokenized.
    """
    return Side(
        make_scored_task(material.scored, tokenizer) if material.scored else None,
        make_taught_task(teacher, tokenizer) if teacher else None,
    )
