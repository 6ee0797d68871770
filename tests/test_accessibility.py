"""Every page for everyone: axe-core, the keyboard alone, 200 % zoom, light and dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.live import LiveAssistant
from assistant.pages import Page, Surroundings, find_pages
from assistant.settings import Settings
from assistant.state import open_state
from tests.axe_core import addresses_below, found_by_axe, needs_axe
from tests.page_browser import WAIT_MS, browser, marks  # noqa: F401
from tests.page_server import serving
from tests.test_server import send

pytestmark = marks
QUESTION = "協働型事業のルールに拘束力はありますか"
OUTSIDE = "肉じゃがのおいしい作り方を教えて"
PAGES = find_pages()
LISTED = [page for page in PAGES if page.listed]
WIDTHS = (1280, 390)
ZOOMED = 640
"""CSS pixels that a window of 1280 has at 200 %."""


@pytest.fixture(scope="module")
def address(bundled_index_folder: Path, tmp_path_factory) -> Iterator[str]:
    """Every registered page over the bundled documents, and a person who has asked before."""
    home = tmp_path_factory.mktemp("everyone") / "home"
    shutil.copytree(bundled_index_folder, home / "index")
    door, settings = LiveAssistant(home / "index"), Settings(home)
    around = Surroundings(settings, home / "index", door, open_state(settings.state))
    with serving(door, PAGES, around) as found:
        with httpx.Client(base_url=found, timeout=60) as web:
            send(web, "submit", {"question": QUESTION}, "before1")
        yield found


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser, address, scheme) -> Iterator:  # noqa: F811
    """A tab in which axe may run past the page's own policy."""
    context = browser.new_context(
        base_url=address, locale="ja-JP", color_scheme=scheme, bypass_csp=True
    )
    tab = context.new_page()
    tab.set_default_timeout(WAIT_MS)
    yield tab
    context.close()


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
def test_axe_finds_nothing_serious_on_any_page(page, address: str, registered: Page) -> None:
    with httpx.Client(base_url=address, timeout=60, headers={"accept-language": "ja"}) as web:
        addresses = addresses_below(web, registered.link.path)
    assert addresses, "the page shows nothing"
    for each in addresses:
        page.goto(each)
        check(page, each)


@needs_axe
def test_axe_finds_nothing_serious_in_the_conversation(page) -> None:
    page.goto("/")
    page.wait_for_selector(".k-examples")
    check(page, "the start")
    for number, question in enumerate((QUESTION, OUTSIDE), 1):
        page.fill("#k-input", question)
        page.press("#k-input", "Enter")
        page.wait_for_selector(f'#k-turn-{number}[data-state="done"]')
        for source in page.locator(".k-source summary").all():
            source.click()
        check(page, question)
