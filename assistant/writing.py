"""Where a language model comes into an answer. Without one, nothing here imports or does
anything."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.datatypes import Answer, Query, Turn
from assistant.notes import notes_on
from assistant.retrieve import Found
from assistant.serve import Thread
from assistant.verdict import criteria_of

if TYPE_CHECKING:
    from assistant.llm.settings import LlmSettings
    from assistant.llm.verify import LookUp
    from assistant.llm.writer import Sending, Writer


def begin(writer: Writer | None, sending: Sending | None) -> Sending | None:
    """How this question is sent: all that the model does for it ends by one deadline."""
    if writer is None:
        return None
    from assistant.llm.writer import Sending

    deadline = time.monotonic() + writer.settings.timeout_s
    return replace(sending or Sending(), deadline=deadline)


def open_writer(settings: LlmSettings | None) -> Writer | None:
    """The language model of the settings, None where none is configured."""
    if settings is None:
        return None
    from assistant.llm import writer  # only where an endpoint is configured

    return writer.open_writer(settings)


def withheld(writer: Writer | None) -> Sending | None:
    """A way of asking by which nothing is sent to the model."""
    if writer is None:
        return None
    from assistant.llm.writer import Sending

    return Sending(wanted=False)


def reworded(
    writer: Writer | None, query: Query, history: Sequence[Turn], sending: Sending | None
) -> Query:
    """The question worded by the model so that it stands alone, where that is set."""
    if writer is None or sending is None or not writer.settings.rewrite:
        return query
    from assistant.llm.uses import stand_alone

    return stand_alone(writer, query, history, sending)


def with_facts(
    writer: Writer | None, thread: Thread, query: Query, sending: Sending | None
) -> tuple[Thread, str]:
    """A thread with what the model reads of its case, where that is set, and a note of it."""
    if writer is None or sending is None or not writer.settings.facts:
        return thread, ""
    from assistant.llm.uses import read_facts

    criteria = criteria_of(thread.guide, thread.targets[0])
    case, note = read_facts(writer, thread.case, criteria, thread.said, query.language, sending)
    return replace(thread, case=case), note


def written(
    writer: Writer | None,
    own: Answer,
    found: Found,
    history: Sequence[Turn],
    look_up: LookUp,
    sending: Sending | None,
) -> Answer:
    """Our answer worded by the model, where one is configured and there is an answer."""
    if writer is None or sending is None or own.status == "no_answer":
        return own
    from assistant.llm.uses import with_translations

    said = [t.content for t in history if t.role == "user"] if own.verdict else []
    answer = writer.write(own, [hit.passage for hit in found.hits], look_up, sending, said)
    answer = with_translations(writer, answer, sending)
    if answer.engine != "llm":
        return answer
    first = [n for n in own.notes if n not in notes_on(own.query, own.statements, own.citations)]
    notes = notes_on(own.query, answer.statements, answer.citations)
    return replace(answer, notes=(*first, *notes))
