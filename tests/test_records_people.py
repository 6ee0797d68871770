"""With people signed in, each has a history of their own, and nobody else has it."""

from __future__ import annotations

from pathlib import Path

from assistant.people.accounts import find_account
from assistant.person import Person
from assistant.records.history import count
from assistant.records.saved import save, saved_answers
from assistant.records.store import kept
from assistant.state import State
from tests.people_home import office, send
from tests.records_home import ask

QUESTION = "回覧板の質問"


def _person(state: State, login: str) -> Person:
    account = find_account(state, login=login)
    assert account is not None
    return account.person


def test_nobody_but_who_asked_has_the_answer_its_sheet_or_its_copy(tmp_path: Path) -> None:
    with office(tmp_path) as home:
        reader = _person(home.state, "yomu")
        told = ask(home.state, QUESTION, person=reader)
        saved = save(home.state, kept(home.state, told.answer_id, reader) or {}, reader, QUESTION)
        a, c, s = f"a/{told.answer_id}", f"c/{told.conversation_id}", f"saved/{saved}"
        looks = (c, f"{c}/delete", f"{a}/sheet.pdf", f"{a}/sheet.json", f"{a}/save")
        looks += (s, f"{s}/delete", f"{s}/sheet.pdf", f"{s}/sheet.json")
        with home.web("yomu") as web:
            found = [web.get(f"/history/{path}").status_code for path in looks]
            assert found == [200, 200, 200, 200, 303, 200, 200, 200, 200]
            assert "yomuさん" in web.get(f"/history/{a}/sheet.json").text
        for login in ("naosu", "miru"):
            with home.web(login) as web:
                for path in looks:
                    answer = web.get(f"/history/{path}")
                    assert (path, answer.status_code) == (path, 404)
                for path in (f"{c}/delete", f"{a}/save", f"{s}/delete"):
                    answer = send(web, "/history/delete", f"/history/{path}", title="x")
                    assert (path, answer.status_code) == (path, 404)
                pages = "".join(web.get(f"/history{p}").text for p in ("", "/saved", "?q=回覧板"))
                assert "<a" in pages
                assert QUESTION not in pages
        with home.web() as web:
            assert web.get(f"/history/{a}/sheet.pdf").status_code in (303, 401, 403)
        assert kept(home.state, told.answer_id, reader) is not None
        assert len(saved_answers(home.state, reader)) == 1


def test_a_form_that_another_site_makes_deletes_nothing(tmp_path: Path) -> None:
    with office(tmp_path) as home:
        reader = _person(home.state, "yomu")
        ask(home.state, person=reader)
        with home.web("yomu") as web:
            assert web.post("/history/delete").status_code == 403
            assert count(home.state, reader) == (1, 1)
            done = send(web, "/history/delete", "/history/delete")
            assert done.headers["location"] == "/history?did=deleted_all"
        assert count(home.state, reader) == (0, 0)
