"""Feedback under an answer, in a real browser: without leaving the conversation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.feedback.store import all_of
from assistant.person import AT_THIS_MACHINE
from assistant.state import State
from tests.feedback_home import QUESTION, pages_over
from tests.page_browser import WAIT_MS, ask, browser, marks, opened, sync_api  # noqa: F401
from tests.people_home import PASSWORD, Home, office

pytestmark = marks


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, State]]:
    with pages_over(tmp_path_factory.mktemp("feedback")) as found:
        yield found


@pytest.fixture
def address(served: tuple[str, State]) -> str:
    return served[0]


@pytest.fixture
def state(served: tuple[str, State]) -> Iterator[State]:
    yield served[1]
    with served[1].writing() as rows:
        rows.execute("DELETE FROM feedback")


def test_right_takes_one_click_and_can_be_undone(opened, state) -> None:
    turn = ask(opened(), QUESTION)
    turn.get_by_role("link", name="合っている", exact=True).click()
    turn.get_by_role("heading", name="「合っている」と記録しました").wait_for()
    assert [f.said.verdict for f in all_of(state, AT_THIS_MACHINE)] == ["right"]
    turn.get_by_role("button", name="取り消す").click()
    turn.get_by_role("heading", name="取り消しました").wait_for()
    assert all_of(state, AT_THIS_MACHINE) == ()


def test_a_half_written_form_outlives_the_next_question(opened, state) -> None:
    page = opened()
    turn = ask(page, QUESTION)
    turn.get_by_role("link", name="違うところがある").click()
    turn.get_by_label("文1「").check()
    turn.get_by_label("どう違いますか").fill("定義が古いです")
    ask(page, "協働型事業の6原則は何ですか")
    first = page.locator("#k-turn-1")
    assert first.get_by_label("どう違いますか").input_value() == "定義が古いです"
    first.get_by_role("button", name="送る").click()
    first.get_by_role("heading", name="意見を記録しました").wait_for()
    (given,) = all_of(state, AT_THIS_MACHINE)
    assert (given.question, given.said.comment) == (QUESTION, "定義が古いです")
    assert page.locator(".k-turn").count() == 2


def test_personal_data_is_pointed_out_in_place_and_the_text_stays(opened, state) -> None:
    turn = ask(opened("ja-JP", 390, 844), QUESTION)
    turn.get_by_role("link", name="違うところがある").click()
    turn.get_by_label("どう違いますか").fill("担当は044-200-1234です")
    turn.get_by_role("button", name="送る", exact=True).click()
    turn.get_by_text("まだ送っていません").wait_for()
    assert all_of(state, AT_THIS_MACHINE) == ()
    assert turn.get_by_label("どう違いますか").input_value() == "担当は044-200-1234です"
    turn.get_by_role("button", name="このまま送る").click()
    turn.get_by_role("heading", name="意見を記録しました").wait_for()
    assert turn.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_keyboard_alone_is_enough(opened, state) -> None:
    page = opened()
    turn = ask(page, QUESTION)
    turn.get_by_role("link", name="違うところがある").focus()
    page.keyboard.press("Enter")
    turn.get_by_role("heading", name="違うところを教えてください").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert turn.get_by_label("文1「").is_checked()
    turn.get_by_role("link", name="やめる").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "合っている"


def test_without_the_script_the_links_lead_to_a_page_that_does_the_same(opened, state) -> None:
    page = opened()
    turn = ask(page, QUESTION)
    link = turn.get_by_role("link", name="違うところがある")
    context = page.context.browser.new_context(java_script_enabled=False, locale="ja-JP")
    try:
        plain = context.new_page()
        plain.goto(page.url.rstrip("/") + link.get_attribute("href"))
        plain.get_by_label("どう違いますか").fill("定義が古いです")
        plain.get_by_role("button", name="送る", exact=True).click()
        plain.get_by_role("heading", name="意見を記録しました").wait_for()
        assert [f.said.comment for f in all_of(state, AT_THIS_MACHINE)] == ["定義が古いです"]
        plain.get_by_role("button", name="意見を取り下げる").click()
        plain.get_by_role("heading", name="取り消しました").wait_for()
    finally:
        context.close()
    assert all_of(state, AT_THIS_MACHINE) == ()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with office(tmp_path_factory.mktemp("signed")) as found:
        yield found


def _sign_in(browser: sync_api.Browser, home: Home, login: str) -> sync_api.Page:
    page = browser.new_context(locale="ja-JP").new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(home.address)
    page.fill('input[name="login"]', login)
    page.fill('input[name="password"]', PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".k-examples")
    return page


def test_who_signed_in_gives_feedback_in_place_and_the_owner_alone_reads_all(
    browser: sync_api.Browser, signed: Home
) -> None:
    reader = _sign_in(browser, signed, "yomu")
    turn = ask(reader, QUESTION)
    turn.get_by_role("link", name="違うところがある").click()
    turn.get_by_label("どう違いますか").fill("定義が古いです")
    turn.get_by_role("button", name="送る", exact=True).click()
    turn.get_by_role("heading", name="意見を記録しました").wait_for()
    assert reader.get_by_role("link", name="回答への意見").count() == 0
    for place in ("/feedback", "/feedback/export", "/unanswered", "/evaluation/office"):
        assert reader.goto(signed.address + place).status == 403
    assert "定義が古いです" in reader.goto(signed.address + "/feedback/mine").text()
    owner = _sign_in(browser, signed, "miru")
    assert "定義が古いです" in owner.goto(signed.address + "/feedback").text()
    editor = _sign_in(browser, signed, "naosu")
    assert editor.goto(signed.address + "/feedback").status == 403
    assert editor.goto(signed.address + "/unanswered").status == 200
    assert "定義が古いです" not in editor.goto(signed.address + "/feedback/mine").text()
    for page in (reader, owner, editor):
        page.context.close()
