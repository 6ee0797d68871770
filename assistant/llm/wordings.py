"""A sentence as the words that must agree, in order: without what only rounds it off.

What is left out says nothing by itself: です and ます, て, articles, commas and quotation marks.
Every denial, particle, tense, limit and preposition stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.gate import fold
from assistant.quantities import COUNTED, Quantity, quantities
from index.tokenization import Morpheme, morphemes, words

_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
_LATIN = re.compile(r"\d+(?:[.,]\d+)*|(?<=\d)[~–-](?=\d)|[^\W\d_]+(?:['’][^\W\d_]+)*")
_DIGITS = re.compile(r"\d+")
_NOT = re.compile(r"n't$")
_ARTICLES = frozenset({"a", "an", "the", "that", "s"})
_POLITE = frozenset({"です", "ます", "だ"})
_DENIALS = frozenset({"ない", "無い", "ず", "ぬ", "まい"})
DENIED = "¬"
TOPIC, ALSO = "は", "も"
RANGE = "~"
_RANGES = frozenset("~〜～–‐-")
_CALENDAR = frozenset({"year", "fiscal_year", "month_name"})
_COUNT = re.compile(rf"^(?:[\d,.]+|(?:{'|'.join(COUNTED)})\b)[ -]?")


@dataclass(frozen=True)
class Word:
    """A word that must agree: what is compared, whether it names something, and its place."""

    key: str
    content: bool
    start: int
    end: int


def folded(text: str) -> str:
    """A text after NFKC in lower case, white space folded away where it parts no Latin words."""
    if is_japanese(text):
        return fold(text).lower()
    return " ".join(unicodedata.normalize("NFKC", text).split()).lower()


def is_japanese(text: str) -> bool:
    """Whether a text has Japanese letters."""
    return bool(_JAPANESE.search(text))


def agreeing(text: str) -> list[Word]:
    """The words of a folded, lower-case sentence that must agree, in order."""
    found = _japanese(text) if is_japanese(text) else _english(text)
    return list(found)


def _japanese(text: str) -> Iterator[Word]:
    numbers = quantities(text)
    before: Morpheme | None = None
    for morpheme in morphemes(text):
        number = _inside(morpheme.start, numbers)
        if number is not None:
            if number.start == morpheme.start or before is None or before.end <= number.start:
                yield _figure(number, text)
        else:
            key = _key(morpheme, before)
            if key:
                content = morpheme.speech[0] not in ("助詞", "助動詞")
                yield Word(key, content, morpheme.start, morpheme.end)
        before = morpheme


def _key(morpheme: Morpheme, before: Morpheme | None) -> str:
    """What is compared of a Japanese word, "" where it only rounds off."""
    kind, part = morpheme.speech
    if morpheme.surface in _RANGES:
        return RANGE
    if kind in ("補助記号", "空白", "接頭辞") and not morpheme.surface.isalnum():
        return ""
    if morpheme.word in _DENIALS and kind in ("助動詞", "形容詞"):
        return DENIED
    if kind == "接頭辞" and morpheme.surface in ("ご", "お", "御"):
        return ""
    if kind == "助動詞":
        conditional = morpheme.surface in ("なら", "ならば")
        return "" if morpheme.word in _POLITE and not conditional else morpheme.word
    if kind == "助詞":
        conceding = (
            before is not None and before.surface in ("て", "で") and before.speech[0] == kind
        )
        return _particle(morpheme.surface, part if not conceding else "")
    after_copula = before is not None and before.surface in ("で", "て")
    if morpheme.word in ("有る", "居る") and after_copula:
        return ""
    return morpheme.base if kind == "動詞" else morpheme.word


def _particle(surface: str, part: str) -> str:
    if part == "接続助詞":
        return "" if surface in ("て", "で") else f"{surface}+"
    return surface


def _english(text: str) -> Iterator[Word]:
    numbers = quantities(text)
    last = -1
    for match in _LATIN.finditer(text):
        number = _inside(match.start(), numbers)
        if match.group() in _RANGES:
            yield Word(RANGE, False, match.start(), match.end())
        elif number is not None:
            if number.start != last:
                yield _figure(number, text)
            last = number.start
        else:
            yield from _english_words(match)


def _english_words(match: re.Match[str]) -> Iterator[Word]:
    """The words of a run of letters, whole: a stem takes administrators for administrations."""
    for part in _NOT.sub(" not", match.group().replace("’", "'")).replace("'", " ").split():
        if part not in _ARTICLES:
            yield Word(part, bool(words(part)), match.start(), match.end())


def _inside(place: int, numbers: Sequence[Quantity]) -> Quantity | None:
    return next((q for q in numbers if q.start <= place < q.end), None)


def _figure(number: Quantity, text: str) -> Word:
    """A number with what it counts, as written; a year by its value in either calendar.

    What begins with 0 is no number to count with.
    """
    written = text[number.start : number.end]
    if number.unit in _CALENDAR:
        return Word(f"={number.value} {number.unit}", True, number.start, number.end)
    digits = _DIGITS.match(written)
    value = digits.group() if digits and digits.group()[0] == "0" else number.value
    counted = _COUNT.sub("", written).strip()
    return Word(f"={value} {counted}".strip(), True, number.start, number.end)
