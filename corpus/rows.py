"""Reading a TOML file that people write: every mistake is told with its file and its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from corpus.guides import Text


class TeachingError(CorpusError):
    """A unit or a glossary file that cannot be used."""


@dataclass(frozen=True)
class Row:
    """A table of a file. ``place`` is where it stands: ``question 2 › option 1``."""

    file: str
    table: Mapping[str, Any]
    place: str = ""

    def wrong(self, key: str, expected: str, found: object) -> TeachingError:
        """The error that a key of this table is told with."""
        where = " › ".join(part for part in (self.place, key) if part)
        return TeachingError(
            f"{self.file}, {where}: expected {expected}, found {found}; correct it as "
            "README.md beside the bundled files says."
        )

    def known(self, *keys: str) -> None:
        """See that the table holds no other keys; raises TeachingError on the first."""
        other = [key for key in self.table if key not in keys]
        if other:
            raise self.wrong(other[0], f"only {', '.join(keys)}", "an unknown key")

    def words(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; ``default`` where the key is missing and one is given."""
        if default is not None and key not in self.table:
            return default
        value = self.table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "a text", _shown(value))
        return value.strip()

    def both(self, key: str) -> Text:
        """A text in ja and en, both needed."""
        inner = self.inner(key)
        inner.known("ja", "en")
        return Text(inner.words("ja"), inner.words("en"))

    def number(self, key: str, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        value = self.table.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(key, f"a whole number from {least} to {most}", _shown(value))
        return value

    def flag(self, key: str) -> bool:
        """true or false; false where the key is missing."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false", _shown(value))
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.wrong(key, "a list of texts", _shown(value))
        return tuple(value)

    def inner(self, key: str) -> Row:
        """The table under a key."""
        value = self.table.get(key)
        if not isinstance(value, dict):
            raise self.wrong(key, "a table", _shown(value))
        return Row(self.file, value, " › ".join(part for part in (self.place, key) if part))

    def rows(self, key: str, least: int = 0) -> tuple[Row, ...]:
        """The tables of a list (``[[key]]``), numbered from 1 in their places."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.wrong(key, f"tables headed [[{key}]]", _shown(value))
        if len(value) < least:
            raise self.wrong(key, f"{least} or more of [[{key}]]", len(value))
        before = f"{self.place} › " if self.place else ""
        return tuple(Row(self.file, v, f"{before}{key} {n}") for n, v in enumerate(value, 1))


def read_row(file: Path) -> Row:
    """A file as one table; raises TeachingError with the line where it is no TOML."""
    try:
        return Row(file.name, tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise TeachingError(
            f"{file.name}: expected TOML in UTF-8, found a mistake: {error}; correct it there."
        ) from error


def toml_files(folders: tuple[Path, ...], leave: tuple[str, ...] = ()) -> Iterator[Path]:
    """The TOML files of folders by name; one of a later folder stands for its namesake."""
    found: dict[str, Path] = {}
    for folder in folders:
        found |= {file.name: file for file in sorted(folder.glob("*.toml"))}
    return (found[name] for name in sorted(found) if name not in leave)


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(value)
