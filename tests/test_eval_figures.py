"""Rankings, refusals, intervals, tests and slices by values worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import measure
from eval.public import paired_tests
from eval.refusal import refusal_curve, refusal_figures
from eval.reliability import reliability, reliability_table
from eval.retrieval import measure_rankings, qrels_text, run_text, unplaced
from eval.sampling import (
    Figure,
    difference,
    grouped_difference,
    holm,
    mean,
    permutation_p,
    quantile,
)
from eval.summary import figures, summarise
from tests.eval_outcomes import answer, outcome, question, refusal


def test_rankings_have_hand_worked_values() -> None:
    found = {"a": ["x", "r1", "y", "r2"], "b": ["r3"], "c": [], "d": ["x"] * 3}
    relevant = {"a": ["r1", "r2"], "b": ["r3"], "c": ["r4"], "d": []}
    values = measure_rankings(found, relevant)
    ideal = 1 + 1 / math.log2(3)
    gained = 1 / math.log2(3) + 1 / math.log2(5)
    assert values["a"] == pytest.approx(
        {
            "success@1": 0,
            "success@5": 1,
            "recall@5": 1,
            "recall@10": 1,
            "rr": 0.5,
            "ndcg@10": gained / ideal,
        }
    )
    assert set(values["b"].values()) == {1.0}
    assert set(values["c"].values()) == {0.0}
    assert set(values["d"].values()) == {0.0}


def test_a_worse_ranking_lowers_every_measure() -> None:
    relevant = {"a": ["r"]}
    good = measure_rankings({"a": ["r"]}, relevant)["a"]
    late = measure_rankings({"a": [*map(str, range(10)), "r"]}, relevant)["a"]
    assert all(late[name] < good[name] for name in good)


def test_trec_lines_hold_no_white_space_in_a_column() -> None:
    assert run_text({"q 1": ["u", "u", "v"]}, "kyodo") == (
        "q_1 Q0 u 1 1.000000 kyodo\nq_1 Q0 v 2 0.500000 kyodo\n"
    )
    assert qrels_text({"q": ["u 1"], "p": []}) == "q 0 u_1 1\n"
    assert unplaced({"q": ["u"], "p": []}) == ("p",)


def refusals() -> list:
    unanswerable = [question(f"n-{i}", refuse=True, answers=()) for i in range(4)]
    right = [outcome(q, refusal(), confidence=0.1) for q in unanswerable[:3]]
    missed = [outcome(unanswerable[3], answer(), confidence=0.6)]
    wrong = [outcome(question("a-0"), refusal(), confidence=0.2)]
    answered = [outcome(question(f"a-{i}"), confidence=0.8) for i in range(1, 6)]
    return right + missed + wrong + answered


def test_refusal_counts_by_hand() -> None:
    figures = refusal_figures(refusals())
    assert figures["refusal_precision"].value == pytest.approx(3 / 4)
    assert figures["refusal_recall"].value == pytest.approx(3 / 4)
    assert figures["refusal_f1"].value == pytest.approx(3 / 4)
    assert figures["refusal_f1"].low < 0.75 < figures["refusal_f1"].high


def test_nothing_to_refuse_gives_zeros_and_no_nan() -> None:
    figures = refusal_figures([outcome()])
    assert set(figures.values()) == {Figure(0.0, 0.0, 0.0, 0)}
    assert refusal_figures([])["refusal_f1"].count == 0


def test_the_curve_says_what_each_threshold_gives() -> None:
    curve = refusal_curve(refusals(), 0.4)
    assert curve["0.15"]["refusal_recall"] == pytest.approx(3 / 4)
    assert curve["0.15"]["refusal_precision"] == 1.0
    assert curve["0.70"] == {
        "refusal_precision": 0.8,
        "refusal_recall": 1.0,
        "refusal_f1": pytest.approx(0.8889),
        "wrongly_refused": pytest.approx(0.1667),
    }


def test_means_and_quantiles_by_hand() -> None:
    assert mean([1.0, 0.0, None, 1.0]).value == pytest.approx(2 / 3)
    assert mean([1.0, 0.0, None, 1.0]).count == 3
    assert mean([None, None]) == Figure(0.0, 0.0, 0.0, 0)
    assert mean([0.5] * 9) == Figure(0.5, 0.5, 0.5, 9)
    wide, narrow = mean([0.0, 1.0] * 5), mean([0.0, 1.0] * 200)
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)
    # A binomial mean of 400 halves: 1.96 * sqrt(0.25 / 400) = 0.049.
    assert narrow.high - 0.5 == pytest.approx(0.049, abs=0.01)
    assert quantile([1.0, 2.0, 10.0], 0.5).value == 2.0
    assert quantile([], 0.95) == Figure(0.0, 0.0, 0.0, 0)


def test_permutation_and_holm_by_hand() -> None:
    # Ten changes, all one way: two of 2^10 sign patterns are as far, p near 0.002.
    assert permutation_p([0.0] * 10, [1.0] * 10) == pytest.approx(2 / 1024, abs=0.0015)
    assert permutation_p([0.0, 1.0], [1.0, 0.0]) == 1.0
    assert permutation_p([0.3] * 4, [0.3] * 4) == 1.0
    assert difference([0.0, 0.5], [1.0, 0.5]).value == 0.5
    corrected = holm({"a": 0.01, "b": 0.04, "c": 0.03})
    assert corrected == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})


def test_queries_of_one_group_count_together() -> None:
    # Four queries of two articles: (1 + 1 + 0 + 0) / 4, whatever is drawn lies between 0 and 1.
    found = grouped_difference([2.0, 0.0], [2, 2])
    assert (found.value, found.low, found.high, found.count) == (0.5, 0.0, 1.0, 4)
    many = grouped_difference([1.0] * 40 + [0.0] * 40, [1] * 80)
    assert many.high - many.low < 0.25
    assert grouped_difference([], []) == Figure(0.0, 0.0, 0.0, 0)


def test_both_rankings_are_tested_against_each_alone_by_article() -> None:
    names = ("success@1", "success@5", "recall@5", "recall@10", "rr", "ndcg@10")
    queries = [f"q{n}" for n in range(40)]
    one, none = dict.fromkeys(names, 1.0), dict.fromkeys(names, 0.0)
    own = {
        "both": dict.fromkeys(queries, one),
        "keywords": dict.fromkeys(queries, one),
        "dense": {q: one if n % 2 else none for n, q in enumerate(queries)},
    }
    alone = paired_tests(own, {})
    assert alone["both-keywords"]["rr"]["p"] == 1.0
    assert alone["both-dense"]["rr"]["value"] == 0.5
    assert alone["both-dense"]["rr"]["p"] < 0.05
    # The same queries of two articles only: two groups can show nothing.
    grouped = paired_tests(own, {q: f"article {n // 20}" for n, q in enumerate(queries)})
    assert grouped["both-dense"]["rr"]["value"] == 0.5
    assert grouped["both-dense"]["rr"]["p"] == 1.0


def test_reliability_by_hand() -> None:
    curve = reliability([0.9, 0.9, 0.1, 1.0], [True, False, False, True])
    assert [(b.low, b.count, b.answerable) for b in curve.bins] == [
        (0.1, 1, 0.0),
        (0.9, 3, pytest.approx(2 / 3)),
    ]
    assert curve.ece == pytest.approx((1 * 0.1 + 3 * abs(2.8 / 3 - 2 / 3)) / 4)
    assert curve.brier == pytest.approx((0.01 + 0.81 + 0.01 + 0.0) / 4)
    assert "ECE 0.225" in reliability_table(curve)
    assert reliability([], []).bins == ()


def test_times_to_answer_by_hand() -> None:
    times = [10.0, 20.0, 30.0, 40.0, 1_000.0]
    timed = [
        outcome(question(f"t-{t}"), answer(timings_ms={"total": t})) for t in (*times, times[0])
    ]
    timed[-1] = outcome(question("none"), {})
    values = {o.question.question_id: measure(o) for o in timed}
    found = figures(timed, values)
    assert found["latency_median"]["value"] == 30.0
    # Linear between neighbours: place 0.95 * 4 = 3.8, so 40 + 0.8 * 960.
    assert found["latency_p95"]["value"] == pytest.approx(808.0)
    assert found["latency_p95"]["count"] == 5
    slower = [*timed[:-1], outcome(question("late"), answer(timings_ms={"total": 2_000.0}))]
    values |= {o.question.question_id: measure(o) for o in slower}
    assert figures(slower, values)["latency_p95"]["value"] > 808.0


def test_a_question_without_a_confidence_is_refused_at_no_threshold() -> None:
    guided = outcome(question("guided"), answer(verdict={"value": "likely"}), confidence=None)
    alone = refusal_curve([guided, *refusals()], 0.4)
    assert alone["0.95"]["wrongly_refused"] == pytest.approx(6 / 7, abs=1e-4)
    found = summarise([guided], {"guided": measure(guided)}, 0.4)
    assert found["reliability"]["curve"] == {}


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_refusing_sooner_never_refuses_fewer(asked: list[tuple[float, bool]]) -> None:
    outcomes = [
        outcome(
            question(f"q-{n}", refuse=refuse, answers=() if refuse else question().answers),
            confidence=confidence,
        )
        for n, (confidence, refuse) in enumerate(asked)
    ]
    curve = list(refusal_curve(outcomes, 0.0).values())
    for name in ("refusal_recall", "wrongly_refused"):
        told = [point[name] for point in curve]
        assert told == sorted(told)


def test_slices_hold_their_questions() -> None:
    outcomes = [
        outcome(question("a")),
        outcome(question("b", language="en", kind="fact"), refusal()),
    ]
    values = {o.question.question_id: measure(o) for o in outcomes}
    found = summarise(outcomes, values, 0.4)
    assert found["all"]["key_points"]["value"] == 0.5
    assert found["language"]["ja"]["key_points"]["value"] == 1.0
    assert found["kind"]["fact"]["key_points"]["value"] == 0.0
    assert found["document"]["tebiki"]["questions"] == 2
    assert found["all"]["success@1"] == {"value": 0.0, "low": 0.0, "high": 0.0, "count": 0}
    assert found["questions"]["b"]["wrongly_refused"] == 1.0
