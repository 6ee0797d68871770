"""A change made worse on purpose is caught on the development questions, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from assistant.cli import main
from assistant.datatypes import Answer, Citation
from assistant.pipeline import Assistant
from eval.compare import compare
from eval.floors import falls
from eval.known import known_items, measure_known
from eval.metrics import measure
from eval.questions import FOLDER
from eval.retrieval import measure_rankings, rankings_of, relevant_of
from eval.run import ask_all, one_sided
from eval.sets import files_of, load_sets
from index import Index
from index.dense import DenseIndex
from index.tokenization import words

DAY = "2026-11-23"


def measured(index: Index) -> Mapping[str, Any]:
    return measured_through(Assistant(index))


def measured_through(door: Assistant) -> Mapping[str, Any]:
    sets = {"policy-dev": load_sets(files_of(None))["policy-dev"]}
    outcomes = list(ask_all(door, sets, DAY, frozenset()))
    relevant = relevant_of(sets["policy-dev"], door.index.passages)
    ranked = measure_rankings(rankings_of(outcomes), relevant)
    return {
        "questions": {
            o.question.question_id: {**ranked[o.question.question_id], **measure(o)}
            for o in outcomes
        },
        "known_items": measure_known(door.index),
    }


class Shifted(Assistant):
    """An assistant that cites the passage beside the right one."""

    def ask(self, *args: Any, **more: Any) -> Answer:
        answer = super().ask(*args, **more)
        return replace(answer, citations=tuple(map(self.beside, answer.citations)))

    def beside(self, citation: Citation) -> Citation:
        before, after = self.neighbours(citation.passage.passage_id)
        passage = after or before or citation.passage
        return replace(citation, passage=passage, start=0, end=len(passage.text))


@pytest.fixture(scope="module")
def sound(bundled_index: Index) -> Mapping[str, Any]:
    """The figures of the index as it is."""
    return measured(bundled_index)


def shuffled(rows: DenseIndex) -> DenseIndex:
    """Vectors that belong to other passages than they were made from."""
    return replace(rows, owners=np.random.default_rng(0).permutation(rows.owners))


def test_shuffled_vectors_are_a_significant_fall(
    bundled_index: Index, sound: Mapping[str, Any]
) -> None:
    damaged = replace(
        bundled_index, dense=shuffled(bundled_index.dense), asked=shuffled(bundled_index.asked)
    )
    found = falls(measured(damaged), sound)
    assert any(sentence.startswith("success@5 worsened") for sentence in found)
    assert any(sentence.startswith("key_points worsened") for sentence in found)


def test_vectors_switched_off_are_a_significant_fall(
    bundled_index: Index, sound: Mapping[str, Any]
) -> None:
    found = falls(measured(one_sided(bundled_index, "keywords")), sound)
    assert any(sentence.startswith("success@1 worsened") for sentence in found)


def test_keywords_switched_off_are_a_significant_fall_of_the_searches_by_exact_words(
    bundled_index: Index, sound: Mapping[str, Any]
) -> None:
    found = falls(measured(one_sided(bundled_index, "dense")), sound)
    assert any(sentence.startswith("known@1 worsened") for sentence in found), found


def test_citations_shifted_to_the_passage_beside_are_a_significant_fall(
    bundled_index: Index, sound: Mapping[str, Any]
) -> None:
    found = falls(measured_through(Shifted(bundled_index)), sound)
    fallen = {sentence.split(" ")[0] for sentence in found}
    assert {"citation_precision", "citation_recall"} <= fallen, found


def test_known_items_are_found_by_their_own_words(bundled_index: Index) -> None:
    items = known_items(bundled_index)
    assert 300 < len(items) <= 500
    for passage_id, item in list(items.items())[:50]:
        held = words(bundled_index.passages[bundled_index.numbers[passage_id]].text)
        assert set(item.words.split()) <= set(held)
    best = measure_known(bundled_index)
    assert sum(own["known@1"] for own in best.values()) / len(best) > 0.7


def test_an_index_without_any_keyword_is_a_significant_fall(
    bundled_index: Index, sound: Mapping[str, Any]
) -> None:
    silent = SimpleNamespace(vocab_dict={})
    damaged = replace(bundled_index, keywords=replace(bundled_index.keywords, bm25=silent))
    found = falls(measured(damaged), sound)
    # The known questions carry what staff ask; what is looked for by its own words is lost.
    assert any(sentence.startswith("known@1 worsened") for sentence in found), found


def test_the_same_index_is_no_fall(bundled_index: Index, sound: Mapping[str, Any]) -> None:
    again = measured(bundled_index)
    assert falls(again, sound) == ()
    assert compare(sound, again).flips == ()


def test_the_gate_fails_on_keywords_switched_off_and_compare_says_where(
    bundled_index_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (FOLDER / "policy-dev.jsonl").read_text("utf-8").splitlines(keepends=True)[:8]
    (tmp_path / "few.jsonl").write_text("".join(lines), "utf-8")
    given = ["--questions", str(tmp_path / "few.jsonl"), "--index", str(bundled_index_folder)]
    sound, damaged = str(tmp_path / "sound"), str(tmp_path / "damaged")
    assert main(["eval", "run", *given, "--output", sound]) == 0
    assert main(["eval", "run", *given, "--output", damaged, "--search", "dense"]) == 0
    held = ["--baseline", f"{sound}/metrics.json"]
    assert main(["eval", "gate", sound, *held]) == 0
    capsys.readouterr()
    assert main(["eval", "gate", damaged, *held]) == 1
    assert "FALLEN      known@1 worsened from" in capsys.readouterr().out
    assert main(["eval", "compare", sound, damaged]) == 0
    said = capsys.readouterr().out
    (told,) = [line for line in said.splitlines() if line.startswith("known@1")]
    assert told.endswith("WORSE")
    assert re.search(r"\d\d passages lost by searches for two rare words of them: \w", said)
