"""Where a model's name leads: a folder here, a copy in the cache, or the Hugging Face hub."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError

MODULES = "modules.json"
"""The file by which a model in the sentence-transformers format is known."""
_TIMEOUT_S = 10.0
_OWNER = "sentence-transformers/"


@dataclass(frozen=True)
class Location:
    """What to load: a folder or a hub name, and whether all of it is on this machine."""

    name: str
    local: bool


def locate(name: str) -> Location:
    """Find a model without loading it; the hub is asked once, and only for what is not here.

    Args:
        name: a folder, or a hub name such as ``intfloat/multilingual-e5-small``.

    Raises:
        ModelError: if there is no such model, or it is not in the sentence-transformers format.
    """
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        if not (folder / MODULES).is_file():
            raise ModelError(
                f"{folder}: expected a model in the sentence-transformers format, found no "
                f"{MODULES} in the folder; name the folder that holds it."
            )
        return Location(str(folder.resolve()), local=True)
    if not name or name.startswith((".", "/", "~")):
        raise ModelError(
            f"{name or '(empty)'}: expected a folder with an embedding model, found none; "
            "name another folder with --model."
        )
    return _on_hub(name if "/" in name else f"{_OWNER}{name}", name)


def _on_hub(repository: str, name: str) -> Location:
    from huggingface_hub import HfApi, try_to_load_from_cache

    try:
        if isinstance(try_to_load_from_cache(repository, MODULES), str):
            return Location(repository, local=True)
        files = HfApi().model_info(repository, timeout=_TIMEOUT_S).siblings or []
    except Exception as error:
        raise ModelError(
            f"model {name!r}: expected a folder or a model of the Hugging Face hub, found no such "
            f"folder, and the hub does not give it ({first_line(error)}); name a folder that "
            "holds a model."
        ) from error
    if MODULES not in [file.rfilename for file in files]:
        raise ModelError(
            f"model {name!r}: expected a model in the sentence-transformers format, found no "
            f"{MODULES} in it; name another model."
        )
    return Location(repository, local=False)


def first_line(error: Exception) -> str:
    """What an error says first, short enough for one sentence."""
    said = str(error).strip().split("\n")[0].rstrip(". ")
    return said[:160] or type(error).__name__
