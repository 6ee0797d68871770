"""Asks unanswered questions again: what do the documents answer now?"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.datatypes import Answer
from assistant.records.fold import fold
from assistant.seen import NOTHING
from assistant.service import Service, WritingService
from assistant.state import State
from assistant.unanswered.masking import MASK
from assistant.unanswered.store import Group, keep_checks
from assistant.writing import withheld

MOST_WORDINGS = 5
"""Wordings of a group that are asked again; the others count as the most frequent one."""


def check(state: State, service: Service, groups: Iterable[Group]) -> int:
    """Ask the groups' questions again and keep what came of it; how many wordings were asked.

    They are asked of what everyone may see, since all editors read what came of it. No language
    model is asked.
    """
    now = service.seen_by(NOTHING).snapshot()
    asked = 0
    for group in groups:
        wordings = [q for q, _ in group.wordings if MASK not in q.standalone][:MOST_WORDINGS]
        found = {fold(q.standalone): ask(now, q.standalone, q.language).status for q in wordings}
        if not found:
            continue
        asked += len(found)
        first = next(iter(found.values()))
        statuses = {q.question_id: found.get(fold(q.standalone), first) for q in group.questions}
        keep_checks(state, now.fingerprint, dict[str, str](statuses))
    return asked


def ask(now: Service, question: str, language: str) -> Answer:
    """The answer of the documents alone."""
    if isinstance(now, WritingService) and now.writer is not None:
        return now.ask(question, language=language, sending=withheld(now.writer))
    return now.ask(question, language=language)
