"""The Evaluation page in a real browser, as the person answerable for quality uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evaluation_home import evaluation, make_home, write_set
from tests.page_browser import ask, browser, marks, opened, sync_api  # noqa: F401

pytestmark = marks
CONTRAST = """() => {
  const luminance = (c) => {
    const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map((v) => {
      v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (e) => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$|transparent/.test(c)) return c; } return "rgb(255, 255, 255)"; };
  const low = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.offsetParent) continue;
    const [a, b] = [luminance(getComputedStyle(e).color), luminance(behind(e))].sort();
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(getComputedStyle(e).fontSize);
    if (ratio < 4.5) low.push(["contrast", ratio.toFixed(2), e.textContent.slice(0, 30)]);
    if (size < 16) low.push(["size", size, e.textContent.slice(0, 30)]);
  }
  for (const e of document.querySelectorAll("button, select, input:not([type=checkbox], " +
      "[type=hidden]), .k-button, .k-nav a, .e-crumbs li, .e-sets label, summary")) {
    const box = e.getBoundingClientRect();
    if (e.offsetParent && box.height < 43.5) low.push(["target", box.height, e.outerHTML]);
  }
  return low;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, _small: Path) -> Iterator[str]:
    home = make_home(tmp_path_factory.mktemp("evaluation") / "home", _small / "index")
    write_set(home / "eval" / "questions" / "long.jsonl", 30)
    with evaluation(home, _small / "index") as found:
        yield found


def test_a_conversation_is_kept_while_the_evaluation_opens_apart(opened) -> None:
    page = opened()
    evaluation_link = page.get_by_role("navigation").get_by_role("link", name="評価")
    assert evaluation_link.get_attribute("target") is None
    ask(page, "助成金の申請の締切はいつですか")
    with page.context.expect_page() as other:
        page.get_by_role("navigation").get_by_role("link", name="評価").click()
    other.value.wait_for_selector("h1")
    assert other.value.locator("h1").text_content() == "回答の品質"
    assert page.locator(".k-turn").count() == 1
    other.value.get_by_role("link", name="相談").click()
    other.value.wait_for_selector(".k-examples")


def test_from_a_figure_to_an_answer_in_two_clicks_and_marked_in_one_more(opened) -> None:
    page = opened()
    page.get_by_role("link", name="評価").click()
    page.get_by_role("link", name="この結果をくわしく見る").click()
    page.locator("th a", has_text="要点のうち、回答に入っていたもの").click()
    page.locator(".e-questions a").first.click()
    assert "まちづくりの原則は何ですか。" in page.locator("h1").text_content()
    assert "要点が抜けています：信頼" in page.locator(".body").first.text_content()
    page.get_by_label("記入者の名前").fill("高橋")
    page.get_by_role("button", name="誤り").click()
    assert "判定を記録しました" in page.locator("#mark").text_content()
    assert "高橋" in page.locator("#mark li").first.text_content()
    page.get_by_role("link", name="次の質問").click()
    assert page.get_by_label("記入者の名前").input_value() == "高橋"


def test_a_measurement_is_followed_over_a_reload_to_its_end(opened) -> None:
    page = opened()
    page.get_by_role("link", name="評価").click()
    before = page.locator(".e-runs tbody tr").count()
    for box in page.locator("input[name=set]").all():
        box.set_checked(False)
    page.get_by_label("long（").check()
    page.get_by_role("button", name="測る", exact=True).click()
    page.wait_for_selector("progress")
    page.reload()
    page.wait_for_selector("progress")
    page.wait_for_selector("progress", state="detached")
    assert page.locator(".e-runs tbody tr").count() == before + 1
    assert "180問のうち" in page.locator(".e-runs tbody tr").first.text_content()


def test_two_results_are_compared_by_keyboard_alone(opened) -> None:
    page = opened("en-US")
    page.get_by_role("link", name="Evaluation").press("Enter")
    page.wait_for_selector(".e-runs")
    reached = []
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        shape = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert shape == "solid" or reached[-1] == "", reached[-1]
        if reached[-1] == "Compare the two":
            break
    assert reached[0] == "To the content"
    page.keyboard.press("Enter")
    page.wait_for_selector("figure, .lead")
    assert page.locator("h1").text_content() == "Two results compared"
    assert page.evaluate("document.documentElement.lang") == "en"


VIEWS = (
    "",
    "/run?run=first",
    "/questions?run=first",
    "/question?run=first&id=q-3",
    "/compare?before=first&after=second",
    "/marks?run=first",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_and_touched(opened, address, scheme: str) -> None:
    page = opened()
    page.emulate_media(color_scheme=scheme)
    for view in VIEWS:
        page.goto(f"{address}/evaluation{view}")
        assert page.evaluate(CONTRAST) == [], view


def test_a_narrow_window_scrolls_one_way_only(opened, address) -> None:
    page = opened(width=390, height=844)
    for view in VIEWS:
        page.goto(f"{address}/evaluation{view}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, view
