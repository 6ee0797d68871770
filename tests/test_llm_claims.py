"""Statements that a model may make on real passages: none that is false is shown as verified."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.llm.parse import Claim
from assistant.llm.verify import Judged, judge
from corpus.datatypes import Passage
from index import Index

FOLDER = Path(__file__).with_name("llm")
SETS = ("claims_dev", "claims_dev2", "claims_dev3", "claims_heldout")
MOST_REJECTED = 0.11
OWN = "a1b2c3"


@dataclass(frozen=True)
class Case:
    """A statement on a passage, and whether the passage carries it."""

    passage: Passage
    language: str
    text: str
    true: bool
    kind: str = ""


def cases(name: str, index: Index) -> Iterator[Case]:
    places = {(p.document.document_id, p.locator, p.language): p for p in index.passages}
    rows = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    for row in rows:
        passage = places[(*row["at"], row.get("quoted", row["language"]))]
        for text in row["true"]:
            yield Case(passage, row["language"], text, True)
        for entry in row["false"]:
            kind, text = entry.split(": ", 1)
            yield Case(passage, row["language"], text, False, kind)


def judged(case: Case, index: Index) -> Judged:
    claim = Claim(case.text, OWN, case.passage.text)
    return judge(claim, {OWN: case.passage}, case.language, index.passage)  # type: ignore[arg-type]


def test_no_false_statement_is_verified(bundled_index: Index) -> None:
    false = [c for name in SETS for c in cases(name, bundled_index) if not c.true]
    shown = [(c.kind, c.text) for c in false if judged(c, bundled_index).verified]
    assert len(false) >= 200
    assert shown == []


def test_hardly_a_true_statement_is_rejected(bundled_index: Index) -> None:
    true = [c for name in SETS for c in cases(name, bundled_index) if c.true]
    rejected = [c.text for c in true if not judged(c, bundled_index).verified]
    assert len(true) >= 200
    assert len(rejected) <= MOST_REJECTED * len(true), rejected
