"""The list of documents: what the store holds, beside what the index made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus import library
from corpus.collection import in_sight
from corpus.datatypes import Document
from corpus.versions import Entry
from index import IndexMissing
from index.contents import Contents, read_contents

_NOTHING = Contents({}, {}, {})


@dataclass(frozen=True)
class Listed:
    """A document as it is listed.

    ``own``: added by the office, not bundled with the program. ``status`` is how its reading
    ended (``ok``, ``partial``, ``text_conflict``), ``waiting`` where the index does not hold it
    yet, or ``earlier`` for a version that is no longer in force; ``detail`` says in a sentence
    what is wrong. ``warnings`` are put into words by ``corpus.warnings.sentence``. ``added`` is
    an ISO time in UTC, "" for bundled ones; ``versions`` counts those kept. ``dates_from`` says
    where the dates were found ("text": to be confirmed). ``collection`` is whose members alone
    may see it, "" where everyone may; ``answers_in`` the same as the index has it, which may be
    behind.
    """

    document_id: str
    title: str
    own: bool
    status: str
    detail: str
    passages: int
    warnings: tuple[str, ...]
    authority: str
    binding: bool
    edition: str
    source: str
    adopted: str | None
    effective_from: str | None
    effective_until: str | None
    dates_from: str
    file: str
    sha256: str
    added: str
    versions: int
    collection: str
    answers_in: str

    def is_seen_by(self, collections: frozenset[str] | None) -> bool:
        """Whether who may see these collections (None: all) may see it: by both accounts."""
        return all(in_sight(c, collections) for c in (self.collection, self.answers_in))


def list_documents(root: Path, index: Path) -> tuple[Listed, ...]:
    """Every document of the index and the store, the office's own first, then by id.

    Args:
        root: the store's folder.
        index: the index folder.

    Raises:
        SearchIndexError: if there is an index, but none of it can be read.
    """
    try:
        held = read_contents(index)
    except IndexMissing:
        held = _NOTHING
    own = {e.document_id: e for e in library.entries(root)}
    ends = _ends(held.manifest)
    rows = [_in_store(e, held, ends.get(e.document_id, {})) for e in own.values()]
    rows += [
        _in_index(d, held, ends.get(d.document_id, {}), own)
        for d in held.documents.values()
        if d.document_id not in own
    ]
    return tuple(sorted(rows, key=lambda r: (not r.own, r.document_id)))


def _ends(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """How the reading of each document ended, by its id."""
    return {row["document_id"]: row for row in manifest.get("report", ()) if row["document_id"]}


def _in_store(entry: Entry, held: Contents, end: Mapping[str, Any]) -> Listed:
    document, version = held.documents.get(entry.document_id), entry.version
    if document is None:
        return Listed(
            document_id=entry.document_id,
            title=version.title,
            own=True,
            status="waiting",
            detail="",
            passages=0,
            warnings=(),
            authority="",
            binding=False,
            edition="",
            source=version.origin,
            adopted=None,
            effective_from=version.effective_from,
            effective_until=version.effective_until,
            dates_from="",
            file=version.file,
            sha256=version.sha256,
            added=version.added,
            versions=len(entry.versions),
            collection=entry.collection or "",
            answers_in="",
        )
    return _listed(document, held, end, entry)


def _in_index(
    document: Document, held: Contents, end: Mapping[str, Any], own: Mapping[str, Entry]
) -> Listed:
    entry = own.get(document.document_id.rpartition("@")[0])
    row = _listed(document, held, end, None)
    if entry is None:
        return row
    return replace(row, own=True, status="earlier", collection=_collection(document, entry))


def _listed(
    document: Document, held: Contents, end: Mapping[str, Any], entry: Entry | None
) -> Listed:
    version = entry.version if entry else None
    return Listed(
        document_id=document.document_id,
        title=document.title,
        own=entry is not None,
        status=str(end.get("status", "ok")),
        detail=str(end.get("detail", "")),
        passages=held.passages.get(document.document_id, 0),
        warnings=tuple(end.get("warnings", ())) or document.warnings,
        authority=document.authority,
        binding=document.binding,
        edition=document.edition,
        source=document.source,
        adopted=document.adopted,
        effective_from=document.effective_from,
        effective_until=document.effective_until,
        dates_from=document.dates_from,
        file=version.file if version else "",
        sha256=version.sha256 if version else document.sha256,
        added=version.added if version else "",
        versions=len(entry.versions) if entry else 1,
        collection=_collection(document, entry),
        answers_in=document.collection,
    )


def _collection(document: Document, entry: Entry | None) -> str:
    """The collection that the store knows of, else the one of the index."""
    known = entry.collection if entry else None
    return document.collection if known is None else known
