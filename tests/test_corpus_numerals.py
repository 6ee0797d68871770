"""Numbers as Japanese documents write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.numerals import NUMERAL, normalise_numbers, to_int

_KANJI = "〇一二三四五六七八九"


def in_kanji(number: int) -> str:
    """百二十三, as laws write a number."""
    if number == 0:
        return "〇"
    written = ""
    for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure = number // unit % 10
        if figure and unit > 1:
            written += ("" if figure == 1 else _KANJI[figure]) + mark
        elif figure:
            written += _KANJI[figure]
    return written


@given(st.integers(0, 9999))
def test_every_way_of_writing_a_number_has_its_value(number: int) -> None:
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in str(number))
    positional = "".join(_KANJI[int(c)] for c in str(number))
    assert to_int(in_kanji(number)) == number
    assert to_int(full_width) == number
    assert to_int(positional) == number
    assert to_int(str(number)) == number


@pytest.mark.parametrize(
    ("written", "value"),
    [("百二十", 120), ("〇", 0), ("一〇", 10), ("２千", 2000), ("2千3百", 2300), ("一〇五", 105)],
)
def test_a_numeral_has_its_value(written: str, value: int) -> None:
    assert to_int(written) == value


@pytest.mark.parametrize("written", ["", "の", "一万", "1.5", "-1", "甲"])
def test_what_is_no_numeral_is_refused_by_name(written: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(written))):
        to_int(written)


@given(st.from_regex(rf"\A{NUMERAL}\Z"))
def test_whatever_looks_like_a_numeral_has_a_value(written: str) -> None:
    assert to_int(written) >= 0


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("第十二条の二第３項第一号", "第12条の2第3項第1号"),
        ("附則第２項", "附則第2項"),
        ("別表第一", "別表第1"),
        ("第二千条", "第2000条"),
    ],
)
def test_a_reference_is_written_in_half_width_figures(written: str, plain: str) -> None:
    assert normalise_numbers(written) == plain
    assert normalise_numbers(plain) == plain
