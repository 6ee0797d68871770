"""Better no answer than one that belongs to another desk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answerable import BELONGS_ELSEWHERE, Evidence, answers, confidence
from assistant.calibration import bundled
from assistant.expected import lacks_a_side, lacks_expected, on_what_is_named

SURE = Evidence(
    cosine=0.8,
    elsewhere=0.2,
    missed=0.3,
    crowd=0.0,
    coverage=1.0,
    joint=1.0,
    unknown=0.0,
    missing=0.0,
)


def test_good_evidence_is_answered_from() -> None:
    assert answers(SURE, bundled())


def test_less_evidence_never_makes_an_answer_likelier() -> None:
    for name, worse in (
        ("cosine", 0.3),
        ("elsewhere", 0.6),
        ("missed", 0.9),
        ("crowd", 1.0),
        ("coverage", 0.0),
        ("unknown", 1.0),
        ("stranger", 1.0),
        ("lacking", 1.0),
        ("outdated", 1.0),
        ("otherwise", 1.0),
        ("onesided", 1.0),
    ):
        less = confidence(replace(SURE, **{name: worse}), bundled())
        assert less < confidence(SURE, bundled()), name


def test_what_is_as_near_to_another_desk_is_refused_however_much_is_covered() -> None:
    near = replace(SURE, elsewhere=SURE.cosine - BELONGS_ELSEWHERE / 2)
    assert not answers(near, bundled())


def test_a_comparison_of_which_one_side_is_not_told_is_refused_however_sure() -> None:
    assert not answers(replace(SURE, onesided=1.0, asked=1.0), bundled())


def test_nothing_found_is_refused() -> None:
    assert confidence(Evidence(), bundled()) < bundled().threshold
    assert not answers(Evidence(), bundled())


def test_how_many_people_may_be_told_as_a_share() -> None:
    asked = "何人の署名が要りますか"
    assert not lacks_expected(asked, ["投票できる人の10分の1以上の署名が要ります。"], "ja")
    assert lacks_expected(asked, ["署名が要ります。"], "ja")


@pytest.mark.parametrize(
    ("question", "language", "tells", "silent"),
    [
        (
            "なぜ二つの段階に分けたのですか",
            "ja",
            "準備の期間を設けるため、分けました。",
            "二段階です。",
        ),
        ("Why are there two stages?", "en", "So that groups have time.", "There are two stages."),
        ("加入は義務ですか", "ja", "加入は任意です。", "加入率は65%でした。"),
        ("Is joining compulsory?", "en", "Joining is voluntary.", "65% have joined."),
        ("だれが選ぶのですか、誰が決めるのか", "ja", "審査会が審査します。", "6つの事業です。"),
        ("Who selects the projects?", "en", "A committee selects them.", "There were 6 projects."),
        ("窓口の電話番号は", "ja", "電話は044-200-0000です。", "窓口は市役所です。"),
        ("どの課に出しますか", "ja", "担当課に出します。", "1か月前までに出します。"),
        ("In what year did it begin?", "en", "It began in FY2003.", "It began long ago."),
    ],
)
def test_what_is_asked_for_must_be_told(
    question: str, language: str, tells: str, silent: str
) -> None:
    assert not lacks_expected(question, [silent, tells], language)
    assert lacks_expected(question, [silent], language)


def test_always_does_not_ask_for_a_time() -> None:
    assert not lacks_expected("いつも同じ団体に頼んでいます", ["団体に頼みます。"], "ja")


@pytest.mark.parametrize(
    ("question", "right", "other"),
    [
        ("平成30年度は何団体でしたか", "2018年度は74団体でした。", "平成29年度は74団体でした。"),
        ("How many in fiscal 2019?", "In Reiwa 1 there were 6.", "In fiscal 2021 there were 6."),
        ("多摩区の事業は", "多摩区の事業です。", "高津区の事業です。"),
        ("What does Ota ward do?", "The agreement with Ōta Ward", "The agreement with Yokohama"),
        ("協働・連携推進課の電話番号", "協働・連携推進課の電話", "監査事務局行政監査課の電話"),
        ("第3期の委員は何名", "第3期は5名でした。", "第1期は3名でした。"),
        ("What does Article 15 say?", "Article 15 concerns wards.", "Article 22 concerns wards."),
        ("the third-term committee", "Term 3 had a theme.", "Term 1 had a theme."),
    ],
)
def test_what_is_told_of_another_year_place_or_article_is_no_answer(
    question: str, right: str, other: str
) -> None:
    assert on_what_is_named(question, [other, right]) == [1]
    assert on_what_is_named(question, [other]) == []
    assert on_what_is_named(question, [other, right, other]) == [1]


def test_a_day_to_answer_for_and_the_citys_name_are_not_asked_about() -> None:
    assert on_what_is_named("2010年の時点で、川崎市の原則はいくつですか", ["原則は3つです。"])
    assert on_what_is_named("原則はいくつですか", ["令和3年の原則は3つです。"])


def test_a_comparison_needs_both_sides() -> None:
    both = "共催では市も主催者の側に立ちます。後援では市はお金を出しません。"
    assert not lacks_a_side("共催と後援の違いは何ですか", [both], "ja")
    assert lacks_a_side("協働と委託の違いを一言で", [both], "ja")
    said = "In co-hosting the city stands with the organisers; nominal support costs it nothing."
    assert not lacks_a_side("difference between co-hosting and nominal support?", [said], "en")
    assert lacks_a_side("difference between co-hosting and a contract?", [said], "en")
