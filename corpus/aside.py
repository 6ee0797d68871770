"""Office files and web pages read in a process of their own: their parsers meet hostile bytes.

The process (see ``corpus.child``) writes what a reader gave as lines of JSON; here they become
a FileContent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from corpus.blocks import Block, FileContent
from corpus.child import Children
from corpus.errors import CorpusError
from corpus.office import read_office
from corpus.textfile import read_text_file

_TUPLES = ("headings", "headings_en", "facts")
_PLAIN = ("metadata", "title", "notes", "warnings")
_DEFAULTS = vars(Block(text=""))
"""What a row leaves out: a sheet of many rows has to stay small."""


def read_office_aside(path: Path, children: Children) -> FileContent:
    """The content of a Word or Excel file; raises CorpusError as ``read_office`` does."""
    return _read("corpus.aside:office_rows", path, children)


def read_page_aside(path: Path, children: Children) -> FileContent:
    """The content of an HTML page; raises CorpusError as ``read_text_file`` does."""
    return _read("corpus.aside:page_rows", path, children)


def office_rows(file: BinaryIO, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a Word or Excel file; called in the other process."""
    return _rows(read_office, file, str(options["name"]))


def page_rows(file: BinaryIO, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a page; called in the other process."""
    return _rows(read_text_file, file, str(options["name"]))


def _read(task: str, path: Path, children: Children) -> FileContent:
    first, *rows = children.run(task, path, {"name": path.name}).rows
    return FileContent(
        metadata=first["metadata"],
        blocks=tuple(_block(row) for row in rows),
        title=first["title"],
        notes=tuple(first["notes"]),
        warnings=tuple(first["warnings"]),
    )


def _rows(
    reader: Callable[[bytes, str], FileContent], file: BinaryIO, name: str
) -> Iterator[dict[str, Any]]:
    try:
        content = reader(file.read(), name)
    except CorpusError as error:
        # whoever asked puts the name before what is said here
        raise type(error)(str(error).removeprefix(f"{name}: ")) from error
    yield {key: getattr(content, key) for key in _PLAIN}
    for block in content.blocks:
        yield {key: value for key, value in vars(block).items() if value != _DEFAULTS[key]}


def _block(row: dict[str, Any]) -> Block:
    values: dict[str, Any] = {k: tuple(v) if k in _TUPLES else v for k, v in row.items()}
    return Block(**values)
