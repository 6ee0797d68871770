"""What stands behind an answer, gathered once: sources with their neighbours and originals."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.datatypes import Answer, Citation
from assistant.service import Service
from corpus.datatypes import Passage


@dataclass(frozen=True)
class Source:
    """A passage to show. ``citation`` is None for a passage that is near, but not cited.

    ``original`` is the Japanese text of an English rendering. ``copies`` are the passages of
    other documents with (nearly) the same words: the source is cited for all of them.
    """

    passage: Passage
    citation: Citation | None = None
    previous: Passage | None = None
    next: Passage | None = None
    original: Passage | None = None
    copies: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """Everything behind one answer, in the order of the numbers."""

    sources: tuple[Source, ...] = ()
    nearest: tuple[Source, ...] = ()


def gather(answer: Answer, service: Service) -> Evidence:
    """Look up what the page shows beside an answer."""
    return Evidence(
        sources=tuple(_source(c.passage, c, service) for c in answer.citations),
        nearest=tuple(_source(n.passage, None, service) for n in answer.nearest),
    )


def _source(passage: Passage, citation: Citation | None, service: Service) -> Source:
    before, after = service.neighbours(passage.passage_id)
    original = None
    if passage.rendering and passage.counterpart:
        original = service.passage(passage.counterpart)
    return Source(passage, citation, before, after, original, _copies(original or passage, service))


def _copies(passage: Passage, service: Service) -> tuple[Passage, ...]:
    best = service.passage(passage.copy_of) if passage.copy_of else passage
    ids = (best.passage_id, *best.copies) if best else ()
    found = (service.passage(i) for i in ids if i != passage.passage_id)
    return tuple(p for p in found if p is not None)
