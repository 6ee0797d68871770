"""Signing in over HTTP: who comes in, who does not, and what tells nobody anything."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from hashlib import sha256

import httpx
import pytest

from assistant.people.forms import FIELD
from tests.people_home import PASSWORD, Home, office, send, sign_in, token_on

WRONG = "tsubaki-no-michi"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with office(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.fixture(autouse=True)
def _no_failures_from_before(home: Home) -> None:
    with home.state.writing() as rows:
        rows.execute("DELETE FROM people_failures")


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def sessions(home: Home) -> set[str]:
    with home.state.reading() as rows:
        return {row["token_hash"] for row in rows.execute("SELECT * FROM people_sessions")}


def opening(**more: str) -> dict[str, str]:
    """What a browser sends when somebody opens a page."""
    return {"sec-fetch-mode": "navigate", "sec-fetch-site": "none", "accept": "text/html", **more}


def test_whoever_has_not_signed_in_is_sent_to_the_sign_in_page_and_then_where_they_were_going(
    home: Home,
) -> None:
    with home.web() as web:
        first = web.get("/documents?q=1", headers=opening())
        assert first.status_code == 303
        assert first.headers["location"] == "/sign-in?next=%2Fdocuments%3Fq%3D1"
        answer = sign_in(web, "yomu", there="/documents?q=1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/documents?q=1")


@pytest.mark.parametrize("path", ["/config", "/gradio_api/heartbeat/abc", "/documents/-/state"])
def test_what_is_no_page_answers_401_with_a_sentence(home: Home, path: str) -> None:
    with home.web() as web:
        answer = web.get(path, headers={"accept-language": "en"})
        assert answer.status_code == 401
        assert answer.json()["detail"].startswith("Your sign-in has expired")


def test_nothing_can_be_asked_without_signing_in(home: Home) -> None:
    with home.web() as web:
        assert web.post("/gradio_api/queue/join", json={"data": []}).status_code == 401
        assert web.get("/gradio_api/queue/data?session_hash=x").status_code == 401
        assert "k-form" not in web.get("/", headers=opening()).text


@pytest.mark.parametrize("path", ["/healthz", "/style.css", "/sign-in/page.css", "/sign-in"])
def test_these_are_open_to_all(home: Home, path: str) -> None:
    with home.web() as web:
        assert web.get(path).status_code == 200


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/%09/evil.example",
        "/\t/evil.example",
        "/.//evil.example",
        "javascript:alert(1)",
        "evil.example",
        "http:evil.example",
        "/a\r\nSet-Cookie: x=1",
        "/ｅ\u202eelpmaxe.live",
        "/" + "a" * 2000,
    ],
)
def test_signing_in_leads_nowhere_else(home: Home, there: str) -> None:
    with home.web() as web:
        answer = sign_in(web, "yomu", there=there)
        location = httpx.URL(home.address).join(answer.headers["location"])
        assert answer.status_code == 303
        assert location.host == "127.0.0.1"
        assert not answer.headers["location"].startswith("//")
        assert answer.headers.get_list("set-cookie")[0].startswith("kyodo_session=")


def test_the_cookie_is_hidden_from_scripts_and_from_other_sites(home: Home) -> None:
    with home.web() as web:
        answer = sign_in(web, "yomu")
        session = answer.headers.get_list("set-cookie")[0]
        parts = [part.strip().lower() for part in session.split(";")]
        assert parts[0].startswith("kyodo_session=")
        assert {"httponly", "samesite=strict", "path=/"} <= set(parts)
        assert not any(part.startswith(("expires", "max-age", "domain")) for part in parts)
        token = web.cookies["kyodo_session"]
        assert len(token) == 43
        assert hashed(token) in sessions(home)
        assert token not in sessions(home)


def test_a_new_session_begins_with_each_sign_in_and_the_one_before_ends(home: Home) -> None:
    with home.web("yomu") as web:
        before = web.cookies["kyodo_session"]
        fields = {"login": "naosu", "password": PASSWORD}
        assert send(web, "/account", "/sign-in", **fields).status_code == 303
        assert web.cookies["kyodo_session"] != before
        assert hashed(before) not in sessions(home)
    with home.web() as other:
        other.cookies.set("kyodo_session", "chosen-by-somebody-else", domain="127.0.0.1")
        assert sign_in(other, "yomu").status_code == 303
        assert hashed("chosen-by-somebody-else") not in sessions(home)


def test_what_is_wrong_is_not_told(home: Home) -> None:
    def page_for(login: str, password: str) -> str:
        with home.web() as web:
            answer = sign_in(web, login, password)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
            return answer.text.replace(token_on(answer), "").replace(login, "")

    with home.state.writing() as rows:
        rows.execute("UPDATE people SET locked = 1 WHERE login = 'naosu'")
    try:
        pages = {page_for("yomu", WRONG), page_for("daremo", WRONG), page_for("naosu", PASSWORD)}
        assert len(pages) == 1
    finally:
        with home.state.writing() as rows:
            rows.execute("UPDATE people SET locked = 0 WHERE login = 'naosu'")


def test_a_form_without_the_token_of_this_browser_signs_nobody_in(home: Home) -> None:
    fields = {"login": "yomu", "password": PASSWORD}
    with home.web() as web, home.web() as other:
        foreign = token_on(other.get("/sign-in"))
        web.get("/sign-in")
        for given in (fields, {**fields, FIELD: ""}, {**fields, FIELD: foreign}):
            answer = web.post("/sign-in", data=given)
            assert answer.status_code == 403
            assert "kyodo_session" not in web.cookies


def test_another_site_cannot_send_a_form(home: Home) -> None:
    with home.web("yomu") as web:
        token = token_on(web.get("/account"))
        answer = web.post(
            "/sign-out", data={FIELD: token}, headers={"origin": "https://evil.example"}
        )
        assert answer.status_code == 403
        assert web.get("/account").status_code == 200


def test_a_form_of_a_page_without_its_token_changes_nothing(home: Home) -> None:
    with home.web("yomu") as web:
        for given in ({}, {FIELD: "0" * 64}):
            assert web.post("/sign-out", data=given).status_code == 403
        assert web.post("/sign-out", json={}).status_code == 403
        assert web.get("/account").status_code == 200


def test_a_script_may_send_the_token_in_a_header(home: Home) -> None:
    with home.web("yomu") as web:
        token = token_on(web.get("/account"))
        assert web.post("/sign-out", headers={"x-kyodo-token": token}).status_code == 303


def test_after_signing_out_the_cookie_is_worth_nothing(home: Home) -> None:
    with home.web("yomu") as web:
        before = web.cookies["kyodo_session"]
        answer = send(web, "/account", "/sign-out")
        assert answer.headers["location"] == "/sign-in?out=1"
        assert "kyodo_session" not in web.cookies
        assert hashed(before) not in sessions(home)


def test_signing_out_everywhere_ends_the_sessions_of_all_browsers(home: Home) -> None:
    with home.web("yomu") as here, home.web("yomu") as there, home.web("naosu") as other:
        assert send(here, "/account", "/account/sign-out").status_code == 303
        assert hashed(there.cookies["kyodo_session"]) not in sessions(home)
        assert hashed(other.cookies["kyodo_session"]) in sessions(home)


def test_no_password_is_in_the_logs_or_the_records(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "himitsu-no-kotoba-42"
    with caplog.at_level(logging.DEBUG), home.web() as web:
        sign_in(web, "yomu", secret)
        sign_in(web, secret, "x")
        sign_in(web, "yomu")
    assert secret not in caplog.text
    assert PASSWORD not in caplog.text
    for file in home.state.path.parent.glob("*.sqlite3*"):
        data = file.read_bytes()
        assert secret.encode() not in data
        assert PASSWORD.encode() not in data


def test_a_link_on_another_site_leads_in_whoever_has_signed_in(home: Home) -> None:
    with home.web() as web:
        answer = web.get("/documents", headers=opening(**{"sec-fetch-site": "cross-site"}))
        assert answer.status_code == 200
        assert 'content="0;url=/sign-in?next=%2Fdocuments"' in answer.text
    with home.web("yomu") as web:
        answer = web.get("/sign-in?next=%2Fdocuments", headers=opening())
        assert (answer.status_code, answer.headers["location"]) == (303, "/documents")


def test_a_session_kept_open_too_long_or_left_alone_has_ended(home: Home) -> None:
    for column in ("seen", "began"):
        with home.web("yomu") as web:
            with home.state.writing() as rows:
                rows.execute(f"UPDATE people_sessions SET {column} = {column} - 13 * 3600")
            assert web.get("/account", headers=opening()).status_code == 303


def test_after_failures_the_right_password_has_to_wait_too_whether_or_not_anybody_has_the_name(
    home: Home,
) -> None:
    pages = set()
    for login in ("yomu", "daremo"):
        with home.web() as web:
            for _ in range(5):
                assert sign_in(web, login, WRONG).status_code == 403
            answer = sign_in(web, login)
            assert answer.status_code == 429
            pages.add(answer.text.replace(token_on(answer), "").replace(login, ""))
    assert len(pages) == 1
