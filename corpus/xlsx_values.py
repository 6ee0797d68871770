"""What a spreadsheet shows in a cell: the stored value in its number format."""

from __future__ import annotations

import datetime
import re

from lxml import etree

from corpus.ooxml import Package, attribute, child, local

_DATES = frozenset([*range(14, 18), 22, *range(27, 37), *range(50, 59)])
"""Built-in formats of dates, those of Japanese Excel among them (ECMA-376, 18.8.30)."""
_TIMES = frozenset([18, 19, 20, 21, 45, 46, 47])
_PERCENT = {9: 0, 10: 2}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_FIRST_DAY = datetime.date(1899, 12, 30)
_FIRST_DAY_1904 = datetime.date(1904, 1, 1)
_LAST_SERIAL = 2_958_465


def read_formats(package: Package, path: str) -> list[str]:
    """For each cell style its kind: "date", "time", "percent:DECIMALS", "comma" or ""."""
    own: dict[int, str] = {}
    kinds: list[str] = []
    if not path or not package.has(path):
        return kinds
    for element in package.elements(path, ("numFmt", "cellXfs")):
        if attribute(element, "numFmtId"):
            own[_integer(attribute(element, "numFmtId"))] = attribute(element, "formatCode")
            continue
        for style in element:
            number = _integer(attribute(style, "numFmtId"))
            kinds.append(_kind(number, own.get(number, "")))
    return kinds


def shown(value: str, kind: str, from_1904: bool) -> str:
    """A stored number as it is shown: 45748 as a date → 2025年4月1日, 0.5 in per cent → 50%."""
    try:
        number = float(value)
    except ValueError:
        return value
    if kind == "date" and 0 < number <= _LAST_SERIAL:
        day = (_FIRST_DAY_1904 if from_1904 else _FIRST_DAY) + datetime.timedelta(int(number))
        return f"{day.year}年{day.month}月{day.day}日"
    if kind == "time" and 0 <= number < 1:
        minutes = round(number * 24 * 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if kind.startswith("percent:"):
        return f"{number * 100:.{kind[8:]}f}%"
    plain = _plain(number, value)
    return f"{number:,.0f}" if kind == "comma" and number == int(number) else plain


def _plain(number: float, value: str) -> str:
    """10 for 10.0, and no noise of binary fractions: 0.1 for 0.1000000001."""
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.10g}" if "E" not in value.upper() else value


def _kind(number: int, code: str) -> str:
    if number in _PERCENT and not code:
        return f"percent:{_PERCENT[number]}"
    if not code:
        commas = number in (3, 4, 37, 38, 39, 40)
        return "date" if number in _DATES else "time" if number in _TIMES else "comma" * commas
    plain = _LITERAL.sub("", code.split(";")[0]).lower()
    if "%" in plain:
        return f"percent:{len(plain.partition('.')[2].rstrip('%'))}"
    if re.search(r"[yged]", plain.replace("general", "")):
        return "date"
    if re.search(r"h|s|m", plain.replace("general", "")):
        return "date" if "m" in plain and "h" not in plain and "s" not in plain else "time"
    return "comma" if "#,##0" in plain else ""


def _integer(text: str) -> int:
    return int(text) if text.isdigit() else 0


def reads_1904(package: Package) -> bool:
    """Whether a workbook counts its days from 1904."""
    for element in package.elements(package.main, ("workbookPr",)):
        return attribute(element, "date1904") in ("1", "true")
    return False


def column_of(reference: str) -> int:
    """The number of a cell's column from 0: C7 → 2; -1 where it names none."""
    letters = re.match(r"[A-Z]{1,3}", reference)
    number = 0
    for letter in letters.group() if letters else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def text_below(element: etree._Element) -> str:
    """The text of a shared or inline string, without the reading aids above it (``rPh``)."""
    parts = []
    for inner in element:
        name = local(inner)
        if name == "t":
            parts.append(inner.text or "")
        elif name == "r":
            text = child(inner, "t")
            parts.append((text.text or "") if text is not None else "")
    return "".join(parts)
