"""The collections of documents as the newest build has them, beside all generations.

An older generation, gone back to or used because the newest is damaged, may hold a document from
before it was put into a collection: it is hidden there too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from corpus.datatypes import Document
from corpus.durable import replace_file
from index.errors import IndexDamaged

_FILE = "collections.json"


def keep_collections(root: Path, documents: Iterable[Document]) -> None:
    """Write down which documents are in a collection; before the build that says so counts."""
    held = {d.document_id: d.collection for d in documents if d.collection}
    if held or (root / _FILE).is_file():
        replace_file(root / _FILE, json.dumps(held, ensure_ascii=False, indent=1))


def kept_collections(root: Path) -> Mapping[str, str]:
    """The collections of documents, by id, of those that are in one.

    Raises:
        IndexDamaged: if they cannot be read: then nothing is shown, rather than too much.
    """
    path = root / _FILE
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamaged(
            f"{path}: expected the collections of documents, found what cannot be read ({error}); "
            f"build the index again with `kyodo index build --index {root}`."
        ) from error


def withheld(document: Document, kept: Mapping[str, str]) -> Document:
    """A document of some generation in the collection that it is in by now, if in any."""
    collection = kept.get(document.document_id)
    if not collection or collection == document.collection:
        return document
    return replace(document, collection=collection, collection_from="store")
