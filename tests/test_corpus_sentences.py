"""Sentences as offsets."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import split_sentences

_TEXTS = st.text(alphabet='あ協。、！？!?．.「」『』（）()\n 　\t1２A b・"”-', max_size=80)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@given(_TEXTS | st.text(max_size=60))
def test_spans_are_in_order_apart_and_leave_out_only_white_space(text: str) -> None:
    position = 0
    for start, end in split_sentences(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()


@given(_TEXTS)
def test_no_sentence_goes_over_a_line_end(text: str) -> None:
    assert not any("\n" in sentence for sentence in sentences(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公開する。次に諮る。", ["公開する。", "次に諮る。"]),
        ("本当か？本当だ！？そうか。", ["本当か？", "本当だ！？", "そうか。"]),
        ("原則（第5条。以下同じ）による。次。", ["原則（第5条。以下同じ）による。", "次。"]),
        ("「はい。」と答えた。次。", ["「はい。」と答えた。", "次。"]),
        ("「賛成。」「反対。」", ["「賛成。」", "「反対。」"]),
        ("公開する。（注：例外がある。）次。", ["公開する。", "（注：例外がある。）", "次。"]),
        ("「先に決める。」（第1回）", ["「先に決める。」（第1回）"]),
        ("（閉じない。次の文。", ["（閉じない。", "次の文。"]),
        ("（全角で開き半角で閉じる。)次。", ["（全角で開き半角で閉じる。)", "次。"]),
        ("見出し\n■一つ目\n・二つ目。続き", ["見出し", "■一つ目", "・二つ目。", "続き"]),
        (
            "負担は2.5％です。１．５倍です．次です",
            ["負担は2.5％です。", "１．５倍です．", "次です"],
        ),
        (
            "詳しくはhttps://example.jp/page?id=3を見る。次。",
            ["詳しくはhttps://example.jp/page?id=3を見る。", "次。"],
        ),
    ],
)
def test_japanese_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See e.g. Article 5. Then ask.", ["See e.g. Article 5.", "Then ask."]),
        ("Ordinance No. 60 of 2004. It binds.", ["Ordinance No. 60 of 2004.", "It binds."]),
        ("The answer is No. Ask again.", ["The answer is No.", "Ask again."]),
        ("Groups, companies etc. Others too.", ["Groups, companies etc.", "Others too."]),
        ("Open from 9 a.m. to 5 p.m. on weekdays.", ["Open from 9 a.m. to 5 p.m. on weekdays."]),
        ("Mr. Sato and Ms. Abe came.", ["Mr. Sato and Ms. Abe came."]),
        ("It rose 2.5 times (Art. 3). End.", ["It rose 2.5 times (Art. 3).", "End."]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ('"Is it fair?" she asked. Yes!', ['"Is it fair?" she asked.', "Yes!"]),
    ],
)
def test_english_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text", ["「" + "協働です。" * 60_000, "（" * 100_000 + "）" * 100_000, "a. " * 100_000]
)
def test_a_hostile_line_takes_seconds_not_minutes(text: str) -> None:
    started = time.perf_counter()
    split_sentences(text)
    assert time.perf_counter() - started < 5
