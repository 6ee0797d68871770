"""The field's term list: English to Japanese, everyday words to official ones."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from index.errors import SearchIndexError
from index.tokenization import english_stems, normalise, words

BUNDLED = Path(__file__).with_name("terms") / "terms.tsv"
_COLUMNS = ["ja", "reading", "en", "ja_plain", "en_plain", "category"]
_LONGEST_PHRASE = 6
_FILLERS = frozenset(
    ["a", "an", "the", "of", "to", "for", "in", "on", "at", "by", "with", "and", "or"]
)


@dataclass(frozen=True)
class Term:
    """One entry: the official Japanese term, its English, and what people say instead."""

    ja: str
    reading: str
    en: tuple[str, ...]
    ja_plain: tuple[str, ...]
    en_plain: tuple[str, ...]
    category: str


@dataclass(frozen=True)
class Match:
    """A term found in a text, what it was found by, and that as words of the index."""

    term: Term
    surface: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class TermList:
    """The term list, ready to be looked up. Longer words win over shorter ones in them."""

    terms: tuple[Term, ...]
    _by_surface: dict[str, tuple[Term, ...]] = field(repr=False)
    _by_stems: dict[tuple[str, ...], tuple[Term, ...]] = field(repr=False)
    _pattern: re.Pattern[str] = field(repr=False)

    @property
    def stems(self) -> frozenset[str]:
        """Every English stem in the list."""
        return frozenset(stem for phrase in self._by_stems for stem in phrase)

    def find(self, text: str) -> list[Match]:
        """The terms that a text speaks of, each once: in order, the Japanese words first."""
        first: dict[str, Match] = {}
        for match in self._find_japanese(normalise(text)) + self._find_english(text):
            first.setdefault(match.term.ja, match)
        return list(first.values())

    def _find_japanese(self, plain: str) -> list[Match]:
        return [
            Match(term, hit.group(), tuple(words(hit.group())))
            for hit in self._pattern.finditer(plain)
            for term in self._by_surface[hit.group()]
        ]

    def _find_english(self, text: str) -> list[Match]:
        stems = english_stems(text)
        found: list[Match] = []
        i = 0
        while i < len(stems):
            for size in range(min(_LONGEST_PHRASE, len(stems) - i), 0, -1):
                phrase = tuple(stems[i : i + size])
                if phrase in self._by_stems:
                    found += [Match(t, " ".join(phrase), phrase) for t in self._by_stems[phrase]]
                    i += size
                    break
            else:
                i += 1
        return found


@cache
def load_terms(path: Path = BUNDLED) -> TermList:
    """Read a term list.

    Raises:
        SearchIndexError: on a missing file or column, naming the line.
    """
    if not path.is_file():
        raise SearchIndexError(f"{path}: expected the term list, found no file; restore it.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        head = next(rows, [])
        if head != _COLUMNS:
            raise SearchIndexError(f"{path}: expected the columns {_COLUMNS}, found {head}.")
        terms = tuple(_term(path, number, row) for number, row in enumerate(rows, 2) if row)
    return _with_lookups(terms)


def _term(path: Path, number: int, row: list[str]) -> Term:
    if len(row) != len(_COLUMNS) or not row[0].strip():
        raise SearchIndexError(
            f"{path} line {number}: expected {len(_COLUMNS)} cells with a term first, found {row}."
        )
    ja, reading, en, ja_plain, en_plain, category = (cell.strip() for cell in row)
    return Term(ja, reading, _split(en), _split(ja_plain), _split(en_plain), category)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _phrase(form: str) -> tuple[str, ...]:
    """The stems of an English form; () where too little of it is left to be told by.

    "say no" without its stop words would be found in every "say".
    """
    if not form.isascii():
        return ()
    stems = tuple(english_stems(form))
    spoken = [w for w in normalise(form).replace("-", " ").split() if w not in _FILLERS]
    return stems if len(stems) == len(spoken) or len(stems) > 1 else ()


def _with_lookups(terms: tuple[Term, ...]) -> TermList:
    by_surface: dict[str, tuple[Term, ...]] = {}
    by_stems: dict[tuple[str, ...], tuple[Term, ...]] = {}
    for term in terms:
        for surface in {normalise(s) for s in (term.ja, *term.ja_plain)}:
            if len(surface) >= 2 and not surface.isascii():
                by_surface[surface] = (*by_surface.get(surface, ()), term)
        for stems in {_phrase(s) for s in (term.ja, *term.ja_plain, *term.en, *term.en_plain)}:
            if stems:
                by_stems[stems] = (*by_stems.get(stems, ()), term)
    longest_first = sorted(by_surface, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
    return TermList(terms, by_surface, by_stems, pattern)
