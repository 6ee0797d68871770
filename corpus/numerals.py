"""Numbers as Japanese documents write them: 12, １２, 十二, 一二, 百二十, 2千."""

from __future__ import annotations

import re
import unicodedata

NUMERAL = r"[0-9０-９〇一二三四五六七八九十百千]{1,12}"
KANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
)
"""The kana in the order in which lists count with them: ア, イ, ウ."""
IROHA = (
    "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
)
"""The kana in the older order: イ, ロ, ハ."""
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {str(i): i for i in range(10)}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def to_int(numeral: str) -> int:
    """The value of a numeral in half-width, full-width or kanji figures, or a mixture.

    Raises:
        ValueError: if it is no numeral, or has more than 4,300 figures.
    """
    plain = unicodedata.normalize("NFKC", numeral)
    if plain.isascii() and plain.isdigit():
        return int(plain)
    if not plain or any(c not in _DIGITS and c not in _UNITS for c in plain):
        raise ValueError(f"{numeral!r} is not a numeral such as 12, １２ or 十二.")
    total = 0
    figures = ""
    for c in plain:
        if c in _DIGITS:
            figures += str(_DIGITS[c])
        else:
            total += max(int(figures or "1"), 1) * _UNITS[c]
            figures = ""
    return total + int(figures or "0")


def normalise_numbers(reference: str) -> str:
    """A reference such as 第十二条の二第３項 with its numbers in half-width figures.

    For references only: in running text 一般 would become 1般.
    """
    return re.sub(NUMERAL, lambda m: str(to_int(m.group())), reference)
