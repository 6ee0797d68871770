"""The numbers that a Japanese text and its English rendering state, in one form.

An era year is the year of the common era (平成17年 and Heisei 17 are 2005), 100万 and 1 million
are 1,000,000, April is 4, two and second are 2. Numbers that one language states only in passing
(一つ, "one of them", both, 両者) are kept apart: they may be missing on the other side.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from corpus.numerals import to_int

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERAS_EN = {"Meiji": 1867, "Taisho": 1911, "Showa": 1925, "Heisei": 1988, "Reiwa": 2018}
_ERAS_EN |= {"H": 1988, "R": 2018, "S": 1925}
_UNITS = {"兆": 10**12, "億": 10**8, "万": 10**4, "千": 10**3, "百": 100}
_UNITS_EN = {"trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 10**3}
_UNITS_EN |= {"hundred": 100}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80}
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?"


@dataclass(frozen=True)
class Numbers:
    """The numbers that must be on the other side too, and those that may be."""

    stated: frozenset[Decimal]
    passing: frozenset[Decimal]

    def missing_from(self, other: Numbers) -> list[str]:
        """The numbers stated here that stand nowhere in the other text, as figures."""
        return [f"{n:f}" for n in sorted(self.stated - other.stated - other.passing)]


def _plain(text: str) -> str:
    """Half-width figures, with circled ones apart: ⑤⑥ are 5 and 6."""
    return unicodedata.normalize("NFKC", re.sub("([①-⑳])", r" \1 ", text))


def japanese_numbers(text: str) -> Numbers:
    """The numbers of a Japanese text."""
    text = _plain(text)
    stated: set[Decimal] = set()

    def era(match: re.Match[str]) -> str:
        year = 1 if match[2] == "元" else int(match[2])
        stated.add(Decimal(_ERAS[match[1]] + year))
        return " "

    text = re.sub(rf"({'|'.join(_ERAS)})\s*(\d+|元)年", era, text)
    text = re.sub(r"\bH(\d\d)\b(?=包括|年)", lambda m: f"{1988 + int(m[1])}年", text)

    def figure(match: re.Match[str]) -> str:
        total = Decimal(0)
        for number, units in re.findall(rf"({_FIGURE})([兆億万千百]*)", match.group()):
            value = Decimal(number.replace(",", ""))
            for unit in units:
                value *= _UNITS[unit]
            total += value
        stated.add(total)
        return " "

    text = re.sub(rf"(?:{_FIGURE}[兆億万千百]+)*{_FIGURE}[兆億万千百]*", figure, text)
    passing = {Decimal(to_int(n)) for n in re.findall("[一二三四五六七八九十百]+", text)}
    stated |= {Decimal(to_int(n)) for n in re.findall("([三四五六七八九])(?=つ|者|層|段|種)", text)}
    if re.search("両|双方|互い|相互|どちら|ともに|併せ|合わせ", text):
        passing.add(Decimal(2))
    return Numbers(frozenset(stated), frozenset(passing))


def english_numbers(text: str) -> Numbers:
    """The numbers of an English text."""
    text = _plain(text)
    stated: set[Decimal] = set()

    def era(match: re.Match[str]) -> str:
        stated.add(Decimal(_ERAS_EN[match[1]] + int(match[2])))
        return " "

    text = re.sub(rf"\b({'|'.join(_ERAS_EN)})\s?(\d{{1,2}})\b", era, text)

    def figure(match: re.Match[str]) -> str:
        value = Decimal(match[1].replace(",", ""))
        stated.add(value * _UNITS_EN.get(match[2] or "", 1))
        return " # "

    dated = rf"(?:\d{{1,2}} ({'|'.join(_MONTHS)})\b|\b({'|'.join(_MONTHS)}),? (?=\d))"
    for before, after in re.findall(dated, text):
        stated.add(Decimal(_MONTHS.index(before or after) + 1))
    months = re.findall(r"\b(?:[Ii]n|[Uu]ntil|[Ff]rom|to|[Ss]ince|and|of) ([A-Z][a-z]+)\b", text)
    passing = {Decimal(_MONTHS.index(m) + 1) for m in months if m in _MONTHS}
    text = re.sub(rf"({_FIGURE})(?:\s+({'|'.join(_UNITS_EN)}))?", figure, text)
    words = _in_words(text)
    stated |= {number for number in words if number > 2}
    return Numbers(frozenset(stated), frozenset(passing | words))


def _in_words(text: str) -> set[Decimal]:
    found = set()
    for word in re.findall(r"[a-z]+", text.lower()):
        singular = word.removesuffix("s")
        if word in _WORDS:
            found.add(Decimal(_WORDS.index(word)))
        elif word in _TENS or word in _UNITS_EN:
            found.add(Decimal(_TENS.get(word) or _UNITS_EN[word]))
        elif singular in _ORDINALS:
            found.add(Decimal(_ORDINALS.index(singular) + 1))
        elif word in ("both", "twice", "half", "each", "either", "mutual", "mutually"):
            found.add(Decimal(2))
        elif word in ("once", "single", "per", "a", "an"):
            found.add(Decimal(1))
    return found
