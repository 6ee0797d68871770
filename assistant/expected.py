"""What a question asks for (an amount, a date, a number) and whether a text has it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from assistant.phrasebook import load_table

_NUMBER = r"(?:\d|[一二三四五六七八九十百千万])[\d,.]*\s*"
_OFFSETS = {"this_year": 0, "next_year": 1, "last_year": -1}
_REIWA = 2018


def lacks_expected(question: str, texts: list[str], language: str) -> bool:
    """Whether a question asks for an amount, a date or a number that no text has."""
    asked = _plain(question)
    for row in load_table("expected")["expects"]:
        if any(cue in asked for cue in row[f"asks_{language}"]):
            pattern = _pattern(row["name"])
            if not any(pattern.search(_plain(text)) for text in texts):
                return True
    return False


def lacks_year(question: str, texts: list[str], as_of: str) -> bool:
    """Whether a question asks about this (last, next) year, or about today, and no text does."""
    asked = _plain(question)
    now = load_table("expected")["now"]
    if any(cue in asked for cue in now["this_moment"]):
        return True
    for name, offset in _OFFSETS.items():
        if any(cue in asked for cue in now[name]):
            year = int(as_of[:4]) + offset
            forms = (str(year), f"令和{year - _REIWA}年")
            return not any(form in _plain(text) for text in texts for form in forms)
    return False


@cache
def _pattern(name: str) -> re.Pattern[str]:
    row = next(r for r in load_table("expected")["expects"] if r["name"] == name)
    units = "|".join(map(re.escape, sorted(row["units"], key=len, reverse=True)))
    words = "|".join(map(re.escape, row["words"]))
    counted = f"{_NUMBER}(?:{units})" if units else ""
    return re.compile("|".join(part for part in (counted, words) if part))


def _plain(text: str) -> str:
    return f" {unicodedata.normalize('NFKC', text).lower()} "
