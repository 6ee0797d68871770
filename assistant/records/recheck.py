"""Checks saved answers again, whenever what they rest on may have changed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from assistant.asked import now
from assistant.records.check import check
from assistant.records.saved import Saved, note_checks, saved_answers
from assistant.records.sheet_words import JAPAN
from assistant.records.view import View


def count_changed(view: View) -> int:
    """How many saved answers of the person have sources that have changed."""
    return sum(row.changed for row in checked(view, saved_answers(view.around.state, view.person)))


def checked(view: View, rows: Sequence[Saved]) -> list[Saved]:
    """Saved answers with what became of their quotes by now.

    Looked up again where the index is another, the day is, or what the person may see.
    """
    seen = view.seen.snapshot()
    today = datetime.datetime.now(JAPAN).date().isoformat()
    collections = view.person.collections
    sees = "*" if collections is None else ",".join(sorted(collections))
    key, at = f"{seen.fingerprint} {today} {sees}", now()
    found = {row.saved_id: check(row.whole, seen, today) for row in rows if row.checked != key}
    if found:
        note_checks(view.around.state, key, at, found)
    return [
        replace(row, checked=key, checked_at=at, outcomes=found[row.saved_id])
        if row.saved_id in found
        else row
        for row in rows
    ]
