"""Statements that a model may make on real passages: none that is false is shown as verified."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.llm.parse import Claim
from assistant.llm.verify import Judged, judge
from corpus.datatypes import Passage
from corpus.sentences import split_sentences
from index import Index

FOLDER = Path(__file__).with_name("llm")
SETS = (
    "claims_dev",
    "claims_dev2",
    "claims_dev3",
    "claims_heldout",
    "claims_last",
    "claims_blind",
)
MOST_REJECTED = {"claims_blind": 0.52}
"""Share of a set's true statements that is rejected at most; ``FITTED`` for any other.

``claims_blind`` was written by somebody who did not know the verification; the others were at
hand while it was made, so that only the first tells what to expect. The aim is 0.05.
"""
FITTED = 0.14
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


CHANGES = {
    "ja": {
        "officer": [
            ("市長", "知事"),
            ("教育長", "市長"),
            ("区長", "市長"),
            ("市民", "県民"),
            ("市は", "県は"),
            ("市が", "国が"),
            ("委員会", "審議会"),
        ],
        "negation": [
            ("できます。", "できません。"),
            ("ません。", "ます。"),
            ("ではありません。", "です。"),
            ("ました。", "ませんでした。"),
            ("ます。", "ません。"),
            ("です。", "ではありません。"),
        ],
        "modality": [
            ("できます", "しなければなりません"),
            ("必要です", "必要に応じて行えます"),
            ("ます。", "るよう努めます。"),
        ],
    },
    "en": {
        "officer": [
            ("mayor", "governor"),
            ("ward head", "mayor"),
            ("the city ", "the prefecture "),
            ("committee", "bureau"),
        ],
        "negation": [
            (" is not ", " is "),
            (" does not ", " does "),
            (" cannot ", " can "),
            (" is ", " is not "),
            (" can ", " cannot "),
            (" must ", " must not "),
            (" was ", " was not "),
        ],
        "modality": [
            (" must ", " may "),
            (" may ", " must "),
            (" can ", " must "),
            (" is ", " must be "),
        ],
    },
}


def lies(sentence: str, language: str, other: str) -> Iterator[tuple[str, str]]:
    """What a lying model makes of a sentence: one change of each kind."""
    figure = re.search(r"\d", sentence)
    if figure:
        changed = str((int(figure.group()) + 1) % 10)
        yield "number", sentence[: figure.start()] + changed + sentence[figure.end() :]
    for kind, rows in CHANGES[language].items():
        pair = next(((a, b) for a, b in rows if a in sentence), None)
        if pair:
            yield kind, sentence.replace(*pair, 1)
    invented = "第99条によると、" if language == "ja" else "Under Article 99, "
    yield "article", invented + sentence
    yield "wrong claim", other


def test_no_sentence_of_the_documents_is_verified_once_it_is_changed(bundled_index: Index) -> None:
    asked, shown = Counter[str](), []
    passages = bundled_index.passages
    for number, passage in enumerate(passages[::2]):
        other = passages[(2 * number + 101) % len(passages)]
        claimed = other.text[slice(*split_sentences(other.text)[0])]
        spans = split_sentences(passage.text)
        own = [passage.text[s:e] for s, e in spans]
        for kind, lie in lies(own[0], passage.language, claimed):
            if lie in own or (kind == "wrong claim" and other.language != passage.language):
                continue
            asked[kind] += 1
            case = Case(passage, passage.language, lie, False, kind)
            if judged(case, bundled_index).verified:
                shown.append((kind, lie))
    assert min(asked.values()) >= 50
    assert sum(asked.values()) >= 1_000
    assert shown == []


def test_every_sentence_of_the_documents_is_verified_as_it_stands(bundled_index: Index) -> None:
    refused = [
        p.passage_id
        for p in bundled_index.passages
        if not judged(
            Case(p, p.language, p.text[slice(*split_sentences(p.text)[0])], True), bundled_index
        ).verified
    ]
    assert refused == []


def test_no_more_true_statements_are_rejected_than_was_reached(bundled_index: Index) -> None:
    for name in SETS:
        true = [c for c in cases(name, bundled_index) if c.true]
        rejected = [c.text for c in true if not judged(c, bundled_index).verified]
        assert len(true) >= 20
        assert len(rejected) <= MOST_REJECTED.get(name, FITTED) * len(true), rejected
