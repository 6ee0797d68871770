"""Feedback, unanswered questions and making questions: axe-core with data in them, two widths."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.feedback.datatypes import Part, Said
from assistant.feedback.store import give
from assistant.pages import Surroundings
from assistant.person import AT_THIS_MACHINE
from assistant.settings import Settings
from assistant.state import State
from assistant.unanswered.grouping import encoder_of, group_new
from assistant.unanswered.store import all_groups
from tests.axe_core import found_by_axe, needs_axe
from tests.feedback_home import HANAKO, OUTSIDE, QUESTION, answered, pages_over
from tests.page_browser import ask, browser, marks  # noqa: F401
from tests.page_stub import StubService
from tests.unanswered_home import COPIES, OTHER, asked, tell

pytestmark = [*marks, needs_axe]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, State, Path]]:
    home = tmp_path_factory.mktemp("everyone")
    with pages_over(home) as (address, state):
        yield address, state, home


def addresses(state: State, home: Path) -> list[str]:
    """Every view of the pages, with something in it."""
    own = answered(state)
    said = Said("wrong", (Part("statement", 1), Part("citation", 2)), "古い", "新しい")
    given = give(state, answered(state, person=HANAKO).to_dict(), HANAKO, said)
    give(state, own.to_dict(), AT_THIS_MACHINE, said)
    place = Surroundings(Settings(home), home / "index", StubService(), state)
    tell(place, *(asked(question) for question in (*COPIES, OTHER)))
    group_new(state, encoder_of(place))
    group = all_groups(state)[0].group_id
    return [
        "/feedback",
        f"/feedback/one?id={given}&kept=1",
        "/feedback/mine",
        f"/feedback/new?answer={own.answer_id}",
        f"/feedback/new?answer={own.answer_id}&said=wrong",
        f"/feedback/new?answer={answered(state, OUTSIDE).answer_id}&said=right",
        "/unanswered",
        f"/unanswered/group?id={group}&told=checked",
        "/evaluation/office",
        f"/evaluation/office/new?feedback={given}",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser, served, scheme: str) -> None:  # noqa: F811
    address, state, home = served
    context = browser.new_context(
        base_url=address, locale="ja-JP", color_scheme=scheme, bypass_csp=True
    )
    try:
        page = context.new_page()
        for each in addresses(state, home):
            page.goto(each)
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, each
                assert found_by_axe(page) == [], f"{each} at {width}"
        page.goto("/")
        page.wait_for_selector(".k-examples")
        turn = ask(page, QUESTION)
        assert found_by_axe(page) == []
        turn.get_by_role("link", name="違うところがある").click()
        turn.get_by_label("どう違いますか").fill("担当は044-200-1234です")
        assert found_by_axe(page) == []
        turn.get_by_role("button", name="送る", exact=True).click()
        turn.get_by_text("まだ送っていません").wait_for()
        assert found_by_axe(page) == []
        turn.get_by_role("button", name="このまま送る").click()
        turn.get_by_role("heading", name="意見を記録しました").wait_for()
        assert found_by_axe(page) == []
    finally:
        context.close()
