"""The weights by which a question is answered or refused: an index's own, else the bundled ones."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal

from assistant.answerable import Evidence
from assistant.phrasebook import load_table
from index.search import Index

_LOG = logging.getLogger(__name__)
NAMES = ("bias", *(f.name for f in fields(Evidence)))
"""The weights that a logistic model of ``Evidence`` has, in order."""


@dataclass(frozen=True)
class Calibration:
    """Weights of the evidence, and the confidence (0 to 1) under which a question is refused.

    ``source`` says where they come from: fitted on this index, or bundled with the program.
    """

    threshold: float
    weights: Mapping[str, float]
    source: Literal["index", "bundled"]


def calibration_of(index: Index) -> Calibration:
    """The calibration in force for an index.

    One that was fitted for other evidence than this version weighs gives way to the bundled
    one, and a warning is logged.
    """
    if index.calibration is None:
        return bundled()
    try:
        return _read(index.calibration, "index")
    except (KeyError, TypeError, ValueError) as error:
        _LOG.warning(
            "answerable.json of index %s: expected a threshold and the weights %s, found: %s; "
            "the bundled weights are used until `kyodo eval calibrate` has fitted it again.",
            index.fingerprint,
            ", ".join(NAMES),
            error,
        )
        return bundled()


@cache
def bundled() -> Calibration:
    """The calibration of ``language/answerable.toml``, for an index that has none of its own."""
    return _read(load_table("answerable"), "bundled")


def _read(table: Mapping[str, Any], source: Literal["index", "bundled"]) -> Calibration:
    weights = {str(name): float(value) for name, value in dict(table["weights"]).items()}
    if set(weights) != set(NAMES):
        other = ", ".join(sorted(set(weights) ^ set(NAMES)))
        raise ValueError(f"weights that differ in {other}")
    threshold = float(table["threshold"])
    if not 0.0 <= threshold <= 1.0:
        raise ValueError(f"a threshold of {threshold}")
    return Calibration(threshold, weights, source)
