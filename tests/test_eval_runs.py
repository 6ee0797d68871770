"""Runs end to end on small documents: files, going on, comparing, gating, the page."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import ir_measures
import pytest

from assistant.cli import main
from eval.compare import compare
from eval.errors import EvalError
from eval.floors import Floor, judge, load_floors
from eval.public import load_public
from eval.questions import FOLDER
from eval.stored import load_run

ROWS: list[dict[str, Any]] = [
    {
        "id": f"q-{number}",
        "question": question,
        "language": language,
        "kind": "fact",
        "answers": [{"document": document, "locator": locator}] if document else [],
        "key_points": [[point]] if point else [],
        "refuse": not document,
    }
    for number, (question, language, document, locator, point) in enumerate(
        [
            ("助成金の申請の締切はいつですか。", "ja", "tebiki", "申請 › 締切", "9月30日"),
            ("助成金の上限はいくらですか。", "ja", "tebiki", "申請 › 金額", "20万円"),
            ("まちづくりの原則は何ですか。", "ja", "machi-jorei", "第5条", "対話"),
            ("When is the deadline for grants?", "en", "tebiki", "申請 › 締切", "30 September"),
            ("Who may take over the flower beds?", "en", "machi-jorei", "第6条", "association"),
            ("横浜市の水道料金はいくらですか。", "ja", "", "", ""),
        ]
    )
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A small set, with floors beside it."""
    folder = tmp_path / "set"
    folder.mkdir()
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    (folder / "small.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "floors.toml").write_text(
        '[[floor]]\nmetric = "quotes_exact"\nat_least = 1.0\n', encoding="utf-8"
    )
    return folder / "small.jsonl"


def run(questions: Path, index: Path, output: Path, *more: str) -> int:
    return main(
        [
            "eval",
            "run",
            "--questions",
            str(questions),
            "--index",
            str(index),
            "--output",
            str(output),
            *more,
        ]
    )


def test_a_run_writes_everything_and_its_trec_files_give_its_figures(
    questions: Path, index_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(questions, index_folder, tmp_path / "out", "--json") == 0
    out = tmp_path / "out"
    metrics = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    told = json.loads(capsys.readouterr().out)
    assert told["all"] == metrics["all"]
    assert metrics["all"]["quotes_exact"]["value"] == 1.0
    ranked = ir_measures.calc_aggregate(
        [ir_measures.parse_measure("RR@10")],
        ir_measures.read_trec_qrels(str(out / "qrels.trec")),
        ir_measures.read_trec_run(str(out / "run.trec")),
    )
    assert metrics["all"]["rr"]["value"] == pytest.approx(next(iter(ranked.values())), abs=1e-4)
    info = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert info["index"]["fingerprint"]
    assert info["versions"]["numpy"]
    assert info["code"]
    assert "NaN" not in (out / "metrics.json").read_text(encoding="utf-8")


def test_an_interrupted_run_goes_on_and_a_changed_one_starts_anew(
    questions: Path, index_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    run(questions, index_folder, out)
    whole = (out / "answers.jsonl").read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    (out / "answers.jsonl").write_text("".join(lines[:3]) + lines[3][:40], encoding="utf-8")
    capsys.readouterr()
    assert run(questions, index_folder, out) == 0
    assert "3 answers are in" in capsys.readouterr().err
    again = (out / "answers.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    assert again[:3] == lines[:3]
    assert [json.loads(x)["answer"] for x in again] == [json.loads(x)["answer"] for x in lines]
    more = {**ROWS[0], "id": "q-9"}
    with questions.open("a", encoding="utf-8") as file:
        file.write(json.dumps(more, ensure_ascii=False) + "\n")
    assert run(questions, index_folder, out) == 0
    assert "holds a run with other questions; starting anew" in capsys.readouterr().err
    assert len(load_run(out).outcomes) == 7


def test_answers_of_something_else_are_not_written_over(
    questions: Path, index_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "answers.jsonl").write_text("mine\n", encoding="utf-8")
    assert run(questions, index_folder, tmp_path) == 1
    assert "found answers without run.json; name another folder" in capsys.readouterr().err
    assert (tmp_path / "answers.jsonl").read_text(encoding="utf-8") == "mine\n"


def test_a_run_started_anew_keeps_no_figures_of_the_one_before(
    questions: Path, index_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run(questions, index_folder, out)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("eval.run.ask", stop)
    assert run(questions, index_folder, out, "--search", "dense") == 130
    with pytest.raises(EvalError, match="metrics.json: expected a finished run's file"):
        load_run(out)


def test_the_page_stands_alone_and_tells_of_every_question(
    questions: Path, index_folder: Path, tmp_path: Path
) -> None:
    risky = {**ROWS[0], "id": "q-x", "question": "<script>alert(1)</script>締切は?"}
    with questions.open("a", encoding="utf-8") as file:
        file.write(json.dumps(risky, ensure_ascii=False) + "\n")
    run(questions, index_folder, tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count('<details class="q ') == len(ROWS) + 1
    assert not re.search(r"""(src|href)=["'](?!#)""", page)
    assert "url(" not in page
    assert "<script>alert" not in page
    assert "合格の下限 1 項目を、すべて満たしています。" in page
    assert "All 1 floors are met." in page


def test_a_question_that_cannot_be_asked_counts_as_zero(
    questions: Path, index_folder: Path, tmp_path: Path
) -> None:
    row = {**ROWS[0], "question": "あ" * 2_001}
    questions.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert run(questions, index_folder, tmp_path / "out") == 0
    figures = load_run(tmp_path / "out").metrics["all"]
    assert figures["success@5"] == {"value": 0.0, "low": 0.0, "high": 0.0, "count": 1}
    assert figures["wrongly_refused"]["value"] == 1.0


def test_the_gate_names_what_is_broken(
    questions: Path, index_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(questions, index_folder, tmp_path / "out")
    capsys.readouterr()
    assert main(["eval", "gate", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.startswith("ok          quotes_exact: 1.000")
    floors = tmp_path / "hard.toml"
    floors.write_text('[[floor]]\nmetric = "latency_p95"\nat_most = 0\n', encoding="utf-8")
    assert main(["eval", "gate", str(tmp_path / "out"), "--floors", str(floors)]) == 1
    said = capsys.readouterr()
    assert said.out.startswith("BROKEN      latency_p95")
    assert "floors broken: latency_p95" in said.err


def metrics_of(values: list[float], name: str = "key_points") -> dict[str, Any]:
    return {"questions": {f"q-{n}": {name: v} for n, v in enumerate(values)}}


def test_a_significant_fall_is_caught_and_an_insignificant_one_is_not(
    questions: Path, index_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    run(questions, index_folder, out)
    (out / "metrics.json").write_text(json.dumps({**metrics_of([0.0] * 20), "all": {}}), "utf-8")
    baseline = tmp_path / "baseline.json"
    capsys.readouterr()
    for before, status in ((1.0, 1), (0.0, 0)):
        baseline.write_text(json.dumps(metrics_of([before] * 20)), "utf-8")
        assert main(["eval", "gate", str(out), "--baseline", str(baseline)]) == status
    said = capsys.readouterr()
    assert "FALLEN      key_points worsened from 1.000 to 0.000" in said.out
    assert "UNMEASURED  quotes_exact" in said.out
    assert "significant falls from the baseline: 1" in said.err


def test_compare_lists_flips_best_first_and_corrects_for_many() -> None:
    before = metrics_of([0.0, 1.0, 0.5, 0.5])
    after = metrics_of([1.0, 0.0, 0.75, 0.5])
    found = compare(before, after)
    assert [(f.question_id, f.gain) for f in found.flips] == [
        ("q-0", 1.0),
        ("q-2", 0.25),
        ("q-1", -1.0),
    ]
    assert found.changes[0].better is None
    worse = compare(
        metrics_of([1.0] * 12, "wrongly_refused"), metrics_of([0.0] * 12, "wrongly_refused")
    )
    assert worse.changes[0].better is True
    with pytest.raises(EvalError, match="questions in common, found none"):
        compare(before, {"questions": {"other": {}}})


def test_compare_prints_text_and_json(
    questions: Path, index_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(questions, index_folder, tmp_path / "a")
    run(questions, index_folder, tmp_path / "b", "--search", "keywords")
    capsys.readouterr()
    folders = [str(tmp_path / "a"), str(tmp_path / "b")]
    assert main(["eval", "compare", *folders]) == 0
    assert "6 questions in both runs" in capsys.readouterr().out
    assert main(["eval", "compare", *folders, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["questions"]["common"] == 6
    assert main(["eval", "compare", str(tmp_path), str(tmp_path)]) == 1
    assert "expected a finished run's file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[floor]]\nmetric = "beauty"\nat_least = 1', "floor 1: expected metric to be one of"),
        ('[[floor]]\nmetric = "rr"', "one of at_least and at_most"),
        ('[[floor]]\nmetric = "rr"\nat_least = 1\nslice = "town:x"', "expected slice as"),
        ("[[floor", "expected floors as TOML"),
    ],
)
def test_a_wrong_floor_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "floors.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvalError, match=said):
        load_floors(path)


def test_the_bundled_floors_are_those_agreed() -> None:
    floors = load_floors(FOLDER / "floors.toml")
    assert {f.name: f.limit for f in floors} == {
        "quotes_exact": 1.0,
        "success@5 (language:ja)": 0.95,
        "success@5 (language:en)": 0.9,
        "citation_precision": 0.85,
        "citation_recall": 0.8,
        "verdict": 0.87,
        "refusal_f1": 0.9,
        "wrongly_refused": 0.05,
    }
    figure = {"value": 0.06, "low": 0.0, "high": 0.1, "count": 9}
    (judged,) = judge([Floor("wrongly_refused", 0.05, True)], {"all": {"wrongly_refused": figure}})
    assert judged.held is False


def beir(folder: Path, judged: str) -> Path:
    texts = {
        "d1": "図書館は9時に開きます。",
        "d2": "花火大会は8月です。",
        "d3": "食堂は11時からです。",
    }
    asked = {"q1": "花火大会はいつですか", "q2": "図書館は何時に開きますか", "q3": "空は何色?"}
    (folder / "qrels").mkdir()
    for name, rows in (("corpus", texts), ("queries", asked)):
        lines = (json.dumps({"_id": i, "text": t}, ensure_ascii=False) for i, t in rows.items())
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(judged, encoding="utf-8")
    return folder


def test_a_beir_set_is_searched_three_ways(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = beir(tmp_path, "query-id\tcorpus-id\tscore\nq1\td2\t1\nq2\td1\t1\nq3\td3\t0\n")
    out = tmp_path / "out"
    assert main(["eval", "run", "--format", "beir", str(place), "--output", str(out)]) == 0
    metrics = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert list(metrics["search"]) == ["keywords", "dense", "both"]
    assert metrics["search"]["both"]["success@1"]["value"] == 1.0
    assert (metrics["queries"], metrics["left_out"]) == (2, 1)
    assert set(metrics["paired"]) == {"both-keywords", "both-dense"}
    said = capsys.readouterr().out
    assert "both-dense" in said
    assert "1 queries without an answer left out" in said
    with (out / "run-both.trec").open(encoding="utf-8") as file:
        assert next(csv.reader(file, delimiter=" "))[:4] == ["q1", "Q0", "d2", "1"]


def test_wrong_public_sets_are_named(tmp_path: Path) -> None:
    place = beir(tmp_path, "q1\td2\tmuch\nq1\td9\t1\n")
    with pytest.raises(EvalError, match="line 2: .*found 'q1' and 'd9'"):
        load_public("beir", place)
    squad = tmp_path / "squad.json"
    squad.write_text('{"data": [{"title": "x"}]}', encoding="utf-8")
    with pytest.raises(EvalError, match=r"expected SQuAD's JSON .*KeyError\('paragraphs'\)"):
        load_public("squad", squad)


def test_squad_leaves_out_what_cannot_be_answered(tmp_path: Path) -> None:
    asked = [
        {"id": "1", "question": "いつ?"},
        {"id": "2", "question": "誰?", "is_impossible": True},
    ]
    data = {"data": [{"title": "祭", "paragraphs": [{"context": "8月です。", "qas": asked}]}]}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    public = load_public("squad", path)
    assert public.queries == {"1": "いつ?"}
    assert public.relevant == {"1": ["1-1"]}
    assert public.left_out == 1
