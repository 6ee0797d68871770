"""The bundled units and terms: all of it rests on passages of the real index, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.gate import check
from assistant.learn.ground import Ground, read_ground
from assistant.learn.kana import row_of, sort_key
from assistant.learn.material import (
    GLOSSARY,
    Material,
    Shelf,
    key_of,
    languages_of,
    read_material,
    write_basis,
)
from corpus.cited import Cited
from corpus.glossary import BUNDLED_GLOSSARY
from corpus.rows import TeachingError
from corpus.units import BUNDLED_UNITS, Said, cited_in, read_unit

WRONG = Path(BUNDLED_UNITS / "what.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def material() -> Material:
    return read_material((BUNDLED_UNITS,), (BUNDLED_GLOSSARY,))


@pytest.fixture(scope="module")
def ground(material: Material, bundled_index_folder: Path) -> Ground:
    return read_ground(bundled_index_folder, material.documents())


def said_in(material: Material) -> Iterator[tuple[str, Said, bool]]:
    """Everything that is said, where, and whether it is taught rather than an explanation."""
    for unit in material.units:
        yield from ((unit.unit_id, said, True) for said in unit.sentences)
        for question in unit.questions:
            place = f"{unit.unit_id} {question.question_id}"
            yield from ((place, option.why, False) for option in question.options)
    for start in material.starts:
        yield from ((start.start_id, note.said, True) for note in start.notes)
        yield from ((start.start_id, case.said, False) for case in start.cases)
    for term in material.terms:
        yield (f"{GLOSSARY} {term.term_id}", Said(term.meaning, term.source), True)


def test_every_sentence_explanation_and_meaning_quotes_a_passage_word_for_word(
    material: Material, ground: Ground
) -> None:
    lost = []
    for place, said, _ in said_in(material):
        for language in ("ja", "en"):
            assert languages_of(said.source) == ("ja", "en"), place
            quoted = ground.find(said.source, language)
            if quoted is None:
                lost.append((place, language, said.source))
                continue
            text = quoted.passage.text[quoted.start : quoted.end]
            assert text == said.source.quote.of(language)
            assert quoted.passage.language == language
    assert lost == []


def test_what_is_taught_passes_the_quote_gate_that_answers_pass(
    material: Material, ground: Ground
) -> None:
    refused = []
    for place, said, taught in said_in(material):
        for language in ("ja", "en") if taught else ():
            quoted = ground.find(said.source, language)
            assert quoted is not None
            quote = said.source.quote.of(language)
            reason = check(said.text.of(language), [quote], [quoted.passage.text])
            if reason:
                refused.append((place, language, reason, said.text.of(language)))
    assert refused == []


def test_nothing_has_changed_since_the_bundled_units_were_written(
    material: Material, ground: Ground
) -> None:
    assert [c for p in material.pieces() for c in ground.changes(material, p, {})] == []
    recorded = {key_of(c, lang) for c in every_source(material) for lang in languages_of(c)}
    assert recorded == set(material.basis)


def every_source(material: Material) -> list[Cited]:
    return [cited for piece in material.pieces() for cited in material.sources_of(piece)]


def test_the_path_is_seven_units_of_five_to_ten_minutes_in_order(material: Material) -> None:
    assert [unit.unit_id for unit in material.units] == [
        "what",
        "ordinance",
        "six-principles",
        "partners",
        "procedure",
        "fairness",
        "ask",
    ]
    assert all(5 <= unit.minutes <= 10 for unit in material.units)
    assert {start.start_id for start in material.starts} == {"ward", "company", "finance"}
    for start in material.starts:
        assert set(start.units) == {unit.unit_id for unit in material.units}
        assert start.notes
        assert start.cases


def test_every_question_has_a_right_answer_and_every_option_its_explanation(
    material: Material,
) -> None:
    for unit in material.units:
        assert 3 <= len(unit.questions) <= 5, unit.unit_id
        for question in unit.questions:
            assert question.right, question
            assert len(question.right) < len(question.options), question
            assert question.several or len(question.right) == 1, question
            for option in question.options:
                assert option.why.text.ja
                assert option.why.text.en
                assert option.why.source.quote.ja
    assert any(question.several for unit in material.units for question in unit.questions)


def test_the_glossary_holds_forty_terms_and_more_each_with_its_reading(material: Material) -> None:
    assert len(material.terms) >= 40
    assert sum(term.defined for term in material.terms) >= 30
    assert all(row_of(term.reading) for term in material.terms)


def test_readings_stand_in_the_order_of_a_japanese_dictionary() -> None:
    words = ["きょうどう", "きょう", "カード", "かい", "がくせい", "かく", "ん", "あ", "きよう"]
    assert sorted(words, key=sort_key) == [
        "あ", "カード", "かい", "かく", "がくせい", "きょう", "きよう", "きょうどう", "ん",
    ]  # fmt: skip
    assert [row_of(word) for word in ("がくせい", "パートナー", "んー", "A")] == [
        "か", "は", "わ", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("order = 1", 'order = "first"', "order: expected a whole number"),
        ('source = "roles"', 'source = "rolls"', "sentence 2 › source: expected the name"),
        ("right = true", "right = false", "question 1 › option"),
        ("minutes = 6", "minutes = ", "line"),
        ('aim.en = "You', 'aims.en = "You', "aims: expected only"),
        ("[[sentence]]", "[[sentences]]", "sentences: expected only"),
    ],
)
def test_a_mistake_in_a_unit_is_told_with_its_file_and_place(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    file = tmp_path / "wrong.toml"
    assert old in WRONG
    file.write_text(WRONG.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TeachingError, match=r"^wrong\.toml") as error:
        read_unit(file)
    assert told in str(error.value)


def test_an_office_file_stands_in_for_the_bundled_one_and_is_read_anew(tmp_path: Path) -> None:
    own = tmp_path / "units"
    shelf = Shelf((BUNDLED_UNITS, own), (BUNDLED_GLOSSARY,))
    assert len(shelf.material().units) == 7
    own.mkdir()
    (own / "what.toml").write_text(WRONG.replace("minutes = 6", "minutes = 9"), encoding="utf-8")
    (own / "extra.toml").write_text(WRONG.replace("order = 1", "order = 8"), encoding="utf-8")
    taught = shelf.material()
    assert [unit.unit_id for unit in taught.units][-1] == "extra"
    assert taught.units[0].minutes == 9


def test_a_changed_passage_is_told_apart_from_a_changed_quote_and_a_lost_passage(
    material: Material, ground: Ground, tmp_path: Path
) -> None:
    unit = material.units[0]
    source = next(iter(cited_in(unit)))
    key = key_of(source, "ja")
    held = ground.passages[key]

    def changed(text: str) -> list[str]:
        from dataclasses import replace

        passages = {**ground.passages, key: (replace(held[0], text=text),) if text else ()}
        other = Ground(passages, ground.documents)
        return [c.kind for c in other.changes(material, unit.unit_id, {}) if c.source == source]

    assert changed(held[0].text) == []
    assert changed(held[0].text + "ただし、例外があります。") == ["text"]
    assert changed(held[0].text.replace("市民と市", "市民と国")) == ["quote"]
    assert changed("") == ["gone"]
    write_basis(tmp_path, ground.texts([source]))
    assert (tmp_path / "basis.json").read_text(encoding="utf-8").count('"text"') == 2
