"""Behind a proxy that speaks https and serves the page under a folder."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from assistant.pages import Surroundings, find_pages
from assistant.people.forms import FIELD
from assistant.people.settings import Reached, SignIn
from assistant.server import create_app
from assistant.settings import Settings
from assistant.state import open_state
from tests.page_stub import StubService
from tests.people_home import PASSWORD, add_person, token_on

PUBLIC = "https://kyodo.example/soudan"
OPENING = {"sec-fetch-mode": "navigate", "accept": "text/html"}


def walk(home: Path, there: str) -> list[httpx.Response]:
    """From the first page to the sign-in and back, as the proxy hands it on."""
    settings = Settings(home, sign_in=SignIn("accounts"), reached=Reached(PUBLIC))
    state, door = open_state(settings.state), StubService()
    add_person(state, "yomu")
    around = Surroundings(settings, settings.index, door, state)
    app = create_app(door, public=PUBLIC, pages=find_pages(), around=around)

    async def go() -> list[httpx.Response]:
        given = {"transport": httpx.ASGITransport(app), "base_url": "https://kyodo.example"}
        async with httpx.AsyncClient(**given, headers=OPENING) as web:
            first = await web.get("/documents")
            form = await web.get("/sign-in", params={"next": there})
            fields = {FIELD: token_on(form), "login": "yomu", "password": PASSWORD}
            origin = {"origin": "https://kyodo.example"}
            entered = await web.post(
                "/sign-in", params={"next": there}, data=fields, headers=origin
            )
            return [first, form, entered, await web.get("/account")]

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("there", "reached"),
    [
        ("/soudan/documents?q=1", "/soudan/documents?q=1"),
        ("/documents", "/soudan/"),
        ("/soudan", "/soudan/"),
        ("/soudan//evil.example", "/soudan/"),
        ("", "/soudan/"),
    ],
)
def test_all_addresses_begin_with_the_folder_and_cookies_are_for_https_alone(
    tmp_path: Path, there: str, reached: str
) -> None:
    first, form, entered, account = walk(tmp_path, there)
    assert first.headers["location"] == "/soudan/sign-in?next=%2Fsoudan%2Fdocuments"
    assert 'href="/soudan/sign-in/page.css"' in form.text
    assert entered.status_code == 303
    assert entered.headers["location"] == reached
    session = entered.headers.get_list("set-cookie")[0]
    assert session.startswith("__Host-kyodo=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(session.split("; "))
    assert account.status_code == 200
    assert 'action="/soudan/sign-out"' in account.text
    assert 'href="/soudan/documents"' in account.text
