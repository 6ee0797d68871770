"""An index that is built again while people ask: no answer fails, none mixes two generations."""

from __future__ import annotations

import gc
import json
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.state_holder import SessionState

import assistant.live
from assistant.conversation import Conversation
from assistant.datatypes import Answer
from assistant.evidence import gather
from assistant.live import LiveAssistant
from index import IndexMissing, build_index, load_index
from tests.page_server import serving
from tests.page_stub import StubService

PEOPLE = 50
BURST = 100
PAUSE_S = 0.4
QUESTIONS = ("助成金の上限はいくらですか", "花壇の手入れはだれがしますか", "申請の締切はいつですか")


def edition(documents: Path, number: int) -> None:
    """Write every document in an edition of its own: each passage names it."""
    for path, word in ((documents / "tebiki.md", "助成金の"), (documents / "machi-jorei.md", "町")):
        text = path.read_text(encoding="utf-8")
        for earlier in range(number):
            text = text.replace(f"第{earlier}版では", "")
        lines = [
            f"第{number}版では{line}" if line.endswith("。") and not line.startswith(">") else line
            for line in text.splitlines()
        ]
        assert word in text
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def editions_in(text: str) -> set[str]:
    return {f"第{n}版" for n in range(20) if f"第{n}版" in text}


@dataclass(frozen=True)
class HeldService(StubService):
    """Answers no question before it may."""

    go: threading.Event = field(default_factory=threading.Event)

    def ask(self, question: str, *rest: Any, **named: Any) -> Answer:
        """The stub's answer, once it may be given."""
        self.go.wait(120)
        return super().ask(question, *rest, **named)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let all go at the end, however it ends."""
        try:
            yield
        finally:
            self.go.set()


@pytest.fixture
def live(index_folder: Path, documents: Path) -> Iterator[LiveAssistant]:
    edition(documents, 0)
    build_index(index_folder, [documents])
    live = LiveAssistant(index_folder)
    with live.watching(every_s=0.05):
        yield live


def test_50_people_ask_while_the_index_is_built_again(
    live: LiveAssistant, index_folder: Path, documents: Path
) -> None:
    built = {live.fingerprint}
    ended = threading.Event()

    def ask(person: int) -> list[tuple[str, set[str], bool]]:
        told: list[tuple[str, set[str], bool]] = []
        last = False
        while not last:
            last = ended.is_set()
            now = live.snapshot()
            answer = now.ask(QUESTIONS[(person + len(told)) % len(QUESTIONS)])
            evidence = gather(answer, now)
            sources = evidence.sources + evidence.nearest
            passages = [p for s in sources for p in (s.passage, s.previous, s.next) if p]
            own = {id(p) for p in now.index.passages}
            text = answer.text + "".join(p.text for p in passages)
            told.append((answer.index, editions_in(text), {id(p) for p in passages} <= own))
            time.sleep(PAUSE_S)
        return told

    with ThreadPoolExecutor(PEOPLE) as people:
        asked = [people.submit(ask, person) for person in range(PEOPLE)]
        try:
            for number in (1, 2, 3):
                edition(documents, number)
                built.add(str(build_index(index_folder, [documents])["fingerprint"]))
                _wait_for(live, index_folder)
        finally:
            ended.set()
        told = [row for future in asked for row in future.result(60)]
    assert len(told) > 2 * PEOPLE
    assert {fingerprint for fingerprint, _, _ in told} <= built
    assert {fingerprint for fingerprint, _, _ in told} > {load_index(index_folder).fingerprint}
    by_edition: dict[str, set[str]] = {}
    assert all(len(editions) <= 1 and own for _, editions, own in told)
    assert sum(bool(editions) for _, editions, _ in told) > 0.9 * len(told)
    for fingerprint, editions, _ in told:
        by_edition.setdefault(fingerprint, set()).update(editions)
    assert all(len(editions) == 1 for editions in by_edition.values())
    assert len({min(e) for e in by_edition.values()}) == len(by_edition)


def test_50_browsers_and_a_burst_of_100_during_builds(
    live: LiveAssistant, index_folder: Path, documents: Path
) -> None:
    with serving(live) as address, httpx.Client(timeout=60) as web:
        asking = _number_of(web, address, "submit")
        with ThreadPoolExecutor(BURST) as people:
            first = [people.submit(_ask, address, asking, f"a{n}", n) for n in range(PEOPLE)]
            edition(documents, 1)
            build_index(index_folder, [documents])
            told = [future.result(60) for future in first]
            edition(documents, 2)
            burst = [people.submit(_ask, address, asking, f"b{n}", n) for n in range(BURST)]
            build_index(index_folder, [documents])
            told += [future.result(60) for future in burst]
        _wait_for(live, index_folder)
        started = time.monotonic()
        told.append(_ask(address, asking, "after", 0))
        assert time.monotonic() - started < 10
        assert web.get(f"{address}/healthz").json() == {
            "status": "ok",
            "index": load_index(index_folder).fingerprint,
            "documents": 3,
            "fault": None,
        }
    assert [status for status, _ in told if status != 200] == []
    assert [found for _, found in told if len(found) != 1] == []
    assert told[-1][1] == {"第2版"}


def test_more_questions_than_can_wait_are_told_so_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assistant.server.QUEUE_SIZE", 5)
    service = HeldService()
    with serving(service) as address, httpx.Client(timeout=60) as web, service.held():
        asking = _number_of(web, address, "submit")
        joined = [
            web.post(
                f"{address}/gradio_api/queue/join",
                json=_event(asking, f"f{n}", "ゆっくり答える質問"),
            )
            for n in range(40)
        ]
        refused = [answer for answer in joined if answer.status_code != 200]
        assert 10 < len(refused) < 40
        for answer in refused:
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "10"
            assert answer.json()["detail"].startswith("ただいま質問が集中しています。少し待って")
            assert "content-security-policy" in answer.headers
        service.go.set()
        limit = time.monotonic() + 60
        while _ask(address, asking, "again", 0)[0] != 200:
            assert time.monotonic() < limit
            time.sleep(0.2)


def test_a_long_conversation_is_not_sent_again_at_every_question() -> None:
    with serving(StubService()) as address, httpx.Client(timeout=60) as web:
        asking = _number_of(web, address, "submit")
        sent = [_sent(web, address, asking, number) for number in range(1, 26)]
    one = sent[1] - sent[0]
    assert one > 3_000
    again = [number for number, size in enumerate(sent, start=1) if size > sent[0] + 9 * one]
    assert again == [17, 25]


def test_what_was_drawn_for_a_tab_is_not_kept() -> None:
    with serving(StubService()) as address, httpx.Client(timeout=60) as web:
        asking = _number_of(web, address, "submit")
        for number in range(1, 14):
            _sent(web, address, asking, number)
        sessions = [o for o in gc.get_objects() if type(o) is SessionState]
        kept = [s.config_values for s in sessions if 13 in map(_exchanges, s.state_data.values())]
        assert len(kept) == 1
        assert len(kept[0]) == 7
        drawn = [part["props"]["value"] for part in kept[0].values() if part["type"] == "html"]
        assert drawn == [""] * 6


def _exchanges(value: object) -> int:
    return len(value.exchanges) if isinstance(value, Conversation) else 0


@pytest.mark.parametrize("damage", ["flipped", "removed", "pointer", "gone", "format"])
def test_a_new_generation_that_is_not_whole_does_not_answer(
    damage: str, index_folder: Path, documents: Path
) -> None:
    live = LiveAssistant(index_folder)
    before = live.fingerprint
    edition(documents, 1)
    build_index(index_folder, [documents])
    _spoil(index_folder, damage)
    assert not live.look()
    assert live.fingerprint == before
    assert "助成金の上限" in live.ask("助成金の上限はいくらですか").text
    assert live.fault.startswith("index")
    assert str(index_folder) not in live.fault.replace("--index index", "")
    with serving(live) as address:
        health = httpx.get(f"{address}/healthz").json()
    assert health == {
        "status": "degraded",
        "index": before,
        "documents": 3,
        "fault": live.fault,
    }
    build_index(index_folder, [documents])
    assert live.look()
    assert live.fault == ""
    assert editions_in(live.ask("助成金の上限はいくらですか").text) == {"第1版"}


def test_an_answer_that_fails_on_the_new_generation_keeps_the_old(
    index_folder: Path, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveAssistant(index_folder)
    before = live.fingerprint
    edition(documents, 1)
    build_index(index_folder, [documents])
    with monkeypatch.context() as broken:
        broken.setattr(assistant.live, "_try_out", lambda fresh: 1 / 0)
        assert not live.look()
        assert live.fingerprint == before
        assert live.fault == "division by zero"
    assert not live.look()
    monkeypatch.setattr(assistant.live, "RETRY_S", 0.0)
    assert live.look()
    assert live.fingerprint != before


def test_started_on_a_damaged_index_it_answers_from_the_one_before_and_says_so(
    index_folder: Path, documents: Path
) -> None:
    edition(documents, 1)
    build_index(index_folder, [documents])
    _spoil(index_folder, "flipped")
    live = LiveAssistant(index_folder)
    assert editions_in(live.ask("助成金の上限はいくらですか").text) == set()
    assert live.fault.startswith("index/gen-000002/vectors.faiss: ")


def test_nothing_is_loaded_where_nothing_changed(
    index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveAssistant(index_folder)
    monkeypatch.setattr(assistant.live, "load_named", lambda *_: 1 / 0)
    assert not live.look()
    assert live.fault == ""


def test_without_an_index_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        LiveAssistant(tmp_path / "index")


def _spoil(root: Path, damage: str) -> None:
    folder = root / "gen-000002"
    if damage == "flipped":
        data = (folder / "vectors.faiss").read_bytes()
        (folder / "vectors.faiss").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif damage == "removed":
        (folder / "passages.jsonl").unlink()
    elif damage == "pointer":
        (root / "CURRENT").write_text("gen-000009", encoding="utf-8")
    elif damage == "gone":
        (root / "CURRENT").unlink()
        shutil.rmtree(folder)
    else:
        path = folder / "manifest.json"
        manifest = {**json.loads(path.read_text(encoding="utf-8")), "format_version": 99}
        path.write_text(json.dumps(manifest), encoding="utf-8")


def _wait_for(live: LiveAssistant, root: Path) -> None:
    newest, limit = load_index(root).fingerprint, time.monotonic() + 120
    while live.fingerprint != newest:
        assert time.monotonic() < limit, live.fault
        time.sleep(0.02)


def _number_of(web: httpx.Client, address: str, name: str) -> int:
    found = web.get(f"{address}/config").json()["dependencies"]
    return next(int(d["id"]) for d in found if any(t[1] == name for t in d["targets"]))


def _event(number: int, session: str, question: str) -> dict[str, object]:
    return {
        "data": [None],
        "fn_index": number,
        "session_hash": session,
        "event_data": {"question": question},
        "trigger_id": None,
    }


def _sent(web: httpx.Client, address: str, number: int, question: int) -> int:
    """Ask one more question in a conversation; the bytes that come back for it."""
    event = _event(number, "long", f"{question}番目の質問")
    assert web.post(f"{address}/gradio_api/queue/join", json=event).status_code == 200
    stream = web.get(f"{address}/gradio_api/queue/data", params={"session_hash": "long"})
    assert f"k-turn-{question}" in stream.text
    return len(stream.content)


def _ask(address: str, number: int, session: str, person: int) -> tuple[int, set[str]]:
    """Ask as a browser does; the status, and the editions named in the whole answer."""
    with httpx.Client(base_url=address, timeout=60) as web:
        event = _event(number, session, QUESTIONS[person % len(QUESTIONS)])
        joined = web.post("/gradio_api/queue/join", json=event)
        if joined.status_code != 200:
            return joined.status_code, set()
        stream = web.get("/gradio_api/queue/data", params={"session_hash": session})
        lines = [line[6:] for line in stream.text.splitlines() if line.startswith("data: ")]
        last = [m for m in map(json.loads, lines) if m["msg"] == "process_completed"][-1]
        return stream.status_code, editions_in(json.dumps(last, ensure_ascii=False))
