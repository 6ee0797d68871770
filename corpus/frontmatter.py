"""The lines between ``---`` at the head of a document, and the document they describe."""

from __future__ import annotations

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from corpus.collection import collection_name
from corpus.datatypes import AUTHORITIES, EDITIONS, Authority, Document, Edition
from corpus.errors import DocumentError
from corpus.invisible import strip_invisible

_OPENING = re.compile(r"---[ \t]*\n")
_FRONT = re.compile(r"---[ \t]*\n(.*?)(?:(?<=\n)|\n)---[ \t]*(?:\n|$)", re.DOTALL)
_LANGUAGES = ("ja", "en")
_WORDS = ("title_en", "issuer", "issuer_en", "kind", "section", "section_en", "contact")
_KEYS = frozenset(
    [
        "title",
        "title_en",
        "issuer",
        "issuer_en",
        "kind",
        "authority",
        "edition",
        "adopted",
        "amended",
        "effective_from",
        "effective_until",
        "section",
        "section_en",
        "contact",
        "source",
        "language",
        "collection",
        "facts",
        "examples",
        "examples_en",
    ]
)


def split_front_matter(text: str, name: str) -> tuple[dict[str, str], str]:
    """Front matter as strings, and the text after it; ({}, text) where there is none.

    Raises:
        DocumentError: on lines that are not ``key: value``, or on an unknown key.
    """
    if not _OPENING.match(text):
        return {}, text
    match = _FRONT.match(text)
    if not match:
        raise DocumentError(f"{name}: front matter opens with --- but no --- closes it.")
    try:
        loaded = yaml.load(match.group(1), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", found another thing on line {mark.line + 2}" if mark else ""
        raise DocumentError(
            f"{name}: front matter must be lines of 'key: value'{where}; "
            "put a value that holds ': ' or '#' in quotation marks."
        ) from error
    if not isinstance(loaded, dict):
        raise DocumentError(f"{name}: front matter must be lines of 'key: value'.")
    refuse_unknown_keys(loaded, name)
    for key, value in loaded.items():
        if not isinstance(value, str):
            raise DocumentError(
                f"{name}: front matter {key} must be one line of text, found a list or a table."
            )
    return {key: value.strip() for key, value in loaded.items()}, text[match.end() :]


def refuse_unknown_keys(keys: Iterable[object], name: str) -> None:
    """Raises DocumentError on a key that front matter does not have."""
    unknown = sorted(str(key) for key in keys if key not in _KEYS)
    if unknown:
        raise DocumentError(
            f"{name}: unknown front matter {', '.join(unknown)}; "
            f"known are {', '.join(sorted(_KEYS))}."
        )


def document_id_of(path: Path) -> str:
    """A file's name without its ending, in one Unicode form: a copy from a Mac is the same.

    Characters that nobody sees are no part of it: two files that look alike are one document.
    """
    plain = strip_invisible(unicodedata.normalize("NFC", printable(path.stem)))[0]
    return plain or "無題"


def printable(name: str) -> str:
    """A file's name that can be written out: bytes that are no UTF-8 become \ufffd."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def describe(path: Path, sha256: str, metadata: dict[str, str], title: str) -> Document:
    """The document that a file holds; what the front matter leaves out is filled in plainly.

    Raises:
        DocumentError: on an authority, edition, language or date that is none, or on front
            matter without title or authority.
    """
    name = printable(path.name)
    missing = [key for key in ("title", "authority") if metadata and not metadata.get(key)]
    if missing:
        raise DocumentError(f"{name}: front matter must have {' and '.join(missing)}.")
    title = metadata.get("title") or title or document_id_of(path)
    _check_dates(metadata, name)
    words: dict[str, Any] = {key: metadata.get(key, "") for key in _WORDS}
    return Document(
        document_id=document_id_of(path),
        title=title,
        authority=authority_of(metadata.get("authority") or _guess_authority(title), name),
        edition=_edition(metadata.get("edition") or "original", name),
        language=_language(metadata.get("language") or "ja", name),
        source=metadata.get("source") or name,
        sha256=sha256,
        adopted=date_of(metadata.get("adopted"), name),
        effective_from=date_of(metadata.get("effective_from"), name),
        effective_until=date_of(metadata.get("effective_until"), name),
        amended=date_of(metadata.get("amended"), name),
        examples=_questions(metadata.get("examples", "")),
        examples_en=_questions(metadata.get("examples_en", "")),
        collection=collection_name(metadata.get("collection", ""), name),
        **words,
    )


def authority_of(value: str, name: str) -> Authority:
    """The authority named; raises DocumentError where there is no such authority."""
    if value not in AUTHORITIES:
        raise DocumentError(
            f"{name}: authority is {value!r}; expected one of {', '.join(AUTHORITIES)}."
        )
    return value


def _edition(value: str, name: str) -> Edition:
    if value not in EDITIONS:
        raise DocumentError(f"{name}: edition is {value!r}; expected {' or '.join(EDITIONS)}.")
    return value


def _language(value: str, name: str) -> str:
    if value not in _LANGUAGES:
        raise DocumentError(f"{name}: language is {value!r}; expected {' or '.join(_LANGUAGES)}.")
    return value


def _check_dates(metadata: dict[str, str], name: str) -> None:
    start = date_of(metadata.get("effective_from"), name)
    end = date_of(metadata.get("effective_until"), name)
    if start and end and end < start:
        raise DocumentError(f"{name}: effective_until {end} is before effective_from {start}.")


def date_of(value: str | None, name: str) -> str | None:
    """An ISO date, None where empty; raises DocumentError on anything else."""
    if not value:
        return None
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise DocumentError(f"{name}: {value!r} is not a date such as 2005-04-01.") from error


def _guess_authority(title: str) -> Authority:
    for ending, authority in _title_endings():
        if title.endswith(ending):
            return authority
    return "reference"


@cache
def _title_endings() -> tuple[tuple[str, Authority], ...]:
    path = Path(__file__).with_name("kinds.toml")
    with path.open("rb") as file:
        table = tomllib.load(file)["title_endings"]
    return tuple((ending, authority_of(value, path.name)) for ending, value in table.items())


def _questions(value: str) -> tuple[str, ...]:
    return tuple(q.strip() for q in value.split("|") if q.strip())
