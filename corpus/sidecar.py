"""What is said of a file in a file beside it: ``name.meta.toml`` or ``name.meta.md``."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from pathlib import Path

import tomlkit

from corpus.beside import is_own_file
from corpus.decode import decode
from corpus.durable import replace_file
from corpus.errors import DocumentError, UnreadableFile
from corpus.frontmatter import printable, refuse_unknown_keys, split_front_matter

SUFFIXES = (".meta.toml", ".meta.md")


def sidecar_of(path: Path) -> Path | None:
    """The file beside a document that describes it; None where there is none.

    It has the document's name without or with its ending: ``a.meta.toml`` or
    ``a.pdf.meta.toml`` beside ``a.pdf``.
    """
    for stem in (path.name, path.stem):
        for suffix in SUFFIXES:
            beside = path.with_name(stem + suffix)
            if is_own_file(beside):
                return beside
    return None


def is_sidecar(path: Path) -> bool:
    """Whether a file describes another and is no document."""
    return path.name.lower().endswith(SUFFIXES)


def read_sidecar(path: Path) -> dict[str, str]:
    """What a sidecar says, by the keys of front matter; {} where the document has none.

    Args:
        path: the document.

    Raises:
        CorpusError: if it cannot be read, or says what front matter does not.
    """
    beside = sidecar_of(path)
    if beside is None:
        return {}
    name = printable(beside.name)
    try:
        text = decode(beside.read_bytes(), name)
    except OSError as error:
        raise UnreadableFile(f"{name}: the file cannot be opened: {error.strerror}.") from error
    return _from_toml(text, name) if name.endswith(".toml") else split_front_matter(text, name)[0]


def write_sidecar(path: Path, values: Mapping[str, str]) -> None:
    """Write the sidecar of a document in place of the one that it has; no values, no sidecar.

    Raises:
        DocumentError: on a key that front matter does not have.
    """
    refuse_unknown_keys(values, printable(path.name))
    beside = sidecar_of(path)
    target = path.with_name(path.name + SUFFIXES[0])
    if values:
        replace_file(target, tomlkit.dumps(dict(values)))
    if beside is not None and (beside != target or not values):
        beside.unlink()


def _from_toml(text: str, name: str) -> dict[str, str]:
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DocumentError(
            f'{name}: expected lines of TOML such as title = "…", found: {error}.'
        ) from error
    refuse_unknown_keys(table, name)
    values = {}
    for key, value in table.items():
        if not isinstance(value, str | datetime.date):
            raise DocumentError(f"{name}: {key} must be text or a date, found {value!r}.")
        values[key] = value.strip() if isinstance(value, str) else value.isoformat()
    return values
