"""The words of the page, read from ``interface/ja.toml`` and ``interface/en.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from assistant.datatypes import Language
from assistant.errors import PageError

INTERFACE = Path(__file__).parent / "interface"
LANGUAGES: tuple[Language, ...] = ("ja", "en")
_BLANKS = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Words:
    """The words of the page in one language, by ``section.name``."""

    language: Language
    table: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The words under ``key``, with every ``{name}`` replaced by its value."""
        return _BLANKS.sub(lambda blank: str(values[blank.group(1)]), self.table[key])


@cache
def load_words(language: Language, folder: Path = INTERFACE) -> Words:
    """The words in one language.

    Args:
        language: which.
        folder: where ``ja.toml`` and ``en.toml`` lie; another page brings its own.

    Raises:
        PageError: the file is missing, is no TOML, or lacks words that the other language has.
    """
    table = _read(folder / f"{language}.toml")
    for other in LANGUAGES:
        _compare(folder / language, table, other, _read(folder / f"{other}.toml"))
    return Words(language, MappingProxyType(table))


def read_interface(name: str) -> str:
    """The text of a file in ``interface/``; raises PageError where it cannot be read."""
    return read_text(INTERFACE / name)


def read_text(path: Path) -> str:
    """The text of a file that a page needs.

    Raises:
        PageError: the file cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PageError(
            f"Expected the page's file {path}, found none that can be read "
            f"({error.strerror}); put it back from the original."
        ) from error


def _read(path: Path) -> dict[str, str]:
    try:
        sections = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise PageError(
            f"Expected TOML in {path}, found a mistake: {error}; correct it."
        ) from error
    table: dict[str, str] = {}
    for section, entries in sections.items():
        if not isinstance(entries, dict):
            raise PageError(f"Expected only sections in {path}, found {section!r} outside one.")
        for name, text in entries.items():
            table[f"{section}.{name}"] = str(text)
    return table


def _compare(own: Path, table: dict[str, str], other: str, reference: dict[str, str]) -> None:
    """Both files must hold the same names and the same blanks."""
    missing = sorted(reference.keys() - table.keys())
    if missing:
        raise PageError(
            f"Expected the words {', '.join(missing)} in {own}.toml as in "
            f"{other}.toml, found none; add them."
        )
    for key, text in reference.items():
        extra = set(_BLANKS.findall(table[key])) - set(_BLANKS.findall(text))
        if extra:
            raise PageError(
                f"Expected in {own}.toml, {key}, only the blanks of {other}.toml, "
                f"found {{{sorted(extra)[0]}}} too; remove it or add it there."
            )
