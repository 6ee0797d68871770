"""The page of unanswered questions over real documents: reading, noting, asking again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from assistant.live import LiveAssistant
from assistant.pages import Surroundings, find_pages
from assistant.settings import Settings
from assistant.state import open_state
from assistant.unanswered.store import Group, Wanted, all_groups, chosen
from index import build_index
from tests.feedback_home import text_of
from tests.page_server import serving
from tests.unanswered_home import COPIES, OTHER, asked, tell

RISKY = "<script>alert(1)</script>コピーは?"
NEW_DOCUMENT = """---
title: 駐輪場の案内
authority: manual
edition: original
language: ja
---

# 駐輪場

## 台数

体育館の駐輪場には、自転車を40台とめることができます。
"""
PARKING = "体育館の駐輪場には自転車を何台とめられますか"


@pytest.fixture
def live(documents: Path, index_folder: Path, tmp_path: Path) -> Iterator[Live]:
    door = LiveAssistant(index_folder)
    state = open_state(tmp_path / "state.sqlite3")
    place = Surroundings(Settings(tmp_path), index_folder, door, state)
    with (
        serving(door, find_pages(), place) as address,
        httpx.Client(
            base_url=address, headers={"accept-language": "ja"}, follow_redirects=True
        ) as web,
    ):
        yield Live(web, place, door, documents)


@dataclass(frozen=True)
class Live:
    """The pages over real small documents, to which one may be added."""

    web: httpx.Client
    place: Surroundings
    door: LiveAssistant
    documents: Path

    def groups(self) -> tuple[Group, ...]:
        return chosen(all_groups(self.place.state), Wanted())

    def add(self, text: str) -> None:
        (self.documents / "new.md").write_text(text, encoding="utf-8")
        build_index(self.place.index, [self.documents])
        assert self.door.look()


def test_after_a_document_came_the_page_says_what_is_answered_now(live: Live) -> None:
    assert live.door.ask(PARKING).status == "no_answer"
    tell(live.place, asked(PARKING), asked(OTHER))
    first = live.web.post("/unanswered/check-all")
    assert "未対応のうち0件は、今の文書で答えられます" in text_of(first.text)
    live.add(NEW_DOCUMENT)
    then = live.web.post("/unanswered/check-all")
    assert "未対応のうち1件は、今の文書で答えられます" in text_of(then.text)
    answered = next(g for g in live.groups() if g.now_answered)
    assert answered.questions[0].question == PARKING
    shown = text_of(live.web.get("/unanswered/group", params={"id": answered.group_id}).text)
    assert "40台とめることができます" in shown
    assert "駐輪場の案内" in shown


def test_asking_again_tells_nothing_of_what_not_everyone_may_see(live: Live) -> None:
    live.add(NEW_DOCUMENT.replace("language: ja", "language: ja\ncollection: 人事"))
    assert "40台" in live.door.ask(PARKING).text
    tell(live.place, asked(PARKING))
    live.web.post("/unanswered/check-all")
    assert [g.now_answered for g in live.groups()] == [0]


def test_what_became_of_a_group_is_noted_and_what_comes_later_stands_out(live: Live) -> None:
    tell(live.place, *(asked(q, at="2026-11-01T00:00:00+00:00") for q in COPIES))
    live.web.get("/unanswered")
    (group,) = live.groups()
    fields = {"id": group.group_id, "state": "added", "note": "料金表を追加"}
    assert "記録しました" in live.web.post("/unanswered/state", data=fields).text
    assert "当てはまる質問はありません" in live.web.get("/unanswered").text
    done = text_of(live.web.get("/unanswered", params={"state": "added"}).text)
    assert "料金表を追加" in done
    assert "対応のあとに" not in done.replace("対応のあとに{", "")
    tell(live.place, asked(COPIES[0], at="2100-01-01T00:00:00+00:00"))
    assert "対応のあとに1件" in live.web.get("/unanswered", params={"state": "added"}).text


def test_a_state_or_a_group_that_is_none_is_refused_in_a_sentence(live: Live) -> None:
    tell(live.place, asked(OTHER))
    live.web.get("/unanswered")
    (group,) = live.groups()
    for fields in ({"id": group.group_id, "state": "gone"}, {"id": "none", "state": "open"}):
        sent = live.web.post("/unanswered/state", data=fields)
        assert sent.status_code in (400, 404)
        assert "表示できません" in sent.text
    assert live.web.get("/unanswered", params={"order": "x"}).status_code == 400


def test_an_editor_puts_the_grouping_right_by_hand(live: Live) -> None:
    tell(live.place, *(asked(q) for q in (*COPIES, COPIES[2], OTHER)))
    live.web.get("/unanswered")
    many, one = live.groups()
    moved = next(q for q, _ in many.wordings if q.question == COPIES[2])
    live.web.post("/unanswered/split", data={"id": many.group_id, "question": moved.question_id})
    assert sorted(g.size for g in live.groups()) == [1, 2, 2]
    live.web.post("/unanswered/merge", data={"id": one.group_id, "into": many.group_id})
    assert sorted(g.size for g in live.groups()) == [2, 3]


def test_the_list_is_narrowed_down_and_saved_without_formulas(live: Live) -> None:
    tell(live.place, asked("=1+1 は何ですか"), asked(RISKY), asked(OTHER, section="ない課"))
    page = live.web.get("/unanswered", params={"words": "住民"}).text
    assert page.count("/unanswered/group?id=") == 1
    everything = live.web.get("/unanswered", params={"section": "-", "state": "all"}).text
    assert "<script>alert" not in everything
    saved = live.web.get("/unanswered/export", params={"format": "csv", "state": "all"}).content
    assert saved.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(saved.decode("utf-8-sig"), newline="")))
    assert {row["質問"] for row in rows} == {"'=1+1 は何ですか", RISKY, OTHER}
    lines = live.web.get("/unanswered/export", params={"format": "jsonl", "words": "住民"}).text
    assert [json.loads(line)["questions"][0]["question"] for line in lines.splitlines()] == [OTHER]


def test_the_page_speaks_english(live: Live) -> None:
    tell(live.place, asked("How much is a copy?"))
    page = live.web.get("/unanswered", params={"language": "en"}).text
    assert '<html lang="en">' in page
    assert "未対応" not in page
    group = live.web.get(
        "/unanswered/group", params={"language": "en", "id": live.groups()[0].group_id}
    )
    assert "Do the documents answer it now?" in group.text
