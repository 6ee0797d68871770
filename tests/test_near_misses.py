"""Questions that the bundled documents do not answer are known, and speak of nothing else."""

from __future__ import annotations

import math
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.near_misses import NearMisses, crowd, load_near_misses, read_lines
from assistant.pipeline import Assistant
from corpus.folder import BUNDLED
from index import Index, build_index
from index.dense import no_vectors
from tests.test_separation import training_questions

TOO_NEAR = 0.95

OWN = """---
title: 見本会館の使い方
authority: manual
---
# 会議室

## 会議室の使用料

見本会館の会議室の使用料は、1時間につき300円です。
"""


def test_every_line_stands_once() -> None:
    assert [line for line, times in Counter(read_lines()).items() if times > 1] == []
    assert len(read_lines()) >= 1_000


def test_no_line_is_a_question_that_is_known_to_be_answered(bundled_index: Index) -> None:
    encode = bundled_index.encoder.encode_queries
    answered = encode([question for _, question in training_questions()])
    nearest = (encode(read_lines()) @ answered.T).max(axis=1)
    twice = np.flatnonzero(nearest >= TOO_NEAR)
    assert [read_lines()[n] for n in twice] == []


def test_nearly_every_line_is_refused(bundled_index: Index) -> None:
    assistant = Assistant(bundled_index)
    asked = read_lines()[::20]
    answered = [q for q in asked if assistant.ask(q).status == "answered"]
    assert len(answered) <= 0.1 * len(asked), answered


def test_nothing_is_said_of_another_document_than_they_were_held_against(
    bundled_index: Index,
) -> None:
    misses = load_near_misses(bundled_index.encoder)
    document = bundled_index.documents[0]
    assert misses.covers(document)
    assert not misses.covers(replace(document, sha256="0" * 64))


def test_an_office_that_adds_the_document_gets_the_answer(tmp_path: Path) -> None:
    shutil.copytree(BUNDLED, tmp_path / "documents")
    (tmp_path / "documents" / "mihon.md").write_text(OWN, encoding="utf-8")
    build_index(tmp_path / "index", [tmp_path / "documents"])
    answer = Assistant.open(tmp_path / "index").ask("見本会館の会議室の使用料はいくらですか。")
    assert answer.status == "answered"
    assert "300円" in answer.text


def test_the_crowd_around_a_question_counts_one_question_once() -> None:
    few = np.array([0.2, 0.5], dtype=np.float32)
    assert crowd(few, np.array([0.5001], dtype=np.float32)) > 0
    twice = np.array([0.6, 0.6, 0.6], dtype=np.float32)
    once = np.array([0.6], dtype=np.float32)
    assert crowd(few, twice) == crowd(few, once) < 0


def test_the_crowd_is_the_logarithm_of_two_densities() -> None:
    few, one = np.array([0.2, 0.5], dtype=np.float32), np.array([0.4], dtype=np.float32)
    worked = math.log(math.exp(2) + math.exp(5)) - 4
    assert crowd(few, one) == pytest.approx(worked, abs=1e-5)
    assert crowd(few, few) == 0


def test_the_nearest_of_them_comes_last() -> None:
    rows = np.eye(3, dtype=np.float32)
    index = no_vectors(3)
    index.add(rows)
    around = NearMisses(index).around(np.array([0.0, 1.0, 0.0], dtype=np.float32))
    assert around.tolist() == [0.0, 0.0, 1.0]
