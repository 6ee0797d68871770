"""Texts to unit vectors, by any model in the sentence-transformers format."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

Vectors = npt.NDArray[np.float32]
BUNDLED = Path(__file__).with_name("model")
BUNDLED_NAME = "bundled"


class Encoder(Protocol):
    """What an index needs of a model. ``fingerprint`` changes with the model's weights."""

    name: str
    fingerprint: str
    dimension: int
    prompts: dict[str, str]

    def __hash__(self) -> int:
        """An encoder is itself alone: what it has encoded may be kept under it."""
        ...

    def encode_queries(self, texts: list[str]) -> Vectors:
        """Unit vectors of questions, float32, shape (len(texts), dimension)."""
        ...

    def encode_passages(self, texts: list[str]) -> Vectors:
        """Unit vectors of passages, float32, shape (len(texts), dimension)."""
        ...


class StaticEncoder:
    """A static model, run by model2vec on NumPy: no PyTorch is imported."""

    def __init__(self, name: str, folder: Path) -> None:
        """Load the model of a folder; raises ModelError where it cannot be read."""
        from model2vec import StaticModel

        try:
            self._model = StaticModel.from_pretrained(folder)
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{folder}: expected an embedding model, found: {error}") from error
        self.name = name
        self.fingerprint = _folder_fingerprint(folder)
        self.dimension = int(self._model.dim)
        self.prompts: dict[str, str] = {}

    def encode_queries(self, texts: list[str]) -> Vectors:
        """Unit vectors of questions, float32, shape (len(texts), dimension)."""
        return _unit(self._model.encode(texts, max_length=None, use_multiprocessing=False))

    def encode_passages(self, texts: list[str]) -> Vectors:
        """Unit vectors of passages, float32, shape (len(texts), dimension)."""
        return self.encode_queries(texts)


class SentenceTransformerEncoder:
    """Any other model, run by sentence-transformers; its own prompts are used."""

    def __init__(self, name: str) -> None:
        """Load a model by folder or hub name; raises ModelError where that fails."""
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name, trust_remote_code=False, device="cpu")
        except Exception as error:
            raise ModelError(
                f"model {name!r}: expected a folder or hub name of a sentence-transformers model "
                f"that can be loaded here, found: {error}"
            ) from error
        self.name = name
        self.fingerprint = _state_fingerprint(self._model)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.prompts = {k: v for k, v in dict(self._model.prompts).items() if v}

    def encode_queries(self, texts: list[str]) -> Vectors:
        """Unit vectors of questions, float32, shape (len(texts), dimension)."""
        return _unit(self._model.encode_query(texts, show_progress_bar=False))

    def encode_passages(self, texts: list[str]) -> Vectors:
        """Unit vectors of passages, float32, shape (len(texts), dimension)."""
        return _unit(self._model.encode_document(texts, show_progress_bar=False))


def load_encoder(name: str = BUNDLED_NAME) -> Encoder:
    """The encoder for the bundled model, a folder, or a hub name.

    Raises:
        ModelError: if there is no such model here.
    """
    folder = BUNDLED if name == BUNDLED_NAME else Path(name)
    if name == BUNDLED_NAME and not (folder / "modules.json").is_file():
        raise ModelError(f"{folder}: expected the bundled model, found none; restore the folder.")
    if _is_static(folder):
        return StaticEncoder(name if name == BUNDLED_NAME else str(folder), folder)
    return SentenceTransformerEncoder(name)


def _is_static(folder: Path) -> bool:
    modules = folder / "modules.json"
    if not modules.is_file():
        return False
    kinds = [str(m.get("type", "")).rsplit(".", 1)[-1] for m in json.loads(modules.read_text())]
    return kinds[:1] == ["StaticEmbedding"] and set(kinds[1:]) <= {"Normalize"}


def _unit(vectors: Any) -> Vectors:
    array = np.ascontiguousarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    unit: Vectors = array / np.maximum(norms, 1e-12)
    return unit


def _folder_fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".safetensors", ".json") and path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _state_fingerprint(model: Any) -> str:
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()[:16]
