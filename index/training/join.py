"""Make one model of several runs: ``python -m index.training.join --help``.

Runs that differ only in their seed place the same texts alike, but each with errors of its own.
Side by side, what they agree on counts in each of them and their errors do not; on the principal
axes of such vectors little of that is lost when all but the first are dropped.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from tokenizers import Tokenizer

from index.training.datatypes import Material
from index.training.export import read_vectors, write_model
from index.training.measure import Vectors, measure
from index.training.measure_field import measure_field
from index.training.runtime import open_encoder
from index.training.sources import HELD_OUT_PAIRS, add_inputs, read_field, read_split
from index.training.tokens import Ragged, tokenize

DIMENSIONS = 640
"""Numbers in a vector of the bundled model: with 34,000 pieces just under 22 MiB."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the models, write them as one and measure it.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        0 when the model was written.
    """
    parser = argparse.ArgumentParser(prog="python -m index.training.join", description=__doc__)
    add_inputs(parser)
    parser.add_argument("--model", type=Path, action="append", required=True, help="model folder")
    parser.add_argument("--dimensions", type=int, default=DIMENSIONS, help=f"default {DIMENSIONS}")
    parser.add_argument("--output", type=Path, required=True, help="model folder to write")
    options = parser.parse_args(arguments)
    training, development = read_split(options)
    tokenizer = same_tokenizer(options.model)
    texts = tokenize(tokenizer, _texts(training))
    tables = [read_vectors(folder) for folder in options.model]
    write_model(options.output, tokenizer, joined(tables, texts, options.dimensions))
    encode = open_encoder(options.output)
    figures = measure(encode, development) | measure_field(encode, *read_field(options))
    print(json.dumps({"models": [str(folder) for folder in options.model], **figures}))
    return 0


def same_tokenizer(folders: Sequence[Path]) -> Tokenizer:
    """The tokenizer that all models share.

    Args:
        folders: Model folders, one or more.

    Raises:
        ValueError: Two of them cut texts into other pieces, so that their rows are not of the
            same pieces.
    """
    first = folders[0] / "tokenizer.json"
    for folder in folders[1:]:
        if (folder / "tokenizer.json").read_bytes() != first.read_bytes():
            raise ValueError(
                f"{folder / 'tokenizer.json'}: expected the pieces of {first}, found others; "
                "train the run with --tokenizer of the first run"
            )
    return Tokenizer.from_file(str(first))


def joined(tables: Sequence[Vectors], texts: Ragged, dimensions: int) -> Vectors:
    """Tables side by side on the first of their texts' principal axes.

    Each table is scaled to texts of mean length 1. The axes are those of the texts' unit
    vectors, not centred: cosines are what is kept.

    Args:
        tables: One a run, each of shape (pieces, its dimensions), all of the same pieces.
        texts: Texts whose vectors give the axes.
        dimensions: How many axes are kept.

    Returns:
        Shape (pieces, dimensions); a row that is zero in all tables stays zero.

    Raises:
        ValueError: The tables have fewer dimensions together.
    """
    beside = np.concatenate([_scaled(table, texts) for table in tables], axis=1)
    if dimensions > beside.shape[1]:
        raise ValueError(
            f"expected at most {beside.shape[1]} dimensions of these models, found --dimensions "
            f"{dimensions}; ask for fewer or join more models."
        )
    vectors = text_vectors(beside, texts)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    return np.asarray(beside @ axes[:, ::-1][:, :dimensions], dtype=np.float32)


def text_vectors(table: Vectors, texts: Ragged) -> Vectors:
    """Mean of the rows of each text's pieces.

    Args:
        table: Shape (pieces, dimensions).
        texts: Ids of n texts.

    Returns:
        Shape (n, dimensions); zero for a text without pieces.
    """
    lengths = np.diff(texts.starts)
    share = np.repeat(1 / np.maximum(lengths, 1), lengths).astype(np.float32)
    shape = (len(texts), len(table))
    return np.asarray(csr_matrix((share, texts.flat, texts.starts), shape=shape) @ table)


def _scaled(table: Vectors, texts: Ragged) -> Vectors:
    length = np.linalg.norm(text_vectors(table, texts), axis=1).mean()
    return np.asarray(table / length, dtype=np.float32)


def _texts(training: Material) -> list[str]:
    pairs = [text for pair in training.pairs.get(HELD_OUT_PAIRS, ()) for text in pair]
    return pairs + [question for p in training.passages for question in p.questions]


if __name__ == "__main__":
    sys.exit(main())
