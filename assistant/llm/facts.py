"""The facts of a case read by a model; off unless ``[llm] facts`` is set.

A fact counts only for a criterion on which our own reading is silent, and only with words
that the clerk has said, verbatim. The verdict stays the guide's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.case import Case, Finding
from assistant.clauses import split_clauses
from assistant.datatypes import Language
from assistant.llm.client import Message
from assistant.llm.locate import locate
from assistant.llm.prompt import as_data, fresh_ids, told
from assistant.phrasebook import phrase
from corpus.guides import Criterion

_STATES = ("met", "not_met")
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["facts"],
    "properties": {
        "facts": {
            "type": "array",
            "maxItems": 12,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["criterion", "state", "words"],
                "properties": {
                    "criterion": {"type": "string"},
                    "state": {"enum": ["met", "not_met"]},
                    "words": {"type": "string"},
                },
            },
        }
    },
}


def reading(
    said: Sequence[str], open_points: Sequence[Criterion], language: Language
) -> tuple[Message, ...]:
    """The messages that ask what a case says of criteria that are still open."""
    rows = [f"{c.criterion_id}: {c.establish.of(language)}" for c in open_points]
    talk, points = fresh_ids(2, "\n".join([*said, *rows]))
    parts = [
        f"<<<criteria {points}>>>\n{as_data(chr(10).join(rows))}\n<<<end {points}>>>",
        f"<<<case {talk}>>>\n{as_data(chr(10).join(said))}\n<<<end {talk}>>>",
    ]
    return (
        {"role": "system", "content": told(language, "facts")},
        {"role": "user", "content": "\n\n".join(parts)},
    )


def with_facts(
    written: str, case: Case, open_points: Sequence[Criterion], said: Sequence[str]
) -> tuple[Case, tuple[str, ...]]:
    """A case with what the model read of it, and the ids of the criteria that it read.

    A denial in the clerk's words (…は決めていません) and a "met", or none and a "not_met", do
    not go together: such a fact is left out.
    """
    findings = dict(case.findings)
    known = {c.criterion_id for c in open_points}
    read: list[str] = []
    for name, state, words in _facts(written):
        place = _place(words, said)
        told_once = name in known and name not in findings and state in _STATES
        if not told_once or place is None:
            continue
        turn, own = place
        if _denied(own) != (state == "not_met"):
            continue
        findings[name] = Finding(name, "met" if state == "met" else "not_met", own, turn)
        read.append(name)
    return replace(case, findings=findings), tuple(read)


def read_note(read: Sequence[str], criteria: Sequence[Criterion], language: Language) -> str:
    """A sentence that says which criteria the model read."""
    names = [c.name.of(language) for c in criteria if c.criterion_id in read]
    joint = phrase(language, "verdict", "join")
    return phrase(language, "engine", "facts", names=joint.join(dict.fromkeys(names)))


def _facts(written: str) -> Iterator[tuple[str, str, str]]:
    decoder, place = json.JSONDecoder(), written.find("{")
    while place >= 0:
        try:
            value, end = decoder.raw_decode(written, place)
        except (ValueError, RecursionError):
            place = written.find("{", place + 1)
            continue
        rows = value.get("facts", [value]) if isinstance(value, dict) else []
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                told_ = [row.get(k) for k in ("criterion", "state", "words")]
                if all(isinstance(t, str) for t in told_):
                    yield str(told_[0]).strip(), str(told_[1]), str(told_[2])
        place = written.find("{", end)


def _place(words: str, said: Sequence[str]) -> tuple[int, str] | None:
    """The turn that holds the words, and they as the clerk wrote them."""
    for turn, text in enumerate(said):
        span = locate(words, text)
        if span is not None:
            return turn, text[slice(*span)]
    return None


def _denied(words: str) -> bool:
    return any(clause.denied for clause in split_clauses(words))
