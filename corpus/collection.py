"""Collections: a document of one is seen only by those who may see that collection.

A document names its collection in its front matter or its sidecar; a ``collection.toml`` in a
folder names one for every document in and below it that says nothing itself. The document store
keeps one for all versions of a document, which stands above both.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.datatypes import Document, Passage
from corpus.decode import decode
from corpus.errors import DocumentError, UnreadableFile

FILE = "collection.toml"
"""The file that names the collection of a folder's documents: ``collection = "人事"``."""
_KEY = "collection"
_LONGEST = 60
_OWN = ("front matter", "sidecar")


def collection_name(value: str, where: str) -> str:
    """A collection's name in one spelling (NFKC, single spaces); "" is everyone's.

    Args:
        value: as it was written.
        where: where, for the message.

    Raises:
        DocumentError: if it is too long, or holds a comma or what cannot be printed.
    """
    name = " ".join(unicodedata.normalize("NFKC", value).split())
    if len(name) > _LONGEST or not name.isprintable() or set(name) & set(",、"):
        raise DocumentError(
            f"{where}: expected a collection's name of up to {_LONGEST} characters without a "
            f"comma, found {value[: _LONGEST * 2]!r}."
        )
    return name


def may_see(document: Document, collections: frozenset[str] | None) -> bool:
    """Whether who may see these collections (None: all) may see a document."""
    return in_sight(document.collection, collections)


def in_sight(collection: str, collections: frozenset[str] | None) -> bool:
    """Whether a collection ("" for everyone's) is among those that somebody may see (None: all)."""
    return collections is None or not collection or collection in collections


def collection_of_folder(path: Path, root: Path) -> str | None:
    """The collection that the nearest ``collection.toml`` from a file's folder up to a root
    names, None where there is none.

    Raises:
        DocumentError: if it names none.
        UnreadableFile: if it cannot be read: nobody is to see more for that.
    """
    for folder in path.parents:
        try:
            return _read(folder / FILE)
        except FileNotFoundError:
            if folder == root:
                break
        except OSError as error:
            raise UnreadableFile(f"{FILE}: the file cannot be opened: {error.strerror}.") from error
    return None


def has_to_be_read_again(document: Document, given: str | None) -> bool:
    """Whether a document that was read before hides what its file says of its collection."""
    return document.collection_from == "store" and given is None


def placed(
    document: Document, passages: Sequence[Passage], folder: str | None, given: str | None
) -> tuple[Document, list[Passage]]:
    """A document and its passages in the collection that counts.

    Args:
        document: as read; ``collection_from`` says whether it names a collection itself.
        passages: its passages.
        folder: the collection of its folder, None where that has none.
        given: the one that the document store keeps for it, None where it keeps none.
    """
    if given is not None:
        found = given, "store"
    elif document.collection_from in _OWN:
        found = document.collection, document.collection_from
    else:
        found = (folder, "folder") if folder is not None else ("", "")
    if found == (document.collection, document.collection_from):
        return document, list(passages)
    moved = replace(document, collection=found[0], collection_from=found[1])
    return moved, [replace(passage, document=moved) for passage in passages]


def _read(path: Path) -> str:
    text = decode(path.read_bytes(), path.name)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DocumentError(
            f'{FILE}: expected one line {_KEY} = "…", found: {error}; the documents of its folder '
            "are left out until it is corrected."
        ) from error
    if set(table) != {_KEY} or not isinstance(table[_KEY], str):
        raise DocumentError(
            f'{FILE}: expected one line {_KEY} = "…", found {sorted(table) or "none"}; the '
            "documents of its folder are left out until it is corrected."
        )
    return collection_name(table[_KEY], FILE)
