"""Folders of documents: which files there are, and what each of them holds."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from corpus.blocks import FileContent
from corpus.child import Children
from corpus.datatypes import Document, Passage
from corpus.decode import decode
from corpus.errors import CorpusError, NoText, UnreadableFile
from corpus.frontmatter import describe, split_front_matter
from corpus.html import looks_like_html, read_html
from corpus.markdown import read_markdown
from corpus.office import read_office
from corpus.ooxml import is_package
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


def read_file(path: Path) -> tuple[Document, list[Passage]]:
    """One file's document and passages.

    Raises:
        CorpusError: if it cannot be read, or holds no text.
    """
    with Children() as children:
        document, passages, _ = read_content(path, children)
    return document, passages


def read_content(path: Path, children: Children) -> tuple[Document, list[Passage], FileContent]:
    """A file's document and passages, and what its reader handed over.

    Args:
        path: the file.
        children: processes, for files that are read aside.

    Raises:
        CorpusError: if it cannot be read, or holds no text.
    """
    content = _content(path, _bytes_of(path), children)
    document = describe(path, hash_of(path), content.metadata, content.title)
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


def hash_of(path: Path) -> str:
    """SHA-256 of all that a document is read from: its file, and its rendering beside it."""
    digest = hashlib.sha256(_bytes_of(path))
    other = path.with_name(path.stem + _RENDERING)
    if other.is_file():
        digest.update(_bytes_of(other))
    return digest.hexdigest()


def _table_of(rendering: Path) -> Path:
    return rendering.with_name(rendering.name.removesuffix(_RENDERING) + ".tsv")


def _content(path: Path, data: bytes, children: Children) -> FileContent:
    suffix = path.suffix.lower()
    if data.startswith(b"%PDF-") or suffix == ".pdf":
        return read_pdf(path, children)
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
