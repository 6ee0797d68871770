"""Whatever is asked, an answer rests on quotes that stand in the documents, or says it has none."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from assistant.datatypes import Answer, Turn
from assistant.errors import QuestionError
from assistant.gate import REASONS
from assistant.phrasebook import phrase
from assistant.pipeline import Assistant

DAY = "2026-04-01"
_QUESTIONS = Path(__file__).with_name("questions.txt")
KEYS = """question language standalone_question kind status verdict answer statements citations
nearest clarifying_question follow_ups handover engine index as_of timings_ms"""
STATEMENT_KEYS = {"text", "citations", "verified"}
_PLACE = """passage_id document_id title authority binding edition locator page effective_from
effective_until source"""
CITATION_KEYS = {"number", "quote", "start", "end", "score"}.union(re.split(r"\s+", _PLACE))
PASSAGE_KEYS = {"headings", "text", "language"}.union(re.split(r"\s+", _PLACE))
KINDS = {"counts", "fairness", "definition", "procedure", "comparison", "lookup", "fact", "other"}


def questions() -> list[str]:
    lines = _QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="session")
def assistant(bundled_index_folder: Path) -> Assistant:
    return Assistant.open(bundled_index_folder)


@pytest.fixture(scope="session")
def answers(assistant: Assistant) -> dict[str, Answer]:
    return {question: assistant.ask(question, as_of=DAY) for question in questions()}


def without_timings(answer: Answer) -> dict[str, Any]:
    return {**answer.to_dict(), "timings_ms": {}}


def test_enough_different_questions_are_asked(answers: dict[str, Answer]) -> None:
    assert len(answers) >= 60
    assert {a.query.language for a in answers.values()} == {"ja", "en"}
    assert {"answered", "partial", "clarify", "no_answer"} == {a.status for a in answers.values()}
    assert len({a.query.kind for a in answers.values()}) >= 7


def test_every_quote_is_cut_out_of_the_passage_it_names(
    answers: dict[str, Answer], assistant: Assistant
) -> None:
    cited = [c for a in answers.values() for c in a.to_dict()["citations"]]
    assert len(cited) > 100
    for citation in cited:
        passage = assistant.passage(citation["passage_id"])
        assert passage is not None
        assert citation["quote"] == passage.text[citation["start"] : citation["end"]]
        assert citation["quote"].strip()


def test_every_statement_is_verified_or_says_why_not(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        for statement in answer.statements:
            assert statement.verified is (not statement.reason)
            assert not statement.reason or statement.reason in REASONS
            assert statement.text.startswith(statement.lead)


def test_an_answer_made_of_quotes_alone_is_verified_throughout(answers: dict[str, Answer]) -> None:
    failed = [s.text for a in answers.values() for s in a.statements if not s.verified]
    assert failed == []


def test_citations_are_numbered_in_the_order_in_which_they_are_used(
    answers: dict[str, Answer],
) -> None:
    for answer in answers.values():
        assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
        used = [number for s in answer.statements for number in s.citations]
        told = list(dict.fromkeys(used))
        assert told == list(range(1, len(told) + 1))
        verdict = answer.verdict or {}
        weighed = [n for c in verdict.get("criteria", ()) for n in c["citations"]]
        weighed += [n for step in verdict.get("steps", ()) for n in step["citations"]]
        weighed += [p["citation"] for p in verdict.get("precedents", ())]
        assert {*told, *weighed} >= {c.number for c in answer.citations}
        assert all(s.citations for s in answer.statements)
        for statement in answer.statements:
            marks = "".join(f"[{number}]" for number in statement.citations)
            assert statement.text + marks in answer.text


def test_the_json_has_the_keys_of_the_contract(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        value = json.loads(json.dumps(answer.to_dict(), ensure_ascii=False))
        assert set(re.split(r"\s+", KEYS)) <= set(value)
        assert value["kind"] in KINDS
        assert value["engine"] == "extractive"
        assert value["as_of"] == DAY
        assert set(value["timings_ms"]) == {"understand", "search", "compose", "total"}
        assert all(set(s) >= STATEMENT_KEYS for s in value["statements"])
        assert all(set(c) >= CITATION_KEYS for c in value["citations"])
        assert all(set(n) >= PASSAGE_KEYS | {"score"} for n in value["nearest"])
        assert all(0 <= n["score"] <= 1 for n in value["nearest"])


def test_a_refusal_states_nothing_and_names_whom_to_ask(answers: dict[str, Answer]) -> None:
    refused = [a for a in answers.values() if a.status == "no_answer"]
    assert len(refused) >= 8
    for answer in refused:
        value = answer.to_dict()
        assert (value["statements"], value["citations"]) == ([], [])
        assert value["nearest"]
        assert set(value["handover"]) == {"section", "contact", "draft"}
        section = value["handover"]["section"]
        own_name = section.split(",")[0] if "," in section else section.split()[-1]
        assert own_name in value["answer"]
        assert answer.query.question in value["handover"]["draft"]


def test_an_answer_states_something(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        if answer.status != "no_answer":
            assert answer.statements
        assert answer.text


def test_an_english_answer_quotes_english_whose_japanese_original_is_at_hand(
    answers: dict[str, Answer], assistant: Assistant
) -> None:
    english = [a for a in answers.values() if a.query.language == "en"]
    cited = [c.passage for a in english for c in a.citations]
    assert len(cited) > 30
    for passage in cited:
        assert (passage.language, passage.rendering) == ("en", True)
        original = assistant.passage(passage.counterpart or "")
        assert original is not None
        assert (original.language, original.counterpart) == ("ja", passage.passage_id)


def test_a_japanese_answer_quotes_the_original(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        if answer.query.language == "ja":
            assert not [c for c in answer.citations if c.passage.rendering]


@pytest.mark.parametrize("standing", ["opinion", "hypothesis", "finding", "inferred", "gap"])
def test_what_is_not_the_citys_word_is_led_by_its_label(
    standing: str, answers: dict[str, Answer]
) -> None:
    labelled = 0
    for answer in answers.values():
        by_number = {c.number: c.passage for c in answer.citations}
        label = phrase(answer.query.language, "lead", standing)
        for statement in answer.statements:
            passages = [by_number[n] for n in statement.citations]
            said = [p for p in passages if p.standing == standing]
            if standing == "finding":  # only an audit's finding is called an audit finding
                said = [p for p in said if p.authority == "audit"]
            if said:
                assert label in statement.lead
                assert statement.text.startswith(statement.lead)
                labelled += 1
    assert labelled, f"no question brought a passage of the standing {standing}"


def test_a_view_never_comes_first_where_there_are_grounds(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        roles = [s.role for s in answer.statements]
        if "view" in roles:
            assert {"conclusion", "ground"}.isdisjoint(roles[roles.index("view") :])


def test_two_who_ask_at_once_get_what_one_gets(
    answers: dict[str, Answer], assistant: Assistant
) -> None:
    asked = questions()
    got: dict[tuple[int, str], dict[str, Any]] = {}

    def ask_all(who: int, order: list[str]) -> None:
        for question in order:
            got[who, question] = without_timings(assistant.ask(question, as_of=DAY))

    orders = (asked, asked[::-1])
    threads = [threading.Thread(target=ask_all, args=(i, o)) for i, o in enumerate(orders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 2 * len(asked)
    for (_, question), value in got.items():
        assert value == without_timings(answers[question])


def test_a_history_does_not_stay_with_the_assistant(assistant: Assistant) -> None:
    question = "会社の場合は?"
    before = without_timings(assistant.ask(question, as_of=DAY))
    history = [Turn("user", "大学は協働の相手になりますか"), Turn("assistant", "…")]
    followed = assistant.ask(question, history, as_of=DAY)
    assert followed.query.standalone == "会社は協働の相手になりますか"
    assert without_timings(assistant.ask(question, as_of=DAY)) == before


def test_the_answer_comes_in_the_language_asked_for(assistant: Assistant) -> None:
    answer = assistant.ask("協働とは何ですか", language="en", as_of=DAY)
    assert answer.query.language == "en"
    assert {c.passage.language for c in answer.citations} == {"en"}


def test_examples_are_asked_of_the_documents_and_answered(assistant: Assistant) -> None:
    for language in ("ja", "en"):
        examples = assistant.examples(language)
        assert 1 <= len(examples) == len(set(examples)) <= 6
        refused = [e for e in examples if assistant.ask(e, as_of=DAY).status == "no_answer"]
        assert refused == []


def test_neighbours_are_the_passages_beside_it_in_its_document(assistant: Assistant) -> None:
    rows = [p for p in assistant.index.passages if not p.rendering]
    document = rows[0].document.document_id
    own = [p for p in rows if p.document.document_id == document]
    assert assistant.neighbours(own[1].passage_id) == (own[0], own[2])
    assert assistant.neighbours(own[0].passage_id)[0] is None
    assert assistant.neighbours("none") == (None, None)


@pytest.mark.parametrize("question", ["", " \n", "協" * 50_000])
def test_what_cannot_be_asked_is_refused_in_words(question: str, assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="質問|question"):
        assistant.ask(question)
