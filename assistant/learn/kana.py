"""Kana: how words are compared and in which order a Japanese dictionary lists them."""

from __future__ import annotations

import unicodedata

_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_ROWS = (
    ("あ", "あいうえお"),
    ("か", "かきくけこ"),
    ("さ", "さしすせそ"),
    ("た", "たちつてと"),
    ("な", "なにぬねの"),
    ("は", "はひふへほ"),
    ("ま", "まみむめも"),
    ("や", "やゆよ"),
    ("ら", "らりるれろ"),
    ("わ", "わゐゑをん"),
)
_VOWELS = {
    "あ": "あかさたなはまやらわ",
    "い": "いきしちにひみりゐ",
    "う": "うくすつぬふむゆる",
    "え": "えけせてねへめれゑ",
    "お": "おこそとのほもよろを",
}


def hiragana(text: str) -> str:
    """Text after NFKC, in small letters, with katakana as hiragana."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in plain)


def sort_key(reading: str) -> tuple[str, str]:
    """The place of a reading in 五十音 order: voiced and small kana count as plain ones first.

    The long mark counts as the vowel that it lengthens.
    """
    kana = hiragana(reading)
    base = ""
    for letter in kana:
        plain = unicodedata.normalize("NFD", letter)[0].translate(_SMALL)
        if letter == "ー" and base:
            vowels = (vowel for vowel, row in _VOWELS.items() if base[-1] in row)
            plain = next(vowels, letter)
        base += plain
    return base, kana


def row_of(reading: str) -> str:
    """The row of a reading: あ, か, さ and so on; "" for what is no kana."""
    first = sort_key(reading)[0][:1]
    return next((name for name, letters in _ROWS if first and first in letters), "")
