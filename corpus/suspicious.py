"""Passages that give orders to an assistant, by the words and marks of suspicious.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from corpus.datatypes import Document, Passage
from corpus.warnings import warning

_NOT_LETTERS = re.compile(r"[\W_]+")
_NAMED = 3
"""Places that a warning names."""
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class _Words:
    """The file's words, folded: one pattern over letters, one over marks."""

    letters: re.Pattern[str]
    marks: re.Pattern[str]
    look_alikes: dict[int, str]


def is_suspicious(text: str) -> bool:
    """Whether a text holds an order to an assistant rather than words to its reader.

    Case, width, white space, punctuation between letters and look-alike letters make no
    difference. A hit is a reason to look, not a proof.
    """
    words = _words()
    plain = unicodedata.normalize("NFKC", text).casefold()
    if words.marks.search(_SPACES.sub("", plain)):
        return True
    return bool(words.letters.search(_folded(plain, words.look_alikes)))


def with_suspicions(document: Document, passages: list[Passage]) -> tuple[Document, list[Passage]]:
    """A document that warns of its suspicious passages, and its passages of that document."""
    places = [p.locator for p in passages if p.suspicious and not p.rendering]
    if not places:
        return document, passages
    found = warning("suspicious", len(places), "、".join(dict.fromkeys(places[:_NAMED])))
    document = replace(document, warnings=(*document.warnings, *found))
    return document, [replace(p, document=document) for p in passages]


def _folded(text: str, look_alikes: dict[int, str]) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().translate(look_alikes)
    return _NOT_LETTERS.sub("", plain)


@cache
def _words() -> _Words:
    with Path(__file__).with_name("suspicious.toml").open("rb") as file:
        table = tomllib.load(file)
    look_alikes = {ord(one): other for one, other in table["look_alikes"].items()}

    def either(words: list[str]) -> str:
        return "|".join(re.escape(_folded(word, look_alikes)) for word in words)

    patterns = [either(table["phrases"])]
    for sequence in table["sequences"]:
        gap = f".{{0,{int(sequence['within'])}}}?"
        patterns.append(gap.join(f"(?:{either(words)})" for words in sequence["words"]))
    marks = [_SPACES.sub("", mark.casefold()) for mark in table["marks"]]
    return _Words(
        re.compile("|".join(patterns)),
        re.compile("|".join(map(re.escape, marks))),
        look_alikes,
    )
