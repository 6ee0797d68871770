"""The figures of a run as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_GROUPS = ("set", "language")


def figures_table(metrics: Mapping[str, Any]) -> str:
    """Every figure with its interval: over all questions, by file and by language."""
    lines = _figures("all questions", metrics["all"])
    for kind in _GROUPS:
        for name, figures in metrics[kind].items():
            lines += ["", *_figures(f"{kind}: {name}", figures)]
    return "\n".join(lines)


def _figures(title: str, figures: Mapping[str, Any]) -> list[str]:
    lines = [f"{title} ({figures['questions']} questions)"]
    for name, figure in figures.items():
        if name == "questions" or not figure["count"]:
            continue
        digits = 1 if name.startswith("latency") else 3
        value, low, high = (f"{figure[k]:.{digits}f}" for k in ("value", "low", "high"))
        unit = " ms" if digits == 1 else ""
        lines.append(f"  {name:<22}{value:>8}  [{low}, {high}]{unit}  n={figure['count']}")
    return lines
