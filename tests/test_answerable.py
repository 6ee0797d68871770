"""Better no answer than one that belongs to another desk."""

from __future__ import annotations

from dataclasses import replace

from assistant.answerable import BELONGS_ELSEWHERE, Evidence, answers, confidence
from assistant.calibration import bundled
from assistant.expected import lacks_expected

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
    ):
        less = confidence(replace(SURE, **{name: worse}), bundled())
        assert less < confidence(SURE, bundled()), name


def test_what_is_as_near_to_another_desk_is_refused_however_much_is_covered() -> None:
    near = replace(SURE, elsewhere=SURE.cosine - BELONGS_ELSEWHERE / 2)
    assert not answers(near, bundled())


def test_nothing_found_is_refused() -> None:
    assert confidence(Evidence(), bundled()) < bundled().threshold
    assert not answers(Evidence(), bundled())


def test_how_many_people_may_be_told_as_a_share() -> None:
    asked = "何人の署名が要りますか"
    assert not lacks_expected(asked, ["投票できる人の10分の1以上の署名が要ります。"], "ja")
    assert lacks_expected(asked, ["署名が要ります。"], "ja")
