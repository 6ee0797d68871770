"""The further uses of a model in an answer: each off unless set, each falling back to our own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.case import Case
from assistant.datatypes import Answer, Language, Query, Statement, Turn
from assistant.llm import facts, rewrite, translate
from assistant.llm.client import Message
from assistant.llm.errors import ModelError
from assistant.llm.writer import Sending, Writer
from assistant.understand import kind_of
from corpus.guides import Criterion

SHARE = 0.3
"""Share of the time for an answer that one further use may take."""


def stand_alone(writer: Writer, query: Query, history: Sequence[Turn], sending: Sending) -> Query:
    """The question worded by the model so that it stands alone, or as it is."""
    said = [turn.content for turn in history]
    if (
        not writer.settings.rewrite
        or not history
        or not _may(writer, [query.question, *said], sending)
    ):
        return query
    messages = rewrite.rewriting(query.question, history, query.language)
    written = _ask(writer, messages, sending)
    text = rewrite.accepted_rewriting(written, query.question, history, query.language)
    if not text:
        return query
    return replace(query, standalone=text, kind=kind_of(text, query.language).name)


def read_facts(
    writer: Writer,
    case: Case,
    criteria: Sequence[Criterion],
    said: Sequence[str],
    language: Language,
    sending: Sending,
) -> tuple[Case, str]:
    """A case with what the model read of it, and a sentence that says so ("" for nothing)."""
    missing = [c for c in criteria if case.state(c) == "unknown"]
    if not writer.settings.facts or not missing or not _may(writer, said, sending):
        return case, ""
    written = _ask(writer, facts.reading(said, missing, language), sending, facts.SCHEMA)
    case, read = facts.with_facts(written, case, missing, said)
    return case, facts.read_note(read, criteria, language) if read else ""


def with_translations(writer: Writer, answer: Answer, sending: Sending) -> Answer:
    """An English answer with machine translations beside quotes that are in Japanese."""
    if not writer.settings.translate or answer.query.language != "en" or not sending.wanted:
        return answer
    known = {c.number: c for c in answer.citations}
    statements: list[Statement] = []
    done = 0
    for statement in answer.statements:
        cited = known.get(statement.citations[0]) if statement.citations else None
        if cited is not None and cited.passage.language == "ja" and done < translate.MOST:
            done += 1
            written = _ask(writer, translate.translating(cited.quote), sending)
            text = translate.accepted_translation(written, cited.quote)
            statement = replace(statement, translation=text)
        statements.append(statement)
    return replace(answer, statements=tuple(statements))


def _may(writer: Writer, texts: Sequence[str], sending: Sending) -> bool:
    """Whether these texts may be sent."""
    return sending.wanted and (sending.personal or not writer.concerns(texts))


def _ask(
    writer: Writer,
    messages: Sequence[Message],
    sending: Sending,
    schema: Mapping[str, object] | None = None,
) -> str:
    """The model's text, "" where there is none in time."""
    deadline = time.monotonic() + SHARE * writer.settings.timeout_s
    deadline = min(deadline, sending.deadline or deadline)
    quiet = Sending(personal=sending.personal)
    try:
        return writer.complete(messages, deadline, quiet, schema=schema)
    except ModelError:
        return ""
