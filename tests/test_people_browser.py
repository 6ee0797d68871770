"""The sign-in walked through in a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.page_browser import ask, browser, marks, sync_api  # noqa: F401
from tests.people_home import PASSWORD, Home, office
from tests.test_eval_page_real import CONTRAST

pytestmark = marks
SHOTS = os.environ.get("KEEP_SCREENSHOTS", "")
"""A folder for pictures to look at; none are kept where it is empty."""
NEW = "umi-to-yama-no-michi"
Open = Callable[..., sync_api.Page]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with office(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.fixture
def opened(browser: sync_api.Browser, home: Home) -> Iterator[Open]:
    """Opens the page as somebody would who has typed its address."""
    contexts, faults = [], []

    def open_page(locale: str = "ja-JP", width: int = 1280, height: int = 900) -> sync_api.Page:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(home.address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def shot(page: sync_api.Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def enter(page: sync_api.Page, login: str, password: str = PASSWORD) -> None:
    """Sign in with the keyboard alone."""
    page.locator("input[name=login]").fill(login)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def fits(page: sync_api.Page) -> bool:
    """Whether nothing stands beyond the right edge."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("locale", "width", "wrong", "out"),
    [
        ("ja-JP", 1280, "サインインできませんでした。", "サインアウト"),
        ("en-GB", 390, "You could not be signed in.", "Sign out"),
    ],
)
def test_in_ask_out(opened: Open, locale: str, width: int, wrong: str, out: str) -> None:
    page = opened(locale, width)
    assert page.url.endswith("/sign-in?next=%2F")
    page.wait_for_load_state()
    assert page.evaluate(CONTRAST) == []
    assert fits(page)
    shot(page, f"sign-in-{width}")
    enter(page, "yomu", "machigai-no-kotoba")
    page.get_by_role("alert").get_by_text(wrong).wait_for()
    assert page.locator("input[name=login]").input_value() == "yomu"
    shot(page, f"sign-in-wrong-{width}")
    enter(page, "yomu")
    page.wait_for_selector(".k-examples")
    assert page.locator(".k-who").text_content().endswith("yomuさん")
    ask(page, "協働とは何ですか")
    assert fits(page)
    shot(page, f"chat-{width}")
    page.get_by_role("button", name=out).click()
    page.wait_for_url("**/sign-in?out=1")
    assert page.get_by_role("alert").count() == 1
    page.go_back()
    page.wait_for_selector("input[name=login]")


def test_whoever_is_signed_out_in_the_middle_loses_nothing(opened: Open, home: Home) -> None:
    page = opened()
    enter(page, "yomu")
    page.wait_for_selector(".k-examples")
    ask(page, "協働とは何ですか")
    with home.state.writing() as rows:
        rows.execute("DELETE FROM people_sessions")
    page.wait_for_timeout(2500)
    page.fill("#k-input", "6原則は何ですか")
    page.press("#k-input", "Enter")
    link = page.get_by_role("link", name="サインインする（新しいタブで開きます）")
    link.wait_for()
    assert page.input_value("#k-input") == "6原則は何ですか"
    assert page.locator(".k-turn").count() == 1
    shot(page, "expired")
    with page.context.expect_page() as other:
        link.press("Enter")
    enter(other.value, "yomu")
    other.value.wait_for_selector(".k-examples")
    page.bring_to_front()
    page.press("#k-input", "Enter")
    page.wait_for_selector('#k-turn-2[data-state="done"]')


def test_from_being_let_in_to_a_password_of_ones_own(opened: Open, home: Home) -> None:
    owner = opened()
    enter(owner, "miru")
    owner.wait_for_selector(".k-examples")
    owner.get_by_role("navigation").get_by_role("link", name="利用者").click()
    owner.wait_for_selector(".p-people")
    owner.wait_for_load_state()
    assert owner.evaluate(CONTRAST) == []
    shot(owner, "people")
    owner.get_by_label("ログイン名").fill("hajime")
    owner.get_by_label("名前", exact=True).fill("初 めぐみ")
    owner.get_by_label("所属").fill("市民文化局 協働・連携推進課")
    owner.get_by_label("見られる閲覧区分").fill("内部検討、財政")
    owner.get_by_role("button", name="追加する").press("Enter")
    owner.wait_for_selector(".p-typed")
    once = owner.locator(".p-typed").last.text_content()
    shot(owner, "one-time")

    fresh = opened("ja-JP", 390)
    enter(fresh, "hajime", once)
    fresh.wait_for_url("**/account")
    fresh.goto(f"{home.address}/documents")
    fresh.wait_for_url("**/account")
    assert fits(fresh)
    shot(fresh, "must-change")
    fresh.get_by_label("今のパスワード").fill(once)
    fresh.get_by_label("新しいパスワード", exact=True).fill("hajime-hajime")
    fresh.get_by_label("新しいパスワード（もう一度）").fill("hajime-hajime")
    fresh.get_by_role("button", name="変える").click()
    fresh.get_by_role("alert").get_by_text("ログイン名や名前に似ています。").wait_for()
    fresh.get_by_label("今のパスワード").fill(once)
    fresh.get_by_label("新しいパスワード", exact=True).fill(NEW)
    fresh.get_by_label("新しいパスワード（もう一度）").fill(NEW)
    fresh.get_by_role("button", name="変える").click()
    fresh.get_by_text("パスワードを変えました。").wait_for()
    shot(fresh, "account-390")
    fresh.goto(f"{home.address}/people")
    fresh.get_by_text("このページは、管理者だけが使えます。").wait_for()
    shot(fresh, "forbidden-390")

    owner.get_by_role("link", name="利用者の一覧に戻る").click()
    owner.get_by_role("link", name="初 めぐみ").click()
    shot(owner, "person")
    owner.get_by_role("button", name="利用を止める").click()
    owner.get_by_role("button", name="利用を再開する").wait_for()
    fresh.wait_for_timeout(2500)
    fresh.goto(f"{home.address}/account")
    fresh.wait_for_url("**/sign-in?next=%2Faccount")
    owner.set_viewport_size({"width": 390, "height": 844})
    owner.get_by_role("link", name="利用者の一覧に戻る").click()
    owner.wait_for_selector(".p-people")
    assert fits(owner)
    shot(owner, "people-390")
