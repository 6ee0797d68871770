"""The groups as CSV for a spreadsheet, a row a question, and as JSON Lines, a line a group."""

from __future__ import annotations

import json
from collections.abc import Iterable

from assistant.csv_text import csv_text
from assistant.unanswered.store import Group, Question
from assistant.unanswered.view import local_time
from assistant.words import Words

COLUMNS = (
    "group",
    "count",
    "state",
    "note",
    "section",
    "question",
    "typed",
    "language",
    "at",
    "status",
    "now",
    "now_at",
)


def as_csv(groups: Iterable[Group], words: Words) -> str:
    """A row for each question, the groups numbered from 1, headed in the words' language."""
    heads = [words(f"csv.{name}") for name in COLUMNS]
    rows = [
        _row(number, group, question, words)
        for number, group in enumerate(groups, 1)
        for question in group.questions
    ]
    return csv_text([heads, *rows])


def as_json_lines(groups: Iterable[Group]) -> str:
    """A line for each group."""
    return "".join(f"{json.dumps(g.to_dict(), ensure_ascii=False)}\n" for g in groups)


def _row(number: int, group: Group, question: Question, words: Words) -> list[object]:
    now = words(f"now_status.{question.now_status}") if question.now_status else ""
    return [
        number,
        group.size,
        words(f"state.{group.state}"),
        group.note,
        group.section,
        question.standalone,
        question.question,
        question.language,
        local_time(question.at),
        words(f"status.{question.status}"),
        now,
        local_time(question.now_at) if question.now_at else "",
    ]
