"""A summary of what somebody has learnt: a row for each unit, for themselves and their mentor."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from assistant.datatypes import Language
from assistant.learn.lesson import Lesson, score
from assistant.learn.store import Progress


@dataclass(frozen=True)
class UnitSummary:
    """How far somebody is in a unit; times are ISO in UTC, "" for not yet.

    ``right`` counts the questions answered right the last time, ``first_right`` those answered
    right at the first try, ``questions`` all that are asked.
    """

    unit: str
    title: str
    opened_at: str
    read_at: str
    done_at: str
    questions: int
    answered: int
    right: int
    first_right: int


def summarise(
    lessons: Sequence[Lesson], progress: Mapping[str, Progress], language: Language
) -> tuple[UnitSummary, ...]:
    """The rows of a summary, in the order of the units."""
    return tuple(_row(x, progress.get(x.unit.unit_id, Progress()), language) for x in lessons)


def as_rows(summary: Sequence[UnitSummary]) -> list[dict[str, object]]:
    """A summary as JSON has it."""
    return [asdict(row) for row in summary]


def as_csv(summary: Sequence[UnitSummary]) -> str:
    """A summary as a table that a spreadsheet opens: a byte-order mark, then CSV with CRLF."""
    written = io.StringIO()
    names = list(UnitSummary.__dataclass_fields__)
    table = csv.DictWriter(written, names)
    table.writeheader()
    table.writerows(as_rows(summary))
    return "\ufeff" + written.getvalue()


def _row(lesson: Lesson, progress: Progress, language: Language) -> UnitSummary:
    held = [progress.answers[q] for q in lesson.question_ids if q in progress.answers]
    return UnitSummary(
        unit=lesson.unit.unit_id,
        title=lesson.unit.title.of(language),
        opened_at=progress.opened_at,
        read_at=progress.read_at,
        done_at=progress.done_at,
        questions=len(lesson.questions),
        answered=len(held),
        right=score(lesson, progress)[0],
        first_right=sum(answer.first_right for answer in held),
    )
