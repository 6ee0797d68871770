"""The Documents page in a real browser: files added, followed, cited, and the quote marked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.documents_home import (
    QUESTION,
    TITLE,
    documents_page,
    make_docx,
    make_pdf,
    wait_for_work,
)
from tests.page_browser import ask, browser, chip, marks, opened, sync_api  # noqa: F401
from tests.test_eval_page_real import CONTRAST

pytestmark = marks
pytest.importorskip("reportlab", reason="ReportLab is not installed")
pytest.importorskip("docx", reason="python-docx is not installed")
SHOTS = os.environ.get("KEEP_SCREENSHOTS", "")
"""A folder for pictures to look at; none are kept where it is empty."""
COVERED = """() => {
  const mark = document.querySelector(".d-mark").getBoundingClientRect();
  const image = document.querySelector(".d-paper img").getBoundingClientRect();
  return [(mark.top - image.top) / image.height, (mark.bottom - image.top) / image.height,
          mark.width / image.width];
}"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents") / "home"


@pytest.fixture(scope="module")
def address(home: Path, bundled_index_folder: Path) -> Iterator[str]:
    with documents_page(home, bundled_index_folder) as found:
        yield found


def shot(page: sync_api.Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_from_adding_files_to_the_quote_marked_on_its_page(
    opened, address: str, home: Path, tmp_path: Path
) -> None:
    files = {
        "kadan-yoko.pdf": make_pdf(),
        "tebiki.docx": make_docx(),
        "kowareta.pdf": b"%PDF-1.7\nnothing of a PDF",
        "kagi.pdf": make_pdf(password="secret"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    page = opened()
    page.get_by_role("navigation").get_by_role("link", name="文書").click()
    page.get_by_label("ファイル").set_input_files([tmp_path / name for name in files])
    page.get_by_role("button", name="追加する").press("Enter")
    page.wait_for_selector("progress")
    shot(page, "progress")
    page.reload()
    page.wait_for_selector("progress")
    page.wait_for_selector(".d-file", timeout=120_000)
    page.wait_for_load_state()  # its style too
    assert page.locator(".d-file.d-is-bad").count() == 2
    assert page.evaluate(CONTRAST) == []
    shot(page, "list")

    page.get_by_role("navigation").get_by_role("link", name="相談").click()
    page.wait_for_selector(".k-examples")
    with httpx.Client(base_url=address) as web:
        wait_for_work(web, home)
    turn = ask(page, QUESTION)
    chip(turn, 1).click()
    with page.context.expect_page() as other:
        turn.get_by_role("link", name="1ページを開いて、引用の位置を見る").first.click()
    shown = other.value
    shown.wait_for_selector(".d-mark")
    shown.wait_for_load_state()
    shown.wait_for_function("document.querySelector('.d-paper img').complete")
    assert TITLE in shown.locator("h1").text_content()
    top, bottom, width = shown.evaluate(COVERED)
    assert 0.22 < bottom < 0.25
    assert bottom - top < 0.03
    assert width > 0.3
    assert shown.evaluate(CONTRAST) == []
    shot(shown, "page")
    assert page.locator(".k-turn").count() == 1

    shown.set_viewport_size({"width": 390, "height": 844})
    for path, name in (("", "list"), ("/kadan-yoko", "document"), ("/kadan-yoko/page/1", "page")):
        base = shown.url.split("/documents")[0]
        shown.goto(f"{base}/documents{path}")
        assert shown.evaluate("document.documentElement.scrollWidth") <= 390, name
        assert shown.evaluate(CONTRAST) == [], name
        shot(shown, f"narrow-{name}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_and_touched(opened, address: str, scheme: str) -> None:
    page = opened()
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/documents")
    first = page.locator(".d-documents th a").first.get_attribute("href")
    for path in ("/documents", "/documents/-/index", first):
        page.goto(f"{address}{path}?language=en")
        assert page.evaluate(CONTRAST) == [], path
        shot(page, f"{scheme}-{path.replace('/', '_')}")


def test_files_that_are_too_big_are_not_sent(opened, address: str, tmp_path: Path) -> None:
    page = opened()
    page.goto(f"{address}/documents")
    page.evaluate("document.querySelector('[data-upload]').dataset.most = '10'")
    (tmp_path / "big.txt").write_text("x" * 100)
    page.get_by_label("ファイル").set_input_files(tmp_path / "big.txt")
    page.get_by_role("button", name="追加する").click()
    assert "超えています" in page.locator("[data-said]").text_content()
    assert page.url.endswith("/documents")
