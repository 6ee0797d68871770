"""A run that is killed goes on where it stopped; two never write one folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from eval.errors import RunBusyError
from eval.running import find_run, held, holder, list_runs, state_of, stop_run
from tests.evaluation_home import write_set

COMMAND = [sys.executable, "-c", "from assistant.cli import run; run()", "eval", "run"]


def arguments(questions: Path, index: Path, output: Path) -> list[str]:
    return ["--questions", str(questions), "--index", str(index), "--output", str(output)]


def started(questions: Path, index: Path, output: Path) -> subprocess.Popen[str]:
    given = arguments(questions, index, output)
    return subprocess.Popen([*COMMAND, *given], stderr=subprocess.PIPE, text=True)


def lines(output: Path) -> list[bytes]:
    path = output / "answers.jsonl"
    return path.read_bytes().splitlines(keepends=True) if path.is_file() else []


def wait_for(answers: int, output: Path) -> None:
    end = time.monotonic() + 60
    while len(lines(output)) < answers:
        assert time.monotonic() < end, "the run did not begin within 60 s"
        time.sleep(0.01)


def without_time(output: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in lines(output)]
    for row in rows:
        del row["timings_ms"], row["run"]["seconds"]
    return rows


@pytest.mark.parametrize("after", [1, 40])
def test_a_killed_run_goes_on_and_ends_as_if_it_had_never_been_cut_off(
    after: int, index_folder: Path, tmp_path: Path
) -> None:
    questions = write_set(tmp_path / "long.jsonl", 30)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert main(["eval", "run", *arguments(questions, index_folder, whole)]) == 0
    running = started(questions, index_folder, cut)
    wait_for(after, cut)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    kept = [line for line in lines(cut) if line.endswith(b"\n")]
    assert after <= len(kept) < 180
    assert state_of(cut).stage == "stopped"

    again = started(questions, index_folder, cut)
    _, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    assert f"{len(kept)} answers are in {cut} already; going on from there." in said
    assert f"{len(kept)}/180" in said
    assert "180/180" in said
    assert lines(cut)[: len(kept)] == kept
    assert without_time(cut) == without_time(whole)
    told = [json.loads((d / "metrics.json").read_text("utf-8")) for d in (whole, cut)]
    assert told[0]["questions"] == told[1]["questions"]


def test_two_processes_never_write_one_run(
    index_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = write_set(tmp_path / "small.jsonl")
    with held(tmp_path / "out"):
        other = started(questions, index_folder, tmp_path / "out")
        _, said = other.communicate(timeout=60)
    assert other.returncode == 1
    assert "another process is writing this run; wait until it has finished or name" in said
    assert not lines(tmp_path / "out")
    assert main(["eval", "run", *arguments(questions, index_folder, tmp_path / "out")]) == 0


def test_a_lock_is_let_go_whatever_ends_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from eval.running import held\n"
        f"with held(Path({str(tmp_path)!r})):\n    print('held', flush=True); time.sleep(60)"
    )
    writing = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert writing.stdout is not None
    assert writing.stdout.readline() == "held\n"
    assert holder(tmp_path) == writing.pid
    with pytest.raises(RunBusyError), held(tmp_path):
        pass
    os.kill(writing.pid, signal.SIGKILL)
    writing.communicate()
    assert holder(tmp_path) is None
    with held(tmp_path):
        pass


def test_a_run_without_an_output_goes_to_the_data_folder(
    index_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KYODO_HOME", str(tmp_path / "home"))
    questions = write_set(tmp_path / "small.jsonl")
    given = ["--questions", str(questions), "--index", str(index_folder)]
    assert main(["eval", "run", *given]) == 0
    (run,) = list_runs(tmp_path / "home")
    assert (run.stage, run.asked, run.total, run.sets) == ("done", 6, 6, ("small",))
    assert find_run(tmp_path / "home", run.run_id) == run
    stop_run(run)
    assert list_runs(tmp_path / "home") == (run,)


@pytest.mark.parametrize("run_id", ["", "..", "../runs", "/etc", "a/b", ".hidden", "x" * 200])
def test_an_id_is_no_path(tmp_path: Path, run_id: str) -> None:
    assert find_run(tmp_path, run_id) is None
