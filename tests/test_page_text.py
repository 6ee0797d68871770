"""Where a passage stands on its page: found for certain, or said to be nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.page_text import block_boxes, find_passage, find_quote, fold_text, line_boxes


@pytest.mark.parametrize(
    ("page", "passage", "quote", "found"),
    [
        ("第1条　協働は、\n対等です。", "協働は、対等です。", "対等です", "対等です"),
        ("㈱見本　⑴ 協定", "株見本(1)協定", "協定", "協定"),
        ("ＡＢＣ ｱｲｳ", "ABCアイウ", "アイウ", "ｱｲｳ"),
        ("頭書き 期限は9月。", "前の頁から続き、期限は9月。", "期限は9月。", "期限は9月。"),
    ],
)
def test_a_quote_is_found_across_broken_lines_and_forms(
    page: str, passage: str, quote: str, found: str
) -> None:
    start = passage.index(quote)
    stretch = find_quote(fold_text(page), passage, start, start + len(quote))
    assert stretch is not None
    assert page[stretch.start : stretch.stop] == found


@pytest.mark.parametrize(
    ("page", "passage"),
    [
        ("窓口で配ります。窓口で配ります。", "窓口で配ります。"),
        ("別の文です。", "窓口で配ります。"),
        ("", "窓口"),
        ("窓口", ""),
    ],
)
def test_what_is_missing_or_stands_twice_is_nowhere(page: str, passage: str) -> None:
    assert find_quote(fold_text(page), passage, 0, len(passage)) is None
    assert find_passage(fold_text(page), passage) == ()


def test_words_that_stand_twice_are_told_apart_by_their_passage() -> None:
    page = "甲は窓口で配ります。乙は窓口で配ります。"
    stretch = find_quote(fold_text(page), "乙は窓口で配ります。", 2, 10)
    assert stretch == range(12, 20)


def test_of_a_passage_put_together_anew_its_pieces_are_found() -> None:
    page = fold_text("目的は三つです。【頭書き】方法は別に定めます。")
    found = find_passage(page, "方法は別に定めます。目的は三つです。")
    assert [(r.start, r.stop) for r in found] == [(13, 23), (0, 8)]


@given(st.text(), st.text(), st.data())
def test_a_found_quote_is_the_same_words(before: str, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    page = before + text
    stretch = find_quote(fold_text(page), text, start, end)
    if stretch is not None:
        there = fold_text(page[stretch.start : stretch.stop]).text
        assert fold_text(text[start:end]).text in there


def test_boxes_of_characters_become_lines_and_columns() -> None:
    row = [(0.1 + 0.02 * i, 0.1, 0.12 + 0.02 * i, 0.12) for i in range(5)]
    below = [(0.1 + 0.02 * i, 0.13, 0.12 + 0.02 * i, 0.15) for i in range(3)]
    beside = [(0.6 + 0.02 * i, 0.1, 0.62 + 0.02 * i, 0.12) for i in range(3)]
    lines = line_boxes([*row, *below, *beside])
    assert [tuple(round(v, 2) for v in line) for line in lines] == [
        (0.1, 0.1, 0.2, 0.12),
        (0.1, 0.13, 0.16, 0.15),
        (0.6, 0.1, 0.66, 0.12),
    ]
    blocks = block_boxes(lines)
    assert [tuple(round(v, 2) for v in b) for b in blocks] == [
        (0.1, 0.1, 0.2, 0.15),
        (0.6, 0.1, 0.66, 0.12),
    ]
    down = [(0.8, 0.1 + 0.02 * i, 0.82, 0.12 + 0.02 * i) for i in range(4)]
    assert [tuple(round(v, 2) for v in b) for b in line_boxes(down)] == [(0.8, 0.1, 0.82, 0.18)]
