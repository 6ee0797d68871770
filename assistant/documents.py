"""The office's own documents, as a page or a command works with them.

``DocumentStore`` lists, adds, removes, corrects and fetches documents, goes back to an earlier
version or an earlier index, and builds the index anew after each change. It keeps nothing
itself: what it says is read from the disk, so several may stand side by side; of two that
change something at once, the second is told so.
"""

from __future__ import annotations

import itertools
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.documents_list import Listed, list_documents
from assistant.documents_report import (
    Done,
    Progress,
    Report,
    Result,
    guides_left_out,
    silent,
)
from corpus import library
from corpus.changes import changes, relying
from corpus.collection import collection_name
from corpus.datatypes import Passage
from corpus.errors import CorpusError
from corpus.fetch import Fetched, Validators, fetch_pages
from corpus.folder import BUNDLED, list_files, read_file
from corpus.frontmatter import document_id_of
from corpus.guides import BUNDLED_GUIDES, read_guides
from corpus.ingest import Reading
from corpus.intake import Prepared, is_same, prepare, prepare_page, reading_of
from corpus.sidecar import read_sidecar, write_sidecar
from corpus.sources import Sources, load_sources
from corpus.versions import Entry, LibraryError
from index import SearchIndexError, build_index, describe_index
from index.contents import GenerationInfo, list_generations
from index.encoder import BUNDLED_NAME
from index.store import go_back


@dataclass(frozen=True)
class DocumentStore:
    """The document store and the index built from it.

    ``root`` is the store's folder, ``index`` the index folder, ``model`` the embedding model of
    the settings, None for that of the index that stands.
    """

    root: Path
    index: Path
    model: str | None = None

    def documents(self, collections: frozenset[str] | None = None) -> tuple[Listed, ...]:
        """Every document that may be seen, the office's own first.

        Args:
            collections: those that may be seen beside what everyone sees; None: all.

        Raises:
            SearchIndexError: on a damaged index.
        """
        listed = list_documents(self.root, self.index)
        return tuple(row for row in listed if row.is_seen_by(collections))

    def add(
        self, files: Sequence[Path], progress: Progress = silent, collection: str | None = None
    ) -> Report:
        """Take files in; one of a name that is known becomes that document's newest version.

        A file that cannot be read is refused, and what stood before stays in use.

        Args:
            files: the files; what belongs beside one (sidecar, English table) comes along.
            progress: called before each file is read.
            collection: that of the documents, with all their versions, whatever the files say;
                None: what a file says, else that of its document before.

        Raises:
            LibraryError: if another process is changing the store, or it cannot be written.
            DocumentError: if no collection can be called so.
        """
        if collection is not None:
            collection = collection_name(collection, "collection")
        done: list[Done] = []
        fresh: list[Reading] = []
        with library.changing(self.root):
            for number, path in enumerate(files, 1):
                progress(path.name, number, len(files))
                try:
                    prepared = prepare(library.staging(self.root), path, self._entries())
                    done.append(self._take(prepared, path.name, fresh, collection))
                except LibraryError:
                    raise
                except CorpusError as error:
                    refused = Done(path.name, document_id_of(path), "refused", str(error))
                    refused = replace(refused, collection=collection or "")
                    done.append(replace(refused, status=error.status))
            return self._finish(done, fresh, progress)

    def remove(self, document_id: str, progress: Progress = silent) -> Report:
        """Take a document and all its versions away for good.

        The index before the present one holds its passages until the next build takes it away.

        Raises:
            LibraryError: if it is none of the office's own, or the store cannot be changed.
        """
        with library.changing(self.root):
            gone = library.drop(self.root, document_id)
            done = Done(gone.version.file, document_id, "removed")
            done = replace(done, collection=gone.collection or "")
            return self._finish([done], [], progress)

    def history(self, document_id: str) -> tuple[Entry, tuple[Done, ...]]:
        """A document's versions, and what each changed in the one before it, oldest first.

        Raises:
            LibraryError: if the store holds none of this id.
        """
        found = library.entry(self.root, document_id)
        steps, before = [], self._bundled(document_id)
        for version in found.versions:
            after = reading_of(found.path_of(version).parent).passages
            result: Result = "replaced" if before else "added"
            steps.append(_compared(document_id, version.file, before, after, result))
            before = after
        return found, tuple(steps)

    def restore(self, document_id: str, number: int, progress: Progress = silent) -> Report:
        """Let another version of a document be the one in use.

        Raises:
            LibraryError: if there is no such document or version, or the store cannot be changed.
        """
        with library.changing(self.root):
            found = library.entry(self.root, document_id)
            before = reading_of(found.path.parent).passages
            after = reading_of(found.path_of(found.of(number)).parent).passages
            now = library.choose(self.root, document_id, number)
            done = _compared(document_id, now.version.file, before, after, "restored")
            return self._finish([done], [], progress)

    def correct(
        self, document_id: str, values: Mapping[str, str], progress: Progress = silent
    ) -> Report:
        """Correct what is known of a document: title, dates, authority, issuer, section ...

        Args:
            document_id: one of the office's own.
            values: by the keys of front matter (``corpus/FORMAT.md``); "" takes a value back to
                what the file says itself, and the collection to everyone's.
            progress: called before each file is read.

        Raises:
            CorpusError: if the document or a key is unknown, or a value cannot be.
        """
        with library.changing(self.root):
            found = library.entry(self.root, document_id)
            values = dict(values)
            collection = values.pop("collection", None)
            if collection is not None:
                collection = collection_name(collection, "collection")
            before = read_sidecar(found.path)
            try:
                write_sidecar(found.path, {k: v for k, v in {**before, **values}.items() if v})
                reading = reading_of(found.path.parent)
            except CorpusError:
                write_sidecar(found.path, before)
                raise
            if collection is not None:
                library.assign(self.root, document_id, collection)
            known = reading.documents[0]
            told = replace(
                found.version,
                title=known.title,
                source=known.source,
                effective_from=known.effective_from,
                effective_until=known.effective_until,
            )
            library.note(self.root, document_id, told)
            done = Done(
                found.version.file, document_id, "corrected", passages=len(reading.passages)
            )
            return self._finish([done], [reading], progress)

    def fetch(
        self,
        sources: Sources | None = None,
        progress: Progress = silent,
        verify: ssl.SSLContext | None = None,
    ) -> Report:
        """Bring the official pages of a list that are new or have changed.

        Args:
            sources: the list; ``corpus/sources.toml`` where None.
            progress: called with each page's title as it has come.
            verify: the certificates to trust; those of this machine where None.

        Raises:
            NoNetwork: if no host could be reached.
            LibraryError: if the store cannot be changed.
        """
        wanted = sources or load_sources()
        done: list[Done] = []
        fresh: list[Reading] = []
        with library.changing(self.root):
            known = {
                name: Validators(e.version.etag, e.version.last_modified)
                for name, e in self._entries().items()
            }
            for number, came in enumerate(fetch_pages(wanted, known, verify), 1):
                progress(came.page.title, number, len(wanted.pages))
                done.append(self._take_page(came, wanted, fresh))
            return self._finish(done, fresh, progress)

    def generations(self) -> tuple[GenerationInfo, ...]:
        """The indexes on disk, newest first: when each was built, and which one answers."""
        return list_generations(self.index)

    def go_back(self) -> str:
        """Let the index before the present one answer again; gives its fingerprint.

        The documents stay as they are: the next change builds an index from them.

        Raises:
            SearchIndexError: if there is none to go back to, or another process is writing.
        """
        return str(go_back(self.index).manifest["fingerprint"])

    def build(self, progress: Progress = silent, read: Sequence[Reading] = ()) -> dict[str, Any]:
        """Build the index from the bundled documents and the office's own; gives the manifest.

        Raises:
            CorpusError: if nothing can be read.
            SearchIndexError: if the model cannot be loaded or another process is writing.
        """
        folders, entries = [BUNDLED, *library.folders(self.root)], self._entries()
        total, count = sum(len(list_files(folder)) for folder in folders), itertools.count(1)
        return build_index(
            self.index,
            folders,
            self.model or self._present_model(),
            lambda path: progress(path.name, next(count), total),
            replaced=frozenset(entries),
            read=read,
            collections={n: e.collection for n, e in entries.items() if e.collection is not None},
        )

    def _entries(self) -> dict[str, Entry]:
        return {e.document_id: e for e in library.entries(self.root)}

    def _present_model(self) -> str:
        try:
            return str(describe_index(self.index)["model"])
        except SearchIndexError:
            return BUNDLED_NAME

    def _finish(self, done: Sequence[Done], fresh: Sequence[Reading], progress: Progress) -> Report:
        """Build the index where anything changed."""
        entries = self._entries()
        known = {name: entry.collection or "" for name, entry in entries.items()}
        done = [replace(d, collection=known.get(d.document_id, d.collection)) for d in done]
        if all(d.result in ("refused", "unchanged") for d in done):
            return Report(tuple(done))
        try:
            manifest = self.build(progress, fresh)
        except (CorpusError, SearchIndexError) as error:
            return Report(tuple(done), problem=str(error))
        fingerprint = str(manifest["fingerprint"])
        return Report(tuple(done), fingerprint, left_out=guides_left_out(manifest))

    def _take(
        self,
        prepared: Prepared,
        name: str,
        fresh: list[Reading],
        collection: str | None = None,
    ) -> Done:
        """Put a prepared version into the store, unless it is the one in use."""
        document_id, version = prepared.document.document_id, prepared.version
        known = self._entries().get(document_id)
        if known and is_same(prepared, known):
            told = replace(known.version, etag=version.etag, last_modified=version.last_modified)
            library.note(self.root, document_id, told)
            moved = collection is not None and collection != known.collection
            if moved:
                library.assign(self.root, document_id, collection or "")
            result: Result = "corrected" if moved else "unchanged"
            return Done(name, document_id, result, passages=len(prepared.passages))
        if collection is None and (prepared.document.collection_from or not known):
            collection = prepared.document.collection
        before = reading_of(known.path.parent).passages if known else self._bundled(document_id)
        library.put(self.root, document_id, prepared.folder, version, collection)
        fresh.append(prepared.reading)
        result = "replaced" if before else "added"
        done = _compared(document_id, name, before, prepared.passages, result)
        (outcome, *_) = prepared.reading.outcomes
        detail = outcome.detail if outcome.is_problem else ""
        return replace(done, status=outcome.status, detail=detail, warnings=outcome.warnings)

    def _take_page(self, came: Fetched, sources: Sources, fresh: list[Reading]) -> Done:
        page = came.page
        if came.status == "unchanged":
            return Done(page.title, page.document_id, "unchanged")
        if came.status != "new":
            return Done(page.title, page.document_id, "refused", came.detail)
        try:
            prepared = prepare_page(library.staging(self.root), came, sources, self._entries())
            return self._take(prepared, page.title, fresh)
        except LibraryError:
            raise
        except CorpusError as error:
            return Done(page.title, page.document_id, "refused", str(error))

    def _bundled(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of the bundled document whose place one of the office's own takes."""
        for path in list_files(BUNDLED):
            if document_id_of(path) == document_id:
                return tuple(read_file(path)[1])
        return ()


def _compared(
    document_id: str,
    name: str,
    before: Sequence[Passage],
    after: Sequence[Passage],
    result: Result,
) -> Done:
    """What came of a new version; a first one has changed nothing."""
    found = changes(before, after) if before else ()
    guides = relying(document_id, found, read_guides([BUNDLED_GUIDES])) if found else ()
    return Done(name, document_id, result, "", len(after), changes=found, guides=guides)
