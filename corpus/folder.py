"""Folders of documents: which files there are, and what each of them holds."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from corpus.aside import read_office_aside, read_page_aside
from corpus.audit import with_standings
from corpus.beside import is_own_file
from corpus.blocks import FileContent
from corpus.child import Children
from corpus.datatypes import Document, Passage
from corpus.decode import decode
from corpus.errors import CorpusError, FileTooBig, NoText, UnreadableFile
from corpus.frontmatter import printable, split_front_matter
from corpus.metadata import document_of
from corpus.ooxml import is_package, limits, other_kinds
from corpus.passages import make_passages
from corpus.pdf import read_pdf
from corpus.sidecar import is_sidecar, sidecar_of
from corpus.suspicious import with_suspicions
from corpus.textfile import read_text_file

BUNDLED = Path(__file__).with_name("documents")
"""The documents that come with the program."""
_SUFFIXES = frozenset(
    {".txt", ".text", ".md", ".markdown", ".tsv", ".csv", ".html", ".htm", ".pdf"}
    | {".docx", ".docm", ".xlsx", ".xlsm"}
)
_RENDERING = ".en.tsv"
_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)", re.IGNORECASE)


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
        and is_own_file(path)
        and not is_sidecar(path)
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


def refused_files(folder: Path) -> list[tuple[Path, UnreadableFile]]:
    """What looks like a document below a folder and is not read, and why: links, other kinds."""
    refused = []
    for path in sorted(folder.rglob("*")):
        suffix = path.suffix.lower()
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if path.is_symlink() and (suffix in _SUFFIXES or path.is_dir()):
            why = "expected a file of this folder, found a link; put the file itself here."
        elif suffix in other_kinds():
            why = f"expected a kind of file that is read, found {suffix}; {other_kinds()[suffix]}."
        else:
            continue
        refused.append((path, UnreadableFile(f"{printable(path.name)}: {why}")))
    return refused


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
    document = document_of(path, hash_of(path), content)
    audited = document.authority == "audit"
    blocks = with_standings(content.blocks) if audited else content.blocks
    passages = make_passages(document, tuple(blocks))
    if not passages:
        raise NoText(f"{path.name}: expected text, found none; the file is left out.")
    document, passages = with_suspicions(document, passages)
    return document, passages, content


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{path.name}: the file cannot be opened: {error.strerror}."
        ) from error


def hash_of(path: Path) -> str:
    """SHA-256 of all that a document is read from: its file, its rendering, its sidecar."""
    digest = hashlib.sha256(_bytes_of(path))
    for other in (path.with_name(path.stem + _RENDERING), sidecar_of(path)):
        if other and is_own_file(other):
            digest.update(_bytes_of(other))
    return digest.hexdigest()


def _table_of(rendering: Path) -> Path:
    return rendering.with_name(rendering.name.removesuffix(_RENDERING) + ".tsv")


def _content(path: Path, data: bytes, children: Children) -> FileContent:
    suffix = path.suffix.lower()
    package = is_package(data) or suffix in (".docx", ".docm", ".xlsx", ".xlsm")
    if data.startswith(b"%PDF-") or (suffix == ".pdf" and not package):
        return read_pdf(path, children)
    if package:
        return read_office_aside(path, children)
    if suffix in (".html", ".htm") or _PAGE.match(data):
        return read_page_aside(path, children)
    if len(data) > limits()["largest_text_mb"] << 20:
        raise FileTooBig(
            f"{path.name}: expected up to {limits()['largest_text_mb']} MB of text, found "
            f"{len(data) >> 20} MB; divide the file."
        )
    return read_text_file(data, path.name, _rendering_of(path))


def _rendering_of(path: Path) -> str:
    other = path.with_name(path.stem + _RENDERING)
    if not is_own_file(other):
        return ""
    return split_front_matter(decode(_bytes_of(other), other.name), other.name)[1]
