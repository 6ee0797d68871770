"""The numbers of a text with their units and limits: 30日以内, 平成17年, at least 3 groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from assistant.phrasebook import load_table
from corpus.numerals import to_int
from index.tokenization import words

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
ERAS_EN = {"reiwa": 2018, "heisei": 1988, "showa": 1925, "taisho": 1911, "meiji": 1867}
"""The year before the first of each era."""
_LETTERS = {"r": 2018, "h": 1988, "s": 1925}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
COUNTED = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_TIMES = {"百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000, "億": 100_000_000}
_TIMES_EN = {"thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_TOKEN = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治)\s*(?P<era_year>\d+|元|[一二三四五六七八九十]+)(?=\s*年)"
    r"|\b(?P<era_en>reiwa|heisei|sh[oō]wa|taish[oō]|meiji)\s+(?P<era_en_year>\d+)"
    r"|\b(?P<letter>[rhs])(?P<letter_year>\d{1,2})(?=年)"
    rf"|\b(?P<month>{'|'.join(_MONTHS)})\b"
    r"|(?P<figure>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"\s*(?P<times>百万|百|千|万|億|(?:thousand|million|billion)\b)?"
    r"|(?P<kanji>[〇一二三四五六七八九十百千]+)(?=[年月日回条項号章節つ件円人名団社区割万億か層種段室校台倍階歳])"
    rf"|\b(?P<counted>{'|'.join(COUNTED)})\b"
)
_BETWEEN = re.compile(r"[、。;:「」『』\n]|,(?!\d)| and | but | while |\. ")
_ATTACHED = re.compile(r"[一-鿿ァ-ヿー]+|\s?[a-z]+")
_SENTENCE_END = re.compile(r"[。\n]|\. ")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ADJACENT = 3
_ENDS = re.compile(r",(?!\d)|[、。;:()「」『』\n]|\. ")
_NEAR = 24


@dataclass(frozen=True)
class Quantity:
    """A number in a text.

    ``unit`` is the unit's name, else the word counted, "" for neither; ``clause`` holds the
    words of the clause that it stands in, ``anchor`` the last of them before it.
    """

    value: str
    unit: str
    limits: frozenset[str]
    clause: frozenset[str]
    anchor: str
    start: int
    end: int


def disagreement(said: str, carried: str) -> str:
    """Why the numbers of a statement are not those of its quotes; "" where they are.

    Both texts are NFKC-folded and in lower case. Returns "", "numbers" or "limits".
    """
    stated, known = quantities(said), quantities(carried)
    if Counter(values(stated)) - Counter(values(known)) or dates(stated) - dates(known):
        return "numbers"
    for quantity in stated:
        same = [k for k in known if k.value == quantity.value and _units_meet(k, quantity)]
        if all(_belongs_elsewhere(quantity, k, known, said) for k in same):
            return "numbers"
        if not any(_limits_meet(quantity.limits, k.limits) for k in same):
            return "limits"
    return ""


def quantities(text: str) -> list[Quantity]:
    """Every number of an NFKC-folded, lower-case text, in order."""
    found = []
    for match in _TOKEN.finditer(text):
        value, unit = _read(match, text)
        if value:
            unit, end = (unit, match.end()) if unit else _unit(text, match.start(), match.end())
            limits = _limits(text, match.start(), end)
            clause, anchor = _clause(text, match.start())
            found.append(Quantity(value, unit, limits, clause, anchor, match.start(), end))
    return _with_dates(found)


def _with_dates(found: list[Quantity]) -> list[Quantity]:
    """The numbers, those beside a month's name known as its day and its year."""
    for i, month in enumerate(found):
        for other in _beside(found, i) if month.unit == "month_name" else ():
            if not other.unit:
                unit = "year" if len(other.value) == 4 else "day"
                found[found.index(other)] = replace(other, unit=unit)
    units = load_table("gate")["units"]
    return [
        replace(q, unit="year") if q.unit not in units and _YEAR.fullmatch(q.value) else q
        for q in found
    ]


def skeleton(text: str) -> str:
    """A text with every figure replaced by one sign, to see whether only figures differ."""
    return re.sub(r"\d", "#", text)


def _read(match: re.Match[str], text: str) -> tuple[str, str]:
    """The value of a number, and its unit where the number itself tells it."""
    part = match.groupdict()
    if part["era"]:
        year = 1 if part["era_year"] == "元" else to_int(part["era_year"])
        return str(ERAS[part["era"]] + year), ""
    if part["era_en"]:
        era = part["era_en"].replace("ō", "o")
        return str(ERAS_EN[era] + int(part["era_en_year"])), ""
    if part["letter"]:
        return str(_LETTERS[part["letter"]] + int(part["letter_year"])), ""
    if part["month"]:
        return (str(_MONTHS.index(part["month"]) + 1), "month_name") if _dated(match) else ("", "")
    if part["figure"]:
        return _scaled(part["figure"], part["times"] or ""), ""
    if part["kanji"]:
        return str(to_int(part["kanji"])), ""
    number = COUNTED.index(part["counted"]) + 1
    follows = _unit_at(text[match.end() :].lstrip())
    return (str(number), "") if number > 1 or follows else ("", "")


def _dated(match: re.Match[str]) -> bool:
    """Whether a month's name stands beside a figure: "may" and "march" are also verbs."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(re.search(r"\d(?:st|nd|rd|th)?\s$", before) or re.match(r",?\s\d", after))


def _scaled(figure: str, times: str) -> str:
    scale = _TIMES.get(times) or _TIMES_EN.get(times) or 1
    value = Decimal(figure.replace(",", "")) * scale
    return format(value.normalize(), "f") if value else "0"


def _unit(text: str, start: int, end: int) -> tuple[str, int]:
    """The unit around a number and where the number with it ends."""
    for unit, forms in load_table("gate")["units_before"].items():
        if any(re.search(rf"\b{re.escape(f)}\s?$", text[:start]) for f in forms):
            return unit, end
    gap = len(text[end:]) - len(text[end:].lstrip(" -"))
    known = _unit_at(text[end + gap :])
    if known:
        return known[0], end + gap + known[1]
    attached = _ATTACHED.match(text, end)
    if attached is None or attached.group().strip() in _MONTHS:
        return "", end
    return next(iter(words(attached.group())[:1]), ""), end


def _unit_at(text: str) -> tuple[str, int] | None:
    """The unit that a text begins with, and how long it is written."""
    for form, unit in _unit_forms():
        if text.startswith(form) and not _runs_on(text, form):
            return unit, len(form)
    return None


def _runs_on(text: str, form: str) -> bool:
    return form.isascii() and form.isalpha() and text[len(form) : len(form) + 1].isalpha()


@cache
def _unit_forms() -> tuple[tuple[str, str], ...]:
    forms = [(form, unit) for unit, row in load_table("gate")["units"].items() for form in row]
    return tuple(sorted(forms, key=lambda pair: -len(pair[0])))


def _limits(text: str, start: int, end: int) -> frozenset[str]:
    table = load_table("gate")["limits"]
    near = _SENTENCE_END.split(text[max(0, start - _NEAR) : start])[-1]
    before = _ENDS.split(near)[-1]
    rest = text[end:].lstrip()
    found = {
        name for name, forms in table["before"].items() for form in forms if _closes(before, form)
    }
    found |= {name for name, forms in table["near"].items() if any(f in near for f in forms)}
    after = [(form, name) for name, forms in table["after"].items() for form in forms]
    after.sort(key=lambda pair: -len(pair[0]))
    while True:
        hit = next(((f, n) for f, n in after if _opens(rest, f)), None)
        if hit is None:
            return frozenset(found)
        found.add(hit[1])
        rest = rest[len(hit[0]) :]


def _opens(rest: str, form: str) -> bool:
    if not rest.startswith(form):
        return False
    following = rest[len(form) : len(form) + 1]
    if form in ("前", "後", "超"):
        return not re.match(r"[一-鿿]", following) or following in "以"
    return not (form[-1].isascii() and following.isalpha())


def _closes(before: str, form: str) -> bool:
    if not form.isascii():
        return before.endswith(form)
    return bool(re.search(rf"(?<!no )(?<!not )\b{form}\s+(?:the\s+|about\s+)?$", before))


def _clause(text: str, start: int) -> tuple[frozenset[str], str]:
    """The words of the clause that a number stands in, and the last before it."""
    begin = max((m.end() for m in _BETWEEN.finditer(text, 0, start)), default=0)
    close = _BETWEEN.search(text, start)
    before = [w for w in words(text[begin:start]) if not w[0].isdigit()]
    spoken = _spoken(text[begin : close.start() if close else len(text)])
    return spoken, before[-1] if before else ""


def _spoken(text: str) -> frozenset[str]:
    """The words of a text that are neither figures nor units."""
    units = {form for form, _ in _unit_forms()}
    return frozenset(w for w in words(text) if not w[0].isdigit() and w not in units)


def values(found: Iterable[Quantity]) -> list[str]:
    """The values of numbers; a year written in both calendars side by side counts once."""
    kept: list[Quantity] = []
    for quantity in found:
        twice = kept and kept[-1].value == quantity.value and quantity.start - kept[-1].end <= 3
        if not twice:
            kept.append(quantity)
    return [quantity.value for quantity in kept]


def _units_meet(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers count in the same unit, as far as both name one."""
    return not one.unit or not other.unit or one.unit == other.unit


def _limits_meet(said: frozenset[str], carried: frozenset[str]) -> bool:
    """Whether limits agree: "by" may be left out, or be said as "at most"."""
    open_ended = {"until", "at_most"} if "until" in carried else set()
    return said - open_ended == carried - open_ended


def _belongs_elsewhere(
    said: Quantity, own: Quantity, known: Sequence[Quantity], statement: str
) -> bool:
    """Whether the words by a number are those by another number of the same unit."""
    before = _spoken(_SENTENCE_END.split(statement[: said.start])[-1])
    for rival in known:
        if rival.unit != own.unit or rival.value == own.value:
            continue
        theirs, ours = rival.clause - own.clause, own.clause - rival.clause
        beside = said.clause if said.clause & (theirs | ours) else before
        if beside & theirs and not beside & ours:
            return True
        if said.anchor and said.anchor == rival.anchor != own.anchor:
            return True
    return False


def dates(found: Sequence[Quantity]) -> set[tuple[str, str, str]]:
    """Which year and which day stand beside which month."""
    pairs = set()
    for i, month in enumerate(found):
        if month.unit != "month_name":
            continue
        for other in _beside(found, i):
            if other.unit in ("year", "day"):
                pairs.add((other.unit, month.value, other.value))
    return pairs


def _beside(found: Sequence[Quantity], place: int) -> list[Quantity]:
    """The numbers written up to a number without a word between: 2005年4月1日, 1 April 2005."""
    near: list[Quantity] = []
    for step in (1, -1):
        i = place
        while 0 <= i + step < len(found):
            one, other = sorted((found[i], found[i + step]), key=lambda q: q.start)
            if other.start - one.end > _ADJACENT or len(near) > _ADJACENT:
                break
            near.append(found[i + step])
            i += step
    return near
