"""A real browser for the tests of the page: Debian's Chromium through Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 20_000

marks = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (package: chromium)"),
]
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def opened(browser, address) -> Iterator[Callable[..., sync_api.Page]]:
    """Opens the page in a browser of its own; fails if a script failed or a request left."""
    contexts, faults, outside = [], [], []

    def open_page(locale: str = "ja-JP", width: int = 1280, height: int = 900) -> sync_api.Page:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        page.on(
            "request",
            lambda r: (
                outside.append(r.url)
                if urlsplit(r.url).scheme not in ("data", "blob")
                and urlsplit(r.url).hostname != "127.0.0.1"
                else None
            ),
        )
        page.goto(address)
        page.wait_for_selector(".k-examples")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
    assert outside == []


def ask(page: sync_api.Page, question: str, state: str = "done") -> sync_api.Locator:
    """Type a question, press Enter, wait for what comes of it; gives the turn."""
    number = page.locator(".k-turn").count() + 1
    page.wait_for_function("!document.documentElement.dataset.busy")  # as a person sees it
    page.fill("#k-input", question)
    page.press("#k-input", "Enter")
    page.wait_for_selector(f'#k-turn-{number}[data-state="{state}"]')
    return page.locator(f"#k-turn-{number}")


def chip(turn: sync_api.Locator, number: int) -> sync_api.Locator:
    return turn.locator(".k-statement a.k-cite", has_text=f"[{number}]").first


def in_view(locator: sync_api.Locator) -> bool:
    """Whether the element lies in the part of the page that can be seen."""
    return locator.evaluate(
        """e => { const r = e.getBoundingClientRect();
                  const hit = document.elementFromPoint(r.left + 5, r.top + 5);
                  return r.top >= 0 && r.bottom <= innerHeight && e.contains(hit); }"""
    )
