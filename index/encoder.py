"""Texts to unit vectors, by any model in the sentence-transformers format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.hub import MODULES, Location, first_line, locate
from index.memory import give_back_memory

Vectors = npt.NDArray[np.float32]
BUNDLED = Path(__file__).with_name("model")
BUNDLED_NAME = "bundled"
_BATCH = 1_024
_KEPT = 4_096
"""Single texts of which the vectors are kept: 8 MB at 512 numbers each."""


class Encoder(Protocol):
    """What an index needs of a model. ``fingerprint`` changes with whatever changes vectors."""

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
            self._model = StaticModel.from_pretrained(folder, max_length=None)
        except Exception as error:
            raise ModelError(
                f"{folder}: expected an embedding model, found what cannot be loaded "
                f"({first_line(error)}); restore the folder or name another."
            ) from error
        give_back_memory()
        self.name = name
        self.fingerprint = _folder_fingerprint(folder)
        self.dimension = int(self._model.dim)
        self.prompts: dict[str, str] = {}
        self._alone = lru_cache(maxsize=_KEPT)(self._encoded_alone)

    def encode_queries(self, texts: list[str]) -> Vectors:
        """Unit vectors of questions, float32, shape (len(texts), dimension); not to be changed.

        The vectors of single texts of late are kept: a conversation asks for those of its
        earlier questions again at every step.
        """
        return self._alone(texts[0]) if len(texts) == 1 else self._encoded(texts)

    def encode_passages(self, texts: list[str]) -> Vectors:
        """Unit vectors of passages, float32, shape (len(texts), dimension)."""
        return self._encoded(texts)

    def _encoded_alone(self, text: str) -> Vectors:
        vector = self._encoded([text])
        vector.setflags(write=False)
        return vector

    def _encoded(self, texts: list[str]) -> Vectors:
        """model2vec's own ``encode`` takes tqdm's lock, one for the whole process, at every call,
        and sets the tokenizer's limit that other threads rely on: many people who ask at once
        would wait for each other there. Its parts are called instead."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = self._model.tokenize(texts[start : start + _BATCH])
            for row, ids in enumerate(batch, start):
                if ids:
                    vectors[row] = self._mean(np.asarray(ids))
        return _unit(vectors)

    def _mean(self, ids: npt.NDArray[np.int64]) -> Vectors:
        """The weighted mean of the vectors of a text's tokens."""
        model = self._model
        rows = model.embedding[ids if model.token_mapping is None else model.token_mapping[ids]]
        weights = np.ones(len(ids)) if model.weights is None else model.weights[ids]
        mean: Vectors = weights.astype(np.float32) @ rows.astype(np.float32) / len(ids)
        return mean


class SentenceTransformerEncoder:
    """Any other model, run by sentence-transformers; its own prompts are used."""

    def __init__(self, location: Location) -> None:
        """Load a model; raises ModelError where that fails."""
        from sentence_transformers import SentenceTransformer

        try:
            with _without_bars():
                self._model = SentenceTransformer(
                    location.name,
                    trust_remote_code=False,
                    device="cpu",
                    local_files_only=location.local,
                )
        except Exception as error:
            raise ModelError(
                f"model {location.name!r}: expected a model in the sentence-transformers format, "
                f"found what cannot be loaded ({first_line(error)}); name another model."
            ) from error
        self.name = location.name
        self.fingerprint = _model_fingerprint(self._model)
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

    A model in a folder that has not changed since is not loaded twice: an index that is built
    anew goes on with it, and with what was kept of its vectors.

    Raises:
        ModelError: if there is no such model here.
    """
    if name == BUNDLED_NAME:
        if not (BUNDLED / MODULES).is_file():
            raise ModelError(
                f"{BUNDLED}: expected the bundled model, found none; restore the folder."
            )
        return _static(name, BUNDLED, _stamp(BUNDLED))
    location = locate(name)
    folder = Path(location.name)
    if folder.is_dir() and _is_static(folder):
        return _static(location.name, folder, _stamp(folder))
    if folder.is_dir():
        return _other(location, _stamp(folder))
    return SentenceTransformerEncoder(location)


Stamp = tuple[tuple[str, int, int], ...]


def _stamp(folder: Path) -> Stamp:
    """What changes with the files of a folder: their names, sizes and times."""
    found = ((path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in found)


@lru_cache(maxsize=1)
def _static(name: str, folder: Path, stamp: Stamp) -> StaticEncoder:
    return StaticEncoder(name, folder)


@lru_cache(maxsize=1)
def _other(location: Location, stamp: Stamp) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(location)


def _is_static(folder: Path) -> bool:
    """Whether model2vec gives the same vectors: a static model, perhaps normalised, no prompt."""
    settings = folder / "config_sentence_transformers.json"
    try:
        modules = json.loads((folder / MODULES).read_text(encoding="utf-8"))
        kinds = [str(m["type"]).rsplit(".", 1)[-1] for m in modules]
        given = json.loads(settings.read_text(encoding="utf-8")) if settings.is_file() else {}
        prompts = [p for p in dict(given.get("prompts") or {}).values() if p]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{folder}: expected a model in the sentence-transformers format, found a {MODULES} "
            f"or {settings.name} that cannot be read ({first_line(error)}); restore the folder."
        ) from error
    return kinds[:1] == ["StaticEmbedding"] and set(kinds[1:]) <= {"Normalize"} and not prompts


@contextmanager
def _without_bars() -> Iterator[None]:
    """While a model loads, transformers draws no progress bars: only the front ends draw."""
    from transformers.utils import logging

    bars: Any = logging
    drawn = bars.is_progress_bar_enabled()
    bars.disable_progress_bar()
    try:
        yield
    finally:
        if drawn:
            bars.enable_progress_bar()


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


def _model_fingerprint(model: Any) -> str:
    """A digest of all that decides a model's vectors: weights, layers, prompts, vocabulary."""
    digest = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().float().numpy().tobytes())
    layers = [(type(m).__name__, m.get_config_dict(), _longest(m)) for m in model]
    vocabulary: dict[str, int] = getattr(model.tokenizer, "get_vocab", dict)()
    settings = [layers, dict(model.prompts), model.default_prompt_name, vocabulary]
    digest.update(json.dumps(settings, sort_keys=True, default=str).encode())
    return digest.hexdigest()[:16]


def _longest(layer: Any) -> int | None:
    """How many tokens a layer reads, None where it has no such limit."""
    found: int | None = getattr(layer, "max_seq_length", None)
    return found
