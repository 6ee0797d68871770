"""Minutes: who says what. A speech is one stretch of text with its speaker at its head."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import cast

from corpus import marks
from corpus.datatypes import Standing
from corpus.structure import Line

_FEWEST = 3
"""Speeches that a document must hold to be read as minutes."""
_AGENDA_LEVEL = 11
"""Numbered headings up to this level end a speech; deeper ones are a list within it."""


@dataclass(frozen=True)
class _Speech:
    speaker: str
    standing: Standing
    text: str


def with_speakers(lines: list[Line]) -> list[Line]:
    """The lines of minutes with every speech as one line; the lines of anything else as they are.

    A speech runs from a line that names a speaker (○委員長（山田太郎）…, 【委員】…, 事務局：…)
    to the next such line, heading or table.
    """
    speeches = [None if line.row or line.level else _speech(line.text.strip()) for line in lines]
    if sum(s is not None and "。" in s.text for s in speeches) < _FEWEST:
        return lines
    result: list[Line] = []
    for line, speech in zip(lines, speeches, strict=True):
        last = result[-1] if result else None
        if speech:
            said = replace(line, text=speech.text, speaker=speech.speaker)
            result.append(replace(said, standing=speech.standing))
        elif last and last.speaker and not _ends_speech(line):
            text = f"{last.text}\n{line.text.strip()}".strip()
            result[-1] = replace(last, text=text)
        else:
            result.append(line)
    return [line for line in result if line.text.strip()]


def _ends_speech(line: Line) -> bool:
    text = line.text.strip()
    level = marks.part_level(text) or marks.numbered_level(text)
    return bool(line.row or line.level or 0 < level <= _AGENDA_LEVEL or marks.supplement(text))


def _speech(text: str) -> _Speech | None:
    for pattern in _patterns():
        match = pattern.match(text)
        if match:
            role, name = match["role"], match["name"] or ""
            speaker = f"{match['who']}{role}{match['letter']}" + (f"（{name}）" if name else "")
            return _Speech(speaker, _roles()[role], text[match.end() :].strip())
    return None


def standing_of_speaker(name: str) -> Standing:
    """What kind of words those of a speaker are: an opinion, unless a role says otherwise."""
    held = [role for role in _roles() if role in name]
    return _roles()[max(held, key=len)] if held else "opinion"


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    role = "|".join(map(re.escape, sorted(_roles(), key=len, reverse=True)))
    speaker = (
        rf"(?P<who>[^\s　：:（）()【】〔〕。、]{{0,12}}?)(?P<role>{role})"
        r"(?P<letter>[0-9０-９A-ZＡ-Ｚ]{0,2})[\s　]*"
        r"(?:[（(〔](?P<name>[^（）()〔〕]{1,20})[）)〕])?"
    )
    return (
        re.compile(rf"[○◯●〇◎][\s　]*{speaker}(?:[\s　：:]+|(?<=[）)〕])|$)"),
        re.compile(rf"【{speaker}】[\s　]*"),
        re.compile(rf"[（(〔](?P<who>)(?P<role>{role})(?P<letter>)(?P<name>){'[）)〕]'}[\s　]*"),
        re.compile(rf"{speaker}[\s　]*[：:][\s　]*"),
        re.compile(rf"{speaker}　+(?=\S.*。)"),
    )


@cache
def _roles() -> dict[str, Standing]:
    """Who speaks in minutes, and what kind of words theirs are, from kinds.toml."""
    with Path(__file__).with_name("kinds.toml").open("rb") as file:
        return cast(dict[str, Standing], tomllib.load(file)["speakers"])
