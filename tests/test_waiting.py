"""More questions than can be answered at once: people wait with a message, or are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.page_browser import browser, marks  # noqa: F401
from tests.page_server import serving
from tests.page_stub import StubService

pytestmark = marks
SLOW = "ゆっくり調べて"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server that answers one question at a time, and lets one more wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.server.AT_ONCE", 1)
        patch.setattr("assistant.server.QUEUE_SIZE", 1)
        with serving(StubService(delay_s=6.0)) as found:
            yield found


@pytest.fixture
def opened(browser, address: str) -> Iterator[Callable]:  # noqa: F811
    """Opens the page; its console is left alone, since the browser notes each refusal there."""
    contexts = []

    def open_page(locale: str = "ja-JP", width: int = 1280, height: int = 900):
        context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector(".k-examples")
        return page

    yield open_page
    for context in contexts:
        context.close()


def put(page, question: str) -> None:
    page.fill("#k-input", question)
    page.press("#k-input", "Enter")


def test_who_waits_is_told_the_place_and_then_answered(opened) -> None:
    first, second, third = opened(), opened(), opened("en-US", 390, 844)
    put(first, SLOW)
    first.wait_for_selector('#k-turn-1[data-state="working"]')
    put(second, SLOW)
    second.wait_for_function("document.querySelector('#k-waiting').textContent")
    told = second.locator("#k-waiting")
    assert told.text_content() == (
        "ただいま混み合っています。順番は1番目です。このままお待ちください。"
    )
    assert told.is_visible()
    put(third, SLOW)
    third.wait_for_function("document.querySelector('#k-refused').textContent")
    assert "Many questions have come in at once" in third.locator("#k-refused").text_content()
    assert third.input_value("#k-input") == SLOW
    assert third.locator(".toast-body").count() == 0
    second.wait_for_selector('#k-turn-1[data-state="done"]')
    assert not told.is_visible()
    put(third, "条例では協働をどう定めていますか")
    third.wait_for_selector('#k-turn-1[data-state="done"]')


def test_a_question_that_is_taken_up_at_once_says_nothing_of_waiting(opened) -> None:
    page = opened()
    put(page, "条例では協働をどう定めていますか")
    page.wait_for_selector('#k-turn-1[data-state="done"]')
    page.wait_for_timeout(1700)
    assert page.locator("#k-waiting").text_content() == ""
