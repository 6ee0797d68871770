"""Personal data in a question is noticed, and what only looks like it is let through."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cli import main
from assistant.consent import concerns_of
from assistant.datatypes import Turn
from assistant.llm.settings import LlmSettings
from assistant.llm.writer import open_writer
from assistant.personal import find_personal, is_my_number
from assistant.pipeline import Assistant
from index import Index

NUMBER = "123456789018"
"""Twelve digits whose last is the check digit of the first eleven."""


def kinds(text: str) -> list[str]:
    return [concern.kind for concern in find_personal(text)]


def check_digit(eleven: str) -> int:
    """The rule, worked out anew: weights 6 5 4 3 2 7 6 5 4 3 2 from the left, modulo 11."""
    rest = sum(int(d) * w for d, w in zip(eleven, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True))
    return 0 if rest % 11 <= 1 else 11 - rest % 11


@given(st.text("0123456789", min_size=11, max_size=11).filter(lambda t: len(set(t)) > 1))
def test_a_my_number_is_told_by_its_check_digit(eleven: str) -> None:
    right = check_digit(eleven)
    assert [d for d in range(10) if is_my_number(f"{eleven}{d}")] == [right]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"申請者の番号は{NUMBER}です", "my_number"),
        ("番号は1234-5678-9018で届きました", "my_number"),
        ("番号は１２３４ ５６７８ ９０１８です", "my_number"),
        ("電話は044-200-1111です。", "telephone"),
        ("携帯は090-1234-5678", "telephone"),
        ("連絡先 09012345678", "telephone"),
        ("電話は０４４－２００－１１１１", "telephone"),
        ("call +81 44-200-1111 please", "telephone"),
        ("(044)200-1111 に電話がありました", "telephone"),
        ("メールは taro.yamada@example.jp です", "email"),
        ("write to hanako@example.co.jp", "email"),
        ("川崎市中原区小杉町3丁目245番地の山田太郎さんからの相談です", "name_and_address"),
        ("相談者は佐藤 花子、住所は川崎区宮本町1番地です", "name_and_address"),
        ("Mr Taro Yamada, 3-245 Kosugi-cho, Nakahara-ku asks", "name_and_address"),
    ],
)
def test_personal_data_is_noticed(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "条例第12条第2項と第31条の関係は",
        "2005年4月1日から2026-11-26までの間の扱いは",
        "上限は1,000,000円ですか",
        "平成16年川崎市条例第60号とは何ですか",
        "申請番号123456789012の扱いは",
        "共催の申請は3か月前までですか",
        "中原区の町内会との協働について教えてください",
        "山田さんの提案は協働に当たりますか",
        "Is Article 31 binding for 12 groups in 2024?",
        "川崎市役所の担当課はどこですか",
    ],
)
def test_what_only_looks_like_it_is_let_through(text: str) -> None:
    assert kinds(text) == []


def _writer(base_url: str) -> LlmSettings:
    return LlmSettings(base_url, "m", timeout_s=2.0)


PERSONAL = "090-1234-5678の方から、共催と後援の違いを聞かれました。違いは何ですか"


def test_a_question_with_personal_data_does_not_leave_this_machine(bundled_index: Index) -> None:
    door = Assistant(bundled_index, open_writer(_writer("https://llm.example/v1")))
    answer = door.ask(PERSONAL)
    assert answer.writing is not None
    assert answer.writing.outcome == "personal"
    assert answer.citations
    assert "llm.example" in answer.notes[0]


def test_an_endpoint_on_this_machine_is_not_asked_about(bundled_index: Index) -> None:
    for address in ("http://127.0.0.1:9/v1", "http://localhost:9/v1", "http://[::1]:9/v1"):
        assert open_writer(_writer(address)).concerns([PERSONAL]) == ()
    for address in ("http://127.0.0.1.example/v1", "http://10.0.0.3:8080/v1"):
        assert open_writer(_writer(address)).concerns([PERSONAL])


def test_what_was_said_before_counts_too(bundled_index: Index) -> None:
    door = Assistant(bundled_index, open_writer(_writer("http://10.0.0.3:8080/v1")))
    assert concerns_of(door, "違いは何ですか", [Turn("user", PERSONAL)])
    assert not concerns_of(door, "違いは何ですか", [Turn("assistant", PERSONAL)])
    assert not concerns_of(Assistant(bundled_index), PERSONAL, [])


@pytest.mark.usefixtures("bundled_index")
def test_the_command_line_refuses_clearly_and_takes_a_flag(
    bundled_index_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KYODO_LLM_BASE_URL", "https://llm.example/v1")
    monkeypatch.setenv("KYODO_LLM_MODEL", "m")
    monkeypatch.setenv("KYODO_LLM_API_KEY", "sk-secret-0123")
    monkeypatch.setenv("KYODO_LLM_TIMEOUT_S", "1")
    command = ["ask", PERSONAL, "--index", str(bundled_index_folder)]
    assert main(command) == 1
    shown = capsys.readouterr()
    assert "電話番号" in shown.err
    assert "--send-personal" in shown.err
    assert main([*command, "--no-model"]) == 0
    assert main([*command, "--send-personal"]) == 0
    everything = capsys.readouterr()
    assert "文書からの抜き出しで答えています" in everything.out
    assert "sk-secret" not in shown.err + shown.out + everything.err + everything.out
