"""What teaching material rests on: a passage named by document and locator, and its words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.guides import Text
from corpus.rows import Row


@dataclass(frozen=True)
class Cited:
    """A passage and what is quoted of it.

    ``quote.ja`` is cut out of the passage, ``quote.en`` out of its English rendering; the latter
    is "" for a document that has none, and then the original is shown in English too.
    """

    document: str
    locator: str
    quote: Text


def read_cited(row: Row) -> Cited:
    """A passage from its table: document, locator, quote.ja and quote.en."""
    row.known("document", "locator", "quote")
    quote = row.inner("quote")
    quote.known("ja", "en")
    words = Text(quote.words("ja"), quote.words("en", ""))
    return Cited(row.words("document"), row.words("locator"), words)


def read_sources(row: Row) -> Mapping[str, Cited]:
    """The passages of a file by the names that it gives them: tables [source.NAME]."""
    sources = row.inner("source")
    return {name: read_cited(sources.inner(name)) for name in sources.table}


def source_of(row: Row, sources: Mapping[str, Cited]) -> Cited:
    """The passage that a table names by ``source = "NAME"``."""
    name = row.words("source")
    if name not in sources:
        raise row.wrong("source", "the name of a [source.NAME] of this file", repr(name))
    return sources[name]


def text_hash(text: str) -> str:
    """SHA-256 of a passage's text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
