"""Train the table of vectors: what belongs together is drawn near, the rest pushed apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from index.training.losses import order_loss, pair_loss, teacher_loss
from index.training.parts import SharedTable
from index.training.phrases import word_matrix
from index.training.recipe import Recipe
from index.training.tasks import ScoredTask, Task, TaughtTask
from index.training.tokens import Ragged

Rows = NDArray[np.int64]
Report = Callable[[str], None]


@dataclass(frozen=True)
class Side:
    """What joins every step beside the pairs; None where there is none."""

    scored: ScoredTask | None = None
    taught: TaughtTask | None = None


def new_table(tokenizer: Tokenizer, recipe: Recipe) -> SharedTable:
    """Make a table of random vectors.

    Args:
        tokenizer: Gives the pieces.
        recipe: Gives the dimensions, the spread, the share and the seed.

    Returns:
        The table; a text's vector is the mean of its pieces' rows.
    """
    torch.manual_seed(recipe.seed)
    ids = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    pieces = [piece for piece, _ in ids]
    composed = word_matrix(tokenizer, recipe.pieces) if len(pieces) > recipe.pieces else None
    return SharedTable(pieces, recipe.dimensions, recipe.start_spread, recipe.part_share, composed)


def train_table(
    table: SharedTable,
    epoch: Callable[[], list[Task]],
    side: Side,
    recipe: Recipe,
    report: Report,
) -> None:
    """Train in place.

    Args:
        table: The table to train.
        epoch: Gives the tasks of the next epoch.
        side: Scored pairs and the teacher's vectors, some of which join every step.
        recipe: The knobs.
        report: Is told the loss after each epoch.
    """
    random = np.random.default_rng(recipe.seed)
    optimiser = torch.optim.Adam(table.parameters(), lr=recipe.learning_rate, fused=True)
    for number in range(recipe.epochs):
        steps = _steps(epoch(), recipe, random)
        losses = []
        for done, (task, rows) in enumerate(steps):
            part = (number + done / len(steps)) / recipe.epochs
            for group in optimiser.param_groups:
                group["lr"] = recipe.learning_rate * _decay(part)
            joined = side if done % recipe.side_every == 0 else Side()
            loss = _step_loss(table, task, rows, joined, recipe, random)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        report(
            f"epoch {number + 1}/{recipe.epochs}: {len(steps)} steps, loss {np.mean(losses):.4f}"
        )


def _decay(part: float) -> float:
    return min(1.0, part / 0.02) * max(0.02, 1 - part)


def _steps(
    tasks: Sequence[Task], recipe: Recipe, random: np.random.Generator
) -> list[tuple[Task, Rows]]:
    steps: list[tuple[Task, Rows]] = []
    for task in tasks:
        order = random.permutation(len(task))
        count = max(1, round(len(task) / recipe.batches.get(task.name, recipe.batch)))
        steps.extend((task, part) for part in np.array_split(order, count))
    return [steps[n] for n in random.permutation(len(steps))]


def _step_loss(
    table: SharedTable,
    task: Task,
    rows: Rows,
    side: Side,
    recipe: Recipe,
    random: np.random.Generator,
) -> Tensor:
    chosen = [(task.left, rows), (task.right, rows)]
    same = task.same(rows)
    if task.harder is not None:
        chosen.append((task.right, task.harder[rows]))
        same = np.concatenate([same, task.same(rows, task.harder[rows])], axis=1)
    scored = side.scored if recipe.scored_weight else None
    if scored is not None:
        drawn = random.choice(len(scored.left), min(recipe.batch, len(scored.left)), replace=False)
        chosen += [(scored.left, drawn), (scored.right, drawn)]
    taught = side.taught if recipe.teacher_weight else None
    if taught is not None:
        asked = random.choice(len(taught.texts), recipe.batch, replace=False)
        chosen.append((taught.texts, asked))
    parts = _vectors(table, chosen, recipe.token_dropout, random)
    left, right = parts.pop(0), parts.pop(0)
    if task.harder is not None:
        right = torch.cat([right, parts.pop(0)])
    loss = pair_loss(left, right, same, recipe.scale)
    if scored is not None:
        gold = torch.from_numpy(scored.scores[drawn])
        loss = loss + recipe.scored_weight * order_loss(
            parts.pop(0), parts.pop(0), gold, recipe.scale
        )
    if taught is not None:
        wanted = torch.from_numpy(taught.vectors[asked])
        loss = loss + recipe.teacher_weight * teacher_loss(
            parts.pop(0), wanted, recipe.scale, recipe.teacher_scale
        )
    return loss


def _vectors(
    table: SharedTable,
    chosen: Sequence[tuple[Ragged, Rows]],
    dropout: float,
    random: np.random.Generator,
) -> list[Tensor]:
    flats, starts, done = [], [], 0
    for texts, rows in chosen:
        flat, owner = texts.take(rows)
        kept = random.random(len(flat)) >= dropout
        kept |= np.bincount(owner, weights=kept, minlength=len(rows))[owner] == 0
        flat, owner = flat[kept], owner[kept]
        flats.append(flat)
        starts.append(np.searchsorted(owner, np.arange(len(rows))) + done)
        done += len(flat)
    bags = table(torch.from_numpy(np.concatenate(flats)), torch.from_numpy(np.concatenate(starts)))
    return list(functional.normalize(bags, dim=1).split([len(rows) for _, rows in chosen]))
