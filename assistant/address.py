"""Provisions addressed by number: 第5条, 第3条第4号, 附則第2項, Article 5, Chapter 3."""

from __future__ import annotations

import re
import unicodedata

from corpus.datatypes import Passage
from corpus.numerals import NUMERAL, normalise_numbers

_JAPANESE = re.compile(
    rf"別表(?:第?{NUMERAL})?|附則(?:第?{NUMERAL}[条項](?:第?{NUMERAL}[項号])*)?|前文"
    rf"|第?{NUMERAL}(?:章|節|編)(?![立だ成])"
    rf"|第?{NUMERAL}条(?![件例項約文])(?:の{NUMERAL})*(?:第?{NUMERAL}項)?(?:第?{NUMERAL}号)?"
)
_NAMED = re.compile(r"[〇一二三四五六七八九十百千]+条(?:さん|様|氏|先生|委員|通り)")
_ENGLISH = re.compile(
    r"\b(art(?:icles?|s?\.)?|chapters?|sections?)\s*((?:\d+(?:[.\-]\d+)?(?:\([0-9]+\))*"
    r"(?:\s*(?:,|and|&|to)\s*)?)+)(?:,?\s*para(?:graph|\.)?\s*(\d+))?(?:,?\s*item\s*(\d+))?",
    re.IGNORECASE,
)
_ENGLISH_NUMBER = re.compile(r"(\d+)(?:[.\-](\d+))?((?:\(\d+\))*)")
_ENGLISH_PART = re.compile(r"\b(?:(supplementary provisions?)|(preamble))\b", re.IGNORECASE)
_KINDS = {"a": "条", "c": "章", "s": "節"}


def find_addresses(question: str) -> tuple[str, ...]:
    """The provisions that a question names, as locators begin with them (第12条の2第3項)."""
    plain = unicodedata.normalize("NFKC", question)
    packed = _NAMED.sub("", plain.replace(" ", ""))
    found = [_canonical(match.group()) for match in _JAPANESE.finditer(packed)]
    for match in _ENGLISH.finditer(plain):
        found += _from_english(match)
    for supplement, _ in _ENGLISH_PART.findall(plain):
        found.append("附則" if supplement else "前文")
    return tuple(dict.fromkeys(found))


def stands_at(passage: Passage, address: str) -> bool:
    """Whether a passage stands at an address, or below it."""
    places = [passage.locator, *passage.headings]
    return any(_begins(normalise_numbers(place), address) for place in places)


def _begins(place: str, address: str) -> bool:
    return place.startswith(address) and not re.match(r"\d|の\d", place[len(address) :])


def _canonical(reference: str) -> str:
    """第十二条の二第３項一号 → 第12条の2第3項第1号."""
    plain = normalise_numbers(reference)
    plain = plain if plain.startswith(("第", "附則", "別表", "前文")) else f"第{plain}"
    plain = re.sub(r"^(附則|別表)(?=\d)", r"\1第", plain)
    return re.sub(r"(?<=[条項])(\d+)([項号])|(?<=の\d)(\d+)([項号])", _with_ordinal, plain)


def _with_ordinal(match: re.Match[str]) -> str:
    return f"第{match.group()}"


def _from_english(match: re.Match[str]) -> list[str]:
    """Articles 5 and 28 → 第5条, 第28条; Article 12-2, paragraph 3 → 第12条の2第3項."""
    word, listed, paragraph, item = match.groups()
    kind = _KINDS[word[0].lower()]
    found = []
    for number, branch, inner in _ENGLISH_NUMBER.findall(listed):
        below = re.findall(r"\d+", inner) or [n for n in (paragraph,) if n]
        address = f"第{number}{kind}" + (f"の{branch}" if branch else "")
        if kind == "条":
            address += "".join(f"第{n}{unit}" for n, unit in zip(below, "項号", strict=False))
            address += f"第{item}号" if item else ""
        found.append(address)
    return found
