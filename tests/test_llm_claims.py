"""Statements that a model may make on real passages: none that is false is shown as verified."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.llm.parse import Claim
from assistant.llm.verify import Judged, judge
from corpus.datatypes import Passage
from corpus.sentences import split_sentences
from index import Index

FOLDER = Path(__file__).with_name("llm")
CLAIMS = (
    "claims_dev",
    "claims_dev2",
    "claims_dev3",
    "claims_heldout",
    "claims_last",
    "claims_blind",
)
"""Statements in free words with the whole passage as their quote."""
TOLD = {"told-dev": 0.16, "told-new": 0.05}
"""Sets of ``statements.tsv`` in the form that the instructions ask for, each with the share of
its true statements that may be rejected.

Their authors had the instructions, a question and the passages, and played an honest model or a
lying one. ``told-dev`` was at hand while the verification was made, and its true statements
follow earlier instructions, which allowed more; ``told-new`` was written later. ``free`` holds
statements in free words: those that are false must be rejected as all others, but so are nearly
all that are true, which is what keeps the false ones out.
"""
OWN = "a1b2c3"


@dataclass(frozen=True)
class Case:
    """A statement on a passage with its quote, and whether the passage carries it."""

    passage: Passage
    language: str
    text: str
    true: bool
    kind: str = ""
    quote: str = ""


def cases(name: str, index: Index) -> Iterator[Case]:
    places = {(p.document.document_id, p.locator, p.language): p for p in index.passages}
    if name not in CLAIMS:
        yield from _told(name, places)
        return
    rows = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    for row in rows:
        passage = places[(*row["at"], row.get("quoted", row["language"]))]
        for text in row["true"]:
            yield Case(passage, row["language"], text, True)
        for entry in row["false"]:
            kind, text = entry.split(": ", 1)
            yield Case(passage, row["language"], text, False, kind)


def _told(name: str, places: Mapping[tuple[str, str, str], Passage]) -> Iterator[Case]:
    with (FOLDER / "statements.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["set"] == name:
                passage = places[(row["document"], row["locator"], row["language"])]
                true, quote = row["kind"] == "true", row["quote"].replace("\\n", "\n")
                yield Case(passage, row["answer"], row["text"], true, row["kind"], quote)


def judged(case: Case, index: Index) -> Judged:
    claim = Claim(case.text, OWN, case.quote or case.passage.text)
    return judge(claim, {OWN: case.passage}, case.language, index.passage)  # type: ignore[arg-type]


def test_no_false_statement_is_verified(bundled_index: Index) -> None:
    sets = (*CLAIMS, *TOLD, "free")
    false = [c for name in sets for c in cases(name, bundled_index) if not c.true]
    shown = [(c.kind, c.text) for c in false if judged(c, bundled_index).verified]
    assert len(false) >= 2_000
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


@pytest.mark.parametrize(("name", "most"), TOLD.items())
def test_statements_in_the_form_asked_for_are_carried(
    name: str, most: float, bundled_index: Index
) -> None:
    true = [c for c in cases(name, bundled_index) if c.true]
    rejected = [c.text for c in true if not judged(c, bundled_index).verified]
    assert len(true) >= 300
    assert len(rejected) <= most * len(true), rejected
