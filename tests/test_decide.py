"""Verdicts: cases, conversations, and what an answer owes to its sources."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from assistant.address import find_addresses
from assistant.agreement import modalities
from assistant.datatypes import Answer, Turn
from assistant.plain import answer_as_text
from corpus.datatypes import AUTHORITIES
from corpus.guides import cited_places
from eval.questions import FOLDER
from tests.guide_index import assistant

FLOOR = 0.87
CASES = FOLDER.parent / "cases"


def rows(name: str) -> list[dict]:
    text = (CASES / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def answers(name: str) -> list[tuple[dict, Answer]]:
    return [(row, assistant().ask(row["question"])) for row in rows(name)]


def value(answer: Answer) -> str:
    return (answer.verdict or {}).get("value", "")


@pytest.mark.parametrize("name", ["cases-dev", "cases-test"])
def test_verdicts_are_accepted(name: str) -> None:
    told = answers(name)
    good = [value(answer) in row["accept"] for row, answer in told]
    assert sum(good) / len(good) >= FLOOR
    assert all(len(answer.citations) >= 2 for _, answer in told)


def test_a_verdict_has_the_keys_of_the_contract() -> None:
    for _, answer in answers("cases-dev"):
        verdict = answer.verdict or {}
        assert verdict["value"] in ("likely", "depends", "unlikely")
        numbers = {c.number for c in answer.citations}
        for criterion in verdict["criteria"]:
            assert criterion["state"] in ("met", "not_met", "unknown")
            assert set(criterion["citations"]) <= numbers
        for precedent in verdict["precedents"]:
            assert precedent["citation"] in numbers
        assert json.loads(json.dumps(answer.to_dict(), ensure_ascii=False))


def test_the_verdict_changes_as_facts_come_in() -> None:
    changed = 0
    for row in rows("conversations"):
        history: list[Turn] = []
        values = []
        for turn in row["turns"]:
            answer = assistant().ask(turn["say"], history)
            values.append(value(answer))
            assert values[-1] in turn["accept"], (row["id"], turn["say"])
            history += [Turn("user", turn["say"]), Turn("assistant", answer.text)]
        changed += len(set(values)) > 1
    assert changed == len(rows("conversations"))


def test_quotes_are_verbatim_and_pass_the_gate() -> None:
    for _, answer in answers("cases-dev"):
        assert all(s.verified for s in answer.statements)
        for citation in answer.citations:
            assert citation.quote == citation.passage.text[citation.start : citation.end]


def test_a_demand_rests_on_what_binds_or_says_that_it_does_not() -> None:
    for _, answer in [*answers("cases-dev"), *answers("cases-test")]:
        binding = {c.number: c.passage.binding for c in answer.citations}
        for statement in answer.statements:
            if "must" in modalities(statement.text[len(statement.lead) :].lower()):
                rests = any(binding[n] for n in statement.citations)
                assert (
                    rests or "拘束力のない" in statement.lead or "Not a binding" in statement.lead
                )


def test_grounds_come_by_authority() -> None:
    answer = assistant().ask("これは協働に当たりますか。")
    by_number = {c.number: c.passage.authority for c in answer.citations}
    grounds = [s for s in answer.statements if s.role == "ground"]
    ranks = [AUTHORITIES.index(by_number[s.citations[0]]) for s in grounds]
    assert ranks == sorted(ranks)


def test_no_case_shows_the_criteria_and_asks() -> None:
    answer = assistant().ask("Does this count as collaboration?")
    assert answer.status == "clarify"
    assert answer.clarifying_question
    assert all(c["citations"] for c in (answer.verdict or {})["criteria"])


def test_at_most_three_rounds_of_questions() -> None:
    history: list[Turn] = []
    asked = []
    for said in [
        "これは協働に当たりますか。",
        "相手は団体です。",
        "春にやります。",
        "駅前です。",
        "雨天中止です。",
    ]:
        answer = assistant().ask(said, history)
        asked.append(bool(answer.clarifying_question))
        history += [Turn("user", said), Turn("assistant", answer.text)]
    assert asked == [True, True, True, False, False]
    assert value(answer) == "depends"


def test_what_is_not_in_force_is_not_relied_on() -> None:
    answer = assistant().ask("これは協働に当たりますか。", as_of="2004-01-01")
    assert all(
        c.passage.document.document_id != "jichi-kihon-jorei" or c.passage.effective_from is None
        for c in answer.citations
    )
    assert any(p.locator.startswith("第3条") for p in answer.set_aside)


@pytest.mark.parametrize(
    "question",
    [
        "協働とは何ですか。",
        "共催とは",
        "協働型事業とは?",
        "What is collaboration?",
        "協働の6つの原則は何ですか。",
        "共催と後援の違いを教えてください。",
        "May I quote the working table as policy on collaboration?",
        "Can I read the minutes of the committee on collaboration?",
    ],
)
def test_a_question_for_a_fact_goes_the_ordinary_way(question: str) -> None:
    assert assistant().ask(question).verdict is None


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("自治基本条例第5条", "第5条"),
        ("第3条第4号は何ですか", "第3条第4号"),
        ("Article 5", "第5条"),
        ("第十二条の二について", "第12条の2"),
        ("第12条の2第3項", "第12条の2第3項"),
        ("5条には何がありますか", "第5条"),
        ("ルールの第3章の対等の関係", "第3章"),
        ("Chapter 3 of the Rules", "第3章"),
        ("第三十条", "第30条"),
        ("条例第三一条", "第31条"),
        ("Art. 32", "第32条"),
        ("articles in Section 2", "第2節"),
        ("第2章第1節", "第2章"),
        ("第３条", "第3条"),
        ("第二十二条", "第22条"),
        ("附則第2条", "附則第2条"),
        ("第3条第2項第4号", "第3条第2項第4号"),
        ("第252条の27", "第252条の27"),
        ("article 28.2", "第28条の2"),
        ("第百条", "第100条"),
    ],
)
def test_an_address_is_found(question: str, address: str) -> None:
    assert address in find_addresses(question)


def test_a_reference_is_followed_one_step() -> None:
    answer = assistant().ask("自治基本条例第32条は何ですか")
    assert ("第28条", "第28条") in [(r.words, r.passage.locator) for r in answer.references]
    assert all(r.passage.document.document_id == "jichi-kihon-jorei" for r in answer.references)


def test_a_point_that_nothing_carries_and_the_case_is_silent_on_is_not_shown() -> None:
    answer = assistant().ask("企業とも協働できますか")
    criteria = (answer.verdict or {})["criteria"]
    bare = [c["name"] for c in criteria if not c["citations"] and c["state"] == "unknown"]
    assert bare
    text = answer_as_text(answer)
    assert not any(name in text for name in bare)
    assert all(c["name"] in text for c in criteria if c["citations"])


CASE = "企業と清掃活動を一緒にやります。これは協働に当たりますか"


def answers_in_turn(*turns: str) -> list[Answer]:
    history: list[Turn] = []
    told = []
    for turn in turns:
        told.append(assistant().ask(turn, history))
        history += [Turn("user", turn), Turn("assistant", told[-1].text)]
    return told


def words_of(answer: Answer) -> list[str]:
    """The clerk's words that each criterion of the verdict rests on."""
    return [c["words"] for c in (answer.verdict or {"criteria": []})["criteria"]]


def test_a_fragment_on_something_else_altogether_ends_the_case() -> None:
    assert [a.status for a in answers_in_turn(CASE, "明日の天気は")] == ["clarify", "no_answer"]


def test_a_fragment_that_names_another_partner_asks_the_same_of_it() -> None:
    for fragment in ("では大学は", "町内会は？"):
        assert answers_in_turn(CASE, fragment)[-1].verdict is not None


@pytest.mark.parametrize(
    "question",
    [
        "Can a neighbourhood association be a partner in a collaborative project?",
        "町内会は協働の相手になりますか。",
        "区の提案事業って、だれが応募できるの",
        "協働型事業の契約書はだれが作るのですか。",
        "町内会の会館を直す補助、店に貸してる建物でも出る?",
    ],
)
def test_a_question_on_something_else_is_answered_as_if_it_were_asked_alone(question: str) -> None:
    (alone,) = answers_in_turn(question)
    after = answers_in_turn("企業とも協働できますか", question)[-1]
    assert (after.status, after.text) == (alone.status, alone.text)
    assert words_of(after) == words_of(alone)


def test_a_correction_in_the_same_case_keeps_what_was_told() -> None:
    first = "NPOと清掃をします。目的は共有しました。協働に当たりますか。"
    for then in (
        "この相手は企業に変わりました。協働に当たりますか。",
        "では企業との協働に当たりますか。",
    ):
        answer = answers_in_turn(first, then)[-1]
        states = {c["name"]: c["state"] for c in (answer.verdict or {})["criteria"]}
        assert "met" in states.values(), then


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("係長が勝手に団体を選んだ。こんな選び方でいいのか！", "fairness"),
        ("所長の独断で組む団体を選ぶのは許されるのでしょうか", "fairness"),
        ("庁舎の警備を業者に委託するのは協働ですか", "counts"),
        ("Would a contract with a supplier of chairs be collaboration?", "counts"),
        ("Is a contract for security guards collaboration?", "counts"),
    ],
)
def test_indignation_and_buying_are_answered_with_what_the_documents_say(
    said: str, kind: str
) -> None:
    (answer,) = answers_in_turn(said)
    assert answer.query.kind == kind
    assert answer.status != "no_answer"
    assert answer.citations


def test_an_order_to_a_contractor_is_read_as_a_question_about_collaboration() -> None:
    (answer,) = answers_in_turn("庁舎の警備を業者に委託するのは協働ですか")
    assert "協働に当たる" in answer.text.split("。")[0]


def test_a_case_is_not_told_of_a_document_that_has_no_part_in_it() -> None:
    (answer,) = answers_in_turn(
        "図書館の読み聞かせを子育て中の親の会にお願いしています。これも協働でしょうか"
    )
    guide = next(g for g in assistant().index.guides if g.name == "collaboration")
    documents = {place.document for place in cited_places(guide)}
    assert {c.passage.document.document_id for c in answer.citations} <= documents


@pytest.mark.parametrize(
    ("question", "first", "other"),
    [
        ("NPOと目的も役割も決めて見守りを始めます。協働型事業に当たりますか。", True, False),
        ("NPOと目的も役割も決めて見守りを始めます。協働に当たりますか。", False, True),
    ],
)
def test_each_target_is_carried_by_the_passages_that_are_its_own(
    question: str, first: bool, other: bool
) -> None:
    answer = assistant().ask(question)
    guide = next(g for g in assistant().index.guides if g.name == (answer.verdict or {})["guide"])
    of = {
        (p.document, p.locator): p.targets
        for p in cited_places(guide)
        if p.targets or "協働の定義" in p.locator
    }
    cited = {(c.passage.document.document_id, c.passage.locator) for c in answer.citations}
    assert any(of.get(place) == ("project",) for place in cited) == first
    assert any(of.get(place) == () for place in cited) == other


def test_words_that_run_on_are_one_source() -> None:
    for _, answer in answers("cases-dev"):
        rows = sorted((c.passage.passage_id, c.start, c.end) for c in answer.citations)
        texts = {c.passage.passage_id: c.passage.text for c in answer.citations}
        said = {n for s in answer.statements for n in s.citations}
        numbers = {(c.passage.passage_id, c.start): c.number for c in answer.citations}
        for (one, start, end), (two, begin, stop) in pairwise(rows):
            if one == two:
                assert stop > end, "a quote within another"
                both = {numbers[one, start], numbers[two, begin]} <= said
                assert not both or texts[one][end:begin].strip() or "\n" in texts[one][end:begin]


def test_a_demand_for_a_clear_answer_is_a_question_on_the_case_that_follows() -> None:
    demand = "いいかげんにしろ！協働なのか委託なのか、どっちか答えろ！"
    asked, told = answers_in_turn(demand, "相手は看板屋で、こちらの図面どおりに作ってもらう")
    assert (asked.verdict or {})["guide"] == "collaboration"
    assert (told.verdict or {})["guide"] == "collaboration"
    assert (told.verdict or {})["value"] == "unlikely"
