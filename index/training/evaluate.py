"""Measure written models again: ``python -m index.training.evaluate --help``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from index.training.measure import measure
from index.training.measure_field import measure_field
from index.training.runtime import open_encoder
from index.training.sources import add_inputs, read_field, read_split


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the development figures of each model, a JSON line each.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        0.
    """
    parser = argparse.ArgumentParser(prog="python -m index.training.evaluate", description=__doc__)
    add_inputs(parser)
    parser.add_argument("--model", type=Path, action="append", required=True, help="model folder")
    options = parser.parse_args(arguments)
    _, development = read_split(options)
    for folder in options.model:
        encode = open_encoder(folder)
        figures = measure(encode, development) | measure_field(encode, *read_field(options))
        print(json.dumps({"model": str(folder), **figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
