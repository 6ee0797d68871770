"""The two engines are measured and compared on the same questions; the key stays out of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.cli import main
from tests.model_server import choosing, model_server

KEY = "sk-kyodo-eval-55"
SET = Path(__file__).parents[1] / "eval" / "questions" / "policy-dev.jsonl"


@pytest.fixture
def some(tmp_path: Path) -> Path:
    """A few questions of the development set."""
    file = tmp_path / "few-dev.jsonl"
    file.write_text("\n".join(SET.read_text(encoding="utf-8").splitlines()[:8]), encoding="utf-8")
    return file


def test_both_engines_are_run_and_compared(
    some: Path,
    bundled_index_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = ["eval", "run", "--questions", str(some), "--index", str(bundled_index_folder)]
    assert main([*run, "--output", str(tmp_path / "own")]) == 0
    with model_server(choosing) as server:
        monkeypatch.setenv("KYODO_LLM_BASE_URL", server.base_url)
        monkeypatch.setenv("KYODO_LLM_MODEL", "scripted")
        monkeypatch.setenv("KYODO_LLM_API_KEY", KEY)
        assert main([*run, "--output", str(tmp_path / "model")]) == 0
        assert server.requests
    engines = [
        json.loads((tmp_path / name / "run.json").read_text(encoding="utf-8"))["engine"]
        for name in ("own", "model")
    ]
    assert engines[0] == {"name": "extractive"}
    assert (engines[1]["name"], engines[1]["model"]) == ("llm", "scripted")
    capsys.readouterr()
    assert main(["eval", "compare", str(tmp_path / "own"), str(tmp_path / "model")]) == 0
    assert "8 questions in both runs" in capsys.readouterr().out
    written = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert not [p for p in written if KEY in p.read_text(encoding="utf-8", errors="replace")]
    answers = (tmp_path / "model" / "answers.jsonl").read_text(encoding="utf-8")
    assert '"engine": "llm"' in answers
    assert "scripted" in (tmp_path / "model" / "report.html").read_text(encoding="utf-8")
