"""An answer as plain text, for a terminal or a file."""

from __future__ import annotations

from assistant.datatypes import Answer, Citation
from assistant.phrasebook import phrase


def answer_as_text(answer: Answer) -> str:
    """The answer, what it asks back, its sources with their weight, and its notes."""
    parts = [answer.text]
    if answer.clarifying_question:
        parts.append(answer.clarifying_question)
    if answer.citations:
        parts.append("\n".join(_source(c, answer.query.language) for c in answer.citations))
    if answer.nearest:
        places = [f"- {n.passage.document.title} {n.passage.locator}" for n in answer.nearest]
        parts.append("\n".join(places))
    if answer.handover and answer.handover.contact:
        parts.append(f"{answer.handover.section} {answer.handover.contact}")
    parts += list(answer.notes)
    return "\n\n".join(parts)


def _source(citation: Citation, language: str) -> str:
    passage, document = citation.passage, citation.passage.document
    english = language == "en"
    title = document.title_en if english and document.title_en else document.title
    place = passage.locator_en if english and passage.locator_en else passage.locator
    weight = ", ".join(
        phrase(language, "authority", name)
        for name in (
            passage.authority,
            "binding" if passage.binding else "not_binding",
            document.edition,
        )
    )
    return f"[{citation.number}] {title} {place} ({weight}) {passage.source}"
