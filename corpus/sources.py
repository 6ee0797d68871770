"""The official pages that can be fetched, and the manners to fetch them with: ``sources.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpus.datatypes import Authority
from corpus.errors import CorpusError
from corpus.frontmatter import authority_of

SOURCES = Path(__file__).with_name("sources.toml")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_MB = 1_000_000


@dataclass(frozen=True)
class Page:
    """An official page: what it is called, where it is, and the weight of what it says."""

    document_id: str
    title: str
    url: str
    kind: str
    authority: Authority


@dataclass(frozen=True)
class Sources:
    """Pages, and how they are fetched.

    ``hosts`` are the only ones that are ever connected to (with a port where it is not 443).
    ``types`` give a file's ending by its media type. Times are in seconds, ``largest`` in
    bytes.
    """

    pages: tuple[Page, ...]
    hosts: frozenset[str]
    types: Mapping[str, str]
    issuer: str
    issuer_en: str
    language: str
    agent: str
    pause_s: float
    timeout_s: float
    longest_s: float
    largest: int
    redirects: int

    def allows(self, url: str) -> bool:
        """Whether an address is HTTPS on a named host."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return parts.scheme == "https" and parts.netloc.lower() in self.hosts


def load_sources(path: Path = SOURCES) -> Sources:
    """Read a list of official pages.

    Raises:
        CorpusError: if it is no such list, or a page is not HTTPS on one of its hosts.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        sources = _sources(table, path.name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(
            f"{path}: expected a list of official pages, found a mistake at: {error}; correct it."
        ) from error
    ids = [page.document_id for page in sources.pages]
    for page in sources.pages:
        if not sources.allows(page.url):
            raise CorpusError(
                f"{path.name}: expected {page.document_id} at https:// on one of the hosts "
                f"{', '.join(sorted(sources.hosts))}, found {page.url}."
            )
        if not _ID.fullmatch(page.document_id) or ids.count(page.document_id) > 1:
            raise CorpusError(
                f"{path.name}: expected an id of its own for every page, in small letters, "
                f"digits and hyphens, found {page.document_id!r}."
            )
    return sources


def _sources(table: dict[str, Any], name: str) -> Sources:
    weights = table["authority"]
    return Sources(
        pages=tuple(_page(row, weights, name) for row in table["page"]),
        hosts=frozenset(str(host).lower() for host in table["hosts"]),
        types={str(k): str(v) for k, v in table["types"].items()},
        issuer=str(table["issuer"]),
        issuer_en=str(table["issuer_en"]),
        language=str(table["language"]),
        agent=str(table["agent"]),
        pause_s=float(table["pause_s"]),
        timeout_s=float(table["timeout_s"]),
        longest_s=float(table["longest_s"]),
        largest=int(float(table["largest_mb"]) * _MB),
        redirects=int(table["redirects"]),
    )


def _page(row: dict[str, Any], weights: dict[str, str], name: str) -> Page:
    kind = str(row["kind"])
    return Page(
        document_id=str(row["id"]),
        title=str(row["title"]),
        url=str(row["url"]),
        kind=kind,
        authority=authority_of(str(row.get("authority", weights[kind])), name),
    )
