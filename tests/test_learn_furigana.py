"""Readings above terms: over kanji only, and nowhere that they would do harm."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from assistant.learn.furigana import ruby_of, with_ruby

READINGS = {"協働": "きょうどう", "協働型事業のルール": "きょうどうがたじぎょうのるーる"}


@pytest.mark.parametrize(
    ("term", "reading", "expected"),
    [
        ("協働", "きょうどう", "<ruby>協働<rt>きょうどう</rt></ruby>"),
        (
            "振り返り",
            "ふりかえり",
            "<ruby>振<rt>ふ</rt></ruby>り<ruby>返<rt>かえ</rt></ruby>り",
        ),
        (
            "協働型事業のルール",
            "きょうどうがたじぎょうのるーる",
            "<ruby>協働型事業<rt>きょうどうがたじぎょう</rt></ruby>のルール",
        ),
        ("6つの原則", "むっつのげんそく", "6つの<ruby>原則<rt>げんそく</rt></ruby>"),
        ("まちのひろば", "まちのひろば", "まちのひろば"),
        ("土産", "みやげもの", "<ruby>土産<rt>みやげもの</rt></ruby>"),
    ],
)
def test_only_kanji_get_a_reading(term: str, reading: str, expected: str) -> None:
    assert ruby_of(term, reading) == expected


def test_a_longer_term_goes_before_the_one_inside_it() -> None:
    assert with_ruby("協働型事業のルールと協働", READINGS) == (
        "<ruby>協働型事業<rt>きょうどうがたじぎょう</rt></ruby>のルールと"
        "<ruby>協働<rt>きょうどう</rt></ruby>"
    )


@pytest.mark.parametrize(
    "kept",
    [
        '<a title="協働" href="/glossary?q=協働">→</a>',
        "<select><option>協働</option></select>",
        "<textarea>協働</textarea>",
        "<ruby>協働<rt>x</rt></ruby>",
        "連携",
    ],
)
def test_what_is_no_running_text_stays_as_it_is(kept: str) -> None:
    assert with_ruby(Markup(kept), READINGS) == kept


def test_plain_text_is_escaped_before_it_gets_readings() -> None:
    assert with_ruby("<b>協働", READINGS).startswith("&lt;b&gt;<ruby>")
