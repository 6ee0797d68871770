"""When to refuse is fitted on development questions and goes with the index it was fitted on."""

from __future__ import annotations

import json
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answerable import Evidence
from assistant.calibration import NAMES, bundled, calibration_of
from assistant.cli import main
from assistant.pipeline import Assistant
from assistant.render_statements import confidence_step
from eval.calibrate import Part, calibrate
from eval.questions import FOLDER
from index import IndexDamaged, IndexMissing, build_index, describe_index, load_index
from index.calibration import NAME, store_calibration

NEVER = {"threshold": 1.0, "weights": dict.fromkeys(NAMES, 0.0)}
ASKED = "助成金の申請の締切はいつですか。"


def first(folder: Path, name: str, count: int = 14) -> str:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:count]
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder / f"{name}.jsonl")


def test_an_index_answers_by_its_own_weights_and_says_so(index_folder: Path) -> None:
    before = load_index(index_folder)
    assert calibration_of(before) == bundled()
    assert describe_index(index_folder)["calibration"] == "bundled"
    assert Assistant(before).ask(ASKED).status != "no_answer"

    fingerprint = store_calibration(index_folder, {**NEVER, "fitted": "2026-11-26"})
    after = load_index(index_folder)
    assert after.fingerprint == fingerprint != before.fingerprint
    assert calibration_of(after).source == "index"
    answer = Assistant(after).ask(ASKED)
    assert (answer.status, answer.confidence) == ("no_answer", 0.5)
    assert describe_index(index_folder)["calibration"] == {"fitted": "2026-11-26"}


def test_a_changed_byte_of_the_weights_is_found(index_folder: Path) -> None:
    store_calibration(index_folder, NEVER)
    shutil.rmtree(index_folder / "gen-000001")
    path = index_folder / "gen-000002" / NAME
    path.write_text(path.read_text("utf-8").replace("1.0", "0.1"), "utf-8")
    with pytest.raises(IndexDamaged, match=r"answerable\.json: the file is not what was written"):
        load_index(index_folder)


def test_weights_outlive_a_change_of_documents(index_folder: Path, documents: Path) -> None:
    store_calibration(index_folder, NEVER)
    (documents / "new.md").write_text("# 掲示板\n\n掲示板は、毎月張り替えます。\n", "utf-8")
    build_index(index_folder, [documents])
    assert load_index(index_folder).calibration == NEVER


@pytest.mark.parametrize(
    "fitted",
    [
        {"threshold": 0.5, "weights": {"bias": 1.0}},
        {"threshold": 2.0, "weights": dict.fromkeys(NAMES, 0.0)},
        {"threshold": "high", "weights": dict.fromkeys(NAMES, 0.0)},
        {"weights": []},
    ],
)
def test_weights_for_other_evidence_give_way_with_a_warning(
    index_folder: Path, fitted: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    store_calibration(index_folder, fitted)
    assert calibration_of(load_index(index_folder)) == bundled()
    assert "kyodo eval calibrate" in caplog.text


def test_nothing_is_kept_where_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        store_calibration(tmp_path / "none", NEVER)


def test_the_command_fits_two_indexes_together_and_keeps_the_weights_with_the_first(
    bundled_index_folder: Path,
    index_folder: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "own"
    shutil.copytree(bundled_index_folder, folder)
    given = [a for n in ("policy-dev", "outside-dev") for a in ("--questions", first(tmp_path, n))]
    also = ["--also", str(index_folder), first(tmp_path, "outside-dev-more")]
    assert main(["eval", "calibrate", "--index", str(folder), *given, *also]) == 0
    said = capfd.readouterr()
    told = json.loads(said.out)
    kept = load_index(folder)
    assert kept.calibration == told
    assert kept.fingerprint in said.err.splitlines()[-1]
    assert told["index"] == load_index(bundled_index_folder).fingerprint
    assert [judged["questions"] for judged in told["by_index"].values()][1] == 14
    assert {"ece", "brier", "curve"} == set(told["reliability"])
    assert Assistant(kept).calibration.threshold == told["threshold"]
    assert load_index(index_folder).calibration is None


def test_with_an_output_a_table_is_written_and_the_index_left_alone(
    bundled_index_folder: Path, tmp_path: Path
) -> None:
    output = tmp_path / "answerable.toml"
    given = [a for n in ("policy-dev", "outside-dev") for a in ("--questions", first(tmp_path, n))]
    index = ["--index", str(bundled_index_folder)]
    assert main(["eval", "calibrate", *index, *given, "--output", str(output)]) == 0
    table = tomllib.loads(output.read_text(encoding="utf-8"))
    assert set(table["weights"]) == set(NAMES) == {"bias", *Evidence.__dataclass_fields__}
    assert 0 < table["threshold"] < 1
    assert load_index(bundled_index_folder).calibration is None


def test_a_confidence_means_what_it_says_where_the_evidence_is_a_logistic_model() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(4_000, len(NAMES) - 1))
    true = 1 / (1 + np.exp(-(0.5 + 2 * features[:, 0])))
    answerable = random.random(4_000) < true
    fit = calibrate([Part("made", features, answerable)])
    assert fit.weights["bias"] == pytest.approx(0.5, abs=0.15)
    assert fit.weights[NAMES[1]] == pytest.approx(2.0, abs=0.2)
    assert fit.reliability.ece < 0.03
    unfounded = calibrate([Part("made", features, random.permutation(answerable))])
    assert unfounded.reliability.brier > fit.reliability.brier + 0.05


def test_the_threshold_refuses_few_answerable_questions_of_the_first_index() -> None:
    random = np.random.default_rng(1)
    features = random.normal(size=(1_000, len(NAMES) - 1))
    answerable = random.random(1_000) < 1 / (1 + np.exp(-3 * features[:, 0]))
    sure = Part("first", features, answerable)
    hard = Part("second", features, ~answerable)
    assert calibrate([sure]).whole.wrongly_refused <= 0.05
    assert (
        calibrate([sure, replace(hard, features=features - 9)]).parts["first"].wrongly_refused
        <= 0.05
    )


def test_the_words_for_a_confidence_rise_with_it() -> None:
    assert [confidence_step(c) for c in (0.0, 0.499, 0.5, 0.8, 1.0)] == [
        "low",
        "low",
        "middle",
        "high",
        "high",
    ]
