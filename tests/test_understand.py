"""A question is cleaned, its language told, and what cannot be asked is refused in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import QuestionError
from assistant.understand import LONGEST, clean_text, kind_of, language_of, understand
from index.terms import load_terms

DAY = "2026-04-01"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("これは協働に当たりますか", "ja"),
        ("NPOとcollaborationの違いは何ですか", "ja"),
        ("SDGs partnerの登録はどうすればいいですか", "ja"),
        ("協働", "ja"),
        ("Does this count as 協働?", "en"),
        ("What is 協働型事業 and who can join it?", "en"),
        ("Does this count as collaboration?", "en"),
        ("ＷＨＡＴ　ＩＳ　ＦＡＩＲＮＥＳＳ？", "en"),
        ("ＮＰＯ法人は？", "ja"),
        ("ｷｮｳﾄﾞｳﾄﾊﾅﾝﾃﾞｽｶ", "ja"),
        ("第5条", "ja"),
        ("Article 5", "en"),
    ],
)
def test_the_language_is_the_one_the_question_is_asked_in(question: str, language: str) -> None:
    assert language_of(clean_text(question)) == language


@pytest.mark.parametrize(
    "question", ["", "   ", "\n\t　", "\u200b\u200d\ufeff", "\x00\x07", "\ud800"]
)
@pytest.mark.parametrize("language", ["auto", "ja", "en"])
def test_an_empty_question_is_refused(question: str, language: str) -> None:
    with pytest.raises(QuestionError, match=r"質問が空です|question is empty"):
        understand(question, (), language, DAY, load_terms())


def test_a_question_of_50000_characters_is_refused_with_both_numbers() -> None:
    with pytest.raises(QuestionError, match=r"2000字まで.*50000字"):
        understand("協" * 50_000, (), "auto", DAY, load_terms())
    with pytest.raises(QuestionError, match="2000 characters .50000 were found"):
        understand("a b " * 12_499 + "abcd", (), "auto", DAY, load_terms())


def test_a_question_may_have_as_many_characters_as_the_limit_says() -> None:
    assert len(understand("協" * LONGEST, (), "auto", DAY, load_terms()).question) == LONGEST


@pytest.mark.parametrize(
    "hidden",
    ["\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\ud83d", "\x1b[31m", "\U000e0041"]
    + ["\xad"],
    ids=ascii,
)
def test_what_cannot_be_seen_does_not_stay_in_a_question(hidden: str) -> None:
    query = understand(f"協{hidden}働とは", (), "auto", DAY, load_terms())
    assert hidden not in query.question
    query.question.encode("utf-8")


@settings(deadline=None, max_examples=150)
@given(st.text(st.characters(), max_size=120))
def test_a_cleaned_question_is_readable_and_cleaning_it_again_changes_nothing(text: str) -> None:
    clean = clean_text(text)
    clean.encode("utf-8")
    assert clean == clean.strip()
    assert "\n" not in clean
    assert clean_text(clean) == clean


@settings(deadline=None, max_examples=100)
@given(st.text(min_size=1, max_size=60))
def test_any_question_is_understood_or_refused(text: str) -> None:
    if not clean_text(text):
        with pytest.raises(QuestionError, match="empty|空"):
            understand(text, (), "auto", DAY, load_terms())
        return
    query = understand(text, (), "auto", DAY, load_terms())
    assert query.standalone == query.question == clean_text(text)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_answer_is_in_the_language_asked_for(language: str) -> None:
    assert understand("協働とは何ですか", (), language, DAY, load_terms()).language == language


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("これは協働に当たりますか", "counts"),
        ("公平性のために何をすればよいですか", "fairness"),
        ("共催と後援の違いは何ですか", "comparison"),
        ("協働とは何ですか", "definition"),
        ("後援名義はどうやって申請しますか", "procedure"),
        ("協働は第何条にありますか", "lookup"),
        ("委員は何人ですか", "fact"),
        ("Does this count as collaboration?", "counts"),
        ("Is a lease of tents collaboration?", "counts"),
        ("We hired them. Is our contract with them collaboration?", "counts"),
        ("What is a good case of collaboration?", "definition"),
        ("What fairness steps apply?", "fairness"),
        ("How do I apply for nominal support?", "procedure"),
    ],
)
def test_the_kind_of_a_question_is_told_by_its_words(question: str, kind: str) -> None:
    assert kind_of(question, language_of(question)).name == kind
