"""No training pair and no known near miss is worded like an evaluation question."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

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
    assert list(too_near(known(), asked)) == []


def too_near(known: list[tuple[str, str]], asked: list[tuple[str, set[str]]]) -> Iterator[str]:
    """Every known question of 5 trigrams or more with an evaluation question that it is like."""
    kept = [(name, said, w) for name, said in known if len(w := trigrams(said)) >= 5]
    vectorizer = CountVectorizer(analyzer=list, binary=True)
    ours = vectorizer.fit_transform([w for *_, w in kept])
    shared = (ours @ vectorizer.transform([w for _, w in asked]).T).tocoo()
    sizes = np.array([len(w) for *_, w in kept]), np.array([len(w) for _, w in asked])
    together = sizes[0][shared.row] + sizes[1][shared.col] - shared.data
    for n in np.flatnonzero(shared.data >= TOO_NEAR * together):
        name, said, _ = kept[shared.row[n]]
        yield f"{name}: {said} ~ {asked[shared.col[n]][0]}"


def test_a_rewording_among_known_questions_is_found() -> None:
    known = [("a.tsv", "希望のシナリオとは何か"), ("a.tsv", "共催の申請はいつまでですか")]
    asked = [("q1", trigrams("希望のシナリオとは")), ("q2", trigrams("区民会議の廃止"))]
    assert list(too_near(known, asked)) == ["a.tsv: 希望のシナリオとは何か ~ q1"]
