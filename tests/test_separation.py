"""No training pair and no known near miss is worded like an evaluation question."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

import index.training
from assistant.near_misses import FILES, PATTERN
from eval.questions import FOLDER

PAIRS = Path(index.training.__file__).parent / "pairs"
TOO_NEAR = 0.6


def trigrams(text: str) -> set[str]:
    plain = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).lower())
    return {plain[i : i + 3] for i in range(len(plain) - 2)}


def likeness(first: set[str], second: set[str]) -> float:
    return len(first & second) / len(first | second) if first and second else 0.0


def near_misses() -> list[tuple[str, str]]:
    return [
        (file.name, line)
        for file in sorted(FILES.glob(PATTERN))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]


def training_questions() -> list[tuple[str, str]]:
    return [
        (file.name, line.split("\t")[0])
        for file in sorted(PAIRS.glob("*.tsv"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if "\t" in line and not line.startswith("#")
    ]


def test_likeness_tells_a_rewording_from_another_question() -> None:
    asked = trigrams("希望のシナリオとは")
    assert likeness(asked, trigrams("希望のシナリオとは何か")) >= TOO_NEAR
    assert likeness(asked, trigrams("共催の申請はいつまでですか")) < 0.1


@pytest.mark.parametrize("known", [training_questions, near_misses])
def test_no_known_question_is_worded_like_an_evaluation_question(
    known: Callable[[], list[tuple[str, str]]],
) -> None:
    asked = [
        (row["id"], trigrams(said))
        for file in sorted([*FOLDER.glob("*.jsonl"), *FOLDER.with_name("cases").glob("*.jsonl")])
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())
        for said in [row.get("question", ""), *(turn["say"] for turn in row.get("turns", ()))]
    ]
    near = [
        f"{name}: {question} ~ {question_id}"
        for name, question in known()
        if len(words := trigrams(question)) >= 5
        for question_id, other in asked
        if likeness(words, other) >= TOO_NEAR
    ]
    assert near == []
