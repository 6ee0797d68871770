"""Taking a file into the document store: copied, read and understood before anything counts."""

from __future__ import annotations

import datetime
import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.beside import is_own_file
from corpus.datatypes import Document, Passage
from corpus.errors import BY_STATUS, CorpusError, UnreadableFile
from corpus.fetch import Fetched
from corpus.folder import list_files
from corpus.frontmatter import printable
from corpus.ingest import Reading, read_folders
from corpus.sidecar import is_sidecar, read_sidecar, sidecar_of, write_sidecar
from corpus.sources import Sources
from corpus.versions import Entry, Version

_LONGEST_NAME = 200
"""Bytes: the names of earlier versions and sidecars are longer, and file systems end at 255."""
_OF_ONE_VERSION = ("adopted", "effective_from", "effective_until")


@dataclass(frozen=True)
class Prepared:
    """A version that is ready for the store: its folder, and what reading it gave."""

    folder: Path
    version: Version
    reading: Reading

    @property
    def document(self) -> Document:
        """The document that its file holds."""
        return self.reading.documents[0]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What would be quoted from it."""
        return self.reading.passages


def prepare(folder: Path, path: Path, known: Mapping[str, Entry]) -> Prepared:
    """Copy a file, and what belongs beside it, into a staging folder and read it there.

    What is known of the version before it, but for its dates, goes over to the new one where
    that has no front matter of its own.

    Args:
        folder: an empty folder of the store.
        path: the file.
        known: the documents of the store, by id.

    Raises:
        CorpusError: if it is no file, of no kind that can be read, or cannot be read.
    """
    _check_name(path)
    if not path.is_file():
        raise UnreadableFile(f"{path}: expected a file, found none; see whether the name is right.")
    for file in (path, sidecar_of(path), path.with_name(f"{path.stem}.en.tsv")):
        if file is not None and is_own_file(file):
            shutil.copyfile(file, folder / file.name)
    staged = folder / path.name
    reading = reading_of(folder)
    before = known.get(reading.documents[0].document_id)
    if before and sidecar_of(staged) is None and staged.read_bytes()[:3] != b"---":
        carried = _carried(before)
        if carried:
            write_sidecar(staged, carried)
            reading = reading_of(folder)
    return Prepared(folder, _version(staged, str(path.resolve()), reading.documents[0]), reading)


def prepare_page(
    folder: Path, came: Fetched, sources: Sources, known: Mapping[str, Entry]
) -> Prepared:
    """Write a fetched page, and what its list says of it, into a staging folder and read it.

    What is known of the version before it, corrections of the office among it, goes over to the
    new one but for its dates.

    Raises:
        CorpusError: if it cannot be read.
    """
    page = came.page
    staged = folder / f"{page.document_id}{came.suffix}"
    staged.write_bytes(came.data)
    before = known.get(page.document_id)
    listed = {
        "title": page.title,
        "kind": page.kind,
        "authority": page.authority,
        "edition": "original",
        "issuer": sources.issuer,
        "issuer_en": sources.issuer_en,
        "language": sources.language,
        "source": page.url,
    }
    write_sidecar(staged, listed | (_carried(before) if before else {}))
    reading = reading_of(folder)
    version = _version(staged, page.url, reading.documents[0], came)
    return Prepared(folder, version, reading)


def reading_of(folder: Path) -> Reading:
    """What the one document of a folder holds.

    Raises:
        CorpusError: if it cannot be read, in the sentence of its reader.
    """
    try:
        list_files(folder)
    except CorpusError as error:
        (name, *_) = sorted(p.name for p in folder.iterdir()) or [folder.name]
        raise UnreadableFile(
            f"{name}: expected a kind of file that can be read, found {Path(name).suffix or name}; "
            "save it as PDF, Word, Excel, HTML or text."
        ) from error
    reading = read_folders([folder])
    if not reading.documents:
        kind = BY_STATUS.get(reading.outcomes[0].status, UnreadableFile)
        raise kind(reading.skipped[0].reason)
    return reading


def is_same(prepared: Prepared, known: Entry) -> bool:
    """Whether every file of a prepared version lies in the version in use with the same bytes."""
    there = known.path.parent
    return all(
        (there / file.name).is_file() and (there / file.name).read_bytes() == file.read_bytes()
        for file in prepared.folder.iterdir()
    )


def _carried(before: Entry) -> dict[str, str]:
    """What is known of a version that the next one shares."""
    beside = read_sidecar(before.path)
    return {key: value for key, value in beside.items() if key not in _OF_ONE_VERSION}


def _check_name(path: Path) -> None:
    name = printable(path.name)
    if name.startswith(".") or is_sidecar(path) or len(path.name.encode()) > _LONGEST_NAME:
        raise UnreadableFile(
            f"{name}: expected a document's name of up to {_LONGEST_NAME} bytes that does not "
            "begin with a full stop, found another; rename the file."
        )


def _version(path: Path, origin: str, document: Document, came: Fetched | None = None) -> Version:
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return Version(
        number=0,
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        added=now,
        origin=origin,
        title=document.title,
        source=document.source,
        effective_from=document.effective_from,
        effective_until=document.effective_until,
        etag=came.validators.etag if came else "",
        last_modified=came.validators.last_modified if came else "",
    )
