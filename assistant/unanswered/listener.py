"""Told of every answer, it keeps the question of those that the documents did not carry."""

from __future__ import annotations

import hashlib

from assistant.asked import Asked, Listener
from assistant.pages import Surroundings
from assistant.records.fold import fold
from assistant.seen import NOTHING
from assistant.service import Service
from assistant.state import State
from assistant.unanswered.masking import masked

KEPT = ("no_answer", "partial")


def listener(around: Surroundings) -> Listener:
    """Keeps unanswered questions, for the entry-point group ``kyodo.listeners``."""

    def listen(asked: Asked) -> None:
        if asked.answer.status in KEPT:
            keep(around.state, asked, section_of(asked, around.service))

    return listen


def keep(state: State, asked: Asked, section: str) -> None:
    """Keep the question of an answer; asked again in its conversation, it still counts once."""
    answer = asked.answer
    row = {
        "question_id": question_id(asked),
        "at": asked.at,
        "question": masked(answer.query.question),
        "standalone": masked(answer.query.standalone),
        "language": answer.query.language,
        "section": section,
        "status": answer.status,
        "index_fingerprint": answer.index,
    }
    names, blanks = ", ".join(row), ", ".join(f":{name}" for name in row)
    with state.writing() as rows:
        rows.execute(
            f"INSERT INTO unanswered ({names}) VALUES ({blanks})"
            " ON CONFLICT (question_id) DO UPDATE SET at = excluded.at, status = excluded.status,"
            " section = excluded.section, index_fingerprint = excluded.index_fingerprint",
            row,
        )


def question_id(asked: Asked) -> str:
    """The same for the same wording in the same conversation; it leads back to neither."""
    said = f"{asked.conversation_id}\n{fold(asked.answer.query.standalone)}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def section_of(asked: Asked, service: Service) -> str:
    """The section that the handover named, in the language of the documents.

    "" where no document that everyone may see names it: it would tell of one that not everyone
    may see.
    """
    if asked.answer.handover is None:
        return ""
    named = asked.answer.handover.section
    for document in service.seen_by(NOTHING).snapshot().documents():
        if named and named in (document.section, document.section_en):
            return document.section
    return ""
