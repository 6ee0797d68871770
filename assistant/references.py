"""Where a cited provision points to another (前条, 第3条, 準用), followed one step."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assistant.address import find_addresses, stands_at
from assistant.datatypes import Citation, Language, Reference
from corpus.datatypes import Passage
from corpus.numerals import normalise_numbers
from index.search import Index, in_force

MOST = 4
"""References shown for one answer."""
_OWN_ARTICLE = re.compile(r"第(\d+)条(?:の(\d+))?")
_BEFORE = re.compile(
    r"前(?:条|\s?article)|the preceding article|the previous article", re.IGNORECASE
)
_PART = re.compile(r"(?:条|項|号)")


def follow_references(
    citations: Sequence[Citation], index: Index, as_of: str, language: Language
) -> tuple[Reference, ...]:
    """The provisions that the passages cited point to, each once, in the order of the citations.

    Only a passage of the same document is followed, and none that is cited already.
    """
    shown = {c.passage.unit for c in citations}
    references: list[Reference] = []
    for citation in citations:
        for address in _addresses(citation):
            target = _passage_at(address, citation.passage, index, as_of, language)
            if target is not None and target.unit not in shown:
                shown.add(target.unit)
                references.append(Reference(citation.number, address, target))
    return tuple(references[:MOST])


def _addresses(citation: Citation) -> list[str]:
    own = _OWN_ARTICLE.search(normalise_numbers(citation.passage.locator))
    here = own.group() if own else ""
    quote = unicodedata.normalize("NFKC", citation.passage.text)
    found = [a for a in find_addresses(quote) if _PART.search(a) and not here.startswith(a)]
    if own and own.group(2) is None and int(own.group(1)) > 1 and _BEFORE.search(quote):
        found.append(f"第{int(own.group(1)) - 1}条")
    return [a for a in found if a != here]


def _passage_at(
    address: str, citing: Passage, index: Index, as_of: str, language: Language
) -> Passage | None:
    for passage in index.by_document.get(citing.document.document_id, ()):
        fits = not passage.rendering and passage.standing != "gap" and in_force(passage, as_of)
        if fits and passage.unit != citing.unit and stands_at(passage, address):
            other = index.passage(passage.counterpart) if passage.counterpart else None
            return other if other is not None and other.language == language else passage
    return None
