"""The units, starts and terms that are taught, and the texts that they were written from."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.cited import Cited
from corpus.glossary import BUNDLED_GLOSSARY, Term, read_glossary
from corpus.guides import fold_place
from corpus.rows import TeachingError
from corpus.units import (
    BUNDLED_UNITS,
    Start,
    Unit,
    cited_at_start,
    cited_in,
    read_starts,
    read_units,
)

BASIS = "basis.json"
"""Beside the units: the texts of the passages as they were when the material was written."""
GLOSSARY = "glossary"
"""Stands for all terms where a piece of material is named."""
Key = tuple[str, str, str]
"""A passage: document id, locator as ``fold_place`` gives it, and language ("ja" or "en")."""


@dataclass(frozen=True)
class Material:
    """All that is taught. ``basis`` holds the texts of passages by their key."""

    units: tuple[Unit, ...]
    starts: tuple[Start, ...]
    terms: tuple[Term, ...]
    basis: Mapping[Key, str]

    def unit(self, unit_id: str) -> Unit | None:
        """The unit of an id, None where there is none."""
        return next((u for u in self.units if u.unit_id == unit_id), None)

    def start(self, start_id: str) -> Start | None:
        """The start of an id, None where there is none."""
        return next((s for s in self.starts if s.start_id == start_id), None)

    def sources_of(self, piece: str) -> tuple[Cited, ...]:
        """Every passage that a unit (with what the starts add), or the glossary, rests on."""
        if piece == GLOSSARY:
            found: list[Cited] = [term.source for term in self.terms]
        else:
            unit = self.unit(piece)
            found = [*cited_in(unit)] if unit else []
            found += [c for start in self.starts for c in cited_at_start(start, piece)]
        return tuple(dict.fromkeys(found))

    def pieces(self) -> tuple[str, ...]:
        """The ids of the units, then the glossary."""
        return (*(unit.unit_id for unit in self.units), *([GLOSSARY] if self.terms else []))

    def documents(self) -> frozenset[str]:
        """The documents that are cited anywhere."""
        return frozenset(c.document for p in self.pieces() for c in self.sources_of(p))


@dataclass
class Shelf:
    """Reads the material of folders anew when a file has changed. Threads may share it.

    ``units`` and ``glossary`` are folders; where two hold a file of one name, the later stands.
    """

    units: tuple[Path, ...]
    glossary: tuple[Path, ...]
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _held: tuple[tuple[tuple[str, int, int], ...], Material] | None = field(
        default=None, repr=False
    )

    def material(self) -> Material:
        """What is taught now; raises TeachingError where a file is amiss."""
        with self._lock:
            stamp = tuple(self._stamp())
            if self._held is None or self._held[0] != stamp:
                self._held = (stamp, read_material(self.units, self.glossary))
            return self._held[1]

    def _stamp(self) -> Iterator[tuple[str, int, int]]:
        for folder in (*self.units, *self.glossary):
            for file in sorted([*folder.glob("*.toml"), *folder.glob(BASIS)]):
                told = file.stat()
                yield str(file), told.st_mtime_ns, told.st_size


def shelf(documents: Path) -> Shelf:
    """The bundled material, and that of the office beside its own documents."""
    return Shelf((BUNDLED_UNITS, documents / "units"), (BUNDLED_GLOSSARY, documents / "glossary"))


def read_material(units: tuple[Path, ...], glossary: tuple[Path, ...]) -> Material:
    """The material of folders; raises TeachingError where a file is amiss."""
    taught = read_units(units)
    basis: dict[Key, str] = {}
    for folder in units:
        basis |= _read_basis(folder / BASIS)
    return Material(taught, read_starts(units, taught), read_glossary(glossary), basis)


def key_of(source: Cited, language: str) -> Key:
    """The key of the passage that a source names, in a language."""
    return source.document, fold_place(source.locator), language


def languages_of(source: Cited) -> tuple[str, ...]:
    """The languages that a source quotes."""
    return ("ja", "en") if source.quote.en else ("ja",)


def write_basis(folder: Path, texts: Mapping[Key, str]) -> None:
    """Write the texts of passages beside the units."""
    rows = [
        {"document": document, "locator": locator, "language": language, "text": text}
        for (document, locator, language), text in sorted(texts.items())
    ]
    written = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    (folder / BASIS).write_text(written, encoding="utf-8")


def _read_basis(file: Path) -> dict[Key, str]:
    if not file.is_file():
        return {}
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return {(r["document"], r["locator"], r["language"]): str(r["text"]) for r in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TeachingError(
            f"{file.name}: expected the texts of passages as `kyodo learn lock` writes them, "
            f"found a mistake: {error}; write the file anew with it."
        ) from error
