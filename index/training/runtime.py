"""Open a written model in either runtime, as functions from texts to unit vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from model2vec import StaticModel

from index.training.measure import Encode, Vectors


def open_encoder(folder: Path) -> Encode:
    """Open a model in model2vec's NumPy runtime, texts of any length.

    Args:
        folder: A folder that ``write_model`` wrote.

    Returns:
        A function from texts to unit vectors; an empty text gives a zero vector.
    """
    model = StaticModel.from_pretrained(folder, normalize=True, max_length=None)

    def encode(texts: Sequence[str]) -> Vectors:
        return np.asarray(model.encode(list(texts), use_multiprocessing=False), dtype=np.float32)

    return encode
