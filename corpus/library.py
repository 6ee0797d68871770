"""The office's own documents on disk: every version of each, and which one counts.

::

    documents/
      .lock                    held by the one process that changes anything
      tebiki/
        versions.json          the versions, and which one counts; replaced in one step
        0001/tebiki.md         a version as it was added, with what belongs beside it
        earlier/tebiki@v1.md   versions that were in force before, for questions as of that day

``versions.json`` is the truth: whatever it does not name was left by a process that died, and
goes at the next change.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from corpus.durable import flush_folder, flush_tree, held, make_folder, replace_file
from corpus.sidecar import is_sidecar, read_sidecar, write_sidecar
from corpus.versions import Entry, LibraryError, Version, ended

_TRUTH = "versions.json"
_EARLIER = "earlier"
_LEFT = ".left-"


def entries(root: Path) -> tuple[Entry, ...]:
    """The documents of a store, by id; none where there is no store.

    Raises:
        LibraryError: if the list of a document's versions cannot be read.
    """
    return tuple(_read_entry(path.parent) for path in sorted(root.glob(f"*/{_TRUTH}")))


def entry(root: Path, document_id: str) -> Entry:
    """One document; raises LibraryError where the store holds none of this id."""
    found = {e.document_id: e for e in entries(root)}
    if document_id not in found:
        known = ", ".join(found) or "none"
        raise LibraryError(
            f"{document_id}: expected a document that was added here, found none; "
            f"known are {known}."
        )
    return found[document_id]


@contextmanager
def changing(root: Path) -> Iterator[None]:
    """Be the one process that changes the store; what a killed one left is taken away first.

    Raises:
        LibraryError: if another process is changing it, or it cannot be written.
    """
    try:
        make_folder(root)
        with held(root / ".lock"):
            _clear_left(root)
            try:
                yield
            finally:
                shutil.rmtree(_staging(root), ignore_errors=True)
    except BlockingIOError as error:
        raise LibraryError(
            f"{root}: another process is changing the documents; wait until it has finished."
        ) from error
    except OSError as error:
        raise LibraryError(
            f"{error.filename or root}: expected to write documents into {root}, found: "
            f"{error.strerror or error}; make room or mend its rights. "
            "What stood there still does."
        ) from error


def staging(root: Path) -> Path:
    """An empty folder of the store to prepare a version in; call it inside ``changing``."""
    folder = _staging(root)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _staging(root: Path) -> Path:
    return root / f"{_LEFT}{os.getpid()}"


def put(
    root: Path, document_id: str, prepared: Path, version: Version, collection: str | None = None
) -> Entry:
    """Make a prepared folder the version that counts; call it inside ``changing``.

    Args:
        root: the store.
        document_id: the document's id.
        prepared: the ``staging`` folder, with the version's file and what belongs beside it.
        version: what is known of it; its number is given here.
        collection: that of the document from now on; None: that of its versions before.
    """
    folder = root / document_id
    folder.mkdir(exist_ok=True)
    before = _read_entry(folder) if (folder / _TRUTH).is_file() else None
    known = before.versions if before else ()
    number = max((v.number for v in known), default=0) + 1
    if collection is None and before:
        collection = before.collection
    flush_tree(prepared)
    os.rename(prepared, folder / f"{number:04d}")
    flush_folder(folder)
    flush_folder(root)
    versions = (*known, replace(version, number=number))
    return _write_entry(Entry(document_id, folder, versions, number, collection))


def choose(root: Path, document_id: str, number: int) -> Entry:
    """Let another version of a document count; call it inside ``changing``.

    Raises:
        LibraryError: if there is no such document or version.
    """
    found = entry(root, document_id)
    found.of(number)
    return _write_entry(replace(found, current=number))


def note(root: Path, document_id: str, version: Version) -> Entry:
    """Write down what is now known of a version (by its number); call it inside ``changing``."""
    found = entry(root, document_id)
    versions = tuple(version if v.number == version.number else v for v in found.versions)
    return _write_entry(replace(found, versions=versions))


def assign(root: Path, document_id: str, collection: str) -> Entry:
    """Put a document with all its versions into a collection, "" for everyone's; call it inside
    ``changing``.

    Raises:
        LibraryError: if the store holds none of this id.
    """
    return _write_entry(replace(entry(root, document_id), collection=collection))


def drop(root: Path, document_id: str) -> Entry:
    """Take a document and all its versions away; call it inside ``changing``.

    Raises:
        LibraryError: if the store holds none of this id.
    """
    found = entry(root, document_id)
    gone = root / f"{_LEFT}{os.getpid()}-gone"
    os.rename(found.folder, gone)
    flush_folder(root)
    shutil.rmtree(gone, ignore_errors=True)
    return found


def folders(root: Path) -> tuple[Path, ...]:
    """The folders that an index is built from: of each document the version that counts, and
    those that were in force before it."""
    found: list[Path] = []
    for each in entries(root):
        found.append(each.path.parent)
        if any((each.folder / _EARLIER).glob("*")):
            found.append(each.folder / _EARLIER)
    return tuple(found)


def _read_entry(folder: Path) -> Entry:
    path = folder / _TRUTH
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        versions = tuple(Version(**row) for row in table["versions"])
        found = Entry(
            table["document_id"],
            folder,
            versions,
            int(table["current"]),
            table.get("collection"),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LibraryError(
            f"{path}: expected a document's versions, found what cannot be read ({error}); "
            "put the file back from a copy, or take the folder away and add the document again."
        ) from error
    found.of(found.current)
    return found


def _write_entry(found: Entry) -> Entry:
    table: dict[str, Any] = {
        "document_id": found.document_id,
        "current": found.current,
        "versions": [asdict(v) for v in found.versions],
        "collection": found.collection,
    }
    # Taken away first: where this process dies on the way, the next one finds that it is missing.
    shutil.rmtree(found.folder / _EARLIER, ignore_errors=True)
    replace_file(found.folder / _TRUTH, json.dumps(table, ensure_ascii=False, indent=1))
    _lay_out_earlier(found)
    return found


def _lay_out_earlier(found: Entry) -> None:
    """Copy what was in force before the version that counts beside it, each under an id of its
    own and with the day on which it ended; an empty folder where there is none."""
    fresh = found.folder / f"{_LEFT}{_EARLIER}"
    fresh.mkdir()
    for version in found.versions:
        end = ended(found, version) if version.number < found.current else None
        if end is not None and end >= (version.effective_from or ""):
            _copy_as_earlier(found.path_of(version), fresh, version, end)
    os.rename(fresh, found.folder / _EARLIER)


def _copy_as_earlier(path: Path, target: Path, version: Version, end: str) -> None:
    stem = f"{path.stem}@v{version.number}"
    for file in path.parent.iterdir():
        if not is_sidecar(file):
            shutil.copy2(file, target / file.name.replace(path.stem, stem, 1))
    known = {"title": version.title, "source": version.source, "effective_until": end}
    write_sidecar(target / f"{stem}{path.suffix}", read_sidecar(path) | known)


def _clear_left(root: Path) -> None:
    """Take away what no list of versions names, and lay out what is missing."""
    for left in (*root.glob(f"{_LEFT}*"), *root.glob(f"*/{_LEFT}*")):
        shutil.rmtree(left)
    for folder in [p for p in root.iterdir() if p.is_dir()]:
        if not (folder / _TRUTH).is_file():
            shutil.rmtree(folder)
            continue
        found = _read_entry(folder)
        (folder / f"{_TRUTH}.tmp").unlink(missing_ok=True)
        named = {f"{v.number:04d}" for v in found.versions} | {_EARLIER}
        for left in [p for p in folder.iterdir() if p.is_dir() and p.name not in named]:
            shutil.rmtree(left)
        if not (folder / _EARLIER).is_dir():
            _lay_out_earlier(found)
