"""Reading whole folders: every file ends in the report, and none ends the reading."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from corpus.child import Children
from corpus.collection import collection_of_folder, has_to_be_read_again, placed
from corpus.datatypes import Document, Passage
from corpus.errors import CorpusError, NoText
from corpus.folder import BUNDLED, hash_of, list_files, read_content, refused_files
from corpus.frontmatter import document_id_of, printable
from corpus.outcomes import FileOutcome, Findings

_AT_ONCE = 2
"""Files that are read at the same time: as many as the smallest machine has cores."""
_AHEAD = 4
"""Files that may be read and wait for those before them."""

_Key = tuple[str, str]
_Read = tuple[Document, list[Passage], Findings, tuple[str, ...]]


@dataclass(frozen=True)
class FileProblem:
    """A file that was left out, and why, in one sentence."""

    file: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """What folders of documents hold; ``outcomes`` has one entry for every file, in order."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    skipped: tuple[FileProblem, ...]
    outcomes: tuple[FileOutcome, ...] = ()


def read_folders(
    folders: Iterable[Path],
    progress: Callable[[Path], None] = lambda path: None,
    known: Mapping[_Key, tuple[Document, list[Passage]]] = MappingProxyType({}),
    outcomes: Mapping[_Key, FileOutcome] = MappingProxyType({}),
    replaced: Collection[str] = (),
    collections: Mapping[str, str] = MappingProxyType({}),
) -> Reading:
    """Read every document of the folders; a file that cannot be read is reported, not raised.

    Args:
        folders: the folders, in order.
        progress: called with each file before it is read.
        known: documents already read, by document id and SHA-256: not read again.
        outcomes: how the reading of the known documents ended, by the same keys.
        replaced: ids of documents whose bundled file another folder's takes the place of.
        collections: the collection of each document and its earlier versions by its id,
            whatever files and folders say (see ``corpus.collection``).

    Raises:
        CorpusError: if a folder is missing or holds no document file.
    """
    folders = list(folders)
    documents: dict[str, Document] = {}
    passages: list[Passage] = []
    skipped: list[FileProblem] = []
    ends: list[FileOutcome] = []
    files = list(_files(folders, replaced))
    read = partial(_read_in_place, known=known, outcomes=outcomes, collections=collections)
    for path, file, result in _read_all(files, progress, read):
        name = printable(str(path))
        try:
            document, found, findings, notes = result()
            if document.document_id in documents:
                raise CorpusError(
                    f"{path.name}: another document is already called {document.document_id}; "
                    "rename one of the two files."
                )
        except CorpusError as error:
            skipped.append(FileProblem(name, printable(str(error))))
            ends.append(_failed(file, error))
            continue
        skipped += [FileProblem(name, printable(note)) for note in notes]
        documents[document.document_id] = document
        passages += found
        ends.append(_finished(file, document, found, findings))
    for problem, end in _refused(folders):
        skipped.append(problem)
        ends.append(end)
    return Reading(tuple(documents.values()), tuple(passages), tuple(skipped), tuple(ends))


def _files(folders: Iterable[Path], replaced: Collection[str]) -> Iterator[tuple[Path, Path]]:
    """Every file that is to be read, in order, and its folder of documents."""
    for folder in folders:
        for path in list_files(folder):
            if folder != BUNDLED or document_id_of(path) not in replaced:
                yield path, folder


def _refused(folders: Iterable[Path]) -> Iterator[tuple[FileProblem, FileOutcome]]:
    """What looks like a document in the folders and is not read: links, other kinds of file."""
    for folder in folders:
        for path, refusal in refused_files(folder):
            place = printable(path.relative_to(folder).as_posix())
            yield FileProblem(printable(str(path)), str(refusal)), _failed(place, refusal)


def _read_all(
    files: Iterable[tuple[Path, Path]],
    progress: Callable[[Path], None],
    read: Callable[[Path, Path, Children], _Read],
) -> Iterator[tuple[Path, str, Callable[[], _Read]]]:
    """Every file in order, its place below its folder, and what gives its reading or raises."""
    waiting: deque[tuple[Path, str, Future[_Read]]] = deque()
    with Children(_AT_ONCE) as children, ThreadPoolExecutor(_AT_ONCE) as threads:
        for path, folder in files:
            progress(path)
            reading = threads.submit(read, path, folder, children)
            place = printable(path.relative_to(folder).as_posix())
            waiting.append((path, place, reading))
            if len(waiting) >= _AHEAD:
                first, place, done = waiting.popleft()
                yield first, place, done.result
        for first, place, done in waiting:
            yield first, place, done.result


def _read_in_place(
    path: Path,
    folder: Path,
    children: Children,
    known: Mapping[_Key, tuple[Document, list[Passage]]],
    outcomes: Mapping[_Key, FileOutcome],
    collections: Mapping[str, str],
) -> _Read:
    """What a file holds, in the collection that counts today, whatever was known before."""
    name = document_id_of(path)
    given = collections.get(name, collections.get(name.rpartition("@v")[0]))
    read = _read_unless_known(path, children, known, outcomes, given)
    document, passages, findings, notes = read
    above = collection_of_folder(path, folder)
    return (*placed(document, passages, above, given), findings, notes)


def _read_unless_known(
    path: Path,
    children: Children,
    known: Mapping[_Key, tuple[Document, list[Passage]]],
    outcomes: Mapping[_Key, FileOutcome],
    given: str | None,
) -> _Read:
    key = (document_id_of(path), hash_of(path))
    if key in known and not has_to_be_read_again(known[key][0], given):
        before = outcomes.get(key, Findings())
        return (*known[key], before, before.notes)
    document, passages, content = read_content(path, children)
    findings = replace(content.findings, warnings=document.warnings, notes=content.notes)
    if content.notes and findings.status == "ok":
        findings = replace(findings, status="partial", detail=" ".join(content.notes))
    return document, passages, findings, content.notes


def _finished(
    file: str, document: Document, passages: list[Passage], findings: Findings
) -> FileOutcome:
    return FileOutcome(
        file=file,
        document_id=document.document_id,
        sha256=document.sha256,
        passages=len(passages),
        characters=sum(len(p.text) for p in passages),
        **{f.name: getattr(findings, f.name) for f in fields(Findings)},
    )


def _failed(file: str, error: CorpusError) -> FileOutcome:
    pages = (error.pages, error.pages_needing_ocr) if isinstance(error, NoText) else (None, ())
    return FileOutcome(
        file=file,
        status=error.status,
        detail=printable(str(error)),
        pages=pages[0],
        pages_needing_ocr=pages[1],
    )
