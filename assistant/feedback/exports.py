"""Feedback as CSV for a spreadsheet, and as JSON Lines with the whole answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from assistant.csv_text import csv_text
from assistant.feedback.datatypes import Feedback
from assistant.feedback.view import local_time, part_words, place_words
from assistant.words import Words

COLUMNS = (
    "at",
    "verdict",
    "parts",
    "question",
    "answer",
    "citations",
    "quotes",
    "comment",
    "better",
    "section",
    "state",
    "note",
    "handled_by",
    "handled_at",
    "index",
    "id",
)


def as_csv(found: Iterable[Feedback], words: Words) -> str:
    """A row for each, under headings in the language of the words."""
    heads = [words(f"csv.{name}") for name in COLUMNS]
    return csv_text([heads, *(list(_row(given, words)) for given in found)])


def as_json_lines(found: Iterable[Feedback]) -> str:
    """A line for each, with the whole answer and the versions of its documents."""
    return "".join(f"{json.dumps(f.to_dict(), ensure_ascii=False)}\n" for f in found)


def _row(given: Feedback, words: Words) -> Iterator[object]:
    answer, said = given.answer, given.said
    cited = answer["citations"]
    yield local_time(given.changed_at)
    yield words(f"verdict.{said.verdict}")
    yield "\n".join(part_words(part, answer, words) for part in said.parts)
    yield given.question
    yield answer["answer"]
    yield "\n".join(f"[{c['number']}] {place_words(c, words)}" for c in cited)
    yield "\n".join(f"[{c['number']}] {c['quote']}" for c in cited)
    yield said.comment
    yield said.better
    yield given.section
    yield words(f"state.{given.state}")
    yield given.note
    yield given.handled_by
    yield local_time(given.handled_at) if given.handled_at else ""
    yield answer["index"]
    yield given.feedback_id
