"""Read the public data sets that ``sources.toml`` lists, and the pair files of the field."""

from __future__ import annotations

import csv
import json
import lzma
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.training.datatypes import Material, Pair, Passage, Scored
from index.training.dictionary import read_dictionary

SOURCES = Path(__file__).with_name("sources.toml")


@dataclass(frozen=True)
class Source:
    """One public data set: its file, how to read it, and under which licence it stands."""

    file: str
    name: str
    reader: str
    title: str
    licence: str


def read_sources(path: Path = SOURCES) -> tuple[Source, ...]:
    """List the public data sets.

    Args:
        path: The TOML file that lists them.

    Returns:
        One entry a data set, in the order of the file.

    Raises:
        ValueError: An entry lacks a key or has an unknown one.
    """
    with path.open("rb") as file:
        entries = tomllib.load(file).get("source", [])
    try:
        return tuple(Source(**entry) for entry in entries)
    except TypeError as error:
        raise ValueError(
            f"{path}: every [[source]] needs {Source.__annotations__}: {error}"
        ) from None


def read_folder(folder: Path, sources: Iterable[Source]) -> Material:
    """Read every listed data set that lies in a folder.

    Args:
        folder: Where the files lie.
        sources: The data sets to look for; those not in the folder are passed over.

    Returns:
        All their rows.

    Raises:
        FileNotFoundError: None of the listed files lies there.
    """
    places = [(_place_of(folder, source), source) for source in sources]
    found = [(place, source) for place, source in places if place.is_file()]
    if not found:
        raise FileNotFoundError(
            f"{folder}: expected one of the files that {SOURCES.name} lists, found none; "
            "check --texts"
        )
    return merge(READERS[source.reader](place, source.name) for place, source in found)


def _place_of(folder: Path, source: Source) -> Path:
    plain = folder / source.file
    return plain if plain.is_file() else plain.with_name(f"{plain.name}.xz")


def merge(parts: Iterable[Material]) -> Material:
    """Put several materials together; pairs of the same name are joined in order."""
    passages: list[Passage] = []
    scored: list[Scored] = []
    texts: list[str] = []
    pairs: dict[str, tuple[Pair, ...]] = {}
    for part in parts:
        passages.extend(part.passages)
        scored.extend(part.scored)
        texts.extend(part.texts)
        for name, rows in part.pairs.items():
            pairs[name] = pairs.get(name, ()) + rows
    return Material(tuple(passages), tuple(scored), pairs, tuple(texts))


def read_pairs(folder: Path) -> tuple[Pair, ...]:
    """Read every ``*.tsv`` pair file of a folder: two columns, no heading, ``#`` comments.

    Args:
        folder: A folder of pair files, read in the order of their names.

    Returns:
        The pairs, in order.

    Raises:
        FileNotFoundError: The folder holds no such file.
        ValueError: A row has not exactly two filled columns; names file and line.
    """
    files = sorted(folder.glob("*.tsv"))
    if not files:
        raise FileNotFoundError(f"{folder}: expected *.tsv pair files, found none; check --pairs")
    return tuple(pair for file in files for pair in _pair_rows(file))


def _pair_rows(path: Path) -> Iterator[Pair]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) != 2 or not all(columns):
            raise ValueError(
                f"{path}:{number}: expected two columns with a tab between, found {len(columns)}; "
                "correct the line or start it with #"
            )
        yield columns[0], columns[1]


def _lines(path: Path) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    for number, row in enumerate(csv.reader(_lines(path), "excel-tab", quoting=csv.QUOTE_NONE), 1):
        if len(row) != columns:
            raise ValueError(f"{path}:{number}: expected {columns} columns, found {len(row)}")
        yield row


def _read_passages(path: Path, name: str) -> Material:
    rows = (json.loads(line) for line in _lines(path))
    passages = tuple(Passage(r["title"], r["passage"], tuple(r["questions"])) for r in rows)
    return Material(passages=passages)


def _read_scored(path: Path, name: str) -> Material:
    rows = (json.loads(line) for line in _lines(path))
    return Material(scored=tuple(Scored(r["a"], r["b"], float(r["score"])) for r in rows))


def _read_translations(path: Path, name: str) -> Material:
    return Material(pairs={name: tuple((row[0], row[1]) for row in _rows(path, 2))})


def _read_words(path: Path, name: str) -> Material:
    pairs: list[Pair] = []
    for word, reading, meaning in _rows(path, 3):
        pairs.append((meaning, word))
        if reading and reading != word:
            pairs.append((reading, word))
    return Material(pairs={name: tuple(pairs)})


def _read_dictionary(path: Path, name: str) -> Material:
    return Material(pairs={name: read_dictionary(path)})


READERS: dict[str, Callable[[Path, str], Material]] = {
    "passages": _read_passages,
    "scored": _read_scored,
    "translations": _read_translations,
    "words": _read_words,
    "dictionary": _read_dictionary,
}
"""How each kind of data set is read, by the name that ``sources.toml`` uses."""
