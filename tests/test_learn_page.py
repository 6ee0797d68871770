"""The learning pages: progress kept, changes flagged, hidden things left out, consent kept."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.cli import main
from assistant.learn import store
from assistant.learn.material import GLOSSARY, read_material
from assistant.learn.page import glossary, page
from assistant.live import LiveAssistant
from assistant.pages import Link, Surroundings
from assistant.people.accounts import account_of, add_account
from assistant.people.settings import SignIn
from assistant.person import SCOPE_KEY, Person
from assistant.settings import Settings
from assistant.state import open_state
from corpus.glossary import BUNDLED_GLOSSARY
from corpus.units import BUNDLED_UNITS, Unit
from index import build_index

READER = Person("r", "青木", "reader", frozenset(), "幸区役所")
EDITOR = Person("e", "井上", "editor", frozenset({"人事"}))
PEOPLE = {p.person_id: p for p in (READER, EDITOR)}
KILLS = 20


class Everybody:
    """An app in front of which everybody is whom the header ``x-person`` names."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = dict(scope["headers"]).get(b"x-person", b"r").decode()
            scope = {**scope, SCOPE_KEY: PEOPLE[name]}
        await self.app(scope, receive, send)


def client_of(around: Surroundings) -> TestClient:
    pages = (page(), glossary())
    chat = Link("/", {"ja": "相談", "en": "Ask"})
    around = replace(around, links=(chat, *(p.link for p in pages)))
    app = Starlette(routes=[route for p in pages for route in p.routes(around)])
    return TestClient(Everybody(app), headers={"accept-language": "ja"})


def surroundings(home: Path, index: Path) -> Surroundings:
    state = open_state(home / "state.sqlite3")
    return Surroundings(Settings(home), index, LiveAssistant(index), state)


@pytest.fixture(scope="module")
def units() -> tuple[Unit, ...]:
    return read_material((BUNDLED_UNITS,), (BUNDLED_GLOSSARY,)).units


@pytest.fixture
def bundled(tmp_path: Path, bundled_index_folder: Path) -> Surroundings:
    return surroundings(tmp_path / "home", bundled_index_folder)


def choose(web: httpx.Client, unit: Unit, number: int, right: bool = True) -> httpx.Response:
    """Answer a question of a unit, rightly or with one option that is not right."""
    question = unit.questions[number - 1]
    wrong = {min(set(range(len(question.options))) - question.right)}
    data = {"choice": [str(p) for p in sorted(question.right if right else wrong)]}
    return web.post(f"/learn/{unit.unit_id}/quiz/{number}", data=data)


def test_every_view_answers_in_both_languages_and_looking_changes_nothing(
    bundled: Surroundings, units: tuple[Unit, ...]
) -> None:
    web = client_of(bundled)
    views = ["/learn", "/learn/-/summary", "/learn/-/summary.csv", "/learn/-/summary.json"]
    views += ["/glossary", "/glossary?q=きょう", "/learn/-/page.css"]
    for unit in units:
        views += [f"/learn/{unit.unit_id}", f"/learn/{unit.unit_id}/end"]
        views += [f"/learn/{unit.unit_id}/quiz/{n + 1}" for n in range(len(unit.questions))]
    for view in views:
        for language in ("ja", "en"):
            mark = "&" if "?" in view else "?"
            assert web.get(f"{view}{mark}language={language}").status_code == 200, view
    assert store.progress_of(bundled.state, "r") == {}
    assert web.get("/learn/no-such-unit").status_code == 404
    assert web.get("/learn/what/quiz/99").status_code == 404
    assert web.get("/learn/-/review").status_code == 403


def test_progress_goes_on_where_one_left_off_after_a_restart(
    tmp_path: Path, bundled_index_folder: Path, units: tuple[Unit, ...]
) -> None:
    home, unit = tmp_path / "home", units[0]
    web = client_of(surroundings(home, bundled_index_folder))
    web.follow_redirects = False
    assert web.post("/learn/what/open").headers["location"] == "/learn/what"
    assert web.post("/learn/what/read").headers["location"] == "/learn/what/quiz/1"
    assert choose(web, unit, 1).headers["location"] == "/learn/what/quiz/1#told"
    assert choose(web, unit, 2, right=False).status_code == 303
    again = client_of(surroundings(home, bundled_index_folder))
    path = again.get("/learn").text
    assert "続きから" in path
    assert "クイズ 3問目から" in path
    again.follow_redirects = False
    assert again.post("/learn/what/open").headers["location"] == "/learn/what/quiz/3"
    assert again.get("/learn/what/quiz/2").text.count("あなたの答え") == 1
    for number in range(3, len(unit.questions) + 1):
        choose(again, unit, number)
    assert again.post("/learn/what/open").headers["location"] == "/learn/what/end"
    held = store.progress_of(open_state(home / "state.sqlite3"), "r")["what"]
    assert held.done_at >= held.read_at >= held.opened_at
    assert [a.right for a in held.answers.values()] == [True, False, True, True, True]


def test_a_second_try_counts_and_the_first_is_kept(
    bundled: Surroundings, units: tuple[Unit, ...]
) -> None:
    web = client_of(bundled)
    choose(web, units[0], 1, right=False)
    assert "迷いやすい" in web.get("/learn/what/quiz/1").text
    assert "答える" in web.get("/learn/what/quiz/1?again=1").text
    choose(web, units[0], 1)
    answered = store.progress_of(bundled.state, "r")["what"].answers["who"]
    assert (answered.right, answered.first_right, answered.tries) == (True, False, 2)


def test_an_answer_that_is_none_is_refused_and_not_kept(bundled: Surroundings) -> None:
    web = client_of(bundled)
    for data in ({}, {"choice": "9"}, {"choice": ["0", "1"]}, {"choice": "x"}):
        told = web.post("/learn/what/quiz/1", data=data)
        assert told.status_code == 400
        assert "答えを選んでから" in told.text
    assert store.progress_of(bundled.state, "r") == {}


def test_after_an_answer_every_option_shows_its_explanation_and_its_quote(
    bundled: Surroundings, units: tuple[Unit, ...]
) -> None:
    web = client_of(bundled)
    for unit in units:
        for number, question in enumerate(unit.questions, 1):
            for language in ("ja", "en"):
                choose(web, unit, number, right=language == "ja")
                text = web.get(f"/learn/{unit.unit_id}/quiz/{number}?language={language}").text
                assert text.count("<mark>") == len(question.options)
                assert text.count('class="l-option-told') == len(question.options)


def test_a_start_changes_the_order_and_adds_what_is_for_that_work(bundled: Surroundings) -> None:
    web = client_of(bundled)
    web.post("/learn/-/start", data={"start": "company"})
    names = re.findall(r"/learn/([\w-]+)/open", web.get("/learn").text)
    assert names[1:4] == ["what", "partners", "fairness"]
    assert "「企業との窓口」の方へ" in web.get("/learn/partners").text
    assert web.get("/learn/partners").text.count("相談の画面で試す") == 2
    assert web.post("/learn/-/start", data={"start": "nobody"}).status_code == 400
    web.post("/learn/-/start", data={"start": ""})
    assert web.get("/learn/partners").text.count("相談の画面で試す") == 1


def test_every_case_is_answered_by_the_conversation(
    bundled: Surroundings, units: tuple[Unit, ...]
) -> None:
    starts = read_material((BUNDLED_UNITS,), (BUNDLED_GLOSSARY,)).starts
    cases = [unit.case for unit in units] + [c.case for start in starts for c in start.cases]
    refused = [
        case.ask.of(language)
        for case in cases
        for language in ("ja", "en")
        if not bundled.service.ask(case.ask.of(language), language=language).statements
    ]
    assert refused == []


def test_without_accounts_the_record_is_taken_away_and_nobody_can_be_chosen(
    bundled: Surroundings, units: tuple[Unit, ...]
) -> None:
    web = client_of(bundled)
    choose(web, units[0], 1)
    rows = list(csv.DictReader(io.StringIO(web.get("/learn/-/summary.csv").text.lstrip("\ufeff"))))
    assert [row["unit"] for row in rows] == [unit.unit_id for unit in units]
    assert (rows[0]["answered"], rows[0]["right"], rows[1]["answered"]) == ("1", "1", "0")
    assert web.get("/learn/-/summary.json").json()["units"][0]["first_right"] == 1
    assert "CSVで保存して渡してください" in web.get("/learn/-/summary").text
    assert web.post("/learn/-/mentor", data={"mentor": "m", "agree": "1"}).status_code == 400


def test_a_mentor_sees_the_summary_only_while_the_learner_agrees(
    bundled: Surroundings, units: tuple[Unit, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(bundled.settings, sign_in=SignIn("accounts"))
    around = replace(bundled, settings=settings)
    clients = {}
    for login, name in (("aoki", "青木"), ("ueda", "上田"), ("ono", "小野")):
        account = account_of(login, name, section="幸区役所")
        add_account(around.state, account)
        monkeypatch.setitem(PEOPLE, account.person_id, account.person)
        clients[login] = client_of(around)
        clients[login].headers["x-person"] = account.person_id
    learner, mentor, other = clients["aoki"], clients["ueda"], clients["ono"]
    record = f"/learn/-/learner/{learner.headers['x-person']}"
    chosen = {"mentor": mentor.headers["x-person"]}
    choose(learner, units[0], 1)
    assert mentor.get(record).status_code == 404
    assert learner.post("/learn/-/mentor", data=chosen).status_code == 400
    assert mentor.get(record).status_code == 404
    told = learner.post("/learn/-/mentor", data={**chosen, "agree": "1"}).text
    assert "上田さんに見せています" in told
    assert f'href="{record}">青木 (幸区役所)' in mentor.get("/learn/-/summary").text
    seen = mentor.get(record).text
    assert "5問中1問正解" in seen
    assert "市民と市" not in seen
    assert other.get(record).status_code == 404
    learner.post("/learn/-/withdraw")
    assert mentor.get(record).status_code == 404
    assert "あなたに記録を見せている方" not in mentor.get("/learn/-/summary").text


# --- an office with a unit of its own, on documents that change -------------------------------

DOCUMENT = """---
title: {title}
authority: manual
{more}---

# 手続 | Steps

## 申込み | Applying

{text}
"""
OPEN = "花の苗は、春に公民館で申し込みます。"
HIDDEN = "広報車は、毎月十日に総務の窓口で申し込みます。"
SENTENCE = '[[sentence]]\nja = "{text}"\nen = "{text}"\nsource = "{source}"\n'
QUESTION = """[[question]]
id = "q{n}"
ja = "問い{n}"
en = "Question {n}"
[[question.option]]
ja = "はい"
en = "Yes"
right = true
why = {{ja = "そうです。", en = "It is.", source = "{source}"}}
[[question.option]]
ja = "いいえ"
en = "No"
why = {{ja = "ちがいます。", en = "It is not.", source = "{source}"}}
"""
SOURCE = '[source.{name}]\ndocument = "{name}"\nlocator = "手続 › 申込み"\nquote.ja = "{quote}"\n'


def write_document(home: Path, name: str, text: str, more: str = "") -> None:
    folder = home / "source"
    folder.mkdir(parents=True, exist_ok=True)
    filled = DOCUMENT.format(title=f"{name}の手引", text=text, more=more)
    (folder / f"{name}.md").write_text(filled, encoding="utf-8")


def rebuild(home: Path) -> None:
    build_index(home / "index", [home / "source"])


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A data folder with two documents, one in a collection, and a unit on both."""
    home = tmp_path / "home"
    write_document(home, "nae", OPEN)
    write_document(home, "kuruma", HIDDEN, "collection: 人事\n")
    rebuild(home)
    own = home / "documents" / "units"
    own.mkdir(parents=True)
    parts = [
        'order = 1\nminutes = 5\ntitle = {ja = "申込み", en = "Applying"}\n'
        'aim = {ja = "分かる", en = "Know"}\n',
        '[case]\nja = "場面"\nen = "Case"\nask = {ja = "花の苗は?", en = "Seedlings?"}\n',
        SENTENCE.format(text="苗は春に申し込みます。", source="nae"),
        SENTENCE.format(text="広報車は十日に申し込みます。", source="kuruma"),
        *(QUESTION.format(n=n, source=s) for n, s in ((1, "nae"), (2, "nae"), (3, "kuruma"))),
        SOURCE.format(name="nae", quote="春に公民館で申し込みます"),
        SOURCE.format(name="kuruma", quote="毎月十日に総務の窓口で"),
    ]
    (own / "moushikomi.toml").write_text("\n".join(parts), encoding="utf-8")
    return home


def learn(home: Path, *words: str, capsys: Any) -> tuple[int, str]:
    """Run ``kyodo learn``; gives its exit status and what it printed."""
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KYODO_HOME", str(home))
        status = main(["learn", *words])
    return status, capsys.readouterr().out


def test_what_a_person_may_not_see_is_left_out_and_nothing_tells_of_it(office: Path) -> None:
    web = client_of(surroundings(office, office / "index"))
    for asked in ("/learn", "/learn/moushikomi", "/learn/moushikomi/quiz/1"):
        text = web.get(asked).text
        assert "広報車" not in text
        assert "確認中" not in text
    assert "全2問" in web.get("/learn/moushikomi").text
    assert web.get("/learn/moushikomi/quiz/3").status_code == 404
    web.headers["x-person"] = "e"
    assert "広報車" in web.get("/learn/moushikomi").text
    assert "全3問" in web.get("/learn/moushikomi").text
    assert 'id="t-' not in web.get("/glossary").text


def test_a_hidden_document_that_changed_is_told_only_to_those_who_may_see_it(
    office: Path,
) -> None:
    write_document(office, "kuruma", "広報車は、貸し出していません。", "collection: 人事\n")
    rebuild(office)
    web = client_of(surroundings(office, office / "index"))
    for asked in ("/learn", "/learn/moushikomi", "/learn/moushikomi/end"):
        assert "確認中" not in web.get(asked).text
        assert "表示していません" not in web.get(asked).text
    web.headers["x-person"] = "e"
    assert "内容を確認中" in web.get("/learn").text
    assert "（2件）" in web.get("/learn/moushikomi").text
    assert "広報車は、" in web.get("/learn/-/review").text
    write_document(office, "nae", "花の苗は、配っていません。")
    rebuild(office)
    web = client_of(surroundings(office, office / "index"))
    assert "（3件）" in web.get("/learn/moushikomi").text
    web.headers["x-person"] = "e"
    assert "（5件）" in web.get("/learn/moushikomi").text


def test_a_changed_passage_flags_its_unit_until_somebody_has_looked(
    office: Path, capsys: Any
) -> None:
    around = surroundings(office, office / "index")
    web = client_of(around)
    status, _ = learn(office, "lock", str(office / "documents" / "units"), capsys=capsys)
    assert status == 0
    assert "確認中" not in web.get("/learn").text
    write_document(office, "nae", OPEN + "秋にも申し込めます。")
    rebuild(office)
    assert isinstance(around.service, LiveAssistant)
    assert around.service.look()
    assert "内容を確認中" in web.get("/learn").text
    unit = web.get("/learn/moushikomi").text
    assert "内容を確認中" in unit
    assert "苗は春に申し込みます。" in unit
    status, told = learn(office, "check", capsys=capsys)
    assert status == 1
    assert "moushikomi\ttext\tnae" in told
    assert web.post("/learn/-/confirm", data={"piece": "moushikomi"}).status_code == 403
    web.headers["x-person"] = "e"
    review = web.get("/learn/-/review").text
    assert "<ins>秋にも申し込めます。</ins>" in review
    assert (
        "変わった箇所はありません"
        in web.post("/learn/-/confirm", data={"piece": "moushikomi"}).text
    )
    assert "確認中" not in web.get("/learn").text
    assert learn(office, "check", capsys=capsys)[0] == 0


def test_a_quote_that_is_gone_is_not_taught_and_cannot_be_confirmed_away(
    office: Path, capsys: Any
) -> None:
    write_document(office, "nae", "花の苗は、秋に区役所で申し込みます。")
    rebuild(office)
    web = client_of(surroundings(office, office / "index"))
    unit = web.get("/learn/moushikomi").text
    assert "内容を確認中" in unit
    assert "苗は春に申し込みます。" not in unit
    assert "表示していません" in unit
    assert web.get("/learn/moushikomi/quiz/1").status_code == 404
    status, _ = learn(office, "confirm", "moushikomi", capsys=capsys)
    assert status == 1
    web.headers["x-person"] = "e"
    assert "教材のファイルを直すと" in web.get("/learn/-/review").text
    file = office / "documents" / "units" / "moushikomi.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("春に公民館で", "秋に区役所で"), encoding="utf-8")
    assert "確認中" not in web.get("/learn/moushikomi").text
    assert learn(office, "check", capsys=capsys)[0] == 0


def test_a_mistake_in_a_file_is_told_on_the_page_with_its_place(office: Path) -> None:
    file = office / "documents" / "units" / "moushikomi.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("minutes = 5", 'minutes = "5"'))
    answer = client_of(surroundings(office, office / "index")).get("/learn")
    assert answer.status_code == 500
    assert "moushikomi.toml, minutes" in answer.text


def test_a_term_is_not_shown_once_its_quote_is_gone(office: Path) -> None:
    own = office / "documents" / GLOSSARY
    own.mkdir()
    (own / "own.toml").write_text(
        '[[term]]\nid = "nae"\nterm = "花の苗"\nreading = "はなのなえ"\nen = "seedling"\n'
        'meaning = {ja = "春に申し込むもの", en = "Applied for in spring"}\n[term.source]\n'
        'document = "nae"\nlocator = "手続 › 申込み"\nquote.ja = "花の苗は、春に公民館で"\n',
        encoding="utf-8",
    )
    web = client_of(surroundings(office, office / "index"))
    assert 'id="t-nae"' in web.get("/glossary?q=ハナ").text
    write_document(office, "nae", "花の苗は、秋に区役所で申し込みます。")
    rebuild(office)
    web = client_of(surroundings(office, office / "index"))
    text = web.get("/glossary?q=ハナ").text
    assert 'id="t-nae"' not in text
    assert "内容を確認中" in text


def test_readings_can_be_switched_and_only_lead_back_to_these_pages(bundled: Surroundings) -> None:
    web = client_of(bundled)
    web.follow_redirects = False
    for back, then in (
        ("/learn/what?x=1", "/learn/what?x=1"),
        ("/glossary", "/glossary"),
        ("https://evil.example/learn", "/learn"),
        ("//evil.example/learn", "/learn"),
        ("/learn/../documents", "/learn"),
        ("/learners", "/learn"),
    ):
        answer = web.post("/learn/-/furigana", data={"on": "1", "back": back})
        assert answer.headers["location"] == then
    assert "<ruby>協働<rt>きょうどう</rt></ruby>" in web.get("/learn/what").text


# --- killed while it writes --------------------------------------------------------------------


def test_nothing_acknowledged_is_lost_when_the_server_is_killed_while_writing(
    tmp_path: Path, bundled_index_folder: Path, units: tuple[Unit, ...]
) -> None:
    """Twenty times: answers are sent until the process dies; all that were taken are there."""
    home, unit = tmp_path / "home", units[0]
    acknowledged: list[tuple[int, bool]] = []
    command = [sys.executable, "-m", "tests.learn_runner", str(home), str(bundled_index_folder)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, bufsize=1) as runner:
        for turn in range(KILLS):
            _kill_while_answering(runner, unit, acknowledged, 0.003 + 0.003 * turn)
        assert runner.stdin is not None
        runner.stdin.close()
    state = open_state(home / "state.sqlite3")
    with state.reading() as held:
        rows = held.execute("SELECT question, is_right FROM learn_answers ORDER BY id").fetchall()
    kept = [(row["question"], bool(row["is_right"])) for row in rows]
    sent = [(unit.questions[n - 1].question_id, right) for n, right in acknowledged]
    assert len(sent) >= KILLS
    left = iter(kept)
    assert all(one in left for one in sent)
    assert len(kept) <= len(sent) + KILLS


def _kill_while_answering(
    runner: subprocess.Popen[str],
    unit: Unit,
    acknowledged: list[tuple[int, bool]],
    after_s: float,
) -> None:
    """Have a server started, answer, and kill it so long after the first answer was taken."""
    assert runner.stdin is not None
    assert runner.stdout is not None
    runner.stdin.write("next\n")
    process, address = runner.stdout.readline().split()
    killer = threading.Timer(after_s, os.kill, (int(process), signal.SIGKILL))
    with httpx.Client(base_url=address, timeout=30) as web:
        try:
            for step in range(10_000):
                number, right = step % len(unit.questions) + 1, bool(step % 2)
                assert choose(web, unit, number, right).status_code == 303
                acknowledged.append((number, right))
                if not step:
                    killer.start()
        except httpx.HTTPError:
            pass
    killer.join()
    assert runner.stdout.readline() == "ended\n"
