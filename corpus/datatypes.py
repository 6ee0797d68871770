"""What the corpus is made of: documents, and the passages that answers quote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Authority = Literal[
    "law",
    "ordinance",
    "regulation",
    "policy",
    "guideline",
    "rule",
    "manual",
    "audit",
    "committee",
    "reference",
]
Edition = Literal["original", "digest"]
Standing = Literal[
    "provision",
    "issue",
    "background",
    "example",
    "opinion",
    "remark",
    "hypothesis",
    "finding",
    "inferred",
    "gap",
]

AUTHORITIES: tuple[Authority, ...] = get_args(Authority)
"""Every authority, highest first."""
EDITIONS: tuple[Edition, ...] = get_args(Edition)
BINDING: frozenset[Authority] = frozenset({"law", "ordinance", "regulation"})


@dataclass(frozen=True)
class Document:
    """One document of the office, and what is known about it.

    Dates are ISO strings (``2005-04-01``) or None where the document does not say.
    ``amended`` is when its last amendment came into force.
    ``examples`` are questions that it answers.
    ``sha256`` is of the file's bytes. ``dates_from`` says where the dates were found:
    "front matter", "sidecar", "text" (inferred: to be confirmed by a person) or "" (none known).
    ``warnings`` are what a person should know about the file, a sentence each.
    ``collection`` is whose members alone may see it, "" where everyone may; ``collection_from``
    says where that was found: "front matter", "sidecar", "folder", "store" or "" (nowhere).
    """

    document_id: str
    title: str
    authority: Authority
    edition: Edition
    language: str
    source: str
    sha256: str
    title_en: str = ""
    issuer: str = ""
    issuer_en: str = ""
    kind: str = ""
    section: str = ""
    section_en: str = ""
    contact: str = ""
    adopted: str | None = None
    effective_from: str | None = None
    effective_until: str | None = None
    examples: tuple[str, ...] = ()
    examples_en: tuple[str, ...] = ()
    amended: str | None = None
    dates_from: str = ""
    warnings: tuple[str, ...] = ()
    collection: str = ""
    collection_from: str = ""

    @property
    def binding(self) -> bool:
        """Whether the document binds: only laws, ordinances and regulations do."""
        return self.authority in BINDING


@dataclass(frozen=True)
class Passage:
    """A provision, a table cell, a finding or a paragraph: what a citation points at.

    ``text`` is quoted verbatim by character offsets; ``headings`` help the search and are
    never part of a quote. ``page`` counts from 1, None where there are no pages.
    A provision that has an English rendering makes two passages with one ``locator``: each
    names the other in ``counterpart``, and only the rendering has ``rendering = True``.
    ``source`` is the first address or file that it comes from, ``more_sources`` the others.
    ``copies`` are the passages of other documents with the same words, for which this one
    stands; each of them names it in ``copy_of`` (see ``corpus.copies``). ``superseded`` says
    that it is of an older version than that one.
    ``ocr_confidence`` is how sure OCR is of its characters, from 0 to 1, None where no OCR was
    needed. ``suspicious`` says that it gives orders to an assistant (see ``corpus.suspicious``).
    """

    passage_id: str
    document: Document
    locator: str
    text: str
    language: str
    headings: tuple[str, ...] = ()
    locator_en: str = ""
    page: int | None = None
    standing: Standing = "provision"
    authority: Authority = "reference"
    source: str = ""
    more_sources: tuple[str, ...] = ()
    effective_from: str | None = None
    effective_until: str | None = None
    facts: tuple[str, ...] = ()
    rendering: bool = False
    counterpart: str | None = None
    suspicious: bool = False
    copies: tuple[str, ...] = ()
    copy_of: str | None = None
    superseded: bool = False
    ocr_confidence: float | None = None

    @property
    def binding(self) -> bool:
        """Whether this passage binds, by its own authority (see ``BINDING``)."""
        return self.authority in BINDING

    @property
    def unit(self) -> str:
        """Id of the original passage: a rendering and its original are one unit."""
        return self.counterpart if self.rendering and self.counterpart else self.passage_id
