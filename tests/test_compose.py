"""Stretches become an answer that opens with what weighs most."""

from __future__ import annotations

from assistant.compose import LEADS, compose
from assistant.datatypes import Query
from assistant.notes import notes_on
from assistant.phrasebook import phrase
from assistant.select import Piece
from assistant.understand import kind_of
from corpus.datatypes import Authority, Document, Passage, Standing
from index.terms import load_terms


def piece(text: str, authority: Authority, score: float, standing: Standing = "provision") -> Piece:
    document = Document(authority, text[:3], authority, "digest", "ja", "見本.md", "0" * 64)
    place = Passage(
        text[:3], document, text[:3], text, "ja", authority=authority, standing=standing
    )
    return Piece(place, 0, len(text), score, 1)


def opening(pieces: list[Piece], weightiest_first: bool) -> str:
    statements, _ = compose(pieces, "ja", load_terms(), weightiest_first)
    return statements[0].text


BACKGROUND = piece("表では、委託の形で行われてきました。", "committee", 1.0, "background")
PROVISION = piece("条例では、対等な関係で協力することです。", "ordinance", LEADS + 0.05)


def test_a_definition_opens_with_the_weightiest_of_sources_nearly_as_good() -> None:
    assert opening([BACKGROUND, PROVISION], True) == PROVISION.text


def test_another_answer_opens_with_the_best_source() -> None:
    assert opening([BACKGROUND, PROVISION], False) == BACKGROUND.text


def test_a_weighty_source_that_is_not_to_the_point_does_not_open_a_definition() -> None:
    far = piece("条例は、平成17年に施行されました。", "ordinance", LEADS - 0.05)
    assert opening([BACKGROUND, far], True) == BACKGROUND.text


def test_an_angry_charge_of_favouritism_is_a_question_of_fairness() -> None:
    assert kind_of("なんでいつもあの団体ばかり贔屓するんだ", "ja").name == "fairness"


def test_an_answer_that_only_says_what_is_not_known_is_not_called_an_opinion() -> None:
    gap = piece("策定の年月は、手元の文書では確認できません。", "reference", 1.0, "gap")
    view = piece("委員は、広げるべきだと述べました。", "committee", 1.0, "opinion")
    query = Query("いつできた", "ja", "fact", "いつできた", "2026-01-01")
    weak = phrase("ja", "note", "weak_only")
    assert weak not in notes_on(query, *compose([gap], "ja", load_terms(), False))
    assert weak in notes_on(query, *compose([view], "ja", load_terms(), False))
