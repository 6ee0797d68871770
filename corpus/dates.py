"""Dates in Japanese texts, and what a document says of its own: 公布, 施行, 改正, 失効."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from corpus.blocks import Block
from corpus.numerals import NUMERAL, to_int

_ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
"""The first year of each era."""
_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_ERA = "|".join(_ERAS)
_NOTE = r"(?:[（(][^（）()]{1,8}[）)])?"
_GAP = r"[\s　]*"
_DAY = rf"年{_NOTE}{_GAP}(?P<month>{NUMERAL}){_GAP}月{_GAP}(?P<day>{NUMERAL}){_GAP}日"
_PARTS = re.compile(rf"(?P<era>{_ERA})?{_GAP}(?P<year>元|{NUMERAL}){_NOTE}{_GAP}{_DAY}")
DATE = (
    rf"(?:(?:{_ERA}){_GAP}(?:元|{NUMERAL})|[12１２][0-9０-９]{{3}}|[二一][〇一二三四五六七八九]{{3}})"
    rf"{_NOTE}{_GAP}" + re.sub(r"\?P<\w+>", "?:", _DAY)
)
"""A date in full: 平成17年4月1日, 令和元年五月一日, 2025年4月1日, 平成17(2005)年4月1日."""
_SHORT = re.compile(r"([MTSHR])\.?(\d{1,2})[./-](\d{1,2})[./-](\d{1,2})")
_HEAD = 6
"""Blocks at the head of a document among which it says when it was adopted."""
_LOOKED_AT = 5_000
"""Characters of a block that are looked at: what a document says of itself is short."""
_DAY_OF = r"(?:公布|決裁|公表)の日"
_ADOPTED = (
    re.compile(
        rf"(?P<date>{DATE}){_GAP}[一-鿿]{{0,10}}?(?:公布|制定|決裁|策定|条例第|規則第|告示第|要綱第)"
    ),
    re.compile(rf"(?:公布|制定|決裁|策定)(?:日|年月日)?[\s　:：]*(?P<date>{DATE})"),
)
_AMENDED = re.compile(
    rf"(?:最終改正|改正|改定)[\s　:：]*(?P<date>{DATE})|(?P<behind>{DATE}){_GAP}(?:一部)?改[正定]"
)


@dataclass(frozen=True)
class OwnDates:
    """What a document's text says of its dates, in ISO form; None where it does not."""

    adopted: str | None = None
    effective_from: str | None = None
    effective_until: str | None = None
    amended: str | None = None

    def known(self) -> dict[str, str]:
        """Those that the text says."""
        return {key: value for key, value in vars(self).items() if value}


def japanese_date(text: str) -> str | None:
    """The ISO date of the first full date in a text; None where there is none.

    Eras (元年 too), Western years, full-width and kanji figures are understood, and the short
    form R6.4.1. A day that no calendar has is none.
    """
    match = _PARTS.search(text)
    if match:
        year = 1 if match["year"] == "元" else to_int(match["year"])
        year += _ERAS[match["era"]] - 1 if match["era"] else 0
        if year < _ERAS["明治"]:
            return None
        return _iso(year, to_int(match["month"]), to_int(match["day"]))
    short = _SHORT.search(text)
    if short:
        year = _ERAS[_LETTERS[short.group(1)]] + int(short.group(2)) - 1
        return _iso(year, int(short.group(3)), int(short.group(4)))
    return None


def own_dates(blocks: Iterable[Block], title: str = "") -> OwnDates:
    """What a document says of itself: adopted, in force from and until, last amended.

    The first supplementary provision says since when it is in force; a later one, when its
    last amendment came into force. 公布の日から施行 is the day it was adopted.
    """
    everything = [replace(b, text=b.text[:_LOOKED_AT]) for b in blocks]
    head = [title, *(b.text for b in everything[:_HEAD]), *_heads(everything[:_HEAD])]
    adopted = next((d for p in _ADOPTED for text in head if (d := _first(p, text))), None)
    starts, ends = _clauses()
    said = [m["date"] for b in everything for m in [starts.search(b.text)] if m]
    dates = [japanese_date(date) or adopted for date in said]
    until = [_first(ends, b.text) for b in everything]
    amended = dates[-1] if len(dates) > 1 and dates[-1] != dates[0] else None
    named = [d for text in head for d in [_first(_AMENDED, text)] if d]
    return OwnDates(
        adopted=adopted,
        effective_from=dates[0] if dates else None,
        effective_until=next((d for d in reversed(until) if d), None),
        amended=max([amended or "", *named]) or None,
    )


@cache
def _clauses() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """この条例は、…から施行する; この要綱は、…限り、その効力を失う."""
    with Path(__file__).with_name("kinds.toml").open("rb") as file:
        kinds = "|".join(map(re.escape, tomllib.load(file)["own_dates"]["kinds"]))
    itself = rf"(?:この|本)(?:{kinds})(?:の[^。、]{{1,20}})?は、"
    starts = rf"{itself}(?P<date>{DATE}|{_DAY_OF})から(?:施行|適用|実施)[すし]"
    ends = (
        rf"{itself}[^。]{{0,80}}?(?P<date>{DATE})(?:限り|をもって|まで)、?"
        "(?:その効力を失う|効力を有する|廃止する)"
    )
    return re.compile(starts), re.compile(ends)


def _heads(blocks: list[Block]) -> list[str]:
    return [heading for block in blocks for heading in block.headings]


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    said = next((v for v in match.groupdict().values() if v), "") if match else ""
    return japanese_date(said)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
