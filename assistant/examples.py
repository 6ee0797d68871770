"""Questions to start with, made from what the documents themselves hold."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.phrasebook import phrase
from corpus.datatypes import AUTHORITIES, Passage

MOST = 6


def example_questions(passages: Sequence[Passage], language: str) -> tuple[str, ...]:
    """Up to six questions: what the documents' front matter suggests, else their headings."""
    suggested: list[str] = []
    for passage in passages:
        document = passage.document
        suggested += document.examples_en if language == "en" else document.examples
    unique = tuple(dict.fromkeys(suggested))
    return unique[:MOST] or _from_headings(passages, language)


def _from_headings(passages: Sequence[Passage], language: str) -> tuple[str, ...]:
    ranked = sorted(
        (p for p in passages if p.language == language and p.headings and p.standing != "gap"),
        key=lambda p: AUTHORITIES.index(p.authority),
    )
    headings: dict[str, str] = {}
    for passage in ranked:
        headings.setdefault(passage.document.document_id, passage.headings[-1])
    asked = [phrase(language, "follow_up", "about", heading=h) for h in headings.values()]
    return tuple(asked[:MOST])
