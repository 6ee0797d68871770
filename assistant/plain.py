"""An answer as plain text, for a terminal or a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.datatypes import Answer, Citation, Language, Statement
from assistant.phrasebook import phrase
from assistant.verdict import shown
from corpus.datatypes import Passage


def answer_as_text(answer: Answer) -> str:
    """The answer, what it asks back, its sources with their weight, and its notes.

    A statement that its quote does not carry is shown as struck out, with the reason.
    """
    language = answer.query.language
    statements = [_statement(s, language) for s in answer.statements]
    opening = str((answer.verdict or {}).get("words", ""))
    parts = ["\n".join([opening, *statements] if opening else statements) or answer.text]
    if answer.verdict:
        parts.append("\n".join(_criterion(c, language) for c in shown(answer.verdict["criteria"])))
    if answer.clarifying_question:
        parts.append(answer.clarifying_question)
    sources = [f"[{c.number}] {_source(c, language)}" for c in answer.citations]
    near = [f"- {_place(n.passage, language)}" for n in answer.nearest]
    contact = answer.handover.contact if answer.handover else ""
    whom = [f"{answer.handover.section} {contact}"] if answer.handover and contact else []
    notes = [f"- {note}" for note in (*_engine(answer), *answer.notes)]
    for name, lines in (
        ("sources", sources),
        ("nearest", near),
        ("contact", whom),
        ("notes", notes),
    ):
        if lines:
            parts.append("\n".join([f"{phrase(language, 'plain', name)}:", *lines]))
    return "\n\n".join(parts)


def _engine(answer: Answer) -> list[str]:
    """Who wrote the answer, where a language model did."""
    if answer.engine != "llm" or answer.writing is None:
        return []
    writing = answer.writing
    told = {"model": writing.model, "host": writing.host}
    counts = {"verified": writing.verified, "struck": writing.struck}
    return [phrase(answer.query.language, "engine", "written", **told, **counts)]


def _criterion(criterion: Mapping[str, Any], language: Language) -> str:
    """A criterion with its state, what there is to establish, and the clerk's own words."""
    state = phrase(language, "verdict", criterion["state"])
    marks = "".join(f"[{number}]" for number in criterion["citations"])
    said = str(criterion.get("words") or "")
    own_words = (f" “{said}”" if language == "en" else f" 「{said}」") if said else ""
    asked = criterion.get("establish") or criterion["name"]
    return f"- {state}: {criterion['name']} — {asked}{marks}{own_words}"


def _statement(statement: Statement, language: Language) -> str:
    marks = "".join(f"[{number}]" for number in statement.citations)
    if statement.verified:
        return statement.text + marks + _translation(statement, language)
    reason = phrase(language, "reason", statement.reason) or statement.reason
    return phrase(language, "plain", "struck", text=statement.text + marks, reason=reason)


def _translation(statement: Statement, language: Language) -> str:
    """The machine translation of a statement's quote, on a line of its own."""
    text = statement.translation
    return "\n  " + phrase(language, "engine", "translation", text=text) if text else ""


def _source(citation: Citation, language: Language) -> str:
    passage = citation.passage
    names = (
        passage.authority,
        "binding" if passage.binding else "not_binding",
        passage.document.edition,
    )
    weight = ", ".join(phrase(language, "authority", name) for name in names)
    if passage.ocr_confidence is not None:
        percent = round(100 * passage.ocr_confidence)
        weight += ", " + phrase(language, "plain", "ocr", percent=percent)
    return f"{_place(passage, language)} ({weight}) {passage.source}".rstrip()


def _place(passage: Passage, language: Language) -> str:
    document, english = passage.document, language == "en"
    title = document.title_en if english and document.title_en else document.title
    place = passage.locator_en if english and passage.locator_en else passage.locator
    return f"{title} {place}".rstrip()
