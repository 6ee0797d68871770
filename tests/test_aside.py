"""A question that turns aside from the conversation is not answered with what came before."""

from __future__ import annotations

import pytest

from assistant.datatypes import Turn
from tests.guide_index import assistant

TALK = {
    "ja": ("後援の申請はどこにしますか", "共催・後援の申請先は所管課です。[1]"),
    "en": ("Where do I apply for nominal support?", "At the section in charge. [1]"),
}


def turns(language: str) -> list[Turn]:
    asked, told = TALK[language]
    return [Turn("user", asked), Turn("assistant", told)]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("夕方の降水確率は", "ja"),
        ("犬のしつけ方", "ja"),
        ("面白い小説は？", "ja"),
        ("Pizza or sushi tonight?", "en"),
    ],
)
def test_what_no_document_speaks_of_is_not_answered_with_the_subject_before(
    question: str, language: str
) -> None:
    answer = assistant().ask(question, turns(language))
    assert answer.query.standalone == question
    assert answer.status == "no_answer"


@pytest.mark.parametrize(
    ("question", "language"),
    [("期限は？", "ja"), ("雨天の場合は？", "ja"), ("なぜ？", "ja"), ("How early?", "en")],
)
def test_what_leans_on_the_conversation_still_does(question: str, language: str) -> None:
    answer = assistant().ask(question, turns(language))
    assert answer.query.standalone != question


def test_a_subject_of_its_own_does_not_take_the_place_of_another() -> None:
    history = [Turn("user", "指針はいつ作られましたか"), Turn("assistant", "平成13年です。[1]")]
    answer = assistant().ask("協働の意味", history)
    assert answer.query.standalone == "協働の意味"
    assert "川崎市自治基本条例" in answer.text
