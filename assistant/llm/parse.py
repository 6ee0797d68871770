"""What a model wrote, as statements: by the schema where it kept to it, tolerantly where not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST = 12
"""Statements that one answer may have."""
LONGEST = 600
"""Characters that one statement may have."""
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["statements"],
    "properties": {
        "statements": {
            "type": "array",
            "maxItems": MOST,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "id", "quote"],
                "properties": {name: {"type": "string"} for name in ("text", "id", "quote")},
            },
        }
    },
}
_TEXT = ("text", "statement", "sentence", "文")
_ID = ("id", "source", "passage", "source_id", "passage_id", "出典")
_QUOTE = ("quote", "quotation", "evidence", "引用")
_OPEN_TEXT = re.compile(r'"(?:text|statement)"\s*:\s*"((?:[^"\\]|\\.)*)$')


@dataclass(frozen=True)
class Claim:
    """A statement as the model made it: nothing of it is believed yet."""

    text: str
    source: str
    quote: str


def parse_claims(written: str) -> tuple[Claim, ...]:
    """The statements of a completion, in order, each once; at most ``MOST``.

    Objects that hold a statement are found wherever they stand: in the schema's list, in a
    list of their own, between sentences or code fences, in JSON that breaks off.
    """
    claims: dict[Claim, None] = {}
    for value in _objects(written):
        for found in _claims_in(value):
            claims.setdefault(found)
            if len(claims) == MOST:
                return tuple(claims)
    return tuple(claims)


def draft_text(written: str) -> str:
    """The statements that have come so far, the last maybe unfinished, to show as a draft."""
    texts = [claim.text for claim in parse_claims(written)]
    begun = _OPEN_TEXT.search(written[-4 * LONGEST :])
    if begun and len(texts) < MOST:
        texts.append(_unescaped(begun.group(1)))
    return "\n".join(texts)


def repeats(written: str) -> bool:
    """Whether a completion says the same again and again."""
    tail = written[-1_200:]
    return len(tail) == 1_200 and any(
        tail.endswith(tail[-size:] * (600 // size)) for size in range(1, 201)
    )


def _objects(written: str) -> Iterator[Any]:
    """Every JSON object that stands complete in a text, outermost first."""
    decoder = json.JSONDecoder()
    place = written.find("{")
    while place >= 0:
        try:
            value, end = decoder.raw_decode(written, place)
        except (ValueError, RecursionError):
            place = written.find("{", place + 1)
            continue
        yield value
        place = written.find("{", end)


def _claims_in(value: Any, depth: int = 0) -> Iterator[Claim]:
    if depth > 4:
        return
    if isinstance(value, list):
        for entry in value:
            yield from _claims_in(entry, depth + 1)
    if not isinstance(value, dict):
        return
    text = _first(value, _TEXT)
    if text:
        yield Claim(text[:LONGEST], _first(value, _ID).strip(" []()<>"), _first(value, _QUOTE))
        return
    for entry in value.values():
        yield from _claims_in(entry, depth + 1)


def _first(value: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first text under one of the names, "" where there is none."""
    for name in names:
        found = value.get(name)
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text.split("\\")[0]
