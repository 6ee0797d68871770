"""People whom a proxy has signed in: who is believed, and who is let in."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from assistant.people.addresses import counted_address
from assistant.people.cookies import Cookies
from assistant.people.forms import FIELD
from assistant.people.identity import ByHeader, BySession, Recent
from assistant.people.schema import SCHEMA
from assistant.people.sessions import Lifetime, begin_session, end_sessions
from assistant.people.settings import SignIn
from assistant.state import State, open_state
from tests.people_home import Home, add_person, office, send, token_on

USER = "x-remote-user"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    given = SignIn("header", name_header="X-Name", section_header="X-Section")
    with office(tmp_path_factory.mktemp("office"), given) as found:
        yield found


@pytest.fixture
def state(tmp_path: Path) -> State:
    return open_state(tmp_path / "state.sqlite3", [SCHEMA])


def test_whom_the_proxy_names_is_in_without_a_password(home: Home) -> None:
    with home.web(**{USER: "YOMU", "accept": "text/html", "accept-language": "ja"}) as web:
        page = web.get("/documents/-/state")
        assert page.status_code == 200
        forbidden = web.get("/people")
        assert forbidden.status_code == 403
        assert "yomuさん" in forbidden.text
        assert "/sign-out" not in forbidden.text
        assert web.get("/sign-in").status_code == 404
        assert web.post("/sign-out").status_code in (403, 404)


def test_forms_carry_a_token_of_the_browser_and_the_person(home: Home) -> None:
    with home.web(**{USER: "miru"}) as web, home.web(**{USER: "miru"}) as other:
        fields = {"login": "atarashii", "name": "", "role": "reader"}
        assert web.post("/people/add", data=fields).status_code == 403
        foreign = token_on(other.get("/people"))
        web.get("/people")
        assert web.post("/people/add", data={FIELD: foreign, **fields}).status_code == 403
        answer = send(web, "/people", "/people/add", **fields)
        assert answer.status_code == 200
        assert "atarashii" in answer.text
        assert "p-typed" in answer.text


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({}, "It could not be told who has signed in"),
        ({USER: ""}, "It could not be told who has signed in"),
        ({USER: "daremo"}, "You have not been added"),
    ],
)
def test_whom_nobody_knows_is_refused_politely(
    home: Home, headers: dict[str, str], sentence: str
) -> None:
    with home.web(**headers, **{"accept-language": "en"}) as web:
        answer = web.get("/documents/-/state")
        assert answer.status_code == 403
        assert sentence in answer.json()["detail"]
        assert web.get("/healthz").status_code == 200


def test_two_names_at_once_are_none(state: State) -> None:
    add_person(state, "sato")
    both = Headers(raw=[(b"x-remote-user", b"sato"), (b"x-remote-user", b"miru")])
    assert ByHeader(state, SignIn("header")).known(both, "127.0.0.1").refused == "unnamed"


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("127.0.0.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("192.0.2.10", "untrusted"),
        ("127.0.0.2", "untrusted"),
        ("", "untrusted"),
        ("testclient", "untrusted"),
    ],
)
def test_only_the_proxy_is_believed(state: State, address: str, refused: str) -> None:
    add_person(state, "sato")
    identity = ByHeader(state, SignIn("header"))
    assert identity.known(Headers({USER: "sato"}), address).refused == refused


def test_from_elsewhere_every_page_answers_403(tmp_path: Path) -> None:
    trusted = (ipaddress.ip_network("192.0.2.1"),)
    given = {USER: "miru", "accept-language": "en"}
    with office(tmp_path, SignIn("header", trusted=trusted)) as home, home.web(**given) as web:
        for path in ("/", "/config", "/documents", "/people"):
            answer = web.get(path, headers={"accept": "text/html"})
            assert answer.status_code == 403
            assert "through your office" in answer.text


def test_who_is_admitted_is_a_reader_with_what_everyone_sees(state: State) -> None:
    identity = ByHeader(state, SignIn("header", admit=True, name_header="X-Name"))
    named = Headers(raw=[(b"x-remote-user", b"atarashii"), (b"x-name", "新 しい".encode())])
    account = identity.known(named, "127.0.0.1").account
    assert account is not None
    assert (account.role, account.collections, account.name) == ("reader", frozenset(), "新 しい")
    again = ByHeader(state, SignIn("header")).known(named, "127.0.0.1").account
    assert again is not None
    assert again.person_id == account.person_id


def test_name_and_section_follow_the_proxy_and_the_role_does_not(state: State) -> None:
    add_person(state, "sato", "editor", section="前の課")
    given = SignIn("header", name_header="X-Name", section_header="X-Section")
    sent = Headers(
        raw=[
            (b"x-remote-user", b"sato"),
            (b"x-name", "佐藤 新姓".encode()),
            (b"x-section", "財政課".encode()),
            (b"x-role", b"owner"),
        ]
    )
    account = ByHeader(state, given).known(sent, "127.0.0.1").account
    assert account is not None
    assert (account.name, account.section, account.role) == ("佐藤 新姓", "財政課", "editor")


def test_who_is_locked_is_kept_out(state: State) -> None:
    add_person(state, "sato", locked=True)
    known = ByHeader(state, SignIn("header", admit=True)).known(Headers({USER: "sato"}), "::1")
    assert (known.account, known.refused) == (None, "locked")


def test_what_was_looked_up_is_believed_for_less_than_five_seconds(state: State) -> None:
    account = add_person(state, "sato")
    at = [0.0]
    cookies, life = Cookies(secure=False), Lifetime(3600, 3600)
    identity = BySession(state, cookies, life, Recent(lambda: at[0]), lambda: 1000.0)
    token = begin_session(state, account.person_id, 1000.0, life)
    asked = Headers({"cookie": f"kyodo_session={token}"})
    assert identity.known(asked, "").account == account
    end_sessions(state, account.person_id)
    at[0] = 4.9
    assert identity.known(asked, "").account is None


def test_behind_https_cookies_are_bound_to_this_host() -> None:
    cookies = Cookies(secure=True)
    made = cookies.setting(cookies.session, "x").lower()
    assert made.startswith("__host-kyodo=x;")
    assert {"secure", "httponly", "samesite=strict", "path=/"} <= set(made.split("; "))
    assert "domain" not in made
    assert cookies.setting(cookies.form, "x").startswith("__Host-kyodo-form=")


@pytest.mark.parametrize(
    ("peer", "told", "proxied", "counted"),
    [
        ("192.0.2.9", "", False, "192.0.2.9"),
        ("192.0.2.9", "203.0.113.5", False, "192.0.2.9"),
        ("192.0.2.9", "203.0.113.5", True, "192.0.2.9"),
        ("127.0.0.1", "203.0.113.5", True, "203.0.113.5"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.5", True, "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5, 127.0.0.1", True, "203.0.113.5"),
        ("127.0.0.1", "", True, ""),
        ("127.0.0.1", "203.0.113.5", False, "127.0.0.1"),
    ],
)
def test_failures_are_counted_for_whom_the_proxy_names_and_nobody_elses_word_is_taken(
    peer: str, told: str, proxied: bool, counted: str
) -> None:
    scope = {"client": (peer, 1), "kyodo.forwarded_for": told}
    assert counted_address(scope, SignIn("accounts"), proxied) == counted
