"""What the material rests on in the index: where each quote stands, and what has changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from assistant.learn.material import Key, Material, key_of, languages_of
from assistant.service import Service
from corpus.cited import Cited
from corpus.datatypes import Passage
from corpus.guides import fold_place
from index.chosen import read_chosen

Kind = Literal["gone", "quote", "text"]


@dataclass(frozen=True)
class Quoted:
    """A quote where it stands: ``passage.text[start:end]``, verbatim."""

    passage: Passage
    start: int
    end: int


@dataclass(frozen=True)
class Change:
    """A passage that is no longer as it was when the material was written.

    Attributes:
        piece: the unit, or the glossary.
        source: what it cites.
        language: the language of the text.
        kind: "gone" (no such passage), "quote" (its quote no longer stands in it) or "text"
            (the quote stands, and the words around it differ).
        before: the text recorded; only the quote where none was.
        now: the text of the index, "" where it is gone.
        passage: the passage of the index, None where it is gone.
    """

    piece: str
    source: Cited
    language: str
    kind: Kind
    before: str
    now: str
    passage: Passage | None = None


@dataclass(frozen=True)
class Ground:
    """The passages of the cited documents by key; several may share a place."""

    passages: Mapping[Key, tuple[Passage, ...]]
    documents: frozenset[str]

    def find(self, source: Cited, language: str) -> Quoted | None:
        """Where a quote stands, in a language; None where it does not stand any more."""
        language = language if language in languages_of(source) else "ja"
        quote = source.quote.of(language)
        for passage in self.passages.get(key_of(source, language), ()):
            start = passage.text.find(quote)
            if start >= 0:
                return Quoted(passage, start, start + len(quote))
        return None

    def changes(
        self, material: Material, piece: str, confirmed: Mapping[Key, str]
    ) -> tuple[Change, ...]:
        """What has changed under a unit or the glossary.

        Args:
            material: all that is taught.
            piece: a unit's id, or ``GLOSSARY``.
            confirmed: the texts that somebody has looked at for this piece; they stand before
                those that the material was written from.
        """
        known = {**material.basis, **confirmed}
        sources = material.sources_of(piece)
        found = (self._change(piece, s, lang, known) for s in sources for lang in languages_of(s))
        told: dict[tuple[Key, str, str], Change] = {}
        for change in found:
            if change:
                told.setdefault(_once(change), change)
        return tuple(told.values())

    def _change(
        self, piece: str, source: Cited, language: str, known: Mapping[Key, str]
    ) -> Change | None:
        key, quoted = key_of(source, language), self.find(source, language)
        held = self.passages.get(key, ())
        passage = quoted.passage if quoted else held[0] if held else None
        now, before = passage.text if passage else "", known.get(key, "")
        if quoted and (not before or before in [p.text for p in held]):
            return None
        kind: Kind = "text" if quoted else "quote" if passage else "gone"
        return Change(
            piece, source, language, kind, before or source.quote.of(language), now, passage
        )

    def texts(self, sources: Sequence[Cited]) -> dict[Key, str]:
        """The texts that sources stand in now, by key; without those whose quote is gone."""
        return dict(self._texts(sources))

    def _texts(self, sources: Sequence[Cited]) -> Iterator[tuple[Key, str]]:
        for source in sources:
            for language in languages_of(source):
                quoted = self.find(source, language)
                if quoted:
                    yield key_of(source, language), quoted.passage.text


def _once(change: Change) -> tuple[Key, str, str]:
    """What a change is told once for: a passage, and each quote of it that is lost."""
    lost = change.source.quote.of(change.language) if change.kind == "quote" else ""
    return key_of(change.source, change.language), change.kind, lost


@dataclass
class Grounds:
    """Reads the ground of the current index once for each of its generations."""

    root: Path
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _held: tuple[str, frozenset[str], Ground] | None = field(default=None, repr=False)

    def ground(self, service: Service, material: Material) -> Ground:
        """The ground of what is taught; raises SearchIndexError where there is no index."""
        wanted, fingerprint = material.documents(), service.fingerprint
        with self._lock:
            if self._held is None or self._held[:2] != (fingerprint, wanted):
                self._held = (fingerprint, wanted, read_ground(self.root, wanted))
            return self._held[2]


def read_ground(root: Path, documents: frozenset[str]) -> Ground:
    """The passages of documents in an index; raises SearchIndexError where there is none."""
    held: dict[Key, list[Passage]] = {}
    present = set()
    for passage in read_chosen(root, documents):
        present.add(passage.document.document_id)
        key = (
            passage.document.document_id,
            fold_place(passage.locator),
            "en" if passage.rendering else "ja",
        )
        held.setdefault(key, []).append(passage)
    return Ground({key: tuple(found) for key, found in held.items()}, frozenset(present))
