"""The further uses of a model: off unless set, and each gives way to our own where it is wrong."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.case import Case
from assistant.datatypes import Turn
from assistant.llm.facts import with_facts
from assistant.llm.rewrite import accepted_rewriting
from assistant.llm.settings import LlmSettings
from assistant.llm.translate import accepted_translation
from assistant.llm.writer import open_writer
from assistant.pipeline import Assistant
from assistant.plain import answer_as_text
from assistant.understand import language_of
from index import Index, build_index, load_index
from tests.model_server import Messages, Reply, good, model_server

SETS: dict[str, Any] = tomllib.loads(
    (Path(__file__).with_name("llm") / "uses.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Point:
    """A criterion by its name alone."""

    criterion_id: str


def taken(kind: str, row: dict[str, Any], written: Any) -> bool:
    """Whether what a model gives back is taken."""
    if kind == "rewrite":
        turns = [Turn("user", text) for text in row["history"]]
        asked = row["question"]
        return bool(accepted_rewriting(written, asked, turns, language_of(asked)))
    if kind == "translate":
        return bool(accepted_translation(written, row["quote"]))
    fact = dict(zip(("criterion", "state", "words"), written, strict=True))
    points: Any = [Point(name) for name in row["open"]]
    _, read = with_facts(json.dumps({"facts": [fact]}), Case({}, {}), points, row["said"])
    return bool(read)


@pytest.mark.parametrize("kind", ["rewrite", "translate", "facts"])
def test_what_is_right_is_taken_and_what_is_wrong_is_not(kind: str) -> None:
    right = [(row, text) for row in SETS[kind] for text in row["right"]]
    wrong = [(row, text) for row in SETS[kind] for text in row["wrong"]]
    refused = [text for row, text in right if not taken(kind, row, text)]
    let_through = [text for row, text in wrong if taken(kind, row, text)]
    assert len(right) >= 6
    assert len(wrong) >= 8
    assert let_through == []
    assert len(refused) <= 0.2 * len(right), refused


HISTORY = [
    Turn("user", "スタートアップ助成の上限はいくらですか。"),
    Turn("assistant", "10万円です。"),
]


def test_a_follow_up_is_reworded_only_where_that_is_set(bundled_index: Index) -> None:
    def script(messages: Messages, request: dict[str, Any]) -> Reply:
        if "<<<conversation" in messages[-1]["content"]:
            return Reply(["ステップアップ助成の", "上限はいくらですか。"])
        return good(messages, request)

    with model_server(script) as server:
        plain = LlmSettings(server.base_url, "m")
        told = LlmSettings(server.base_url, "m", rewrite=True)
        own = Assistant(bundled_index, open_writer(plain)).ask(
            "じゃあステップアップ助成は?", HISTORY
        )
        asked = len(server.requests)
        answer = Assistant(bundled_index, open_writer(told)).ask(
            "じゃあステップアップ助成は?", HISTORY
        )
        assert (asked, len(server.requests)) == (1, 3)
    assert answer.query.standalone == "ステップアップ助成の上限はいくらですか。"
    assert own.query.standalone != ""


@pytest.fixture(scope="module")
def japanese_only(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """A document without an English rendering."""
    folder = tmp_path_factory.mktemp("japanese")
    (folder / "documents").mkdir()
    text = (
        "---\ntitle: 助成金の手引\ntitle_en: Grant Handbook\nauthority: manual\nedition: original\n"
        "language: ja\n---\n\n# 申請\n\n## 締切\n\n助成金の申請は、9月30日までに受け付けます。\n\n"
        "## 金額\n\n助成金の上限は、1団体あたり20万円です。\n"
    )
    (folder / "documents" / "tebiki.md").write_text(text, encoding="utf-8")
    build_index(folder / "index", [folder / "documents"])
    return load_index(folder / "index")


def test_a_translation_stands_beside_the_original_and_is_called_one(japanese_only: Index) -> None:
    def script(messages: Messages, request: dict[str, Any]) -> Reply:
        content = messages[-1]["content"]
        if "Translate" not in messages[0]["content"]:
            return Reply(["{}"])
        if "9月30日" in content:
            return Reply(["Applications for grants are accepted ", "until 30 September."])
        return Reply(["The upper limit of the grant is 900,000 yen for 1 group."])

    with model_server(script) as server:
        settings = LlmSettings(server.base_url, "m", translate=True)
        answer = Assistant(japanese_only, open_writer(settings)).ask(
            "Until when are applications for grants accepted?"
        )
    translated = [s for s in answer.statements if s.translation]
    assert [s.translation for s in translated] == [
        "Applications for grants are accepted until 30 September."
    ]
    assert "9月30日" in translated[0].text
    assert "Machine translation" in answer_as_text(answer)
    assert "900,000" not in json.dumps(answer.to_dict())


def test_a_fact_read_by_the_model_is_in_the_clerks_words_and_told(bundled_index: Index) -> None:
    question = (
        "町内会と清掃活動をします。何のためにやるかは、町内会の皆さんと一緒に決めました。"
        "これは協働に当たりますか"
    )
    own = Assistant(bundled_index).ask(question)
    assert own.verdict is not None
    missing = [c for c in own.verdict["criteria"] if c["state"] == "unknown"]
    assert missing
    words = "何のためにやるかは、町内会の皆さんと一緒に決めました"

    def script(messages: Messages, request: dict[str, Any]) -> Reply:
        content = messages[-1]["content"]
        if "<<<criteria" not in content:
            return good(messages, request)
        fact = {"criterion": missing[0]["id"], "state": "met", "words": words}
        return Reply([json.dumps({"facts": [fact]}, ensure_ascii=False)])

    with model_server(script) as server:
        settings = LlmSettings(server.base_url, "m", facts=True)
        answer = Assistant(bundled_index, open_writer(settings)).ask(question)
    assert answer.verdict is not None
    found = next(c for c in answer.verdict["criteria"] if c["id"] == missing[0]["id"])
    assert (found["state"], found["words"]) == ("met", words)
    assert any(missing[0]["name"] in note for note in answer.notes)


def test_further_uses_do_not_make_an_answer_later_than_its_time(bundled_index: Index) -> None:
    import time

    def silent(messages: Messages, request: dict[str, Any]) -> Reply:
        time.sleep(3)
        return good(messages, request)

    with model_server(silent) as server:
        settings = LlmSettings(server.base_url, "m", timeout_s=1.0, rewrite=True, facts=True)
        door = Assistant(bundled_index, open_writer(settings))
        started = time.monotonic()
        answer = door.ask("じゃあステップアップ助成は?", HISTORY)
        assert time.monotonic() - started < 1 + 2
    assert answer.citations
    assert re.search("答えています", answer.notes[0])
