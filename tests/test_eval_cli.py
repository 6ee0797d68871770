"""``kyodo eval``: whole runs over sets of questions, and what they say when they cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from eval.questions import FOLDER, load_questions

ROW = {
    "id": "q1",
    "question": "協働とは",
    "language": "ja",
    "kind": "definition",
    "answers": [{"locator": "第1条", "document": "rule"}],
    "refuse": False,
}


def test_a_run_is_written_and_other_tools_read_the_same_figures(
    bundled_index_folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    names = ("policy-dev", "outside-dev")
    files = [_first(tmp_path, FOLDER / f"{name}.jsonl", 8) for name in names]
    output = tmp_path / "run"
    arguments = ["eval", "run", "--index", str(bundled_index_folder), "--output", str(output)]
    given = [a for f in files for a in ("--questions", str(f))]
    assert main([*arguments, "--json", *given]) == 0
    said = capfd.readouterr()
    assert "16/16" in said.err
    assert said.err.splitlines()[-1].startswith(f"kyodo: 16 answers measured in {output} (")

    assert {p.name for p in output.iterdir()} == {
        "LOCK",
        "answers.jsonl",
        "metrics.json",
        "questions.jsonl",
        "report.html",
        "run.json",
        "run.trec",
        "qrels.trec",
    }
    figures = json.loads((output / "metrics.json").read_text(encoding="utf-8"))
    told = {
        name: value for name, value in figures.items() if name not in ("questions", "known_items")
    }
    assert json.loads(said.out) == told
    assert set(figures["set"]) == set(names)
    assert figures["all"]["questions"] == 16
    assert figures["set"]["outside-dev"]["questions"] == 8
    assert set(_leaves(figures)) <= {int, float}
    _check_answers(output / "answers.jsonl", files)

    ir_measures = pytest.importorskip("ir_measures")
    measured = ir_measures.calc_aggregate(
        [ir_measures.RR, ir_measures.Success @ 5],
        ir_measures.read_trec_qrels(str(output / "qrels.trec")),
        ir_measures.read_trec_run(str(output / "run.trec")),
    )
    assert measured[ir_measures.RR] == pytest.approx(figures["all"]["rr"]["value"], abs=1e-4)
    found = measured[ir_measures.Success @ 5]
    assert found == pytest.approx(figures["all"]["success@5"]["value"], abs=1e-4)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("no index", "expected an index, found none; build one with `kyodo index build --index"),
        ("no set", "expected questions as JSON Lines, found"),
        ("empty set", "expected questions, found none."),
        ("same id", "ids must be unique over all files, change one."),
        ("same name", "another file of questions has this name; rename one."),
        ("no folder", "expected a folder for the results, found"),
    ],
)
def test_a_run_that_cannot_be_says_why_in_one_sentence(
    change: str,
    said: str,
    bundled_index_folder: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    sets = [write_set(tmp_path, ROW)]
    if change == "no set":
        sets = [tmp_path / "nowhere.jsonl"]
    elif change == "empty set":
        sets = [write_set(tmp_path)]
    elif change in ("same id", "same name"):
        (tmp_path / "b").mkdir()
        second = write_set(tmp_path / "b", ROW)
        sets.append(second.rename(second.with_name("two.jsonl")) if change == "same id" else second)
    index = tmp_path / "none" if change == "no index" else bundled_index_folder
    output = sets[0] / "below" if change == "no folder" else tmp_path / "run"
    given = [a for path in sets for a in ("--questions", str(path))]
    status = main(["eval", "run", "--index", str(index), "--output", str(output), *given])
    message = capfd.readouterr()
    assert status == 1
    assert message.out == ""
    assert message.err.startswith("kyodo: ")
    assert said in message.err
    assert message.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("policy-test", "nothing is fitted on a test set; name a development set."),
        ("policy-dev", "expected 10 questions to refuse and 10 to answer at least, found 0 and"),
    ],
)
def test_calibrating_takes_only_what_it_can_be_fitted_on(
    name: str, said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "answerable.toml"
    given = ["--questions", str(FOLDER / f"{name}.jsonl"), "--output", str(output)]
    assert main(["eval", "calibrate", *given]) == 1
    assert said in capfd.readouterr().err
    assert not output.exists()


def write_set(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "set.jsonl"
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _first(folder: Path, path: Path, count: int) -> Path:
    lines = path.read_text(encoding="utf-8").splitlines()[:count]
    (folder / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / path.name


def _leaves(value: Any) -> list[type]:
    if isinstance(value, dict):
        return [kind for part in value.values() for kind in _leaves(part)]
    return [type(value)]


def _check_answers(path: Path, files: list[Path]) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    asked = [q for file in files for q in load_questions(file)]
    assert [r["id"] for r in rows] == [q.question_id for q in asked]
    assert [r["question"] for r in rows] == [q.question for q in asked]
    assert {"answer", "status", "citations", "index"} <= rows[0].keys()
