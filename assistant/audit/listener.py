"""Told of every answer, it writes down who asked what and which passages were shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from assistant.asked import Asked, Listener
from assistant.audit.log import audit_file, open_log, record
from assistant.datatypes import Answer
from assistant.errors import StateError
from assistant.pages import Surroundings
from corpus.datatypes import Passage


def listener(around: Surroundings) -> Listener:
    """Keeps account of answers, for the entry-point group ``kyodo.listeners``.

    Raises:
        StateError: the log cannot be opened: without it nothing is served.
    """
    path = audit_file(around.state)
    try:
        open_log(path)
    except (OSError, sqlite3.Error) as error:
        raise StateError(
            f"{path}: expected the audit log, found: {error}; restore it from a back-up."
        ) from error

    def listen(asked: Asked) -> None:
        record(around.state, asked.person, "chat.ask", details_of(asked))

    return listen


def details_of(asked: Asked) -> dict[str, Any]:
    """What an entry says of an answer; ``passages`` are the ids of those that were shown."""
    answer = asked.answer
    return {
        "answer_id": asked.answer_id,
        "conversation_id": asked.conversation_id,
        "question": answer.query.question,
        "language": answer.query.language,
        "as_of": answer.query.as_of,
        "status": answer.status,
        "engine": answer.engine,
        "index": answer.index,
        "passages": list(dict.fromkeys(p.passage_id for p in _shown(answer))),
    }


def _shown(answer: Answer) -> Iterator[Passage]:
    yield from (c.passage for c in answer.citations)
    yield from (n.passage for n in answer.nearest)
    yield from (r.passage for r in answer.references)
    yield from answer.set_aside
