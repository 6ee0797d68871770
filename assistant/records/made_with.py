"""What an answer was made with that the answer does not name itself."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from index.generations import MANIFEST, named


@lru_cache(maxsize=8)
def made_with(root: Path, fingerprint: str) -> dict[str, str]:
    """The version of this program, and the embedding model of the index that answered.

    Args:
        root: the index folder.
        fingerprint: of the index that the answer came from; where another one stands in the
            folder by now, the model is "".
    """
    told = {"kyodo": version("kyodo"), "embedding_model": "", "embedding_model_fingerprint": ""}
    folder = named(root)
    if folder is None:
        return told
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["fingerprint"] == fingerprint:
            told["embedding_model"] = Path(str(manifest["model"]["name"])).name
            told["embedding_model_fingerprint"] = str(manifest["model"]["fingerprint"])
    except (OSError, ValueError, KeyError):
        return told  # The builder is replacing it: the answer counts, its model is not named.
    return told
