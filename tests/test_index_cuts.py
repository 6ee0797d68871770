"""Tokens kept from one build to the next: only what changed is cut again, to the same index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import index.build
import index.cuts
from index import Index, build_index, load_index
from index.cuts import load_cuts
from index.keywords import build_keywords, searchable
from index.tokenization import tokens, words


@pytest.fixture
def cut_texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are cut into tokens from now on."""
    texts: list[str] = []

    def counted(text: str) -> list[str]:
        texts.append(text)
        return tokens(text)

    monkeypatch.setattr(index.cuts, "tokens", counted)
    return texts


def test_only_changed_passages_are_cut_again(
    index_folder: Path, documents: Path, cut_texts: list[str]
) -> None:
    build_index(index_folder, [documents])
    assert cut_texts == []
    path = documents / "tebiki.md"
    path.write_text(path.read_text(encoding="utf-8").replace("20万円", "30万円"), encoding="utf-8")
    build_index(index_folder, [documents])
    assert len(cut_texts) == 1
    assert "30万円" in cut_texts[0]


@pytest.mark.parametrize("name", ["cutter_version", "dictionary_version"])
def test_another_way_of_cutting_cuts_all_again(
    name: str,
    index_folder: Path,
    documents: Path,
    cut_texts: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index.build, name, lambda: "another")
    build_index(index_folder, [documents])
    assert len(cut_texts) == 22


def test_kept_tokens_are_those_of_the_passages(index_folder: Path) -> None:
    loaded = load_index(index_folder)
    cuts = load_cuts(index_folder / "gen-000001")
    kept = cuts.by_digest(loaded.keywords.bm25.vocab_dict)
    for passage in loaded.passages:
        text = searchable(passage)
        assert kept[index.cuts.digest_of(text)] == tokens(text)


def test_an_index_from_kept_tokens_is_the_same_as_a_new_one(bundled_index: Index) -> None:
    passages = bundled_index.passages
    first = build_keywords(passages)
    assert first.cuts is not None
    again = build_keywords(passages, first.cuts.by_digest(first.bm25.vocab_dict))
    assert again.frequencies == first.frequencies == bundled_index.keywords.frequencies
    for query in ("協働の原則", "grants for NPOs", "共催の申請期限はいつですか"):
        assert np.array_equal(again.scores(tokens(query)), first.scores(tokens(query)))


def test_frequencies_count_the_words_of_each_passage(bundled_index: Index) -> None:
    counts: dict[str, int] = {}
    for passage in bundled_index.passages:
        for word in set(words(searchable(passage))):
            counts[word] = counts.get(word, 0) + 1
    assert bundled_index.keywords.frequencies == counts


def test_a_token_is_held_where_it_scores(bundled_index: Index) -> None:
    keywords: Any = bundled_index.keywords
    for word in [*list(keywords.bm25.vocab_dict)[::29], "no such word"]:
        assert np.array_equal(keywords.holds(word), keywords.scores([word]) > 0), word
