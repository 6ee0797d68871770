"""The page over the bundled documents, in a real browser, as a clerk uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.pipeline import Assistant
from tests.page_browser import ask, browser, chip, in_view, marks, opened  # noqa: F401
from tests.page_server import serving

pytestmark = marks


@pytest.fixture(scope="module")
def address(bundled_index_folder: Path) -> Iterator[str]:
    with serving(Assistant.open(bundled_index_folder)) as found:
        yield found


def test_a_clerk_reads_the_answer_and_opens_the_marked_passage(opened) -> None:
    page = opened()
    turn = ask(page, "協働型事業のルールに拘束力はありますか")
    assert "拘束力はありません" in turn.text_content()
    chip(turn, 1).click()
    card = page.locator("#k-s-1-1")
    mark = card.locator("mark").first
    assert "拘束力はありません" in mark.text_content()
    assert in_view(mark)
    assert "拘束力なし" in card.text_content()
    assert "要約" in card.text_content()
    assert card.locator('a[href^="https://www.city.kawasaki.jp/"]').count() >= 1


def test_an_english_reader_on_a_phone_gets_english_and_finds_the_original(opened) -> None:
    page = opened("en-US", 390, 844)
    turn = ask(page, "Are the collaborative project rules legally binding?")
    assert "no binding force" in turn.text_content()
    chip(turn, 1).click()
    card = page.locator("#k-s-1-1")
    assert in_view(card.locator("mark").first)
    assert "Not binding" in card.text_content()
    assert "拘束力はありません" in card.text_content()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_question_outside_the_documents_is_refused_with_whom_to_ask(opened) -> None:
    page = opened()
    turn = ask(page, "肉じゃがのおいしい作り方を教えて")
    assert turn.locator(".k-statement").count() == 0
    assert "協働・連携推進課" in turn.text_content()


def test_a_follow_up_is_read_with_the_question_before_it(opened) -> None:
    page = opened()
    ask(page, "スタートアップ助成の上限はいくらですか")
    turn = ask(page, "じゃあステップアップ助成は?")
    assert "200万円" in turn.text_content()


def test_two_clerks_do_not_see_each_others_conversation(opened) -> None:
    first, second = opened(), opened("en-US")
    ask(first, "協働の6つの原則とは何ですか")
    ask(second, "What is a Social Design Center?")
    assert "Social Design Center" not in first.locator("body").text_content()
    assert "6つの原則" not in second.locator(".k-turn").first.text_content()


def test_a_new_conversation_does_not_keep_an_old_date(opened) -> None:
    page = opened()
    page.locator("summary", has_text="詳しい条件").first.click()
    page.fill("#k-as-of", "2004-01-01")
    turn = ask(page, "自治基本条例は協働をどう定めていますか")
    assert "2004" in turn.text_content()
    assert "時点ではまだ効力がありません" in page.locator("body").text_content()
    page.get_by_role("button", name="新しい会話").click()
    page.wait_for_selector(".k-examples")
    assert page.input_value("#k-as-of") == ""
