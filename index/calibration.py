"""What was fitted on an index, kept as one of its files: weights of those who answer from it.

The index does not know what they mean. They live in a generation like every other part, sealed
by its manifest, and go with the index wherever it is copied.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index import store
from index.errors import IndexDamaged

NAME = "answerable.json"
Fitted = Mapping[str, Any]


def load_calibration(folder: Path) -> Fitted | None:
    """What was fitted on the generation in a folder; None where nothing was.

    Raises:
        ValueError: the file is no JSON object.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    value = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(value, dict):
        raise ValueError(f"{NAME}: expected a JSON object, found {type(value).__name__}")
    return value


def store_calibration(root: Path, fitted: Fitted) -> str:
    """Make a generation with what was fitted on the current one; the new fingerprint.

    Raises:
        SearchIndexError: there is no whole index, or another process is writing it.
    """
    text = json.dumps(fitted, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    generation = store.amend(root, {NAME: text.encode()})
    return str(generation.manifest["fingerprint"])


def carry_calibration(before: Path, work: Path) -> None:
    """Take what was fitted along into a newer index of the same model.

    Weights speak of the model's cosines, so they outlive a change of documents, and not one of
    the model: the caller sees to that.

    Raises:
        IndexDamaged: the file can no longer be read.
    """
    try:
        if (before / NAME).is_file():
            (work / NAME).write_bytes((before / NAME).read_bytes())
    except OSError as error:
        raise IndexDamaged(f"{before / NAME}: expected to read it, found: {error}") from error
