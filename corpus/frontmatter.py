"""The lines between ``---`` at the head of a document, and the document they describe."""

from __future__ import annotations

import datetime
import tomllib
from functools import cache
from pathlib import Path

import yaml

from corpus.datatypes import AUTHORITIES, EDITIONS, Authority, Document, Edition
from corpus.errors import DocumentError

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
        "effective_from",
        "effective_until",
        "section",
        "section_en",
        "contact",
        "source",
        "language",
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
    if not text.startswith("---\n"):
        return {}, text
    head, mark, body = text[4:].partition("\n---\n")
    if not mark:
        raise DocumentError(f"{name}: front matter opens with --- but no --- closes it.")
    try:
        loaded = yaml.load(head, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise DocumentError(
            f"{name}: front matter is not lines of 'key: value': {error}"
        ) from error
    if not isinstance(loaded, dict):
        raise DocumentError(f"{name}: front matter is not lines of 'key: value'.")
    unknown = sorted(set(loaded) - _KEYS)
    if unknown:
        raise DocumentError(
            f"{name}: unknown front matter {', '.join(unknown)}; "
            f"known are {', '.join(sorted(_KEYS))}."
        )
    return {str(k): str(v).strip() for k, v in loaded.items()}, body


def describe(path: Path, sha256: str, metadata: dict[str, str], title: str) -> Document:
    """The document that a file holds; what the front matter leaves out is filled in plainly.

    Raises:
        DocumentError: on an authority, edition or date that is none.
    """
    title = metadata.get("title") or title or path.stem
    return Document(
        document_id=path.stem,
        title=title,
        authority=authority_of(metadata.get("authority") or _guess_authority(title), path.name),
        edition=_edition(metadata.get("edition") or "original", path.name),
        language=metadata.get("language") or "ja",
        source=metadata.get("source") or path.name,
        sha256=sha256,
        adopted=date_of(metadata.get("adopted"), path.name),
        effective_from=date_of(metadata.get("effective_from"), path.name),
        effective_until=date_of(metadata.get("effective_until"), path.name),
        examples=_questions(metadata.get("examples", "")),
        examples_en=_questions(metadata.get("examples_en", "")),
        **{
            key: metadata.get(key, "")
            for key in (
                "title_en",
                "issuer",
                "issuer_en",
                "kind",
                "section",
                "section_en",
                "contact",
            )
        },
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
