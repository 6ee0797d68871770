"""Every measure of one answer by hand-worked values, and lowered by a broken answer."""

from __future__ import annotations

from typing import Any

import pytest

from eval import metrics
from eval.metrics import MEASURES, measure
from eval.outcome import Outcome, outcome_from_row
from eval.questions import Place
from tests.eval_outcomes import answer, citation, outcome, question, refusal

REFUSE = question(refuse=True, answers=(), key_points=())
VERDICT = question(verdicts=("likely", "depends"))
TWO_RIGHT_ONE_NOT = [citation(), citation("tebiki", "申請 › 締切 › 日"), citation("hyo", "①")]


BY_HAND: list[tuple[str, Outcome, float, Outcome, float]] = [
    (
        "citation_precision",
        outcome(given=answer(citations=TWO_RIGHT_ONE_NOT)),
        2 / 3,
        outcome(given=answer(citations=[citation("hyo", "①")])),
        0.0,
    ),
    ("citation_precision", outcome(), 1.0, outcome(given=refusal()), 0.0),
    (
        "citation_recall",
        outcome(given=answer(citations=TWO_RIGHT_ONE_NOT)),
        1.0,
        outcome(),
        0.5,
    ),
    ("citation_recall", outcome(), 0.5, outcome(given={}), 0.0),
    (
        "citation_recall@3",
        outcome(given=answer(citations=TWO_RIGHT_ONE_NOT)),
        1.0,
        outcome(given=refusal()),
        0.0,
    ),
    ("key_points", outcome(), 1.0, outcome(given=answer("9月30日です。")), 0.5),
    (
        "key_points",
        outcome(given=answer("９月 30日、町内会")),
        1.0,
        outcome(given=refusal()),
        0.0,
    ),
    ("contradiction", outcome(), 0.0, outcome(given=answer("10月です。")), 1.0),
    (
        "contradiction",
        outcome(given=refusal()),
        0.0,
        outcome(given=answer(citations=[citation(quote="１０ 月まで")])),
        1.0,
    ),
    (
        "verdict",
        outcome(VERDICT, answer(verdict={"value": "depends"})),
        1.0,
        outcome(VERDICT, answer(verdict={"value": "unlikely"})),
        0.0,
    ),
    (
        "verdict",
        outcome(VERDICT, answer(verdict={"value": "likely"})),
        1.0,
        outcome(VERDICT, answer(verdict=None)),
        0.0,
    ),
    (
        "quotes_exact",
        outcome(),
        1.0,
        outcome(given=answer(citations=TWO_RIGHT_ONE_NOT), exact=(True, False, False)),
        1 / 3,
    ),
    (
        "verified",
        outcome(),
        1.0,
        outcome(given=answer(statements=[{"verified": True}, {"verified": False}])),
        0.5,
    ),
    ("language_right", outcome(), 1.0, outcome(given=answer("Until 30 September.")), 0.0),
    (
        "language_right",
        outcome(question(language="en"), answer("By 30 September (花壇).")),
        1.0,
        outcome(question(language="en"), answer("9月30日まで (NPO)")),
        0.0,
    ),
    ("refusal_right", outcome(), 1.0, outcome(given=refusal()), 0.0),
    ("refusal_right", outcome(REFUSE, refusal()), 1.0, outcome(REFUSE), 0.0),
    ("wrongly_refused", outcome(), 0.0, outcome(given=refusal()), 1.0),
]


@pytest.mark.parametrize(("name", "good", "value", "broken", "broken_value"), BY_HAND)
def test_a_measure_has_its_hand_worked_value_and_a_broken_answer_another(
    name: str, good: Outcome, value: float, broken: Outcome, broken_value: float
) -> None:
    assert MEASURES[name](good) == pytest.approx(value)
    assert MEASURES[name](broken) == pytest.approx(broken_value)


def test_every_measure_is_worked_out_by_hand() -> None:
    assert {name for name, *_ in BY_HAND} == set(MEASURES)


def test_a_citation_of_what_supports_the_answer_is_right_and_is_not_the_answer() -> None:
    beside = Place("附則", "machi-jorei")
    found = outcome(question(supports=(beside,)), answer(citations=[citation(locator="附則")]))
    assert metrics.citation_precision(found) == 1.0
    assert metrics.citation_recall(found) == 0.0
    assert metrics.citation_precision(outcome(given=found.answer)) == 0.0


def test_of_places_that_say_the_same_one_is_enough() -> None:
    same = (Place("第1条", "d", "a"), Place("第2条", "d", "a"), Place("第3条", "d"))
    found = outcome(question(answers=same), answer(citations=[citation("d", "第2条")]))
    assert metrics.citation_recall(found) == pytest.approx(1 / 2)
    alone = tuple(Place(p.locator, p.document) for p in same)
    assert metrics.citation_recall(outcome(question(answers=alone), found.answer)) == (
        pytest.approx(1 / 3)
    )


def test_recall_at_3_asks_for_three_places_of_five() -> None:
    places = tuple(question().answers[0].__class__(f"第{n}条", "d") for n in range(1, 6))
    cited = [citation("d", "第1条"), citation("d", "第2条第1項")]
    found = outcome(question(answers=places), answer(citations=cited))
    assert metrics.citation_recall(found) == pytest.approx(2 / 5)
    assert metrics.citation_recall_at_3(found) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("asked", "given", "absent"),
    [
        (
            REFUSE,
            refusal(),
            {
                "citation_precision",
                "citation_recall",
                "citation_recall@3",
                "key_points",
                "wrongly_refused",
                "quotes_exact",
                "verified",
                "verdict",
            },
        ),
        (question(must_not=()), answer(), {"contradiction", "verdict"}),
    ],
)
def test_what_does_not_apply_is_left_out(asked: Any, given: Any, absent: set[str]) -> None:
    assert set(MEASURES) - set(measure(outcome(asked, given))) == absent


def test_a_question_without_any_answer_counts_as_zero() -> None:
    values = measure(outcome(VERDICT, {}, found=()))
    assert values == {
        "citation_precision": 0.0,
        "citation_recall": 0.0,
        "citation_recall@3": 0.0,
        "key_points": 0.0,
        "contradiction": 0.0,
        "verdict": 0.0,
        "language_right": 0.0,
        "refusal_right": 0.0,
        "wrongly_refused": 1.0,
    }


def test_a_prefix_of_a_place_answers_and_another_document_does_not() -> None:
    inside = outcome(given=answer(citations=[citation(locator="第6条第1項")]))
    elsewhere = outcome(given=answer(citations=[citation("tebiki", "第6条")]))
    assert metrics.citation_precision(inside) == 1.0
    assert metrics.citation_precision(elsewhere) == 0.0


def test_an_outcome_comes_back_from_its_line() -> None:
    kept = outcome(confidence=0.25, seconds=0.5)
    assert outcome_from_row(kept.to_row(), kept.question, "set") == kept
