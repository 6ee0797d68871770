"""History, sheets and saved answers as a person meets them, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.page_browser import ask, browser, marks, opened
from tests.records_home import serving_records

pytestmark = marks
__all__ = ["browser", "opened"]
QUESTION = "条例では「協働」をどう定めていますか"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with serving_records(tmp_path) as (served, _):
        yield served


def test_a_sheet_is_taken_from_under_an_answer(opened, tmp_path: Path) -> None:
    page = opened()
    turn = ask(page, QUESTION)
    for name, start in (("根拠資料（PDF）", b"%PDF"), ("根拠資料（JSON）", b"{")):
        with page.expect_download() as taken:
            turn.get_by_role("link", name=name).click()
        file = tmp_path / taken.value.suggested_filename
        taken.value.save_as(file)
        assert file.name.startswith("根拠資料_")
        assert file.read_bytes().startswith(start)
    assert len(PdfReader(next(tmp_path.glob("根拠資料_*.pdf"))).pages) >= 1
    made = json.loads(next(tmp_path.glob("根拠資料_*.json")).read_text(encoding="utf-8"))
    assert made["content"]["question"] == QUESTION
    assert turn.locator(".k-statement").count()


def test_an_answer_is_saved_found_again_and_the_history_deleted_by_keyboard(
    opened, address
) -> None:
    page = opened()
    turn = ask(page, QUESTION)
    with page.context.expect_page() as beside:
        turn.get_by_role("link", name="この回答を保存する").click()
    saving = beside.value
    saving.fill("#r-title", "起案に使う回答")
    saving.press("#r-title", "Enter")
    saving.wait_for_url("**/history/saved/*")
    assert saving.locator("h1").inner_text() == "起案に使う回答"
    assert page.locator(".k-turn").count() == 1
    saving.get_by_role("link", name="保存した回答に戻る").click()
    saving.get_by_role("link", name="質問の履歴").click()
    saving.get_by_label("履歴を検索").fill("ＫＹＯＤＯ")
    saving.keyboard.press("Enter")
    saving.wait_for_url("**q=*")
    assert "を含む会話はありません" in saving.locator("main").inner_text()
    saving.goto(f"{address}/history")
    saving.get_by_role("link", name="履歴をすべて削除する").press("Enter")
    saving.get_by_role("button", name="削除する").press("Enter")
    saving.wait_for_url("**did=deleted_all")
    assert "履歴はまだありません" in saving.locator("main").inner_text()
    saving.get_by_role("link", name="保存した回答").click()
    assert "起案に使う回答" in saving.locator("main").inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(opened, address, width: int) -> None:
    page = opened(width=width)
    ask(page, f"これは協働に当たりますか{'A' * 120}")
    for path in ("/history", "/history?q=協働", "/history/saved", "/history/delete"):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(f"{address}/history")
    page.locator(".r-name").first.click()
    page.wait_for_selector(".r-turn")
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
