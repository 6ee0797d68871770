"""Make the bundled model from nothing: ``python -m index.training.bundle --help``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.training import join, teacher, train

SEEDS = (7, 8, 9)
SECOND = Path(__file__).parent / "recipes" / "bundled-phrases.toml"
TAUGHT = "16000"
"""Sentences that the teacher is asked about."""


@dataclass(frozen=True)
class Step:
    """One command of the training, and the folder that it writes."""

    run: Callable[[Sequence[str]], int]
    arguments: tuple[str, ...]
    output: Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask the teacher, train every seed in two stages, and join them.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        0 when the model was written, else the exit status of the step that failed.
    """
    parser = argparse.ArgumentParser(
        prog="python -m index.training.bundle",
        description="Make the bundled model: several runs of the two stages, joined. All other "
        "options are the inputs of index.training.train. A step whose folder is there is not run "
        "again.",
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for what is in between")
    parser.add_argument("--output", type=Path, required=True, help="model folder to write")
    options, inputs = parser.parse_known_args(arguments)
    for step in steps(inputs, options.work, options.output):
        if step.output != options.output and step.output.exists():
            continue
        status = step.run([*step.arguments, "--output", str(step.output)])
        if status:
            return status
    return 0


def steps(inputs: Sequence[str], work: Path, output: Path) -> Iterator[Step]:
    """Every step in order.

    All runs have the pieces of the first, so that their tables have the same rows.

    Args:
        inputs: The options that say where the training data lie.
        work: Where the teacher's vectors and the runs are written.
        output: Where the bundled model is written.
    """
    asked = work / "teacher"
    yield Step(teacher.main, (*inputs, "--most", TAUGHT), asked)
    for seed in SEEDS:
        first, second = _runs(work, seed)
        common = (*inputs, "--teacher", str(asked), "--seed", str(seed))
        pieces: list[tuple[str, ...]] = [(), ()]
        if seed != SEEDS[0]:
            pieces = [("--tokenizer", str(r / "tokenizer.json")) for r in _runs(work, SEEDS[0])]
        yield Step(train.main, (*common, *pieces[0]), first)
        start = ("--start", str(first), "--recipe", str(SECOND))
        yield Step(train.main, (*common, *start, *pieces[1]), second)
    models = [part for seed in SEEDS for part in ("--model", str(_runs(work, seed)[1]))]
    yield Step(join.main, (*inputs, *models), output)


def _runs(work: Path, seed: int) -> tuple[Path, Path]:
    return work / f"first-{seed}", work / f"second-{seed}"


if __name__ == "__main__":
    sys.exit(main())
