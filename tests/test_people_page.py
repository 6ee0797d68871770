"""Owners see to people over HTTP; and a conversation stays with whom it belongs to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from assistant.audit.log import audit_file, open_log
from assistant.people.accounts import Account, find_account
from tests.people_home import PASSWORD, Home, add_person, office, send, sign_in

JA = {"accept-language": "ja"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with office(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.fixture
def owner(home: Home) -> Iterator[httpx.Client]:
    with home.web("miru", **JA) as web:
        yield web


def kept(home: Home, login: str) -> Account:
    account = find_account(home.state, login=login)
    assert account is not None
    return account


def change(web: httpx.Client, account: Account, action: str, **fields: str) -> httpx.Response:
    page = f"/people/{account.person_id}"
    return send(web, page, f"{page}/{action}", **fields)


def audited(home: Home, action: str) -> list[dict[str, object]]:
    with open_log(audit_file(home.state)).reading() as rows:
        query = "SELECT details FROM entries WHERE action = ? ORDER BY sequence"
        return [json.loads(row["details"]) for row in rows.execute(query, (action,))]


def test_a_first_password_is_shown_once_and_has_to_be_changed(
    home: Home, owner: httpx.Client
) -> None:
    page = send(owner, "/people", "/people/add", login="ichi", name="一郎", role="editor")
    once = re.findall(r'<dd class="p-typed">([^<]+)</dd>', page.text)[-1]
    assert once not in owner.get(f"/people/{kept(home, 'ichi').person_id}").text
    with home.web(**JA, accept="text/html") as web:
        assert sign_in(web, "ichi", once).status_code == 303
        for path in ("/", "/documents"):
            assert web.get(path).headers["location"] == "/account"
        assert web.post("/gradio_api/queue/join", json={}).status_code == 403
        fields = {"present": once, "password": PASSWORD, "again": PASSWORD}
        before = web.cookies["kyodo_session"]
        assert send(web, "/account", "/account", **fields).headers["location"] == "/account?done=1"
        assert web.cookies["kyodo_session"] != before
        assert web.get("/documents/-/state").status_code == 200
    assert not kept(home, "ichi").must_change
    assert audited(home, "people.add")[0] == {
        "collections": [],
        "login": "ichi",
        "role": "editor",
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"login": "yomu", "role": "reader"}, "そのログイン名は、もう使われています。"),
        ({"login": "a b", "role": "reader"}, "ログイン名は、空白や記号"),
        ({"login": "ni", "role": "emperor"}, "役割を選び直してください。"),
        ({"login": "ni", "role": "reader", "name": "名" * 101}, "名前は100文字まで"),
    ],
)
def test_what_cannot_be_added_is_told_and_what_was_typed_stays(
    owner: httpx.Client, fields: dict[str, str], sentence: str
) -> None:
    answer = send(owner, "/people", "/people/add", **fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'value="{fields["login"]}"' in answer.text


def test_what_is_typed_is_shown_as_text(home: Home, owner: httpx.Client) -> None:
    account = add_person(home.state, "html")
    name = '"><script>alert(1)</script>'
    answer = change(owner, account, "save", name=name, role="reader", section=name)
    assert answer.status_code == 303
    assert "<script>alert" not in owner.get("/people").text
    assert kept(home, "html").name == name


def test_a_changed_role_and_collections_count_from_the_next_sign_in(
    home: Home, owner: httpx.Client
) -> None:
    account = add_person(home.state, "kawaru")
    fields = {"name": "変 わる", "role": "editor", "section": "財政課", "collections": "財政、内部"}
    with home.web("kawaru") as web:
        assert change(owner, account, "save", **fields).status_code == 303
        assert web.get("/documents/-/state").status_code == 401
    found = kept(home, "kawaru")
    assert (found.role, found.section) == ("editor", "財政課")
    assert found.collections == {"財政", "内部"}
    assert change(owner, found, "save", role="editor", all_collections="1").status_code == 303
    assert kept(home, "kawaru").collections is None
    assert audited(home, "people.change")[-1]["collections"] is None


def test_whoever_is_locked_out_is_out_at_once_and_comes_back_when_unlocked(
    home: Home, owner: httpx.Client
) -> None:
    account = add_person(home.state, "tomaru")
    with home.web("tomaru") as web:
        change(owner, account, "lock")
        assert web.get("/documents/-/state").status_code == 401
        assert sign_in(web, "tomaru").status_code == 403
    change(owner, kept(home, "tomaru"), "unlock")
    with home.web("tomaru"):
        pass


def test_somebody_removed_is_gone(home: Home, owner: httpx.Client) -> None:
    account = add_person(home.state, "saru")
    page = f"/people/{account.person_id}/remove"
    assert "さんを削除しますか" in owner.get(page).text
    assert find_account(home.state, login="saru") is not None
    with home.state.writing() as rows:
        for who in (account.person_id, "stays"):
            rows.execute("INSERT INTO learn_people VALUES (?, 'ward', '')", (who,))
            rows.execute("INSERT INTO learn_mentors VALUES (?, ?, '')", (who + "2", who))
    assert send(owner, page, page).headers["location"] == "/people"
    assert find_account(home.state, login="saru") is None
    assert owner.get(page).status_code == 404
    with home.state.reading() as rows:
        assert [row["person_id"] for row in rows.execute("SELECT * FROM learn_people")] == ["stays"]
        assert [row["mentor_id"] for row in rows.execute("SELECT * FROM learn_mentors")] == [
            "stays"
        ]


def test_the_last_owner_cannot_give_that_up(home: Home, owner: httpx.Client) -> None:
    account = kept(home, "miru")
    for action, fields in (("save", {"role": "reader"}), ("lock", {}), ("remove", {})):
        answer = change(owner, account, action, **fields)
        assert answer.status_code == 409
        assert "管理者が一人もいなくなる" in answer.text
    assert kept(home, "miru") == account


def test_a_password_is_changed_only_by_who_knows_the_present_one(home: Home) -> None:
    add_person(home.state, "jibun")
    new = "umi-to-yama-no-michi"
    with home.web("jibun", **JA) as web, home.web("jibun") as elsewhere:
        for fields, sentence in (
            ({"present": "x" * 14, "password": new, "again": new}, "今のパスワードが違います。"),
            ({"present": PASSWORD, "password": new, "again": new + "x"}, "二つの欄で違っています"),
            ({"present": PASSWORD, "password": PASSWORD, "again": PASSWORD}, "今と同じパスワード"),
            ({"present": PASSWORD, "password": "short", "again": "short"}, "12文字以上"),
        ):
            answer = send(web, "/account", "/account", **fields)
            assert answer.status_code == 400
            assert sentence in answer.text
            assert new not in answer.text
        fields = {"present": PASSWORD, "password": new, "again": new}
        assert send(web, "/account", "/account", **fields).status_code == 303
        assert web.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 401
    with home.web() as web:
        assert sign_in(web, "jibun").status_code == 403
        assert sign_in(web, "jibun", new).status_code == 303


def test_nobody_goes_on_with_the_conversation_of_another(home: Home) -> None:
    def join(web: httpx.Client) -> httpx.Response:
        body = {"data": [], "fn_index": 0, "session_hash": "tab0123456"}
        return web.post("/gradio_api/queue/join", json=body)

    with home.web("yomu") as first, home.web("naosu", **{"accept-language": "en"}) as second:
        assert join(first).status_code == 200
        refused = join(second)
        assert refused.status_code == 403
        assert "somebody else's" in refused.json()["detail"]
        data = "/gradio_api/queue/data?session_hash=tab0123456"
        assert second.get(data).status_code == 403
        assert second.get("/gradio_api/heartbeat/tab0123456").status_code == 403
        hidden = '{"data": [], "fn_index": 0, "session\\u005fhash": "tab0123456"}'
        for content in (hidden, "{" + " " * 70_000 + '"session_hash": "tab0123456"}', "["):
            headers = {"content-type": "application/json"}
            answer = second.post("/gradio_api/queue/join", content=content, headers=headers)
            assert answer.status_code == 403
