"""Searching: units, languages, days in force, and many threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import Index, load_index
from index.search import in_force

FLOWERS = "公園の花壇の手入れはだれがしますか"
FLOWERS_EN = "Who takes care of the flower beds in a park?"
QUESTIONS = [FLOWERS, FLOWERS_EN, "助成金の締切", "How much can a group receive?", "体育館"]


@pytest.fixture
def index(index_folder: Path) -> Index:
    return load_index(index_folder)


@pytest.mark.parametrize("mode", ["both", "dense", "keywords"])
@pytest.mark.parametrize(
    ("question", "text"),
    [
        (FLOWERS, "町内会は、公園の花壇の手入れを市から引き受けることができます。"),
        ("会場は無料ですか", "体育館は、団体が無料で使える。"),
    ],
)
def test_what_is_asked_for_comes_first(question: str, text: str, mode: str, index: Index) -> None:
    assert index.search(question, 3, mode=mode).hits[0].passage.text == text  # type: ignore[arg-type]


def test_a_rendering_is_shown_to_an_english_question_and_its_original_to_a_japanese_one(
    index: Index,
) -> None:
    english = index.search(FLOWERS_EN, 1).hits[0].passage
    japanese = index.search(FLOWERS, 1).hits[0].passage
    assert (english.language, japanese.language) == ("en", "ja")
    assert english.counterpart == japanese.passage_id
    assert english.unit == japanese.unit
    assert english.text.startswith("A neighbourhood association may take over")


@pytest.mark.parametrize(("question", "language"), [(FLOWERS, "en"), (FLOWERS_EN, "ja")])
def test_the_language_shown_can_be_chosen(question: str, language: str, index: Index) -> None:
    hits = index.search(question, 20, language=language).hits
    assert {h.passage.language for h in hits} == {language}


def test_a_passage_without_a_rendering_is_shown_as_it_is(documents: Path, tmp_path: Path) -> None:
    from index import build_index

    (documents / "new.txt").write_text("図書館は、月曜日に休みます。\n", encoding="utf-8")
    build_index(tmp_path / "new", [documents])
    hits = load_index(tmp_path / "new").search("図書館 closing day", 3, language="en").hits
    assert hits[0].passage.text == "図書館は、月曜日に休みます。"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_unit_comes_once_in_falling_order(question: str, index: Index) -> None:
    hits = index.search(question, 50).hits
    units = [h.passage.unit for h in hits]
    assert len(units) == len(set(units)) >= 2
    assert [h.rank for h in hits] == list(range(1, len(hits) + 1))
    scores = [h.score for h in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < h.score <= 1 and 0 <= h.coverage <= 1 for h in hits)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_k_is_how_many(k: int, index: Index) -> None:
    assert index.search(FLOWERS, k).hits == index.search(FLOWERS, 50).hits[:k]


def test_a_rendering_is_found_by_its_original_and_the_other_way(index: Index) -> None:
    """The score of a unit is the better of its two, whichever language asks."""
    by_english = index.search("flower beds", 1, language="en").hits[0]
    by_japanese = index.search("flower beds", 1, language="ja").hits[0]
    assert by_english.passage.counterpart == by_japanese.passage.passage_id
    assert by_english.score == by_japanese.score > 0.9
    assert by_english.coverage == by_japanese.coverage == 1.0


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (None, {"第6条", "第7条"}),
        ("2005-03-31", set()),
        ("2005-04-01", {"第6条", "第7条"}),
        ("2010-03-31", {"第6条", "第7条"}),
        ("2010-04-01", {"第6条"}),
    ],
)
@pytest.mark.parametrize("question", ["花壇の届出", "notice of flower beds"])
def test_what_is_not_in_force_is_left_out(
    question: str, day: str | None, expected: set[str], index: Index
) -> None:
    hits = index.search(question, 50, as_of=day).hits
    found = {h.passage.locator for h in hits}
    assert found & {"第6条", "第7条"} == expected
    assert found - {"第5条", "第6条", "第7条"}


def test_no_date_does_not_stand_against_a_passage(index: Index) -> None:
    undated = [p for p in index.passages if p.document.document_id == "tebiki"]
    assert undated
    assert all(in_force(p, "1900-01-01") and in_force(p, "2100-01-01") for p in undated)


def test_words_that_nothing_holds_find_nothing_by_keywords(index: Index) -> None:
    assert index.search("zeppelin", 10, mode="keywords").hits == ()


@pytest.mark.parametrize("question", ["", " ", "？！", "🌸", "\u200b", "the of and"])
def test_a_question_without_a_word_is_taken(question: str, index: Index) -> None:
    result = index.search(question, 10)
    assert result.joint_coverage([0, 1]) == 0.0
    assert all(0 < h.score <= 1 for h in result.hits)


def test_coverage_is_the_share_of_the_question_by_rarity(index: Index) -> None:
    result = index.search("花壇 温泉", 5, mode="keywords")
    assert [c.surface for c in result.concepts] == ["花壇", "温泉"]
    held, lacking = result.weights
    assert lacking > held > 0
    assert result.hits[0].coverage == pytest.approx(held / (held + lacking), abs=1e-4)


def test_english_words_stay_english_in_a_question_with_a_japanese_word(index: Index) -> None:
    surfaces = [c.surface for c in index.search("花壇 flower beds", 1).concepts]
    assert surfaces == ["花壇", "flower", "bed"]


def test_passages_are_found_by_id(index: Index) -> None:
    assert all(index.passage(p.passage_id) is p for p in index.passages)
    assert index.passage("nowhere") is None


def test_many_threads_find_what_one_finds(bundled_index: Index) -> None:
    questions = [*QUESTIONS, "協働型事業とは何ですか", "What is nominal support?"] * 4
    alone = [bundled_index.search(q, 5).hits for q in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda q: bundled_index.search(q, 5).hits, questions))
    assert together == alone
