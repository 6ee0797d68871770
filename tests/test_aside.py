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


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("公平性を保つためにどんな手順が要りますか", "助成金はだれが申し込めるんだ"),
        ("共催と後援の違いは何ですか", "市長への手紙は何通?"),
    ],
)
def test_a_question_that_names_its_own_subject_and_is_known_stands_alone(
    before: str, question: str
) -> None:
    answer = assistant().ask(question, [Turn("user", before), Turn("assistant", "…[1]")])
    assert answer.query.standalone == question


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("助成金の上限はいくらですか", "締切は?"),
        ("助成金の上限はいくらですか", "だれが審査するの"),
        ("What is collaboration?", "Who decides?"),
        ("企業とも協働できますか", "大学は?"),
    ],
)
def test_a_fragment_that_names_nothing_leans_however_often_it_is_asked(
    before: str, question: str
) -> None:
    answer = assistant().ask(question, [Turn("user", before), Turn("assistant", "…[1]")])
    assert answer.query.standalone != question


def test_what_leans_on_a_question_of_its_own_leans_on_nothing_before_it() -> None:
    said = ("公平性を保つためにどんな手順が要りますか", "助成金はだれが申し込めるんだ")
    history = [turn for text in said for turn in (Turn("user", text), Turn("assistant", "…[1]"))]
    alone = assistant().ask("締切は?", history).query.standalone
    assert "助成金" in alone
    assert "公平性" not in alone


@pytest.mark.parametrize("before", ["あ" * 3000, "\x00", " "])
def test_an_earlier_message_of_any_kind_can_be_leant_on(before: str) -> None:
    assert assistant().ask("締切は?", [Turn("user", before), Turn("assistant", "…")]).text
