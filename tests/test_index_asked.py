"""Known questions lead new ones like them to the passage that answers, with no training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import Index, build_index, load_index
from index.asked import Asked, build_asked, load_asked, save_asked
from index.encoder import load_encoder
from index.errors import IndexDamaged

RULES = """---
title: 公園の使い方
authority: rule
edition: original
language: ja
---

# 公園

## 焚火台の届出

炉具を用いる場合は、事前に所管課へ様式第3号を差し出します。

## 開園の時間

公園は、午前6時から午後9時まで開いています。
"""
ASKED = "バーベキューをしたいときはどうすればいいですか\t焚火台の届出\n"


def built(folder: Path, asked: str) -> Index:
    documents = folder / "documents"
    documents.mkdir()
    (documents / "koen.md").write_text(RULES, encoding="utf-8")
    if asked:
        (documents / "koen.asked").write_text(asked, encoding="utf-8")
    build_index(folder / "index", [documents])
    return load_index(folder / "index")


def test_a_question_like_a_known_one_finds_its_passage(tmp_path: Path) -> None:
    index = built(tmp_path, ASKED)
    hits = index.search("バーベキューをしたいです。どうすれば?").hits
    assert hits[0].passage.headings[-1] == "焚火台の届出"
    assert hits[0].cosine > 0.6


def test_without_the_known_question_the_same_passage_is_far(tmp_path: Path) -> None:
    index = built(tmp_path, "")
    hits = index.search("バーベキューをしたいです。どうすれば?").hits
    assert all(hit.cosine < 0.6 for hit in hits)


def test_a_line_that_names_no_passage_is_told_and_the_others_are_used(tmp_path: Path) -> None:
    index = built(tmp_path, "# 見出し\n\nどこですか\t無い見出し\n" + ASKED)
    (said,) = [reason for file, reason in index.skipped if file == "koen.asked"]
    assert said.startswith("koen.asked line 3: expected a question, a tab")
    assert index.asked.faiss_index.ntotal == 1


def test_known_questions_come_back_as_they_were_written(tmp_path: Path) -> None:
    encoder = load_encoder("bundled")
    known = Asked(("いつ開きますか", "何時までですか"), (1, 1))
    rows = build_asked(known, encoder.encode_queries, encoder.dimension, {})
    save_asked(rows, tmp_path)
    again = load_asked(tmp_path, 2, encoder.dimension)
    asked = encoder.encode_queries(["いつ開きますか"])
    np.testing.assert_allclose(again.similarities(asked, 2, 10), [-1.0, 1.0], atol=1e-4)


def test_a_known_question_on_a_passage_that_is_not_there_is_damage(tmp_path: Path) -> None:
    encoder = load_encoder("bundled")
    rows = build_asked(Asked(("何ですか",), (7,)), encoder.encode_queries, encoder.dimension, {})
    save_asked(rows, tmp_path)
    with pytest.raises(IndexDamaged, match="expected questions on 2 passages"):
        load_asked(tmp_path, 2, encoder.dimension)
