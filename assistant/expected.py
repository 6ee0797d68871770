"""What a question asks for (an amount, a date, a reason, a year) and whether a text has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assistant.phrasebook import load_table
from assistant.quantities import ERAS, ERAS_EN
from index.tokenization import normalise, words

_NUMBER = r"(?:\d|[一二三四五六七八九十百千万])[\d,.]*\s*"
_OFFSETS = {"this_year": 0, "next_year": 1, "last_year": -1}
_BEFORE = ERAS | ERAS_EN
_ERA = re.compile(r"(令和|平成|昭和|reiwa|heisei|showa)\s*(元|\d{1,2})(?!\d)")
_COUNTED = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_SORTS = {"article": "条", "chapter": "章", "term": "期", "meeting": "回"}
_ORDINAL = re.compile(
    r"第?\s*(?P<ja>\d+)\s*(?P<sort>条|章|期|回)"
    r"|\b(?P<sort_en>article|chapter|term)\s+(?P<en>\d+)"
    rf"|\b(?P<word>{'|'.join(_COUNTED)})[ -](?P<term>term|meeting|chapter)\b"
)
_SECTION = re.compile(r"(?:[一-鿿]+・)*[一-鿿]{2,8}(?:推進課|調整課|行政課|企画課|事務局)")
_AS_OF = re.compile(r"\d{4}年の?時点|as of \d{4}|as at \d{4}")
"""A day to answer for is not what is asked about."""
_WESTERN = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def lacks_expected(question: str, texts: list[str], language: str) -> bool:
    """Whether a question asks for an amount, a date, a reason or the like that no text has."""
    asked = _plain(question)
    for row in load_table("expected")["expects"]:
        left = _without(asked, row.get(f"not_{language}", ()))
        if any(cue in left for cue in row[f"asks_{language}"]):
            pattern = _pattern(row["name"])
            if not any(pattern.search(_plain(text)) for text in texts):
                return True
    return False


def on_what_is_named(question: str, texts: list[str]) -> list[int]:
    """The numbers of the texts that name the year, the place and so on that a question names.

    All of them where it names none; of each sort one of several named is enough. ``texts`` hold
    titles and headings as well. The city's own name says nothing.
    """
    asked = _named(question)
    if not asked:
        return list(range(len(texts)))
    return [n for n, text in enumerate(texts) if _meets(asked, _named(text))]


def lacks_a_side(question: str, texts: list[str], language: str) -> bool:
    """Whether a question compares two things and the texts together do not speak of both."""
    for form in load_table("expected")["compares"][language]:
        match = re.search(form, _plain(question).strip())
        if match:
            held = {word for text in texts for word in words(text)}
            one, other = set(words(match["one"])), set(words(match["other"]))
            sides = [side for side in (one - other, other - one) if side]
            return any(not side & held for side in sides)
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
            forms = (str(year), f"令和{year - ERAS['令和']}年")
            return not any(form in _plain(text) for text in texts for form in forms)
    return False


@cache
def _pattern(name: str) -> re.Pattern[str]:
    row = next(r for r in load_table("expected")["expects"] if r["name"] == name)
    units = "|".join(map(re.escape, sorted(row["units"], key=len, reverse=True)))
    spelt = "|".join(map(re.escape, row["words"]))
    counted = f"{_NUMBER}(?:{units})" if units else ""
    patterns = row.get("patterns", ())
    return re.compile("|".join(part for part in (counted, spelt, *patterns) if part))


def _without(text: str, phrases: Sequence[str]) -> str:
    for phrase in phrases:
        text = text.replace(phrase, " ")
    return text


def _years(plain: str) -> set[str]:
    """The Western years that a normalised text names, of Japanese eras too."""
    told = _AS_OF.sub(" ", plain)
    found = {m.group() for m in _WESTERN.finditer(told)}
    for match in _ERA.finditer(told):
        name, number = match.group(1), match.group(2)
        found.add(str(_BEFORE[name] + (1 if number == "元" else int(number))))
    return found


def _named(text: str) -> dict[str, frozenset[str]]:
    """What a text names, by sort: years, places, sections, articles, terms of office and so on."""
    plain = _plain(text)
    found: dict[str, set[str]] = {"year": _years(plain)}
    found["place"] = {m.group() for m in _places().finditer(plain)}
    found["section"] = {m.group() for m in _SECTION.finditer(plain)}
    for match in _ORDINAL.finditer(plain):
        number = match["ja"] or match["en"] or str(_COUNTED.index(match["word"]) + 1)
        sort = match["sort"] or _SORTS[match["sort_en"] or match["term"]]
        found.setdefault(sort, set()).add(number)
    return {sort: frozenset(held) for sort, held in found.items() if held}


def _meets(asked: dict[str, frozenset[str]], told: dict[str, frozenset[str]]) -> bool:
    return all(names & told.get(sort, frozenset()) for sort, names in asked.items())


@cache
def _places() -> re.Pattern[str]:
    named = load_table("expected")["places"]["named"]
    return re.compile(
        "|".join(rf"\b{re.escape(n)}\b" if n.isascii() else re.escape(n) for n in named)
    )


def _plain(text: str) -> str:
    return f" {normalise(text)} "
