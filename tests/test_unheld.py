"""What a question's words tell that nothing found holds: learnt, read, and weighed."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from assistant.answerable import confidence
from assistant.calibration import bundled
from assistant.pipeline import Assistant
from assistant.unheld import load_weights, read_weights, told_by, unheld_words
from eval.unheld import answered_without, fit, unanswered_without, write
from index import Index


def test_a_word_in_a_heading_or_in_the_other_language_is_held(bundled_index: Index) -> None:
    passage = next(
        p for p in bundled_index.passages if p.headings and p.counterpart and not p.rendering
    )
    other = bundled_index.passage(passage.counterpart or "")
    assert other is not None
    heading = passage.headings[-1]
    assert unheld_words(heading, [passage]) == frozenset()
    english = other.text.split(".")[0]
    assert unheld_words(english, [passage])
    assert unheld_words(english, [passage, other]) == frozenset()
    assert unheld_words(f"{heading} zyxwv", [passage]) == {"zyxwv"}


def test_words_missing_where_nothing_is_answered_speak_against_an_answer() -> None:
    answered = [frozenset({"tell"}), frozenset({"tell"}), frozenset({"tell", "now"}), frozenset()]
    unanswered = [frozenset({"fee"}), frozenset({"fee"}), frozenset({"fee", "tell"})]
    weights = fit(answered * 3, unanswered * 3)
    assert weights["fee"] < -0.5 < 0.1 < weights["tell"]


def test_a_word_missing_too_seldom_is_left_out() -> None:
    answered, unanswered = [frozenset({"tell"})] * 5, [frozenset({"fee"})] * 5
    assert list(fit([*answered, frozenset({"once"})], unanswered)) == ["fee", "tell"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "unheld.tsv"
    write({"料": -3.057, "tell": 0.5}, path, 10, 20)
    assert read_weights(path) == {"料": -3.06, "tell": 0.5}


def test_a_line_that_is_no_weight_is_named(tmp_path: Path) -> None:
    path = tmp_path / "unheld.tsv"
    path.write_text("料\t-1.0\n費 -2.0\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"unheld\.tsv line 2.*eval\.unheld"):
        read_weights(path)


def test_a_question_with_a_word_that_speaks_against_it_is_less_sure(bundled_index: Index) -> None:
    assistant = Assistant(bundled_index)
    question = bundled_index.passages[0].headings[-1] + "について教えてください"
    worst = sorted(load_weights(), key=lambda word: load_weights()[word])
    word = next(w for w in worst if not bundled_index.keywords.frequencies.get(w) and len(w) > 2)
    sure, unsure = assistant.evidence(question), assistant.evidence(f"{question} {word}")
    assert unsure.unheld < sure.unheld
    assert unsure.unheld - sure.unheld == pytest.approx(told_by([word]), abs=3)
    weights = bundled()
    other = replace(sure, unheld=unsure.unheld)
    assert confidence(other, weights) < confidence(sure, weights)
    assert set(asdict(sure)) == set(asdict(unsure))


def test_nothing_is_learnt_from_a_question_leading_to_itself(bundled_index: Index) -> None:
    answered = answered_without(bundled_index)
    missing = [next(answered) for _ in range(40)]
    assert any(missing)
    assert any(next(unanswered_without(bundled_index)) for _ in range(5))
