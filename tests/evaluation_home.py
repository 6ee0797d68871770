"""A data folder with two finished runs over small documents, and the Evaluation page over it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from assistant.cli import main
from assistant.pages import Surroundings, find_pages
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.state import open_state
from tests.page_server import serving

ROWS: list[tuple[str, str, str, str, str, str]] = [
    ("q-1", "助成金の申請の締切はいつですか。", "ja", "tebiki", "申請 › 締切", "9月30日"),
    ("q-2", "助成金の上限はいくらですか。", "ja", "tebiki", "申請 › 金額", "20万円"),
    ("q-3", "まちづくりの原則は何ですか。", "ja", "machi-jorei", "第5条", "信頼"),
    ("q-4", "When is the deadline for grants?", "en", "tebiki", "申請 › 締切", "30 September"),
    ("q-5", "横浜市の水道料金はいくらですか。", "ja", "", "", ""),
]
"""The third asks for a point that the documents do not hold: its answer needs a look."""
RISKY = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def question_rows() -> list[dict[str, Any]]:
    """The questions as lines of a set, one of them hostile."""
    rows: list[dict[str, Any]] = [
        {
            "id": name,
            "question": asked,
            "language": language,
            "kind": "fact",
            "answers": [{"document": document, "locator": locator}] if document else [],
            "key_points": [[point]] if point else [],
            "refuse": not document,
        }
        for name, asked, language, document, locator, point in ROWS
    ]
    return [*rows, {**rows[0], "id": f"q-6 {RISKY}", "question": f"{RISKY}締切は?"}]


def write_set(path: Path, copies: int = 1) -> Path:
    """Write the questions ``copies`` times, each time under other ids."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {**row, "id": f"{row['id']}{n or ''}"} for n in range(copies) for row in question_rows()
    ]
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path


def make_home(home: Path, index: Path) -> Path:
    """A data folder with a set of its own and two runs of it, the second by keywords alone."""
    questions = write_set(home / "eval" / "questions" / "own.jsonl")
    for name, search in (("first", "both"), ("second", "keywords")):
        arguments = ["eval", "run", "--index", str(index), "--questions", str(questions)]
        output = home / "eval" / "runs" / name
        if main([*arguments, "--output", str(output), "--search", search]) != 0:
            raise AssertionError(f"the run {name} failed")
    return home


@contextmanager
def evaluation(home: Path, index: Path) -> Iterator[str]:
    """Serve the conversation and the Evaluation page; gives the address."""
    door, pages = Assistant.open(index), find_pages()
    if not pages:
        raise LookupError("no page is installed; install the package again: pip install -e .")
    with serving(
        door, pages, Surroundings(Settings(home), index, door, open_state(home / "state.sqlite3"))
    ) as address:
        yield address


def wait_until_idle(web: httpx.Client, run: str, limit_s: float = 60) -> str:
    """Wait until a run is not under way any more; its stage."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        state = web.get("/evaluation/state", params={"run": run}).json()
        if state["stage"] != "running":
            return str(state["stage"])
        time.sleep(0.2)
    raise TimeoutError(f"Expected {run} to end within {limit_s} s, found {state}.")
