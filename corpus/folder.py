"""Folders of documents: which files there are, and what each of them holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import MappingProxyType

from corpus.blocks import FileContent
from corpus.datatypes import Document, Passage
from corpus.decode import decode
from corpus.errors import CorpusError, NoText, UnreadableFile
from corpus.frontmatter import describe, document_id_of, printable, split_front_matter
from corpus.html import looks_like_html, read_html
from corpus.markdown import read_markdown
from corpus.office import read_office
from corpus.ooxml import is_package
from corpus.outcomes import FileOutcome, Findings
from corpus.passages import make_passages
from corpus.pdf import read_pdf
from corpus.structure import Line, opens_heading, structure
from corpus.table import looks_like_table, read_table

BUNDLED = Path(__file__).with_name("documents")
"""The documents that come with the program."""
_SUFFIXES = frozenset(
    {".txt", ".text", ".md", ".markdown", ".tsv", ".csv", ".html", ".htm", ".pdf"}
    | {".docx", ".xlsx"}
)
_RENDERING = ".en.tsv"


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


def list_files(folder: Path) -> list[Path]:
    """The document files below a folder, in order of their names; links are not followed.

    The English rendering of a table (``name.en.tsv`` beside ``name.tsv``) is no document.

    Raises:
        CorpusError: if there is no such folder, or no document file in it.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder}: expected a folder of documents, found none; name another.")
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in _SUFFIXES
        and path.is_file()
        and not path.is_symlink()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    there = set(files)
    files = [f for f in files if not f.name.endswith(_RENDERING) or _table_of(f) not in there]
    if not files:
        raise CorpusError(
            f"{folder}: expected documents ({', '.join(sorted(_SUFFIXES))}), found none; "
            "put at least one file there."
        )
    return files


def read_folders(
    folders: Iterable[Path],
    progress: Callable[[Path], None] = lambda path: None,
    known: Mapping[tuple[str, str], tuple[Document, list[Passage]]] = MappingProxyType({}),
    outcomes: Mapping[tuple[str, str], FileOutcome] = MappingProxyType({}),
) -> Reading:
    """Read every document of the folders; a file that cannot be read is reported, not raised.

    Args:
        folders: the folders, in order.
        progress: called with each file before it is read.
        known: documents already read, by document id and SHA-256: not read again.
        outcomes: how the reading of the known documents ended, by the same keys.

    Raises:
        CorpusError: if a folder is missing or holds no document file.
    """
    documents: dict[str, Document] = {}
    passages: list[Passage] = []
    skipped: list[FileProblem] = []
    ends: list[FileOutcome] = []
    for path, file in _named_files(folders):
        progress(path)
        name = printable(str(path))
        try:
            document, found, findings, notes = _read_unless_known(path, known, outcomes)
            if document.document_id in documents:
                raise CorpusError(
                    f"{path.name}: another document is already called {document.document_id}; "
                    "rename one of the two files."
                )
        except CorpusError as error:
            skipped.append(FileProblem(name, printable(str(error))))
            ends.append(_failed(file, error))
            continue
        skipped += [FileProblem(name, note) for note in notes]
        documents[document.document_id] = document
        passages += found
        ends.append(_finished(file, document, found, findings))
    return Reading(tuple(documents.values()), tuple(passages), tuple(skipped), tuple(ends))


def _named_files(folders: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Every file with its place below its folder."""
    for folder in folders:
        for path in list_files(folder):
            yield path, printable(path.relative_to(folder).as_posix())


_Read = tuple[Document, list[Passage], Findings, tuple[str, ...]]


def _read_unless_known(
    path: Path,
    known: Mapping[tuple[str, str], tuple[Document, list[Passage]]],
    outcomes: Mapping[tuple[str, str], FileOutcome],
) -> _Read:
    key = (document_id_of(path), _hash_of(path))
    if key in known:
        return (*known[key], outcomes.get(key, Findings()), ())
    document, passages, content = _read(path)
    findings = content.findings
    if content.notes and findings.status == "ok":
        findings = replace(findings, status="partial", detail=content.notes[0])
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


def read_file(path: Path) -> tuple[Document, list[Passage]]:
    """One file's document and passages.

    Raises:
        CorpusError: if it cannot be read, or holds no text.
    """
    document, passages, _ = _read(path)
    return document, passages


def _read(path: Path) -> tuple[Document, list[Passage], FileContent]:
    """A file's document and passages, and what its reader handed over."""
    content = _content(path, _bytes_of(path))
    document = describe(path, _hash_of(path), content.metadata, content.title)
    document = replace(document, warnings=content.warnings)
    passages = make_passages(document, content.blocks)
    if not passages:
        raise NoText(f"{path.name}: expected text, found none; the file is left out.")
    return document, passages, content


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{path.name}: the file cannot be opened: {error.strerror}."
        ) from error


def _hash_of(path: Path) -> str:
    """SHA-256 of all that a document is read from: its file, and its rendering beside it."""
    digest = hashlib.sha256(_bytes_of(path))
    other = path.with_name(path.stem + _RENDERING)
    if other.is_file():
        digest.update(_bytes_of(other))
    return digest.hexdigest()


def _table_of(rendering: Path) -> Path:
    return rendering.with_name(rendering.name.removesuffix(_RENDERING) + ".tsv")


def _content(path: Path, data: bytes) -> FileContent:
    suffix = path.suffix.lower()
    if data.startswith(b"%PDF-") or suffix == ".pdf":
        lines, notes = read_pdf(data, path.name)
        return FileContent({}, tuple(structure(lines)), notes=notes)
    if is_package(data) or suffix in (".docx", ".xlsx"):
        return read_office(data, path.name)
    metadata, text = split_front_matter(decode(data, path.name), path.name)
    if suffix in (".html", ".htm") or looks_like_html(text):
        title, lines = read_html(text, path.name)
        return FileContent(metadata, tuple(structure(lines)), title=title)
    if suffix == ".tsv" or looks_like_table(text):
        title, blocks = read_table(text, _rendering_of(path), path.name)
        return FileContent(metadata, tuple(blocks), title=title)
    if suffix == ".csv":
        title, blocks = read_table(text, "", path.name, ",")
        return FileContent(metadata, tuple(blocks), title=title)
    if suffix in (".md", ".markdown"):
        return FileContent(metadata, tuple(read_markdown(text, path.name)))
    return _plain_text(metadata, text)


def _plain_text(metadata: dict[str, str], text: str) -> FileContent:
    """Plain text: its first line is its title where that is short and no heading or sentence."""
    lines = [Line(line) for line in text.split("\n") if line.strip()]
    first = lines[0].text.strip() if lines else ""
    if not first or len(first) > 60 or first.endswith("。") or opens_heading(first):
        return FileContent(metadata, tuple(structure(lines)))
    below = lines if metadata or len(lines) == 1 else lines[1:]
    return FileContent(metadata, tuple(structure(below)), title=first)


def _rendering_of(path: Path) -> str:
    other = path.with_name(path.stem + _RENDERING)
    if not other.is_file():
        return ""
    return split_front_matter(decode(_bytes_of(other), other.name), other.name)[1]
