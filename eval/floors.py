"""Holding a run to its floors and to a baseline."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.compare import compare
from eval.errors import EvalError
from eval.known import MEASURES as KNOWN_ITEMS
from eval.metrics import MEASURES
from eval.retrieval import NAMES
from eval.summary import SLICES

NAME = "floors.toml"
_OTHERS = ("refusal_precision", "refusal_recall", "refusal_f1", "latency_median", "latency_p95")
KNOWN = frozenset((*NAMES, *MEASURES, *KNOWN_ITEMS, *_OTHERS))


@dataclass(frozen=True)
class Floor:
    """What a figure must reach, or must not exceed; ``group`` is "" for all questions."""

    metric: str
    limit: float
    at_most: bool = False
    group: str = ""

    @property
    def name(self) -> str:
        """The figure's name, with its group."""
        return f"{self.metric} ({self.group})" if self.group else self.metric

    def holds(self, value: float) -> bool:
        """Whether a figure, to four decimals, keeps the floor."""
        return value <= self.limit if self.at_most else value >= self.limit


@dataclass(frozen=True)
class Judged:
    """A floor with the figure found; ``held`` is None where no question was measured."""

    floor: Floor
    value: float
    low: float
    high: float
    held: bool | None

    def text(self) -> str:
        """The floor, what was found, and the word for it."""
        kind = "at most" if self.floor.at_most else "at least"
        if self.held is None:
            return f"UNMEASURED  {self.floor.name}: no question of the run tells"
        word = "ok        " if self.held else "BROKEN    "
        return (
            f"{word}  {self.floor.name}: {self.value:.3f} [{self.low:.3f}, {self.high:.3f}], "
            f"expected {kind} {self.floor.limit:g}"
        )


def load_floors(path: Path) -> tuple[Floor, ...]:
    """The floors of a file.

    Raises:
        EvalError: where it cannot be read, or names what is no metric or group.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("floor", [])
    except (OSError, ValueError) as error:
        raise EvalError(f"{path}: expected floors as TOML, found: {error}") from error
    return tuple(_floor(entry, f"{path.name} floor {n}") for n, entry in enumerate(entries, 1))


def floors_beside(files: Sequence[Path]) -> tuple[Path, ...]:
    """The files of floors in the folders of some question files."""
    folders = dict.fromkeys(file.resolve().parent for file in files)
    return tuple(folder / NAME for folder in folders if (folder / NAME).is_file())


def judge(floors: Sequence[Floor], metrics: Mapping[str, Any]) -> tuple[Judged, ...]:
    """Every floor against the figures of a run."""
    return tuple(_judge(floor, metrics) for floor in floors)


def falls(metrics: Mapping[str, Any], baseline: Mapping[str, Any]) -> tuple[str, ...]:
    """What is significantly worse than in a baseline, a sentence each, with the questions lost.

    A question of the baseline that the run does not have is told as well.
    """
    found = compare(baseline, metrics)
    said = [
        f"{c.metric} worsened from {c.before:.3f} to {c.after:.3f} "
        f"({c.difference.value:+.3f} [{c.difference.low:+.3f}, {c.difference.high:+.3f}], "
        f"p {c.p:.4f})"
        for c in found.changes
        if c.better is False
    ]
    if found.only_before:
        said.append(f"{found.only_before} questions of the baseline were not asked")
    return tuple(said)


def _floor(entry: Mapping[str, Any], where: str) -> Floor:
    unknown = sorted(set(entry) - {"metric", "slice", "at_least", "at_most"})
    limits = [name for name in ("at_least", "at_most") if name in entry]
    if unknown or len(limits) != 1 or not isinstance(entry[limits[0]], int | float):
        raise EvalError(
            f"{where}: expected metric, one of at_least and at_most with a number, and slice or "
            f"none, found {', '.join(sorted(entry)) or 'nothing'}."
        )
    metric, group = entry.get("metric"), entry.get("slice", "")
    if metric not in KNOWN:
        raise EvalError(
            f"{where}: expected metric to be one of {', '.join(sorted(KNOWN))}, found {metric!r}."
        )
    if group and (not isinstance(group, str) or group.partition(":")[0] not in SLICES):
        raise EvalError(f"{where}: expected slice as {'|'.join(SLICES)}:NAME, found {group!r}.")
    return Floor(metric, float(entry[limits[0]]), limits[0] == "at_most", group)


def _judge(floor: Floor, metrics: Mapping[str, Any]) -> Judged:
    figures = metrics.get("all", {})
    if floor.group:
        kind, _, name = floor.group.partition(":")
        figures = metrics.get(kind, {}).get(name, {})
    figure = figures.get(floor.metric, {"value": 0.0, "low": 0.0, "high": 0.0, "count": 0})
    held = floor.holds(figure["value"]) if figure["count"] else None
    return Judged(floor, figure["value"], figure["low"], figure["high"], held)
