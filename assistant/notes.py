"""Sentences beside an answer: how weighty its sources are, what they do not mention."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.datatypes import Citation, Query, Statement
from assistant.phrasebook import phrase


def unmentioned_note(query: Query, missing: tuple[str, ...]) -> tuple[str, ...]:
    """A sentence on words of the question that nothing cited mentions, if there are any."""
    words = ("」「" if query.language == "ja" else "”, “").join(missing)
    return (phrase(query.language, "note", "unmentioned", words=words),) if missing else ()


def has_gap(statements: Sequence[Statement]) -> bool:
    """Whether a statement says that something is not known."""
    return any(s.role == "gap" for s in statements)


def notes_on(
    query: Query, statements: Sequence[Statement], citations: Sequence[Citation]
) -> tuple[str, ...]:
    """What a reader should know of an answer's sources and of what failed the gate."""
    names = []
    if not any(c.passage.binding for c in citations):
        roles = {s.role for s in statements}
        if roles != {"gap"}:  # what only says what is not known rests on nobody's opinion
            names.append("weak_only" if roles <= {"view", "gap"} else "no_binding")
    if any(c.passage.document.edition == "digest" for c in citations):
        names.append("digest")
    notes = [phrase(query.language, "note", name) for name in names]
    failed = sum(not s.verified for s in statements)
    if failed:
        notes.append(phrase(query.language, "note", "unverified", count=failed))
    return tuple(notes)
