"""The pages over the small assistant, with answers kept as the conversation keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from lxml import html as lxml_html

from assistant.asked import Asked, new_id, now
from assistant.pages import Surroundings, find_pages
from assistant.person import AT_THIS_MACHINE, Person
from assistant.records.store import keep
from assistant.settings import Settings
from assistant.state import State, open_state
from tests.page_server import serving
from tests.page_stub import StubService

QUESTION = "条例では「協働」をどう定めていますか"
OUTSIDE = "明日の天気は"
HANAKO = Person("hanako", "川崎 花子", "reader", frozenset(), "市民文化局")
TARO = Person("taro", "多摩 太郎", "reader")


def answered(state: State, question: str = QUESTION, person: Person = AT_THIS_MACHINE) -> Asked:
    """A question that a person asked, its answer kept."""
    asked = Asked(new_id(), new_id(), person, now(), StubService().ask(question))
    keep(state, asked)
    return asked


@contextmanager
def pages_over(home: Path) -> Iterator[tuple[str, State]]:
    """Serve all pages over the small assistant; gives the address and the records."""
    service = StubService()
    state = open_state(home / "state.sqlite3")
    around = Surroundings(Settings(home), home / "index", service, state)
    with serving(service, find_pages(), around) as address:
        yield address, state


def send(web: httpx.Client, step: str, **fields: str | list[str]) -> httpx.Response:
    """Send a form of the feedback page as a browser does, and follow where it leads."""
    return web.post(f"/feedback/{step}", data=fields, follow_redirects=True)


def text_of(page: str) -> str:
    """What a page shows, without its mark-up."""
    return " ".join(lxml_html.fromstring(page).text_content().split())
