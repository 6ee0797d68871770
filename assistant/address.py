"""Provisions addressed by number: 第5条, 第3条第4号, 第3章, Article 5, Chapter 3."""

from __future__ import annotations

import re
import unicodedata

from corpus.datatypes import Passage
from corpus.numerals import NUMERAL, normalise_numbers

_JAPANESE = re.compile(
    rf"(?:附則)?第?{NUMERAL}(?:条|章|節|編)(?:の{NUMERAL})*(?:第?{NUMERAL}項)?(?:第?{NUMERAL}号)?"
)
_ENGLISH = re.compile(r"\b(art(?:icle|\.)?|chapter|section)\s*(\d+)(?:[.\-](\d+))?", re.IGNORECASE)
_KINDS = {"a": "条", "c": "章", "s": "節"}


def find_addresses(question: str) -> tuple[str, ...]:
    """The provisions that a question names, as locators begin with them (第12条の2第3項)."""
    plain = unicodedata.normalize("NFKC", question).replace(" ", "")
    found = [_canonical(match.group()) for match in _JAPANESE.finditer(plain)]
    for word, number, branch in _ENGLISH.findall(unicodedata.normalize("NFKC", question)):
        found.append(f"第{number}{_KINDS[word[0].lower()]}" + (f"の{branch}" if branch else ""))
    return tuple(dict.fromkeys(found))


def stands_at(passage: Passage, address: str) -> bool:
    """Whether a passage stands at an address, or below it."""
    places = [passage.locator, *passage.headings]
    return any(_begins(normalise_numbers(place), address) for place in places)


def _begins(place: str, address: str) -> bool:
    return place.startswith(address) and not re.match(r"\d|の\d", place[len(address) :])


def _canonical(reference: str) -> str:
    plain = normalise_numbers(reference)
    plain = plain if plain.startswith(("第", "附則")) else f"第{plain}"
    return re.sub(r"(?<=[条項\d])(\d+)([項号])", r"第\1\2", plain)
