"""What is known of a document: its sidecar first, then its front matter, then its own text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corpus.blocks import FileContent
from corpus.datatypes import Document
from corpus.dates import own_dates
from corpus.frontmatter import describe
from corpus.sidecar import read_sidecar
from corpus.warnings import warning

_IN = "collection"
_DATES = ("adopted", "effective_from", "effective_until", "amended")


def document_of(path: Path, sha256: str, content: FileContent) -> Document:
    """The document that a file holds.

    Dates are of one source only: of the sidecar where it names any, else of the front matter
    where that names any (an empty one says "not known"), else of the text of an original.

    Raises:
        DocumentError: on a value that cannot be right.
    """
    beside = read_sidecar(path)
    own = content.metadata
    said = {**own, **beside}
    if beside and not own:
        said = _completed(path, content, said)
    named = next((n for n, m in (("sidecar", beside), ("front matter", own)) if _IN in m), "")
    document = replace(
        describe(path, sha256, said, content.title),
        warnings=content.warnings,
        collection_from=named,
    )
    for source, metadata in (("sidecar", beside), ("front matter", own)):
        if any(key in metadata for key in _DATES):
            known = any(getattr(document, key) for key in _DATES)
            return replace(document, dates_from=source if known else "")
    return _with_own_dates(document, content)


def _completed(path: Path, content: FileContent, said: dict[str, str]) -> dict[str, str]:
    """A sidecar may say one thing only: title and authority are then guessed as without it."""
    title = said.get("title") or content.title
    guessed = describe(path, "", {}, title)
    return {"title": guessed.title, "authority": guessed.authority, **said}


def _with_own_dates(document: Document, content: FileContent) -> Document:
    """Only an original speaks of itself: a digest tells of another document."""
    if document.edition != "original":
        return document
    found = own_dates(content.blocks, document.title)
    known = found.known()
    start, end = found.effective_from, found.effective_until
    if not known or (start and end and end < start):
        return document
    return replace(
        document,
        adopted=found.adopted,
        effective_from=start,
        effective_until=end,
        amended=found.amended,
        dates_from="text",
        warnings=(*document.warnings, *warning("dates", 1, "、".join(known.values()))),
    )
