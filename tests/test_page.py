"""The page in a real browser: asking, reading, opening a source, stopping, keeping apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.page_browser import ask, browser, chip, in_view, marks, opened  # noqa: F401
from tests.page_server import serving
from tests.page_stub import A4, DEMO, StubService

ASKED = "条例では「協働」をどう定めていますか"

pytestmark = marks


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(StubService()) as found:
        yield found


def test_a_question_in_japanese_is_answered_with_a_source_to_open(opened) -> None:
    page = opened()
    assert page.evaluate("document.documentElement.lang") == "ja"
    turn = ask(page, ASKED)
    assert turn.locator("h2").text_content().endswith(ASKED)
    quote = A4.text.split("\n")[0]
    assert quote in turn.locator(".k-role-conclusion").text_content()
    card = page.locator("#k-s-1-1")
    assert card.get_attribute("open") is None
    chip(turn, 1).click()
    mark = card.locator("mark")
    assert mark.is_visible()
    assert quote in mark.text_content()
    assert in_view(mark)
    assert page.evaluate("document.activeElement.closest('details').id") == "k-s-1-1"
    assert card.locator(".k-headings").text_content() == "第1章 総則定義"
    card.get_by_text("次の箇所").click()
    assert card.get_by_text("自治運営の基本原則とする").is_visible()
    card.get_by_text("回答に戻る").click()
    assert page.evaluate("document.activeElement.dataset.source") == "k-s-1-1"
    assert page.input_value("#k-input") == ""


def test_a_source_opens_with_the_keyboard(opened) -> None:
    page = opened()
    turn = ask(page, ASKED)
    chip(turn, 2).focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('details').id") == "k-s-1-2"
    assert page.locator("#k-s-1-2 mark").is_visible()
    page.keyboard.press("Enter")
    assert page.locator("#k-s-1-2").get_attribute("open") is None


def test_english_on_a_phone(opened) -> None:
    page = opened("en-US", 390, 844)
    assert page.evaluate("document.documentElement.lang") == "en"
    turn = ask(page, "How does the ordinance define collaboration?")
    assert "citizens and the city share a purpose" in turn.locator(".k-answer").text_content()
    chip(turn, 1).click()
    card = page.locator("#k-s-1-1")
    assert card.locator("mark").is_visible()
    assert in_view(card.locator("summary").first)
    card.get_by_text("Japanese original").click()
    assert card.get_by_text("対等な関係に立って").is_visible()
    answer, sources = turn.locator(".k-answer").bounding_box(), card.bounding_box()
    assert sources["y"] >= answer["y"] + answer["height"]
    for width in (390, 360):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_two_browsers_do_not_see_each_other(opened) -> None:
    first, second = opened(), opened()
    ask(first, "一人目だけの質問")
    ask(second, "二人目だけの質問")
    ask(first, "一人目の続き")
    assert "二人目だけの質問" not in first.content()
    assert "一人目" not in second.content()
    assert first.locator(".k-turn").count() == 2
    assert second.locator(".k-turn").count() == 1


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 700)])
def test_a_new_question_stands_at_the_top_with_its_answer_below(opened, width, height) -> None:
    page = opened("ja-JP", width, height)
    for number in (1, 2, 3):
        heading = ask(page, f"{number}番目の質問です").locator("h2")
        page.wait_for_timeout(300)
        assert in_view(heading)
    assert heading.bounding_box()["y"] < height / 3


def test_a_long_conversation_stands_whole_and_in_order(opened) -> None:
    page = opened()
    asked = [f"{number}番目の質問です" for number in range(1, 20)]
    for number, question in enumerate(asked, start=1):
        ask(page, question)
        shown = page.locator(".k-turn h2").all_text_contents()
        assert [text.split(": ")[-1] for text in shown] == asked[:number]
        assert page.locator("[data-retry]").count() == 1
    first = page.locator("#k-turn-1")
    chip(first, 1).click()
    assert page.locator("#k-s-1-1 mark").is_visible()
    page.get_by_text("English", exact=True).click()
    page.wait_for_selector('html[lang="en"]')
    assert page.locator(".k-turn").count() == 19
    ask(page, "二十番目の質問です")
    page.locator("[data-retry]").click()
    page.wait_for_selector('#k-turn-20[data-state="done"]')
    assert page.locator(".k-turn").count() == 20
    page.locator("[data-new]").click()
    page.wait_for_selector(".k-examples")
    assert page.locator(".k-turn").count() == 0
    ask(page, "新しい会話の質問です")
    assert page.locator(".k-turn").count() == 1


def test_stopping_keeps_the_question_and_asking_again_works(opened) -> None:
    page = opened()
    ask(page, f"{DEMO['slow']}答えてください", "working")
    page.click("[data-stop]")
    turn = page.locator('#k-turn-1[data-state="stopped"]')
    turn.wait_for(timeout=3000)
    assert "途中で止めました。まだ回答はありません。" in turn.text_content()
    assert page.locator(".k-primary").is_visible()
    page.click("[data-retry]")
    page.wait_for_selector('#k-turn-1[data-state="done"]')
    assert page.locator(".k-turn").count() == 1


def test_examples_and_follow_ups_ask(opened) -> None:
    page = opened()
    page.locator(".k-examples [data-ask]").first.click()
    page.wait_for_selector('#k-turn-1[data-state="done"]')
    assert not page.locator(".k-examples").is_visible()
    page.locator(".k-follow-ups [data-ask]").first.click()
    page.wait_for_selector('#k-turn-2[data-state="done"]')
    assert page.locator("#k-turn-2 h2").text_content().endswith("企業も協働の相手になれますか")
    assert page.locator(".k-follow-ups").count() == 1


def test_refused_questions_stay_in_the_box(opened) -> None:
    page = opened()
    page.press("#k-input", "Enter")
    assert page.locator("#k-refused").text_content() == "質問を入力してください。"
    page.fill("#k-input", "あ" * 2001)
    page.press("#k-input", "Enter")
    assert "今は2,001文字あります" in page.locator("#k-refused").text_content()
    assert page.input_value("#k-input") == "あ" * 2001
    page.fill("#k-input", "協働とは")
    page.click(".k-options summary")
    page.fill("#k-as-of", "2024-04-01")
    page.press("#k-input", "Enter")
    page.wait_for_selector('#k-turn-1[data-state="done"]')
    assert "基準日 2024-04-01" in page.locator("#k-turn-1 .k-question").text_content()


def test_an_enter_that_ends_a_conversion_does_not_send(opened) -> None:
    page = opened()
    page.fill("#k-input", "きょうどう")
    page.evaluate(
        """document.getElementById('k-input').dispatchEvent(new KeyboardEvent('keydown',
           {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    page.press("#k-input", "Shift+Enter")
    page.wait_for_timeout(300)
    assert page.locator(".k-turn").count() == 0
    assert page.input_value("#k-input") == "きょうどう\n"


def test_errors_are_sentences_and_lose_nothing(opened) -> None:
    page = opened()
    ask(page, ASKED)
    failed = ask(page, f"これは{DEMO['fail']}質問", "failed")
    assert "回答できませんでした。時間をおいて" in failed.text_content()
    assert "secret path" not in page.content()
    known = ask(page, f"これは{DEMO['known']}質問", "failed")
    assert "索引が見つかりません。担当者に知らせてください。" in known.text_content()
    assert page.locator("#k-turn-1 .k-role-conclusion").is_visible()


def test_a_refusal_names_whom_to_ask(opened) -> None:
    page = opened()
    turn = ask(page, f"あしたの{DEMO['refuse']}は")
    assert "見つかりませんでした" in turn.text_content()
    assert turn.locator(".k-section").text_content() == "市民文化局 協働・連携推進課"
    assert turn.locator("aside h3").text_content() == "近い箇所（答えの根拠ではありません）"


def test_a_clarifying_question_offers_choices(opened) -> None:
    page = opened()
    turn = ask(page, f"{DEMO['clarify']}は会社でも同じですか")
    assert "どの取組についてのご質問ですか" in turn.locator(".k-clarify").text_content()
    turn.locator("[data-ask]").first.click()
    page.wait_for_selector('#k-turn-2[data-state="done"]')


def test_the_conversation_can_be_saved_copied_and_left(opened, tmp_path: Path) -> None:
    page = opened()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, ASKED)
    ask(page, "企業も協働の相手になれますか")
    with page.expect_download() as waiting:
        page.click("[data-download]")
    saved = tmp_path / "saved.md"
    waiting.value.save_as(saved)
    text = saved.read_text(encoding="utf-8")
    assert waiting.value.suggested_filename.startswith("kyodo-会話-")
    assert text.startswith("# kyodo の会話\n\n保存した日時：20")
    assert text.index(ASKED) < text.index("企業も協働の相手になれますか")
    assert "\\[1\\] 川崎市自治基本条例 第3条第4号" in text
    page.locator("#k-turn-1 [data-copy-turn]").click()
    page.get_by_text("コピーしました").first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1] 川崎市自治基本条例 第3条第4号" in copied
    page.click("[data-new]")
    page.wait_for_selector(".k-examples")
    assert page.locator(".k-turn").count() == 0
    turn = ask(page, ASKED)
    chip(turn, 1).click()
    assert page.locator("#k-s-1-1 mark").is_visible()


def test_the_language_can_be_switched_and_is_remembered(opened) -> None:
    page = opened()
    ask(page, ASKED)
    page.fill("#k-input", "書きかけの質問")
    page.click("[data-language]")
    page.get_by_role("button", name="New conversation").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator(".k-turn").count() == 1
    assert page.input_value("#k-input") == "書きかけの質問"
    page.reload()
    page.get_by_text("Example questions").wait_for()


def test_sizes_and_contrast_follow_the_design_system(opened) -> None:
    page = opened("en-US", 360, 640)
    ask(page, "How does the ordinance define collaboration?")
    chip(page.locator("#k-turn-1"), 1).click()
    small = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(e =>
            [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&
            e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 16)
            .map(e => e.className)"""
    )
    assert small == []
    low = page.evaluate(
        """() => [...document.querySelectorAll('main :is(button, summary, input, textarea)')]
            .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert low == []
    assert page.locator("footer").count() == 0 or not page.locator("footer").first.is_visible()
