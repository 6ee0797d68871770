"""The first week, walked in a real browser: read, answered, tried, and gone on with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.learn.material import Material, read_material
from corpus.glossary import BUNDLED_GLOSSARY
from corpus.units import BUNDLED_UNITS, Question
from tests.learn_home import learning
from tests.page_browser import ask, browser, marks, opened, sync_api  # noqa: F401
from tests.test_eval_page_real import CONTRAST

pytestmark = marks
SHOTS = os.environ.get("KEEP_SCREENSHOTS", "")
"""A folder for pictures to look at; none are kept where it is empty."""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def address(tmp_path: Path, bundled_index_folder: Path) -> Iterator[str]:
    with learning(tmp_path / "home", bundled_index_folder) as found:
        yield found


@pytest.fixture(scope="module")
def material() -> Material:
    return read_material((BUNDLED_UNITS,), (BUNDLED_GLOSSARY,))


def shot(page: sync_api.Page, name: str) -> None:
    """Keep a picture, and see that nothing is too faint, too small or too wide.

    What is pressed for a radio button is its whole label; readings are half as large by nature.
    """
    page.wait_for_load_state()
    low = [x for x in page.evaluate(CONTRAST) if 'type="radio"' not in str(x[2])]
    readings = page.locator("rt").count()
    assert [x for x in low if not (readings and x[0] == "size")] == []
    assert page.evaluate(WIDER) <= 0
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def answer(page: sync_api.Page, question: Question, right: bool = True) -> None:
    """Choose the right options, or one that is not, and send them."""
    places = question.right if right else {min(set(range(9)) - question.right)}
    for place in sorted(places):
        page.locator(f'input[name="choice"][value="{place}"]').check()
    page.get_by_role("button", name="答える").click()
    page.wait_for_selector(".l-verdict")
    assert page.locator(".l-option-told").count() == len(question.options)
    assert page.locator(".l-option-told .k-source mark").count() == len(question.options)


def test_a_new_employee_walks_through_the_first_week(opened, material: Material) -> None:
    page = opened()
    page.get_by_role("navigation").get_by_role("link", name="学ぶ").click()
    shot(page, "path")
    page.get_by_role("button", name="区役所").click()
    assert "選択中" in page.get_by_role("button", name="区役所").inner_text()
    shot(page, "path-ward")
    order = next(s for s in material.starts if s.start_id == "ward").units
    page.locator(".l-resume button").click()
    for number, name in enumerate(order):
        unit = material.unit(name)
        assert unit is not None
        assert page.get_by_role("heading", level=1).inner_text() == unit.title.ja
        assert page.locator(".l-said .k-source mark").count() >= len(unit.sentences)
        shot(page, f"unit-{name}")
        page.locator(".l-on button").click()
        for place, question in enumerate(unit.questions):
            if not number:
                shot(page, f"quiz-{place + 1}")
            answer(page, question, right=bool(place))
            if not number:
                shot(page, f"quiz-{place + 1}-told")
            page.locator(".l-on .k-primary").click()
        assert page.get_by_role("heading", level=1).inner_text() == "この単元は終わりました"
        right = len(unit.questions) - 1
        said = f"{len(unit.questions)}問中{right}問正解"
        assert said in page.locator(".l-lead").inner_text()
        if not number:
            shot(page, "end")
        if name != order[-1]:
            page.locator(".l-on .k-primary").click()
    page.get_by_role("link", name="単元の一覧に戻る").click()
    assert page.locator(".l-unit.l-is-done").count() == len(order)
    shot(page, "path-done")
    page.get_by_role("link", name="学習の記録").click()
    assert page.locator(".l-summary tbody tr").count() == len(order)
    shot(page, "summary")


def test_a_quote_opens_with_its_neighbours_and_the_case_waits_in_the_conversation(
    opened, material: Material
) -> None:
    page = opened()
    page.goto(f"{page.url}learn/what")
    card = page.locator(".l-said .k-source").first
    assert "条例" in card.locator(".k-badges").inner_text()
    card.locator("summary").first.press("Enter")
    assert card.locator("mark").is_visible()
    assert card.locator(".k-neighbour").count() >= 1
    shot(page, "quote-open")
    with page.expect_popup() as popup:
        page.get_by_role("link", name="相談の画面で試す").click()
    chat = popup.value
    chat.wait_for_selector(".k-examples")
    chat.wait_for_function("document.querySelector('#k-input').value !== ''")
    assert chat.input_value("#k-input") == material.units[0].case.ask.ja
    assert chat.locator(".k-turn").count() == 0
    chat.fill("#k-input", "")
    chat.type("#k-input", "別の質問")
    assert chat.input_value("#k-input") == "別の質問"


def test_the_first_unit_in_english_on_a_phone(opened, material: Material) -> None:
    page = opened("en-US", 390, 844)
    page.get_by_role("navigation").get_by_role("link", name="Learn").click()
    shot(page, "path-en-390")
    page.locator(".l-resume button").click()
    unit = material.units[0]
    assert page.get_by_role("heading", level=1).inner_text() == unit.title.en
    assert [t.strip() for t in page.locator(".l-said > .l-text").all_inner_texts()] == [
        said.text.en for said in unit.sentences
    ]
    shot(page, "unit-en-390")
    page.locator(".l-on button").click()
    shot(page, "quiz-en-390")
    for place in unit.questions[0].right:
        page.locator(f'input[value="{place}"]').press("Space")
    page.get_by_role("button", name="Answer").press("Enter")
    page.wait_for_selector(".l-verdict")
    assert "That is right." in page.locator(".l-verdict").inner_text()
    shot(page, "quiz-told-en-390")


def test_readings_are_switched_on_by_keyboard_seen_and_never_copied(opened) -> None:
    page = opened()
    page.goto(f"{page.url}learn/what")
    assert page.locator("ruby").count() == 0
    plain = page.locator(".l-said .l-text").first.inner_text()
    page.get_by_role("button", name="ふりがな").press("Enter")
    page.wait_for_selector("ruby")
    assert page.get_by_role("button", name="ふりがな").get_attribute("aria-pressed") == "true"
    shot(page, "unit-furigana")
    said = page.locator(".l-said .l-text").first
    assert said.locator("rt").count() >= 2
    selected = said.evaluate(
        "e => { const r = document.createRange(); r.selectNodeContents(e);"
        " const s = getSelection(); s.removeAllRanges(); s.addRange(r); return s.toString(); }"
    )
    assert selected == plain
    page.goto(page.url.replace("/learn/what", "/glossary"))
    assert page.locator("article ruby").count() > 40
    shot(page, "glossary-furigana")


def test_readings_stand_in_the_conversation_too_and_what_is_copied_stays_as_it_was(opened) -> None:
    page = opened()
    home = page.url
    question = "協働の6つの原則は何ですか。"
    plain = ask(page, question)
    before = plain.locator(".k-statement").first.inner_text()
    copied = plain.locator(".k-plain").first.text_content()
    assert plain.locator("ruby").count() == 0
    page.goto(f"{home}learn")
    page.get_by_role("button", name="ふりがな").press("Enter")
    page.wait_for_selector("ruby")
    page.goto(home)
    page.wait_for_selector(".k-examples")
    said = ask(page, question)
    said.locator(".k-statement ruby").first.wait_for()
    assert said.locator(".k-plain").first.text_content() == copied
    selected = said.locator(".k-statement").first.evaluate(
        "e => { const r = document.createRange(); r.selectNodeContents(e);"
        " const s = getSelection(); s.removeAllRanges(); s.addRange(r); return s.toString(); }"
    )
    assert "".join(selected.split()) == "".join(before.split())
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/chat-furigana.png")


def test_the_glossary_is_searched_by_kana_kanji_and_english(opened) -> None:
    page = opened()
    page.get_by_role("navigation").get_by_role("link", name="用語集").click()
    shot(page, "glossary")
    for asked in ("こうえん", "コウエン", "後援", "nominal", "ｎｏｍｉｎａｌ"):
        page.fill("#l-q", asked)
        page.press("#l-q", "Enter")
        page.wait_for_url("**q=*")
        assert page.locator("#t-koen").is_visible(), asked
        assert page.locator("article").count() < 6, asked
    shot(page, "glossary-found")
    page.locator("#t-koen .l-related a").first.click()
    page.wait_for_url("**/glossary#t-*")
    page.locator(":target summary").first.click()
    assert page.locator(":target mark").is_visible()
