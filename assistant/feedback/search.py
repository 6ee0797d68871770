"""Finding feedback: what the owner asks for, in pages, with counts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.feedback.datatypes import PART_KINDS, STATES, VERDICTS, Feedback, FeedbackError
from assistant.feedback.sight import Sight
from assistant.feedback.store import made
from assistant.records.fold import fold
from assistant.state import State

NO_SECTION = "-"
"""Asks for what people without a known section said."""


@dataclass(frozen=True)
class Wanted:
    """Which feedback is asked for; "" leaves a condition out.

    Attributes:
        verdict: right or wrong.
        part: a kind of part that is called wrong.
        state: open or done; then only what is wrong.
        section: the section of those who said it; ``NO_SECTION`` for none.
        since: the first day, as an ISO date of this machine.
        until: the last day.
        words: what the question, the answer or the comment holds, however it is typed.
    """

    verdict: str = ""
    part: str = ""
    state: str = ""
    section: str = ""
    since: str = ""
    until: str = ""
    words: str = ""


@dataclass(frozen=True)
class Counts:
    """How much feedback there is of what is asked for; ``open`` and ``done`` count the wrong ones.

    What is right needs nobody to deal with it.
    """

    right: int
    wrong: int
    open: int
    done: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.right + self.wrong


def search(
    state: State, wanted: Wanted, sight: Sight, most: int, skipped: int = 0
) -> tuple[Feedback, ...]:
    """The feedback asked for on answers within sight, the newest first.

    Raises:
        FeedbackError: a condition is none.
    """
    where, values = _conditions(wanted, sight)
    with state.reading() as rows:
        found = rows.execute(
            f"SELECT * FROM feedback WHERE {where} ORDER BY changed_at DESC, rowid DESC"
            " LIMIT :most OFFSET :skipped",
            {**values, "most": most, "skipped": skipped},
        )
        return tuple(made(row) for row in found)


def every(state: State, wanted: Wanted, sight: Sight) -> Iterator[Feedback]:
    """All the feedback asked for within sight, the oldest first, one after the other."""
    where, values = _conditions(wanted, sight)
    with state.reading() as rows:
        for row in rows.execute(
            f"SELECT * FROM feedback WHERE {where} ORDER BY changed_at, rowid", values
        ):
            yield made(row)


def count(state: State, wanted: Wanted, sight: Sight) -> Counts:
    """How much feedback is asked for within sight."""
    where, values = _conditions(wanted, sight)
    with state.reading() as rows:
        row = rows.execute(
            "SELECT COALESCE(SUM(verdict = 'right'), 0) AS right_ones,"
            " COALESCE(SUM(verdict = 'wrong'), 0) AS wrong_ones,"
            " COALESCE(SUM(state = 'open' AND verdict = 'wrong'), 0) AS open_ones,"
            " COALESCE(SUM(state = 'done' AND verdict = 'wrong'), 0) AS done_ones"
            f" FROM feedback WHERE {where}",
            values,
        ).fetchone()
    return Counts(row["right_ones"], row["wrong_ones"], row["open_ones"], row["done_ones"])


def sections(state: State) -> tuple[str, ...]:
    """The sections whose people have said something, "" among them where it is unknown."""
    with state.reading() as rows:
        found = rows.execute("SELECT DISTINCT section FROM feedback ORDER BY section")
        return tuple(row["section"] for row in found)


def _conditions(wanted: Wanted, sight: Sight) -> tuple[str, Mapping[str, Any]]:
    """The condition in SQL, and its values."""
    seen, values = sight.condition()
    parts = [seen]
    for name, known in (("verdict", VERDICTS), ("state", STATES)):
        asked = str(getattr(wanted, name))
        if asked:
            parts.append(f"{name} = :{name}")
            parts += ["verdict = 'wrong'"] if name == "state" else []
            values[name] = _one_of(asked, known)
    if wanted.part:
        parts.append("instr(parts, :part)")
        values["part"] = f'"{_one_of(wanted.part, PART_KINDS)}'
    if wanted.section:
        parts.append("section = :section")
        values["section"] = "" if wanted.section == NO_SECTION else wanted.section
    if wanted.since:
        parts.append("changed_at >= :since")
        values["since"] = _moment(wanted.since, 0)
    if wanted.until:
        parts.append("changed_at < :until")
        values["until"] = _moment(wanted.until, 1)
    for number, word in enumerate(wanted.words.split()):
        parts.append(f"instr(folded, :word{number})")
        values[f"word{number}"] = fold(word)
    return " AND ".join(parts), values


def _one_of(asked: str, known: tuple[str, ...]) -> str:
    if asked not in known:
        raise FeedbackError(f"Expected one of {', '.join(known)}, found {asked[:40]!r}.")
    return asked


def _moment(day: str, later: int) -> str:
    """The beginning of a day of this machine, or of one later, as an ISO time in UTC."""
    try:
        date = datetime.date.fromisoformat(day) + datetime.timedelta(days=later)
    except (ValueError, OverflowError) as error:
        raise FeedbackError(f"Expected a date as YYYY-MM-DD, found {day[:40]!r}.") from error
    begins = datetime.datetime.combine(date, datetime.time()).astimezone(datetime.UTC)
    return begins.isoformat(timespec="seconds")
