"""The history over HTTP: found, shown, deleted without a trace, and nobody else's business."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pypdf import PdfReader

from assistant.person import AT_THIS_MACHINE
from assistant.records.history import conversations, forget
from assistant.records.saved import save, saved_answers
from assistant.records.sheet import fingerprint_of
from assistant.records.store import forget_person, kept, remove_old
from assistant.state import State
from tests.records_home import HANAKO, TARO, ask, bytes_of, records, serving_records

ME = AT_THIS_MACHINE
SECRET = "無花果の木陰で会いましょう"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[httpx.Client, State]]:
    with (
        serving_records(tmp_path) as (address, state),
        httpx.Client(base_url=address, headers={"accept-language": "ja"}) as web,
    ):
        yield web, state


def _paths(told, saved_id: str) -> list[str]:
    a, c = f"/history/a/{told.answer_id}", f"/history/c/{told.conversation_id}"
    s = f"/history/saved/{saved_id}"
    return [
        *(f"{a}/{name}" for name in ("sheet.pdf", "sheet.json", "save")),
        *(c, f"{c}/delete", s, f"{s}/delete", f"{s}/sheet.pdf", f"{s}/sheet.json"),
    ]


def test_the_history_lists_conversations_newest_first_by_day(home) -> None:
    web, state = home
    ask(state, "おとといの質問", person=ME, at="2026-11-20T01:00:00+00:00")
    ask(state, "はじめの質問", person=ME, conversation="c1", at="2026-11-24T15:30:00+00:00")
    ask(state, "続きの質問", person=ME, conversation="c1", at="2026-11-24T15:31:00+00:00")
    page = web.get("/history").text
    assert page.index("2026年11月25日") < page.index("はじめの質問") < page.index("2026年11月20日")
    assert page.index("2026年11月20日") < page.index("おとといの質問")
    assert "00:31 質問2件" in page
    assert "続きの質問" not in page


def test_an_empty_history_says_how_it_fills(home) -> None:
    assert "履歴はまだありません" in home[0].get("/history").text


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ＡＢＣ", True),
        ("abc 協働", True),
        ("ﾌｪｽﾃｨﾊﾞﾙ", True),
        ("目的を共有し", True),
        ("２０２６", True),
        ("フェス 見本", False),
        ("100%", False),
        ("_", False),
        ("   ", True),
    ],
)
def test_the_history_is_searched_however_words_are_typed(
    search: str, found: bool, tmp_path: Path
) -> None:
    state = records(tmp_path)
    ask(state, "Abc商店との協働フェスティバル2026は対象ですか")
    assert conversations(state, HANAKO, search).total == found
    assert conversations(state, TARO, search).total == 0


def test_a_search_names_the_questions_that_it_found(home) -> None:
    web, state = home
    ask(state, "花壇は協働ですか", person=ME, conversation="c1")
    late = ask(state, "＜祭り＞の場合は", person=ME, conversation="c1")
    page = web.get("/history", params={"q": "<祭り>"}).text
    assert "「&lt;祭り&gt;」を含む会話は1件です" in page
    assert f'href="/history/c/c1#a-{late.answer_id}">＜祭り＞の場合は</a>' in page
    assert "ありません。言葉を短く" in web.get("/history", params={"q": "月見"}).text


def test_a_long_history_is_turned_in_pages(home) -> None:
    web, state = home
    for number in range(32):
        ask(state, f"質問その{number:02}。", person=ME)
    first, second = web.get("/history").text, web.get("/history?start=30").text
    assert ("質問その31。" in first, "質問その01。" in first) == (True, False)
    assert ("質問その31。" in second, "質問その01。" in second) == (False, True)
    assert "/history?start=30" in first
    assert web.get("/history?start=x").status_code == 200


def test_a_conversation_is_shown_as_it_was_answered(home) -> None:
    web, state = home
    told = ask(state, "これは協働に当たりますか", person=ME, at="2026-11-20T01:00:00+00:00")
    page = web.get(f"/history/c/{told.conversation_id}").text
    assert "2026年11月20日 10:00に質問" in page
    for citation in told.answer.citations:
        assert citation.quote in page
    assert "<s>協働型事業の相手には" in page
    assert "満たさない" in page


def test_a_question_and_a_quote_never_become_mark_up(home) -> None:
    web, state = home
    told = ask(state, "<script>alert(1)</script>は協働ですか", person=ME)
    for path in ("/history", f"/history/c/{told.conversation_id}", "/history?q=<script>"):
        assert "<script>alert" not in web.get(path).text
    assert "<script>alert" not in web.get(f"/history/a/{told.answer_id}/save").text


def test_the_sheets_are_files_to_keep(home) -> None:
    web, state = home
    told = ask(state, person=ME, at="2026-11-20T01:00:00+00:00")
    pdf = web.get(f"/history/a/{told.answer_id}/sheet.pdf")
    made = web.get(f"/history/a/{told.answer_id}/sheet.json")
    assert pdf.headers["content-type"] == "application/pdf"
    assert f"20261120-1000_{told.answer_id[:8]}.pdf" in pdf.headers["content-disposition"]
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf.content)).pages)
    sheet = json.loads(made.text)
    assert sheet["sha256"] == fingerprint_of(sheet["content"])
    assert sheet["sha256"] in text
    assert "このコンピューターの利用者" in text


def test_what_another_person_asked_or_saved_is_not_found(home) -> None:
    web, state = home
    told = ask(state, "花子の質問", person=HANAKO)
    whole = kept(state, told.answer_id, HANAKO)
    saved_id = save(state, whole, HANAKO, "花子の題名")
    for path in _paths(told, saved_id):
        answer = web.get(path)
        assert (path, answer.status_code) == (path, 404)
        assert "花子の" not in answer.text
    for path in _paths(told, saved_id)[2::2]:
        assert web.post(path, data={"title": "x"}).status_code in (404, 405)
    assert "花子の" not in web.get("/history").text + web.get("/history/saved").text
    assert kept(state, told.answer_id, HANAKO) == whole
    assert len(saved_answers(state, HANAKO)) == 1


def test_one_conversation_is_deleted_after_asking(home) -> None:
    web, state = home
    gone = ask(state, SECRET, person=ME)
    stays = ask(state, "残す質問", person=ME)
    address = f"/history/c/{gone.conversation_id}/delete"
    page = web.get(address)
    assert SECRET in page.text
    assert "1件削除します。元に戻せません" in page.text
    assert SECRET in web.get("/history").text
    done = web.post(address)
    assert (done.status_code, done.headers["location"]) == (303, "/history?did=deleted_one")
    page = web.get("/history?did=deleted_one").text
    assert SECRET not in page
    assert "会話を削除しました" in page
    assert kept(state, stays.answer_id, ME) is not None
    assert web.post(address).status_code == 404


def test_everything_is_deleted_but_what_was_saved(home) -> None:
    web, state = home
    told = ask(state, person=ME)
    ask(state, "もう一つ", person=ME)
    other = ask(state, person=HANAKO)
    web.post(f"/history/a/{told.answer_id}/save", data={"title": "残す回答"})
    page = web.get("/history/delete").text
    assert "2件の会話（質問と回答2件）" in page
    assert "保存した回答（1件）は消えません" in page
    assert web.post("/history/delete").status_code == 303
    assert "履歴はまだありません" in web.get("/history").text
    assert "残す回答" in web.get("/history/saved").text
    assert kept(state, other.answer_id, HANAKO) is not None


@pytest.mark.parametrize("how", ["one", "all", "old"])
def test_what_is_deleted_leaves_no_trace_in_the_files(how: str, tmp_path: Path) -> None:
    state = records(tmp_path)
    stays = [ask(state, f"残す質問{n}") for n in range(30)]
    secret = [
        ask(state, SECRET * (1 + n), person=TARO, conversation="c", at="2020-01-01T00:00:00+00:00")
        for n in range(30)
    ]
    assert SECRET.encode() in bytes_of(state)
    assert secret[7].answer_id.encode() in bytes_of(state)
    with closing(sqlite3.connect(state.path)) as another:
        another.execute("SELECT count(*) FROM answers").fetchone()
        if how == "one":
            forget(state, TARO, "c")
        elif how == "all":
            forget(state, TARO)
        else:
            remove_old(state, 365)
        left = bytes_of(state)
    assert SECRET.encode() not in left
    assert SECRET[3:9].encode() not in left
    assert not [s for s in secret if s.answer_id.encode() in left]
    assert all(kept(state, s.answer_id, HANAKO) for s in stays)


def test_of_a_person_who_is_no_more_nothing_is_left(tmp_path: Path) -> None:
    state = records(tmp_path)
    gone, stays = ask(state, SECRET, person=TARO), ask(state, person=HANAKO)
    save(state, kept(state, gone.answer_id, TARO) or {}, TARO, "太郎の題名")
    forget_person(state, TARO.person_id)
    left = bytes_of(state)
    assert not [w for w in (SECRET, "太郎の題名", gone.answer_id) if w.encode() in left]
    assert kept(state, stays.answer_id, HANAKO) is not None


def test_an_answer_is_saved_under_a_title_and_found_there(home) -> None:
    web, state = home
    told = ask(state, "条例の質問", person=ME)
    address = f"/history/a/{told.answer_id}/save"
    assert 'value="条例の質問"' in web.get(address).text
    refused = web.post(address, data={"title": " \u200b "})
    assert refused.status_code == 400
    assert "題名を入力してください" in refused.text
    done = web.post(address, data={"title": "起案に使う＜一＞"})
    assert done.status_code == 303
    page = web.get(done.headers["location"]).text
    assert "起案に使う＜一＞" in page
    assert "回答を保存しました" in page
    again = web.get(address)
    assert (again.status_code, "/history/saved/" in again.headers["location"]) == (303, True)
    assert "保存した回答を見る" in web.get(f"/history/c/{told.conversation_id}").text


def test_a_saved_answer_outlives_the_history_and_is_deleted_by_itself(home) -> None:
    web, state = home
    told = ask(state, SECRET, person=ME)
    web.post(f"/history/a/{told.answer_id}/save", data={"title": "題名"})
    (saved,) = saved_answers(state, ME)
    web.post("/history/delete")
    base = f"/history/saved/{saved.saved_id}"
    assert SECRET in web.get(base).text
    assert web.get(f"{base}/sheet.pdf").content.startswith(b"%PDF")
    assert web.get(f"{base}/sheet.json").json()["content"]["question"] == SECRET
    assert "「題名」を" in web.get(f"{base}/delete").text
    assert web.post(f"{base}/delete").headers["location"] == "/history/saved?did=did_delete"
    assert web.get(base).status_code == 404
    assert SECRET.encode() not in bytes_of(state)


def test_how_long_answers_are_kept_is_said(tmp_path: Path) -> None:
    for days, expected in ((30, "30日たった回答は"), (0, "12時間で自動で消えます")):
        with serving_records(tmp_path / str(days), days=days) as (address, _):
            page = httpx.get(f"{address}/history", headers={"accept-language": "ja"}).text
            assert expected in page


def test_the_pages_are_in_english_too(home) -> None:
    web, state = home
    told = ask(state, "Can a company be our partner?", person=ME)
    for path in ("/history", "/history/saved", f"/history/c/{told.conversation_id}"):
        page = web.get(path, params={"language": "en"}).text
        assert 'lang="en"' in page
        assert not set("履歴保存回答") & set(page.split("<main")[1].split("</main")[0])


def test_what_somebody_may_no_longer_see_is_not_shown(home, monkeypatch) -> None:
    web, state = home
    reader = replace(HANAKO, person_id=ME.person_id)
    told = ask(state, person=reader)
    whole = kept(state, told.answer_id, ME)
    assert whole is not None
    whole["collections"] = ["人事"]
    with state.writing() as rows:
        rows.execute("UPDATE answers SET whole = ?", (json.dumps(whole),))
    monkeypatch.setattr("assistant.identify.AT_THIS_MACHINE", reader)
    page = web.get(f"/history/c/{told.conversation_id}").text
    assert "今は見ることができません" in page
    assert told.answer.citations[0].quote not in page
    assert web.get(f"/history/a/{told.answer_id}/sheet.pdf").status_code == 403
