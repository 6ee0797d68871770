"""The page while a model writes, in a real browser: drafts, engine, consent, no mark-up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.llm.settings import LlmSettings
from assistant.llm.writer import open_writer
from assistant.pipeline import Assistant
from index import Index
from tests.model_server import (
    Messages,
    Reply,
    first_sentences,
    good,
    model_server,
    passages_of,
    statements,
)
from tests.page_browser import ask, browser, marks, opened  # noqa: F401
from tests.page_server import serving

pytestmark = marks
QUESTION = "教育委員会の名義を使うには何が必要ですか"
EVIL = (
    '<img src="https://evil.example/?q=1"> ![x](https://evil.example/a.png) '
    "[ここ](https://evil.example) <form action=https://evil.example><input type=password></form>"
)


def script(messages: Messages, request: dict[str, Any]) -> Reply:
    """Slow for one question, full of mark-up for another, half wrong for a third."""
    prompt = messages[-1]["content"]
    rows = [(first_sentences(t), i, first_sentences(t)) for i, t in passages_of(messages)[:3]]
    if "住民投票" in prompt.split("<<<passage")[0]:
        marked = [(f"{t} {EVIL}", i, q) for t, i, q in rows[1:]]
        return replace(statements(rows[0], *marked[:1]), pause_s=0.01)
    if "後援とは" in prompt.split("<<<passage")[0]:
        return statements(rows[0], (rows[0][0].replace("出さず", "出して"), *rows[0][1:]))
    return replace(good(messages, request), pause_s=0.12)


@pytest.fixture(scope="module")
def address(bundled_index: Index) -> Iterator[str]:
    with model_server(script) as server:
        settings = LlmSettings(server.base_url, "scripted", timeout_s=30.0)
        with serving(Assistant(bundled_index, open_writer(settings))) as found:
            yield found


def test_a_draft_is_marked_as_unverified_until_it_is_checked(opened) -> None:
    page = opened()
    page.fill("#k-input", QUESTION)
    page.keyboard.press("Enter")
    draft = page.locator(".k-writing")
    draft.wait_for()
    assert "未確認" in draft.text_content()
    page.wait_for_selector('.k-turn[data-state="done"]')
    assert page.locator(".k-writing").count() == 0
    turn = page.locator(".k-turn")
    assert "言語モデル（scripted" in turn.locator(".k-engine").text_content()
    assert turn.locator(".k-struck").count() == 0
    assert turn.locator(".k-statement").count() == 3


def test_a_statement_without_support_is_struck_out_with_its_reason(opened) -> None:
    page = opened()
    turn = ask(page, "後援とは何ですか")
    struck = turn.locator(".k-struck")
    assert struck.count() == 1
    assert "照合できない理由" in struck.text_content()
    assert "取り消した文 1" in turn.locator(".k-engine").text_content()
    assert "照合できない1文" in turn.locator(".k-gate").text_content()


def test_no_mark_up_of_a_models_reaches_the_page(opened) -> None:
    page = opened()
    turn = ask(page, "住民投票はだれが発議できますか")
    assert turn.locator(".k-answer img, .k-answer form, .k-answer input").count() == 0
    assert "evil.example" not in page.content()


def test_stopping_does_not_wait_for_the_model(opened) -> None:
    page = opened()
    page.fill("#k-input", QUESTION)
    page.keyboard.press("Enter")
    page.locator(".k-writing").wait_for()
    page.click("[data-stop]")
    page.wait_for_selector('.k-turn[data-state="stopped"]')
    assert page.locator(".k-writing").count() == 0


@pytest.fixture
def elsewhere(bundled_index: Index, browser, tmp_path: Path) -> Iterator[Any]:  # noqa: F811
    """The page of an assistant whose model is on another machine."""
    settings = LlmSettings("https://llm.example/v1", "m", timeout_s=1.0)
    with serving(Assistant(bundled_index, open_writer(settings))) as address:
        page = browser.new_context(locale="ja-JP").new_page()
        page.goto(address)
        page.wait_for_selector(".k-examples")
        yield page
        page.context.close()


def test_before_personal_data_is_sent_the_clerk_chooses(elsewhere) -> None:
    page = elsewhere
    question = "090-1234-5678の方から、共催と後援の違いを聞かれました。違いは何ですか"
    page.fill("#k-input", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".k-consent")
    assert "電話番号" in page.locator("#k-refused").text_content()
    assert page.locator("#k-input").input_value() == question
    assert page.locator(".k-turn").count() == 0
    page.click('[data-consent="keep"]')
    page.wait_for_selector('.k-turn[data-state="done"]')
    assert "言語モデルには送らず" in page.locator(".k-notes").text_content()
    page.fill("#k-input", "後援とは何ですか。電話は聞いていません")
    page.keyboard.press("Enter")
    page.wait_for_selector(".k-consent")
