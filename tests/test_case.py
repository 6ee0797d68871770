"""What is read out of a clerk's words, with their denials and limits."""

from __future__ import annotations

import pytest

from assistant.case import Case, read_case
from assistant.clauses import split_clauses
from tests.guide_index import assistant


def read(*turns: str, guide: str = "collaboration", asked: tuple[str, ...] = ()) -> Case:
    index = assistant().index
    found = next(g for g in index.guides if g.name == guide)
    before = [()] * (len(turns) - 1) + [asked]
    return read_case(turns, found, index.encoder, before)


@pytest.mark.parametrize(
    ("said", "criterion", "state"),
    [
        ("目的は話し合っていません。", "purpose", "not_met"),
        ("目的を双方で話し合って共有しました。", "purpose", "met"),
        ("目的については、まだ話し合っていません。", "purpose", "not_met"),
        ("目的は共有しましたが、役割は決めていません。", "purpose", "met"),
        ("目的は共有しましたが、役割は決めていません。", "roles", "not_met"),
        ("目的も役割も決まっていません。", "roles", "not_met"),
        ("役割はこれから決めます。", "roles", "unknown"),
        ("名前を貸すだけです。", "joint", "not_met"),
        ("名前を貸すだけではありません。", "joint", "met"),
        ("会員だけが参加できます。", "public_benefit", "not_met"),
        ("会員だけでなく市民もだれでも参加できます。", "public_benefit", "met"),
        ("布教はしません。", "not_excluded", "met"),
        ("機材を会社から購入します。", "beyond_purchase", "not_met"),
        ("Nobody wrote down who does what.", "roles", "not_met"),
        ("We agreed on the purpose but not the roles.", "purpose", "met"),
        ("We agreed on the purpose but not the roles.", "roles", "not_met"),
        ("The goal was never discussed.", "purpose", "not_met"),
        ("It is for members only.", "public_benefit", "not_met"),
        ("It is not only for members; anyone may come.", "public_benefit", "met"),
        ("We will decide the roles later on.", "roles", "unknown"),
    ],
)
def test_a_criterion_is_read_with_its_denial(said: str, criterion: str, state: str) -> None:
    found = read(said).findings
    assert (found[criterion].state if criterion in found else "unknown") == state


def test_a_clause_on_one_criterion_does_not_speak_of_another_by_its_verb_alone() -> None:
    assert set(read("役割も決めました。").findings) == {"roles"}


def test_a_finding_keeps_the_clerks_own_words() -> None:
    said = "NPOと清掃をします。 目的は、まだ話し合っていません。"
    finding = read(said).findings["purpose"]
    assert finding.words == "目的は、まだ話し合っていません。"
    assert finding.words in said


def test_a_later_turn_corrects_an_earlier_one() -> None:
    case = read("役割は決めていません。", "すみません、役割は文書で決めていました。")
    assert (case.findings["roles"].state, case.findings["roles"].turn) == ("met", 1)


@pytest.mark.parametrize(
    ("reply", "state"),
    [("はい。", "met"), ("いいえ", "not_met"), ("Not yet", "not_met"), ("わかりません", "unknown")],
)
def test_a_bare_reply_is_understood_by_what_was_asked(reply: str, state: str) -> None:
    case = read("NPOと清掃をします。", reply, asked=("purpose",))
    assert case.findings["purpose"].state == state


def test_what_is_asked_is_no_finding() -> None:
    assert "purpose" not in read("目的は共有できていますか。").findings


def test_every_clause_is_verbatim() -> None:
    for turn in (
        "A、Bと役割を決め、目的は共有したが、費用は未定です。",
        "We agreed, but it is open.",
    ):
        assert all(clause.text in turn for clause in split_clauses(turn))
