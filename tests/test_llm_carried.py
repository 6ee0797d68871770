"""A statement's words must hang together as its source's do, however they are put."""

from __future__ import annotations

import pytest

from assistant.gate import sentences
from assistant.llm.carried import disagreement
from assistant.llm.chains import chain
from assistant.llm.fit import as_source, fit
from assistant.llm.trees import phrases

AIMS = "目安は、事業の認識がほぼ一致していること、最終目標がある程度一致していることです。"
CHAPTERS = "第1章が総則、第2章が役割等です。第3章が制度等、第4章が国との関係です。"
WARDS = "The committee makes the selection and the ward makes the final decision."
SWAPPED = "The ward makes the selection and the committee makes the final decision."


def cost(said: str, quote: str) -> float:
    source = as_source(sentences(quote))
    return sum(fit(sentence, source).cost for sentence in sentences(said))


def test_a_noun_hangs_on_the_noun_that_it_narrows_and_on_the_next_predicate() -> None:
    found = phrases("市民は、会館の利用を市に申請します。")
    assert [(p.words[0], p.kind, p.head) for p in found] == [
        ("市民", "は", 4),
        ("会館", "の", 2),
        ("利用", "を", 4),
        ("市", "に", 4),
        ("申請", "and", -1),
    ]


def test_light_verbs_and_nouns_melt_into_what_they_follow() -> None:
    plain, light = phrases("市が支援する。"), phrases("市が支援を行うことです。")
    assert [p.words for p in plain] == [p.words for p in light] == [("市",), ("支援",)]


def test_who_does_something_stays_with_what_is_done_in_english() -> None:
    runs = [p.words for p in chain("the ward makes the final decision.")]
    assert runs == [("ward", "make"), ("final", "decis")]


@pytest.mark.parametrize(
    ("true", "false", "quote"),
    [
        ("事業の認識がほぼ一致していること", "最終目標がほぼ一致していること", AIMS),
        ("第1章は、総則です。", "第2章は、総則です。", CHAPTERS),
    ],
)
def test_what_is_put_together_from_two_places_costs_more(true: str, false: str, quote: str) -> None:
    assert cost(true, quote) < 0.5 < cost(false, quote)


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("補助金では、市内の団体が対象になります。", "補助金は、市内の団体が対象です。"),
        ("市が10月に開いたのは、説明会です。", "市は、10月に説明会を開催しました。"),
        ("説明会は、市によって10月に開かれた。", "市は、10月に説明会を開きました。"),
        ("要件は、所在、規約、実績の3つです。", "要件は、所在、規約、実績です。"),
        ("The report was made by the committee.", "The committee made the report."),
    ],
)
def test_careful_rewording_is_carried(said: str, quote: str) -> None:
    assert disagreement(said, quote, "") == ""


@pytest.mark.parametrize(
    ("said", "quote", "reason"),
    [
        (
            "補助金の上限は、20万円です。",
            "補助金は、市内の団体が対象で、上限は10万円です。",
            "numbers",
        ),
        ("要件は、所在、規約、実績の4つです。", "要件は、所在、規約、実績です。", "numbers"),
        (
            "市は、説明会を開かなければなりません。",
            "市は、説明会を開くことができます。",
            "modality",
        ),
        ("だれでも応募できます。", "市内の団体が応募できます。", "limits"),
        ("市は、説明会を開きませんでした。", "市は、説明会を開きました。", "negation"),
        ("県は、説明会を開きました。", "市は、説明会を開きました。", "unsupported"),
    ],
)
def test_a_changed_statement_is_not_carried(said: str, quote: str, reason: str) -> None:
    assert disagreement(said, quote, "") == reason


def test_who_does_what_is_not_carried_once_it_is_exchanged() -> None:
    assert disagreement(WARDS, WARDS, "") == ""
    assert disagreement(SWAPPED, WARDS, "") == "roles"


def test_what_the_title_names_may_be_told_of_a_passage() -> None:
    quote = "第3条は、協働を定めています。"
    said = "自治基本条例の第3条は、協働を定めています。"
    assert disagreement(said, quote, "") == "unsupported"
    assert disagreement(said, quote, "自治基本条例") == ""
