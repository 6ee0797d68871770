"""BM25: the scores of the formula, quietly, in files that hold no code."""

from __future__ import annotations

import logging
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus import Document, Passage
from index import Index, IndexDamaged
from index.keywords import K1, B, build_keywords, load_keywords, save_keywords, searchable
from index.tokenization import tokens

DOCUMENT = Document("d", "", "reference", "original", "en", "", "")


def _passages(*texts: str) -> tuple[Passage, ...]:
    return tuple(Passage(f"p{i}", DOCUMENT, "", t, "en") for i, t in enumerate(texts))


THREE = _passages("garden park park", "garden", "school")
"""Lengths 3, 1, 1: 5/3 words on average."""


def test_the_parameters_are_those_worked_with() -> None:
    assert (K1, B) == (1.5, 0.75)


def test_scores_are_those_worked_by_hand() -> None:
    keywords = build_keywords(THREE)
    park = math.log(1 + 2.5 / 1.5) * 2 / (2 + 1.5 * (0.25 + 0.75 * 3 / (5 / 3)))
    np.testing.assert_allclose(keywords.scores(["park"]), [park, 0, 0], rtol=1e-5)
    assert park == pytest.approx(0.44583, abs=1e-5)
    garden = [0.138236, 0.229270, 0]
    np.testing.assert_allclose(keywords.scores(["garden"]), garden, rtol=1e-4)
    both = [park + garden[0], garden[1], 0]
    np.testing.assert_allclose(keywords.scores(["garden", "park"]), both, rtol=1e-4)


def test_a_word_asked_twice_counts_twice() -> None:
    keywords = build_keywords(THREE)
    np.testing.assert_allclose(
        keywords.scores(["park", "park"]), 2 * keywords.scores(["park"]), rtol=1e-6
    )


def test_unknown_words_score_nothing() -> None:
    keywords = build_keywords(THREE)
    assert keywords.scores([]).tolist() == [0, 0, 0]
    assert keywords.scores(["zeppelin"]).tolist() == [0, 0, 0]
    known = keywords.scores(["park"])
    np.testing.assert_array_equal(keywords.scores(["park", "zeppelin"]), known)


def test_rarity_is_that_worked_by_hand() -> None:
    keywords = build_keywords(THREE)
    assert keywords.idf("garden") == pytest.approx(math.log(1.6))
    assert keywords.idf("park") == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert keywords.idf("zeppelin") == pytest.approx(math.log(1 + 3.5 / 0.5))


def test_a_passage_without_words_has_a_place_and_no_score() -> None:
    keywords = build_keywords(_passages("garden", "！？", "park"))
    assert keywords.scores(["garden"]).tolist()[1] == 0
    assert keywords.passages == 3


def test_title_and_headings_are_searched_with_the_text() -> None:
    document = Document("d", "花壇の手引", "manual", "original", "ja", "", "", title_en="Flowers")
    original = Passage("p", document, "", "本文です。", "ja", headings=("第1章",))
    assert searchable(original) == "花壇の手引\n第1章\n本文です。"
    rendering = Passage("p.en", document, "", "Text.", "en", headings=("Chapter 1",))
    assert searchable(rendering) == "Flowers\nChapter 1\nText."


def test_saved_keywords_score_the_same(bundled_index: Index, tmp_path: Path) -> None:
    save_keywords(bundled_index.keywords, tmp_path)
    loaded = load_keywords(tmp_path, len(bundled_index.passages))
    for question in ("協働型事業の公平性", "nominal support for an event"):
        expected = bundled_index.keywords.scores(tokens(question))
        assert expected.any()
        np.testing.assert_array_equal(loaded.scores(tokens(question)), expected)
    assert loaded.frequencies == bundled_index.keywords.frequencies


def test_keywords_of_other_passages_are_refused(tmp_path: Path) -> None:
    save_keywords(build_keywords(THREE), tmp_path)
    with pytest.raises(IndexDamaged, match="expected the words of 4 passages, found those of 3"):
        load_keywords(tmp_path, 4)


def test_no_file_needs_pickle(tmp_path: Path) -> None:
    save_keywords(build_keywords(THREE), tmp_path)
    arrays = sorted(tmp_path.rglob("*.npy"))
    assert len(arrays) == 6
    for path in arrays:
        np.load(path, allow_pickle=False)
    others = {p.suffix for p in tmp_path.rglob("*") if p.is_file()}
    assert others == {".npy", ".json"}


def test_the_library_logs_no_more_than_the_program(caplog: pytest.LogCaptureFixture) -> None:
    build_keywords(THREE)
    assert logging.getLogger("bm25s").level == logging.NOTSET
    assert [r for r in caplog.records if r.name == "bm25s"] == []


def test_a_build_prints_nothing_and_leaves_the_root_logger_alone() -> None:
    code = (
        "import logging, sys\n"
        "logging.basicConfig(level=logging.WARNING, stream=sys.stdout)\n"
        "from tests.test_index_keywords import THREE, build_keywords\n"
        "build_keywords(THREE)\n"
        "assert logging.getLogger().level == logging.WARNING\n"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")
