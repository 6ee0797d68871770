"""Every page for everyone: axe-core, the keyboard alone, 200 % zoom, light and dark."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.live import LiveAssistant
from assistant.pages import Page, find_pages
from tests.axe_core import addresses_below, found_by_axe, needs_axe
from tests.page_browser import WAIT_MS, browser, marks  # noqa: F401
from tests.people_home import Home, office
from tests.test_server import send

pytestmark = marks
QUESTION = "協働型事業のルールに拘束力はありますか"
OUTSIDE = "肉じゃがのおいしい作り方を教えて"
PAGES = find_pages()
WIDTHS = (1280, 390)
SEEN = """() => {
  const e = document.activeElement, look = getComputedStyle(e), r = e.getBoundingClientRect();
  const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
  return ring && r.width > 0 && r.right > 0 && r.bottom > 0 && r.top < innerHeight;
}"""
"""Whether the element with the focus has a ring and lies in the window."""
ZOOMED = 640
"""CSS pixels that a window of 1280 has at 200 %."""


@pytest.fixture(scope="module")
def served(bundled_index_folder: Path, tmp_path_factory) -> Iterator[Home]:
    """Every registered page over the bundled documents, and an owner who has asked before."""
    home = tmp_path_factory.mktemp("everyone") / "home"
    shutil.copytree(bundled_index_folder, home / "index")
    with office(home, service=LiveAssistant(home / "index")) as found:
        with found.web("miru") as web:
            send(web, "submit", {"question": QUESTION}, "before1")
        yield found


@pytest.fixture(scope="module")
def owner(served: Home) -> Iterator[httpx.Client]:
    with served.web("miru", **{"accept-language": "ja"}) as web:
        yield web


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opened(browser, served: Home, scheme: str) -> Iterator[Callable]:  # noqa: F811
    """Opens a tab in which axe may run past the page's own policy, signed in or not.

    Fails where the browser asked any machine but this one for anything.
    """
    contexts, outside = [], []

    def note(request) -> None:
        there = urlsplit(request.url)
        if there.scheme not in ("data", "blob") and there.hostname != "127.0.0.1":
            outside.append(request.url)

    def open_tab(web: httpx.Client | None = None):
        context = browser.new_context(
            base_url=served.address, locale="ja-JP", color_scheme=scheme, bypass_csp=True
        )
        contexts.append(context)
        for cookie in web.cookies.jar if web else ():
            context.add_cookies(
                [{"name": cookie.name, "value": str(cookie.value), "url": served.address}]
            )
        tab = context.new_page()
        tab.on("request", note)
        tab.set_default_timeout(WAIT_MS)
        return tab

    yield open_tab
    for context in contexts:
        context.close()
    assert outside == []


def check(page, what: str) -> None:
    """No issue at either width, and nothing to scroll sideways for at 200 %."""
    for width in (*WIDTHS, ZOOMED):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{what} at {width}: {wide} pixels wide"
        if width in WIDTHS:
            assert found_by_axe(page) == [], f"{what} at {width}"


@needs_axe
@pytest.mark.parametrize("registered", PAGES, ids=lambda p: p.link.path)
def test_axe_finds_nothing_serious_on_any_page(
    opened, owner: httpx.Client, registered: Page
) -> None:
    page, addresses = opened(owner), addresses_below(owner, registered.link.path)
    assert addresses or not registered.listed, "the page shows nothing"
    for each in addresses:
        page.goto(each)
        check(page, each)


@needs_axe
@pytest.mark.parametrize("registered", PAGES, ids=lambda p: p.link.path)
def test_axe_finds_nothing_serious_for_who_has_not_signed_in(opened, registered: Page) -> None:
    page = opened()
    page.goto(registered.link.path)
    check(page, f"{registered.link.path}, signed out")


@needs_axe
def test_axe_finds_nothing_serious_in_the_conversation(opened, owner: httpx.Client) -> None:
    page = opened(owner)
    page.goto("/")
    page.wait_for_selector(".k-examples")
    check(page, "the start")
    for number, question in enumerate((QUESTION, OUTSIDE), 1):
        page.fill("#k-input", question)
        page.press("#k-input", "Enter")
        page.wait_for_selector(f'#k-turn-{number}[data-state="done"]')
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        check(page, question)


def test_the_keyboard_alone_asks_reads_a_source_changes_language_and_goes_to_every_page(
    opened, owner: httpx.Client, scheme: str
) -> None:
    """Tab, Enter and letters: no pointer. What has the focus is always to be seen."""
    if scheme == "dark":
        pytest.skip("the keys are the same in the dark")
    page = opened(owner)
    page.goto("/")
    page.wait_for_selector(".k-examples")
    tab_to(page, "e => e.classList.contains('k-skip')")
    page.keyboard.press("Enter")
    tab_to(page, "e => e.id === 'k-input'")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector('#k-turn-1[data-state="done"]')
    tab_to(page, "e => e.matches('#k-turn-1 a.k-cite')", backwards=True)
    page.keyboard.press("Enter")
    page.wait_for_selector(".k-source[open]")
    assert page.evaluate("document.activeElement.closest('.k-source') !== null")
    tab_to(page, "e => e.dataset.language === 'en'", backwards=True)
    page.keyboard.press("Enter")
    page.wait_for_function("document.documentElement.lang === 'en'")
    paths = page.eval_on_selector_all(".k-nav a", "all => all.map(a => a.getAttribute('href'))")
    assert len(paths) > 5
    for path in paths[1:]:
        page.goto("/")
        page.wait_for_selector(".k-nav a")
        tab_to(page, f"e => e.getAttribute('href') === {path!r}")
        page.keyboard.press("Enter")
        page.wait_for_function(f"location.pathname === {path!r}")
        tab_to(page, "e => e.classList.contains('k-skip')")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main, .k-form') !== null"), path


def tab_to(page, wanted: str, most: int = 120, backwards: bool = False) -> None:
    """Press Tab until an element has the focus; each on the way shows that it has it."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue
        if page.evaluate(f"({wanted})(document.activeElement)"):
            seen = page.evaluate(SEEN)
            assert seen, f"the focus is not to be seen on {passed[-1:]}"
            return
        passed.append(page.evaluate("document.activeElement.outerHTML.slice(0, 80)"))
    raise AssertionError(f"{wanted} was not reached by the keyboard; passed: {passed[-5:]}")
