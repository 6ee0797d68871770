"""A short question that leans on the one before is worded to stand alone; others are left."""

from __future__ import annotations

import pytest

from assistant.datatypes import Turn
from assistant.followup import stand_alone
from assistant.understand import language_of
from index.terms import TermList, load_terms


@pytest.fixture(scope="module")
def terms() -> TermList:
    return load_terms()


def worded(question: str, *before: str, terms: TermList) -> str:
    turns = [t for said in before for t in (Turn("user", said), Turn("assistant", "… [1]"))]
    return stand_alone(question, turns, language_of(question), terms)


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("大学とは協働できますか", "それは会社でも同じ?", "会社とは協働できますか"),
        ("大学とは協働できますか", "会社の場合は?", "会社とは協働できますか"),
        ("大学とは協働できますか", "じゃあNPOは？", "NPOとは協働できますか"),
        ("Can a university be a partner?", "What about a company?", "Can a company be a partner?"),
        ("Can a university be a partner?", "And an NPO?", "Can an NPO be a partner?"),
        (
            "Can a university be our partner?",
            "And a neighbourhood association?",
            "Can a neighbourhood association be our partner?",
        ),
    ],
)
def test_another_partner_takes_the_place_of_the_one_before(
    before: str, question: str, expected: str, terms: TermList
) -> None:
    assert worded(question, before, terms=terms) == expected


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (
            "自治基本条例では協働をどう定義していますか",
            "協働型事業のルールでは?",
            "協働型事業のルールでは協働をどう定義していますか",
        ),
        ("財政局の後援の申請期限はいつですか", "共催は?", "財政局の共催の申請期限はいつですか"),
        ("中原区の提案事業の上限額は?", "麻生区は?", "麻生区の提案事業の上限額は?"),
        ("第4期の委員会の報告は?", "第3期は?", "第3期の委員会の報告は?"),
        ("第5条には何が書いてありますか", "第6条は?", "第6条には何が書いてありますか"),
        (
            "What is the deadline for nominal support by the Finance Bureau?",
            "And co-hosting?",
            "What is the deadline for co-hosting by the Finance Bureau?",
        ),
        ("What does Article 5 say?", "And Article 28?", "What does Article 28 say?"),
    ],
)
def test_another_document_scheme_place_or_number_takes_its_place(
    before: str, question: str, expected: str, terms: TermList
) -> None:
    assert worded(question, before, terms=terms) == expected


@pytest.mark.parametrize(
    ("before", "question", "topic"),
    [
        (
            "協働型事業のルールに拘束力はありますか",
            "違反したらどうなりますか",
            "協働型事業のルール",
        ),
        ("協働とは何ですか", "その根拠は?", "協働"),
        ("後援名義の申請に必要な書類は", "いつまでに出せばいいの", "後援名義"),
        ("Are the Collaborative Project Rules binding?", "Why?", "Collaborative Project Rules"),
        ("What is collaboration?", "Does it need an agreement?", "collaboration"),
    ],
)
def test_the_topic_is_put_in_front_where_nothing_can_be_swapped(
    before: str, question: str, topic: str, terms: TermList
) -> None:
    alone = worded(question, before, terms=terms)
    assert topic in alone
    assert alone.endswith(question)
    assert alone != question


@pytest.mark.parametrize(
    "question",
    [
        "市民活動センターの場所はどこですか",
        "包括外部監査では協働について何が指摘されましたか",
        "第5条には何が書いてありますか",
        "後援名義の申請期限は?",
        "市民活動団体って何ですか",
        "What are neighbourhood associations?",
        "ありがとう",
        "What is the Kawasaki Citizen Activity Centre?",
        "Thank you!",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str, terms: TermList) -> None:
    assert worded(question, "大学とは協働できますか", terms=terms) == question


def test_without_a_question_before_nothing_is_changed(terms: TermList) -> None:
    assert worded("それは会社でも同じ?", terms=terms) == "それは会社でも同じ?"
    spoken = [Turn("assistant", "こんにちは。何でもお尋ねください。"), Turn("user", "  ")]
    assert stand_alone("それは会社でも同じ?", spoken, "ja", terms) == "それは会社でも同じ?"


def test_three_turns_are_followed_one_through_the_other(terms: TermList) -> None:
    alone = worded("町内会は?", "大学とは協働できますか", "会社の場合は?", terms=terms)
    assert alone == "町内会とは協働できますか"


def test_a_question_after_one_in_the_other_language_stays_in_its_own(terms: TermList) -> None:
    japanese = worded("会社の場合は?", "Can a university collaborate with us?", terms=terms)
    english = worded("What about a company?", "大学は協働の相手になりますか", terms=terms)
    assert japanese.startswith("協働")
    assert japanese.endswith("会社の場合は?")
    assert "大学" not in japanese
    assert english == "About collaboration: What about a company?"


def test_what_cannot_be_read_in_a_conversation_does_no_harm(terms: TermList) -> None:
    for said in ("\ud800協働とは何ですか", "協働" * 30_000, "\x00", "????"):
        assert worded("その根拠は?", said, terms=terms).endswith("その根拠は?")
