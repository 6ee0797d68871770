"""Write the model folder that sentence-transformers and model2vec both load."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "",
        "type": "sentence_transformers.models.StaticEmbedding",
    },
    {
        "idx": 1,
        "name": "1",
        "path": "1_Normalize",
        "type": "sentence_transformers.models.Normalize",
    },
]


def quantise(
    vectors: NDArray[np.float32],
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Store each row as bytes and one scale.

    Args:
        vectors: One row a piece, shape (pieces, dimensions).

    Returns:
        Bytes of the same shape, and scales of shape (pieces,): ``bytes * scale`` is the row,
        to within 0.4 % of the row's largest number.
    """
    largest = np.abs(vectors).max(axis=1)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def read_vectors(folder: Path) -> NDArray[np.float32]:
    """Read the rows that ``write_model`` wrote.

    Args:
        folder: The model folder.

    Returns:
        Shape (pieces, dimensions).
    """
    stored = load_file(folder / "model.safetensors")
    return np.asarray(stored["embeddings"] * stored["weights"][:, None], dtype=np.float32)


def write_model(folder: Path, tokenizer: Tokenizer, vectors: NDArray[np.float32]) -> None:
    """Write weights, tokenizer and settings.

    Both runtimes multiply ``embeddings`` (bytes) with ``weights`` (a number a piece) and take
    the mean, so the weight of a piece is baked into its stored row.

    Args:
        folder: Where to; made if missing. A card that lies there is kept.
        tokenizer: The trained tokenizer, one piece a row.
        vectors: Shape (pieces, dimensions); the row of the unknown piece must be zero.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "1_Normalize").mkdir(exist_ok=True)
    embeddings, weights = quantise(vectors)
    save_file({"embeddings": embeddings, "weights": weights}, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    _write_json(folder / "modules.json", MODULES)
    _write_json(folder / "1_Normalize" / "config.json", {})
    _write_json(
        folder / "config.json",
        {
            "model_type": "model2vec",
            "architectures": ["StaticModel"],
            "normalize": True,
            "max_length": None,
            "hidden_dim": int(vectors.shape[1]),
            "embedding_dtype": "int8",
        },
    )
    _write_json(
        folder / "config_sentence_transformers.json",
        {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "", "document": ""},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    )
    write_sums(folder)


def write_sums(folder: Path) -> None:
    """Write ``SHA256SUMS`` over the weights and the tokenizer, as ``sha256sum -c`` reads it."""
    names = ("model.safetensors", "tokenizer.json")
    lines = [f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}\n" for n in names]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _write_json(path: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
