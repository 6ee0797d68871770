"""An office with people in it: the page behind its sign-in, for as long as a test needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from argon2 import PasswordHasher

from assistant.pages import Page, Surroundings, find_pages
from assistant.people.accounts import Account, account_of, add_account
from assistant.people.forms import FIELD
from assistant.people.passwords import open_hashing
from assistant.people.settings import SignIn
from assistant.person import Role
from assistant.service import Service
from assistant.settings import Settings
from assistant.state import State, open_state
from tests.page_server import serving
from tests.page_stub import StubService

PASSWORD = "azuki-mizu-hiroba"
ROLES: dict[str, Role] = {"yomu": "reader", "naosu": "editor", "miru": "owner"}
"""Login names, and what each may do."""
QUICK = open_hashing(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
_TOKEN = re.compile(rf'name="{FIELD}" value="([0-9a-f]+)"')


@dataclass(frozen=True)
class Home:
    """Where an office is served, and its records."""

    address: str
    state: State

    @contextmanager
    def web(self, login: str = "", **headers: str) -> Iterator[httpx.Client]:
        """A browser without scripts; signed in where a login name is given."""
        with httpx.Client(base_url=self.address, timeout=30, headers=headers) as web:
            if login:
                answer = sign_in(web, login)
                assert answer.status_code == 303, answer.text
            yield web


@contextmanager
def office(
    home: Path,
    sign_in: SignIn | None = None,
    pages: Sequence[Page] | None = None,
    service: Service | None = None,
    index: Path | None = None,
) -> Iterator[Home]:
    """Serve the pages to ``ROLES``, each with ``PASSWORD``."""
    settings = Settings(home, sign_in=sign_in or SignIn("accounts"))
    state = open_state(settings.state)
    for login, role in ROLES.items():
        add_person(state, login, role)
    door = service or StubService()
    around = Surroundings(settings, index or settings.index, door, state)
    with serving(door, find_pages() if pages is None else pages, around) as address:
        yield Home(address, state)


def add_person(
    state: State, login: str, role: Role = "reader", password: str = PASSWORD, **more: object
) -> Account:
    """Let somebody in; with an empty password they cannot sign in."""
    kept = QUICK.hash(password) if password else ""
    account = replace(account_of(login, f"{login}さん", role), password=kept, **more)
    add_account(state, account)
    return account


def token_on(page: httpx.Response) -> str:
    """The token in the first form of a page."""
    found = _TOKEN.search(page.text)
    assert found, page.text[:500]
    return found.group(1)


def sign_in(
    web: httpx.Client, login: str, password: str = PASSWORD, there: str = ""
) -> httpx.Response:
    """Fill the sign-in form in."""
    query = {"next": there} if there else {}
    token = token_on(web.get("/sign-in", params=query))
    fields = {FIELD: token, "login": login, "password": password}
    return web.post("/sign-in", params=query, data=fields)


def send(web: httpx.Client, form_on: str, path: str, **fields: str) -> httpx.Response:
    """Send a form as the page at ``form_on`` would."""
    return web.post(path, data={FIELD: token_on(web.get(form_on)), **fields})
