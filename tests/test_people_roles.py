"""Every route of every page, asked for by everybody: only who may gets there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.pages import Page, Surroundings, find_pages
from assistant.people.forms import FIELD, token_for
from assistant.people.gate import role_for, rules_of
from assistant.people.settings import SignIn
from assistant.person import ROLES, Role
from assistant.service import Service
from assistant.settings import Settings
from assistant.state import open_state
from tests.page_stub import StubService
from tests.people_home import ROLES as LOGINS
from tests.people_home import Home, office

REACHED = "reached"
PLACES = {"int": "7", "path": "a/b", "str": "x"}
LEAVING = ("/sign-out", "/account/sign-out")


async def reached(request: Request) -> Response:
    return PlainTextResponse(REACHED)


def routes_of(page: Page, around: Surroundings) -> list[Route]:
    """The page's routes, each leading to ``reached``: what they do is not what is tested."""
    found: list[BaseRoute] = list(page.routes(around))
    return [
        Route(route.path, reached, methods=sorted(route.methods or {"GET"}))
        for route in found
        if isinstance(route, Route)
    ]


def only_routes(page: Page) -> Page:
    def made(around: Surroundings) -> Sequence[BaseRoute]:
        return routes_of(page, around)

    return replace(page, routes=made)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """Method and path of every route that the installed packages offer."""
    home = tmp_path_factory.mktemp("routes")
    settings = Settings(home, sign_in=SignIn("accounts"))
    door: Service = StubService()
    around = Surroundings(settings, settings.index, door, open_state(settings.state))
    pages = [page for page in find_pages() if page.when(settings)]
    return [
        (method, re.sub(r"\{\w+(?::(\w+))?\}", lambda m: PLACES[m.group(1) or "str"], route.path))
        for page in pages
        for route in routes_of(page, around)
        for method in sorted(route.methods or ())
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    pages = [page if page.link.path == "/sign-in" else only_routes(page) for page in find_pages()]
    with office(tmp_path_factory.mktemp("office"), pages=pages) as found:
        yield found


def ask(web: httpx.Client, method: str, path: str) -> httpx.Response:
    token = token_for(web.cookies.get("kyodo_session", ""))
    return web.request(method, path, headers={"x-kyodo-token": token})


def test_there_are_routes_to_try(cases: list[tuple[str, str]]) -> None:
    assert len(cases) > 40
    assert {"/documents", "/evaluation", "/people", "/account"} <= {path for _, path in cases}


@pytest.mark.parametrize("login", [*LOGINS, ""])
def test_every_route_answers_whoever_may_and_nobody_else(
    home: Home, cases: list[tuple[str, str]], login: str
) -> None:
    rules = rules_of(find_pages())
    wrong = []
    with home.web(login) as web:
        for method, path in cases:
            if path.startswith("/sign-in"):
                continue
            needed = role_for(rules, path, method)
            answer = ask(web, method, path)
            right = expected(needed, LOGINS.get(login))
            came_through = answer.text == REACHED if method != "HEAD" else right == 200
            if answer.status_code != right or (right == 200) != came_through:
                wrong.append((method, path, needed, answer.status_code))
    assert wrong == []


def expected(needed: Role | None, has: Role | None) -> int:
    if needed is None:
        return 200
    if has is None:
        return 401
    return 200 if ROLES.index(has) >= ROLES.index(needed) else 403


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/", "reader"),
        ("POST", "/gradio_api/queue/join", "reader"),
        ("GET", "/documents", "reader"),
        ("GET", "/documents/x/history", "reader"),
        ("POST", "/documents/x/remove", "editor"),
        ("POST", "/documents/-/add", "editor"),
        ("GET", "/evaluation", "owner"),
        ("POST", "/evaluation/start", "owner"),
        ("GET", "/people", "owner"),
        ("POST", "/people/x/save", "owner"),
        ("GET", "/account", "reader"),
        ("POST", "/account", "reader"),
        ("GET", "/sign-in", None),
        ("GET", "/somewhere/nobody/spoke/of", "reader"),
        ("GET", "/peoples", "reader"),
        ("GET", "/healthz", None),
        ("GET", "/style.css", None),
    ],
)
def test_what_is_needed(method: str, path: str, needed: Role | None) -> None:
    assert role_for(rules_of(find_pages()), path, method) == needed


def test_a_place_below_may_need_less_or_more_than_its_page() -> None:
    page = next(page for page in find_pages() if page.link.path == "/documents")
    rules = rules_of([replace(page, roles={"/documents/-/add": "owner", "/documents/-": None})])
    assert role_for(rules, "/documents/-/add", "POST") == "owner"
    assert role_for(rules, "/documents/-/add/x", "GET") == "owner"
    assert role_for(rules, "/documents/-/state", "GET") is None
    assert role_for(rules, "/documents/-x", "POST") == "editor"


@pytest.mark.parametrize(("login", "shown"), [("yomu", False), ("naosu", False), ("miru", True)])
def test_the_navigation_names_only_what_somebody_may_see(
    tmp_path: Path, login: str, shown: bool
) -> None:
    with office(tmp_path) as home, home.web(login, **{"accept-language": "ja"}) as web:
        page = web.get("/account").text
        assert ('href="/people"' in page) is shown
        assert ('href="/evaluation"' in page) is shown
        assert 'href="/documents"' in page
        assert 'href="/sign-in"' not in page
        assert f"{login}さん" in page


def test_what_everyone_may_see_comes_first_in_the_navigation(tmp_path: Path) -> None:
    with office(tmp_path) as home, home.web("miru") as web:
        nav = web.get("/account").text.split("<nav", 1)[1].split("</nav>", 1)[0]
    needed = {page.link.path: page.role for page in find_pages()}
    shown = [ROLES.index(needed[path]) for path in re.findall(r'href="(/\w+)"', nav)]
    assert len(shown) > 5
    assert shown == sorted(shown)


def test_who_may_not_is_told_so_on_a_page(tmp_path: Path) -> None:
    given = {"accept": "text/html", "accept-language": "ja"}
    with office(tmp_path) as home, home.web("yomu", **given) as web:
        answer = web.get("/people")
        assert answer.status_code == 403
        assert "このページは、管理者だけが使えます。" in answer.text
        assert 'href="/people"' not in answer.text
        assert FIELD in answer.text
