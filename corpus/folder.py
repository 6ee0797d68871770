"""Folders of documents: which files there are, and what each of them holds."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from corpus.blocks import FileContent
from corpus.datatypes import Document, Passage
from corpus.decode import decode
from corpus.errors import CorpusError, UnreadableFile
from corpus.frontmatter import describe, split_front_matter
from corpus.html import looks_like_html, read_html
from corpus.markdown import read_markdown
from corpus.passages import make_passages
from corpus.pdf import read_pdf
from corpus.structure import Line, structure
from corpus.table import looks_like_table, read_table

BUNDLED = Path(__file__).with_name("documents")
"""The documents that come with the program."""
_SUFFIXES = frozenset(
    {".txt", ".text", ".md", ".markdown", ".tsv", ".csv", ".html", ".htm", ".pdf"}
)
_RENDERING = ".en.tsv"


@dataclass(frozen=True)
class FileProblem:
    """A file that was left out, and why, in one sentence."""

    file: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """What folders of documents hold."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    skipped: tuple[FileProblem, ...]


def list_files(folder: Path) -> list[Path]:
    """The document files below a folder, in order of their names; links are not followed.

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
    files = [f for f in files if not f.name.endswith(_RENDERING)]
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
) -> Reading:
    """Read every document of the folders; a file that cannot be read is reported, not raised.

    Args:
        folders: the folders, in order.
        progress: called with each file before it is read.
        known: documents already read, by document id and SHA-256: not read again.

    Raises:
        CorpusError: if a folder is missing or holds no document file.
    """
    documents: dict[str, Document] = {}
    passages: list[Passage] = []
    skipped: list[FileProblem] = []
    for path in (file for folder in folders for file in list_files(folder)):
        progress(path)
        try:
            document, found = known.get((path.stem, _hash_of(path))) or read_file(path)
            if document.document_id in documents:
                raise CorpusError(
                    f"{path.name}: another document is already called {document.document_id}; "
                    "rename one of the two files."
                )
        except CorpusError as error:
            skipped.append(FileProblem(str(path), str(error)))
            continue
        documents[document.document_id] = document
        passages += found
    return Reading(tuple(documents.values()), tuple(passages), tuple(skipped))


def read_file(path: Path) -> tuple[Document, list[Passage]]:
    """One file's document and passages.

    Raises:
        CorpusError: if it cannot be read, or holds no text.
    """
    data = _bytes_of(path)
    content = _content(path, data)
    document = describe(path, _hash_of(path), content.metadata, content.title)
    passages = make_passages(document, content.blocks)
    if not passages:
        raise UnreadableFile(f"{path.name}: expected text, found none; the file is left out.")
    return document, passages


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


def _content(path: Path, data: bytes) -> FileContent:
    if data.startswith(b"%PDF-") or path.suffix.lower() == ".pdf":
        lines, notes = read_pdf(data, path.name)
        return FileContent({}, tuple(structure(lines)), notes=notes)
    metadata, text = split_front_matter(decode(data, path.name), path.name)
    if looks_like_html(text):
        title, lines = read_html(text, path.name)
        return FileContent(metadata, tuple(structure(lines)), title=title)
    if path.suffix.lower() == ".tsv" or looks_like_table(text):
        title, blocks = read_table(text, _rendering_of(path))
        return FileContent(metadata, tuple(blocks), title=title)
    if path.suffix.lower() == ".csv":
        title, blocks = read_table(_csv_as_tsv(text))
        return FileContent(metadata, tuple(blocks), title=title)
    if path.suffix.lower() in (".md", ".markdown"):
        return FileContent(metadata, tuple(read_markdown(text, path.name)))
    lines = [Line(line) for line in text.split("\n")]
    return FileContent(metadata, tuple(structure(lines)), title=_first_line(lines))


def _rendering_of(path: Path) -> str:
    other = path.with_name(path.stem + _RENDERING)
    if not other.is_file():
        return ""
    return split_front_matter(decode(_bytes_of(other), other.name), other.name)[1]


def _csv_as_tsv(text: str) -> str:
    rows = csv.reader(text.splitlines())
    return "\n".join("\t".join(c.replace("\t", " ").replace("\n", " ") for c in r) for r in rows)


def _first_line(lines: list[Line]) -> str:
    first = next((line.text.strip() for line in lines if line.text.strip()), "")
    return first if len(first) <= 60 and not first.endswith("。") else ""
