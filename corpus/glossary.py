"""Terms of the field: reading, English, a short meaning, and the passage that carries it.

The files are ``glossary/*.toml``; how to write one stands in ``glossary/README.md``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from corpus.cited import Cited, read_cited
from corpus.guides import Text
from corpus.rows import Row, read_row, toml_files

BUNDLED_GLOSSARY = Path(__file__).with_name("glossary")
_KANA = re.compile(r"[ぁ-ゖー・0-9A-Za-z ()]+")


@dataclass(frozen=True)
class Term:
    """A term. ``defined``: the passage says what it means; else it is where the term is used.

    ``reading`` is in hiragana; ``also`` are other words for it; ``related`` are ids of terms.
    """

    term_id: str
    term: str
    reading: str
    english: str
    meaning: Text
    source: Cited
    defined: bool
    also: tuple[str, ...]
    related: tuple[str, ...]


def read_glossary(folders: tuple[Path, ...]) -> tuple[Term, ...]:
    """The terms of folders, in the order of their files.

    Raises:
        TeachingError: if a file is amiss, two terms have one id, or a related one is missing.
    """
    terms: dict[str, Term] = {}
    rows: list[tuple[Row, Term]] = []
    for file in toml_files(folders):
        whole = read_row(file)
        whole.known("term")
        for row in whole.rows("term", least=1):
            term = _term(row)
            if term.term_id in terms:
                raise row.wrong("id", "an id that no other term has", repr(term.term_id))
            terms[term.term_id] = term
            rows.append((row, term))
    for row, term in rows:
        missing = [name for name in term.related if name not in terms]
        if missing:
            raise row.wrong("related", "ids of terms", repr(missing[0]))
    return tuple(terms.values())


def _term(row: Row) -> Term:
    row.known("id", "term", "reading", "en", "meaning", "source", "used_only", "also", "related")
    reading = row.words("reading")
    if not _KANA.fullmatch(unicodedata.normalize("NFKC", reading)):
        raise row.wrong("reading", "hiragana", repr(reading))
    return Term(
        term_id=row.words("id"),
        term=row.words("term"),
        reading=reading,
        english=row.words("en"),
        meaning=row.both("meaning"),
        source=read_cited(row.inner("source")),
        defined=not row.flag("used_only"),
        also=row.names("also"),
        related=row.names("related"),
    )
