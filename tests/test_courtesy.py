"""A greeting before a question changes nothing of its answer."""

from __future__ import annotations

import pytest

from assistant.courtesy import without_courtesy
from assistant.pipeline import Assistant
from index import Index


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("おはようございます。花火大会はいつですか", "花火大会はいつですか"),
        (
            "お疲れ様です、食堂の場所を教えてください。よろしくお願いします。",
            "食堂の場所を教えてください。",
        ),
        ("お世話になっております。すみませんが、食堂はどこですか?", "食堂はどこですか?"),
        ("Good morning! Where is the canteen? Thanks in advance.", "Where is the canteen?"),
        ("Hi, where is the canteen, please?", "where is the canteen,"),
        ("食堂の予約をお願いします", "食堂の予約をお願いします"),
        ("おはようございます", "おはようございます"),
        ("Hilltop park opening hours", "Hilltop park opening hours"),
        ("ありがとうございます。", "ありがとうございます。"),
        ("こんにちは", "こんにちは"),
    ],
)
def test_greetings_are_left_out_and_questions_kept(typed: str, asked: str) -> None:
    assert without_courtesy(typed) == asked


@pytest.mark.parametrize(
    ("question", "greeted"),
    [
        ("協働とは何ですか", "おはようございます。協働とは何ですか"),
        ("What does collaboration mean?", "Good morning! What does collaboration mean? Thank you."),
    ],
)
def test_a_greeted_question_has_the_same_answer(
    bundled_index: Index, question: str, greeted: str
) -> None:
    assistant = Assistant(bundled_index)
    plain, polite = assistant.ask(question), assistant.ask(greeted)
    assert plain.status == polite.status == "answered"
    assert polite.statements == plain.statements


@pytest.mark.parametrize(
    "said",
    ["Good morning! How was your weekend?", "こんにちは、今日は暇ですか", "Hello", "おはよう"],
)
def test_small_talk_is_answered_with_no_passage(bundled_index: Index, said: str) -> None:
    assert Assistant(bundled_index).ask(said).status == "no_answer"
