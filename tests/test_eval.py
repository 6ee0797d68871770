"""Measuring: figures worked by hand, question sets with their faults named, whole runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.datatypes import Answer, Citation, Query, Statement, Status
from corpus import Document, Passage
from eval import metrics
from eval.errors import EvalError
from eval.questions import FOLDER, Place, Question, fold, load_questions
from eval.retrieval import qrels_text, relevant_units, run_text
from eval.run import Result, refusal, summarise

DOCUMENT = Document("rule", "Rule", "rule", "digest", "ja", "", "")
OTHER = Document("other", "Other", "rule", "digest", "ja", "", "")


def passage(locator: str, document: Document = DOCUMENT, text: str = "本文です。") -> Passage:
    return Passage(f"{document.document_id}:{locator}", document, locator, text, "ja")


def question(
    *places: str,
    key_points: Sequence[Sequence[str]] = (),
    must_not: Sequence[str] = (),
    name: str = "q1",
    language: str = "ja",
) -> Question:
    """A question that is answered at these places; to be refused where there are none."""
    return Question(
        question_id=name,
        question="質問",
        language=language,
        kind="fact",
        style="plain",
        answers=tuple(Place(locator, "rule") for locator in places),
        key_points=tuple(map(tuple, key_points)),
        must_not=tuple(must_not),
        refuse=not places,
        history=(),
    )


def answer(
    *cited: Passage,
    text: str = "答えです。",
    status: Status = "answered",
    verified: Sequence[bool] = (),
    language: Any = "ja",
) -> Answer:
    citations = tuple(Citation(i, p, 0, len(p.text)) for i, p in enumerate(cited, 1))
    return Answer(
        query=Query("質問", language, "fact", "質問", "2026-01-01"),
        status=status,
        text=text,
        statements=tuple(Statement("文", (1,), v) for v in verified),
        citations=citations,
        timings_ms={"total": 4.0},
    )


FIRST, SECOND, THIRD = passage("第1条"), passage("第2条"), passage("第3条")


@pytest.mark.parametrize(("k", "expected"), [(1, 0.0), (2, 1.0), (3, 1.0)])
def test_success_is_whether_an_answer_is_among_the_first(k: int, expected: float) -> None:
    assert metrics.success_at(question("第2条"), [FIRST, SECOND, THIRD], k) == expected


@pytest.mark.parametrize(
    ("place", "expected"), [("第1条", 1.0), ("第2条", 0.5), ("第3条", 1 / 3), ("第9条", 0.0)]
)
def test_reciprocal_rank_is_of_the_first_answer(place: str, expected: float) -> None:
    ranking = [FIRST, SECOND, THIRD, passage(place)] if place != "第9条" else [FIRST, SECOND]
    assert metrics.reciprocal_rank(question(place), ranking) == pytest.approx(expected)


def test_nothing_found_counts_0() -> None:
    assert metrics.success_at(question("第1条"), [], 5) == 0.0
    assert metrics.reciprocal_rank(question("第1条"), []) == 0.0


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ([FIRST], 1.0),
        ([FIRST, SECOND], 0.5),
        ([SECOND, THIRD], 0.0),
        ([FIRST, SECOND, THIRD], 1 / 3),
        ([], 0.0),
    ],
)
def test_citation_precision_is_the_share_that_stands_where_an_answer_stands(
    cited: list[Passage], expected: float
) -> None:
    assert metrics.citation_precision(question("第1条"), answer(*cited)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("place", "stands", "held"),
    [
        ("第1条", passage("第1条"), True),
        ("第1条", passage("第1条第2項"), True),
        ("第１条", passage("第1条"), True),
        ("第1章 › 目的", passage("第1章›目的"), True),
        ("第2条", passage("第1条"), False),
        ("第1条", passage("第1条", OTHER), False),
    ],
)
def test_a_place_holds_what_stands_in_it(place: str, stands: Passage, held: bool) -> None:
    assert Place(place, "rule").holds(stands) is held


def test_a_place_without_a_document_is_in_any() -> None:
    assert Place("第1条").holds(passage("第1条", OTHER))


def test_key_points_are_met_by_any_of_their_forms_in_answer_or_quote() -> None:
    points = [["10分の1", "one-tenth"], ["公開", "open"], ["費用"]]
    asked = question("第1条", key_points=points)
    said = answer(passage("第1条", text="公 開します。"), text="署名は１０分の１です。")
    assert metrics.key_point_coverage(asked, said) == pytest.approx(2 / 3)
    assert metrics.key_point_coverage(asked, answer(text="何もありません。")) == 0.0
    assert metrics.key_point_coverage(question("第1条"), answer()) == 1.0


def test_a_contradiction_is_seen_whatever_its_width() -> None:
    asked = question("第1条", must_not=["3分の1"])
    assert metrics.contradicts(asked, answer(text="署名は３分の１です。")) == 1.0
    assert metrics.contradicts(asked, answer(text="署名は10分の1です。")) == 0.0


def test_a_quote_of_nothing_is_not_exact() -> None:
    empty = Citation(1, FIRST, 2, 2)
    beyond = Citation(2, FIRST, 90, 99)
    good = Citation(3, FIRST, 0, 2)
    base = answer(FIRST)
    made = Answer(base.query, "answered", "", citations=(empty, beyond, good))
    assert metrics.quotes_exact(made) == pytest.approx(1 / 3)
    assert metrics.quotes_exact(base) == 1.0
    assert metrics.quotes_exact(answer()) == 1.0


def test_the_verified_share_counts_statements() -> None:
    assert metrics.verified_share(answer(verified=[True, False, True, True])) == 0.75
    assert metrics.verified_share(answer()) == 1.0


def test_a_mean_lies_in_its_interval() -> None:
    figure = metrics.mean([0.0, 1.0, 1.0, 1.0])
    assert figure.value == 0.75
    assert 0.0 <= figure.low < 0.75 < figure.high <= 1.0
    assert figure.count == 4
    assert metrics.mean([0.0, 1.0, 1.0, 1.0]) == figure


def test_a_mean_without_spread_is_its_own_interval() -> None:
    figure = metrics.mean([0.5, 0.5, 0.5])
    assert (figure.value, figure.low, figure.high) == (0.5, 0.5, 0.5)
    assert metrics.mean([]) == metrics.Figure(0.0, 0.0, 0.0, 0)


def results_of(*pairs: tuple[bool, bool]) -> list[Result]:
    """A result for each (it should be refused, it was refused)."""
    found = []
    for number, (wanted, refused) in enumerate(pairs):
        asked = question(name=f"q{number}") if wanted else question("第1条", name=f"q{number}")
        status: Status = "no_answer" if refused else "answered"
        found.append(Result(asked, (FIRST,), answer(FIRST, status=status)))
    return found


def test_refusal_worked_by_hand() -> None:
    """Of 3 to refuse 2 are; of 4 to answer 1 is refused: precision and recall 2/3."""
    both = [(True, True)] * 2 + [(True, False)] + [(False, True)] + [(False, False)] * 3
    assert refusal(results_of(*both)) == {
        "refusal_precision": 0.6667,
        "refusal_recall": 0.6667,
        "refusal_f1": 0.6667,
        "wrongly_refused": 0.25,
    }


def test_refusal_where_there_is_nothing_to_refuse() -> None:
    assert refusal(results_of((False, False))) == {
        "refusal_precision": 0.0,
        "refusal_recall": 0.0,
        "refusal_f1": 0.0,
        "wrongly_refused": 0.0,
    }
    assert refusal([])["refusal_f1"] == 0.0


def test_a_summary_worked_by_hand() -> None:
    """Three questions: found first and cited well, found second and cited ill, to be refused."""
    results = [
        Result(question("第1条"), (FIRST, SECOND), answer(FIRST, verified=[True])),
        Result(
            question("第2条", name="q2", language="en"),
            (FIRST, SECOND),
            answer(FIRST, verified=[False], language="ja"),
        ),
        Result(question(name="q3"), (FIRST,), answer(status="no_answer")),
    ]
    summary = summarise(results)
    assert set(summary) == {"all", "ja", "en"}
    values = {
        k: v["value"] for k, v in summary["all"].items() if isinstance(v, dict) and "low" in v
    }
    assert values == {
        "success@1": 0.5,
        "success@5": 1.0,
        "rr": 0.75,
        "citation_precision": 0.5,
        "key_points": 1.0,
        "contradiction": 0.0,
        "quotes_exact": 1.0,
        "verified": 0.6667,
        "language_right": 0.6667,
    }
    assert summary["all"]["questions"] == 3
    assert summary["all"]["latency_ms"] == {"median": 4.0, "p95": 4.0}
    assert summary["all"]["refusal_f1"] == 1.0
    assert summary["en"]["language_right"]["value"] == 0.0
    assert summary["ja"]["rr"]["value"] == 1.0


def test_a_wrongly_refused_question_counts_against_finding_nothing_else() -> None:
    refused = Result(question("第1条"), (SECOND,), answer(status="no_answer"))
    figures = summarise([refused])["all"]
    assert figures["success@5"]["value"] == 0.0
    assert figures["citation_precision"]["count"] == 0
    assert figures["wrongly_refused"] == 1.0


ROW = {
    "id": "q1",
    "question": "協働とは",
    "language": "ja",
    "kind": "definition",
    "answers": [{"locator": "第1条", "document": "rule"}],
    "refuse": False,
}


def test_a_set_is_read(tmp_path: Path) -> None:
    history = [{"role": "user", "content": "前の質問"}]
    rows = [{**ROW, "history": history}, {**ROW, "id": "q2", "answers": [], "refuse": True}]
    first, second = load_questions(_set(tmp_path, *rows))
    assert first.answers == (Place("第1条", "rule"),)
    assert first.history[0].content == "前の質問"
    assert first.style == "plain"
    assert second.refuse


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"set\.jsonl line 2: expected a question"),
        ("[]", r"set\.jsonl line 2: expected a question"),
        ({**ROW, "id": "q2", "colour": 1}, r"set\.jsonl line 2: unknown keys colour"),
        ({"id": "q2"}, r"set\.jsonl line 2: expected a question, found: KeyError\('question'\)"),
        ({**ROW, "id": "q2", "answers": []}, r"line 2: a question that is to be answered needs"),
        (ROW, r"set\.jsonl: ids must be unique; these are not: q1"),
    ],
)
def test_a_fault_in_a_set_is_named_with_its_line(
    line: str | dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(EvalError, match=message):
        load_questions(_set(tmp_path, ROW, line))


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"nowhere\.jsonl: expected questions as JSON Lines"):
        load_questions(tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.jsonl")), ids=lambda p: p.stem)
def test_every_set_that_comes_with_the_program_is_readable(path: Path) -> None:
    assert len(load_questions(path)) >= 20


def test_no_question_is_in_two_sets() -> None:
    asked: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.jsonl")):
        for found in load_questions(path):
            history = "".join(t.content for t in found.history)
            key = fold(found.question + history)
            assert asked.setdefault(key, path.stem) == path.stem, found.question_id


def test_a_rendering_and_its_original_are_one_relevant_unit() -> None:
    original = Passage("rule:1", DOCUMENT, "第1条", "本文", "ja", counterpart="rule:1.en")
    rendering = Passage(
        "rule:1.en", DOCUMENT, "第1条", "Text", "en", rendering=True, counterpart="rule:1"
    )
    assert relevant_units(question("第1条"), [rendering, original, SECOND]) == ("rule:1",)
    result = Result(question("第1条"), (SECOND, rendering), answer())
    assert run_text([result], "name") == (
        "q1 Q0 rule:第2条 1 1.000000 name\nq1 Q0 rule:1 2 0.500000 name\n"
    )


def test_questions_without_a_place_are_told_and_refusals_left_out() -> None:
    asked = [question("第1条"), question("第9条", name="q 2"), question(name="q3")]
    text, unplaced = qrels_text(asked, [FIRST, SECOND])
    assert text == "q1 0 rule:第1条 1\n"
    assert unplaced == ("q 2",)
    assert run_text([Result(asked[2], (FIRST,), answer())], "name") == ""


def test_a_trec_column_holds_no_white_space() -> None:
    text, _ = qrels_text([question("第1条", name="a question")], [FIRST])
    assert text == "a_question 0 rule:第1条 1\n"


def _set(folder: Path, *rows: str | dict[str, Any]) -> Path:
    path = folder / "set.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
