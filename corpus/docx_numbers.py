"""The numbers that Word draws before paragraphs and does not store in their text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from corpus.numerals import IROHA, KANA
from corpus.ooxml import Package, attribute, child, local

_KANJI = "〇一二三四五六七八九"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True)
class Level:
    """One level of a list: how its number looks (``%1.%2``), and where it begins."""

    format: str = "decimal"
    text: str = ""
    start: int = 1
    style: str = ""


@dataclass
class Numbering:
    """The lists of a document, and how far each has been counted.

    ``lists`` gives for each list the abstract one that it follows; ``counts`` are of these,
    since two lists that follow one are counted on, unless ``starts`` says where one begins.
    """

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, list_id: str, depth: int) -> str:
        """The number of the next paragraph of a list at a depth (from 0), "" where it has none."""
        abstract = self.lists.get(list_id)
        levels = self.levels.get(abstract or "", {})
        level = levels.get(depth)
        if abstract is None or level is None or level.format == "none":
            return ""
        counts = self.counts.setdefault(abstract, {})
        counts[depth] = self._next(list_id, depth, level, counts)
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        if level.format == "bullet":
            return "・"
        for above in range(depth):
            counts.setdefault(above, levels[above].start if above in levels else 1)

        def shown(match: re.Match[str]) -> str:
            number = int(match.group(1)) - 1
            style = levels[number].format if number in levels else "decimal"
            return as_numeral(counts.get(number, 1), style)

        return re.sub(r"%([1-9])", shown, level.text).strip()

    def level_of_style(self, list_id: str, style: str) -> int:
        """The depth of a list whose paragraphs have a style, 0 where none is tied to it."""
        levels = self.levels.get(self.lists.get(list_id, ""), {})
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def _next(self, list_id: str, depth: int, level: Level, counts: dict[int, int]) -> int:
        override = self.starts.get((list_id, depth))
        if override is not None and (list_id, depth) not in self.begun:
            self.begun.add((list_id, depth))
            return override
        return counts[depth] + 1 if depth in counts else level.start


def read_numbering(package: Package, path: str) -> Numbering:
    """The lists of a numbering part; none where there is no such part."""
    numbering = Numbering()
    if not path or not package.has(path):
        return numbering
    for element in package.elements(path, ("abstractNum", "num")):
        if local(element) == "abstractNum":
            levels = {}
            for level in (e for e in element if local(e) == "lvl"):
                levels[_integer(attribute(level, "ilvl"), 0)] = _level(level)
            numbering.levels[attribute(element, "abstractNumId")] = levels
        else:
            _read_list(element, numbering)
    return numbering


def _read_list(element: etree._Element, numbering: Numbering) -> None:
    list_id = attribute(element, "numId")
    numbering.lists[list_id] = attribute(child(element, "abstractNumId"), "val")
    for override in (e for e in element if local(e) == "lvlOverride"):
        start = attribute(child(override, "startOverride"), "val")
        if start:
            depth = _integer(attribute(override, "ilvl"), 0)
            numbering.starts[list_id, depth] = _integer(start, 1)


def _level(element: etree._Element) -> Level:
    return Level(
        format=_format(element),
        text=attribute(child(element, "lvlText"), "val"),
        start=_integer(attribute(child(element, "start"), "val"), 1),
        style=attribute(child(element, "pStyle"), "val"),
    )


def _format(level: etree._Element) -> str:
    plain = child(level, "numFmt")
    chosen = child(level, "AlternateContent", "Fallback", "numFmt")
    return attribute(plain if plain is not None else chosen, "val", "decimal")


def _integer(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default


def as_numeral(number: int, style: str) -> str:
    """A number in one of Word's styles (ST_NumberFormat); plain figures in an unknown one."""
    write = _STYLES.get(style)
    return write(number) if write and 0 < number <= 9999 else str(number)


def _kanji(number: int) -> str:
    """12 → 十二, 20 → 二十, 120 → 百二十."""
    written = ""
    for size, unit in ((1000, "千"), (100, "百"), (10, "十")):
        digit, number = divmod(number, size)
        written += ("" if digit < 2 else _KANJI[digit]) + (unit if digit else "")
    return written + (_KANJI[number] if number else "")


def _in_turn(letters: str) -> Callable[[int], str]:
    def write(number: int) -> str:
        return letters[(number - 1) % len(letters)] * ((number - 1) // len(letters) + 1)

    return write


def _enclosed(first: str, most: int, brackets: str) -> Callable[[int], str]:
    def write(number: int) -> str:
        return chr(ord(first) + number - 1) if number <= most else brackets.format(number)

    return write


def _roman(number: int) -> str:
    written = ""
    for size, letters in _ROMAN:
        written += letters * (number // size)
        number %= size
    return written


_STYLES: dict[str, Callable[[int], str]] = {
    "decimalFullWidth": lambda n: str(n).translate(_WIDE),
    "decimalFullWidth2": lambda n: str(n).translate(_WIDE),
    "decimalZero": lambda n: f"{n:02}",
    "japaneseCounting": _kanji,
    "chineseCounting": _kanji,
    "chineseCountingThousand": _kanji,
    "japaneseLegal": _kanji,
    "ideographDigital": lambda n: "".join(_KANJI[int(d)] for d in str(n)),
    "japaneseDigitalTenThousand": lambda n: "".join(_KANJI[int(d)] for d in str(n)),
    "aiueo": _in_turn(KANA),
    "aiueoFullWidth": _in_turn(KANA),
    "iroha": _in_turn(IROHA),
    "irohaFullWidth": _in_turn(IROHA),
    "lowerLetter": _in_turn("abcdefghijklmnopqrstuvwxyz"),
    "upperLetter": _in_turn("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "decimalEnclosedCircle": _enclosed("①", 20, "({})"),
    "decimalEnclosedCircleChinese": _enclosed("①", 20, "({})"),
    "decimalEnclosedParen": _enclosed("⑴", 20, "({})"),
    "decimalEnclosedFullstop": _enclosed("⒈", 20, "{}."),
    "ideographEnclosedCircle": _enclosed("㊀", 10, "({})"),
}
