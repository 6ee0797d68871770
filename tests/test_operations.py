"""Running it: ready or not, its figures, its logs; none of them tells what anybody asked."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.audit.log import audit_file
from assistant.operations.logs import JsonLines, shown_path
from assistant.operations.settings import Running
from assistant.operations.watch import Watch
from assistant.pages import Surroundings
from assistant.secret import Secret
from assistant.server import create_app
from assistant.settings import Settings
from assistant.state import open_state
from tests.page_server import serving
from tests.page_stub import StubService
from tests.test_server import send

QUESTION = "条例では協働をどう定めていますか"
TOKEN = "0123456789abcdef"


@dataclass(frozen=True)
class Office:
    web: httpx.Client
    around: Surroundings


@contextmanager
def office(home: Path, running: Running = Running()) -> Iterator[Office]:  # noqa: B008
    service, settings = StubService(), Settings(home, running=running)
    around = Surroundings(settings, home / "index", service, open_state(settings.state))
    with serving(service, (), around) as address, httpx.Client(base_url=address, timeout=20) as web:
        yield Office(web, around)


def test_it_is_ready_when_it_can_answer_and_write(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        answer = found.web.get("/readyz")
        assert answer.status_code == 200
        assert answer.json() == dict.fromkeys(["ready", "index", "running", "state", "audit"], True)


def test_it_is_not_ready_while_its_records_cannot_be_written(tmp_path: Path) -> None:
    with office(tmp_path) as found, sqlite3.connect(found.around.state.path) as rows:
        rows.execute("DROP TABLE readiness")
        rows.commit()
        answer = found.web.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["state"] is False
        assert answer.json()["audit"] is True


def test_an_entry_that_the_audit_log_did_not_take_is_told(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        assert found.web.get("/healthz").json()["status"] == "ok"
        with sqlite3.connect(audit_file(found.around.state)) as rows:
            rows.execute("ALTER TABLE entries RENAME TO gone")
        assert found.web.get("/readyz").json()["audit"] is False
        told = send(found.web, "submit", {"question": QUESTION}, "missed1")
        assert "互いの立場" in told
        with sqlite3.connect(audit_file(found.around.state)) as rows:
            rows.execute("ALTER TABLE gone RENAME TO entries")
        health = found.web.get("/healthz").json()
        assert health["status"] == "degraded"
        assert "did not take 1 entries" in health["fault"]
        assert 'kyodo_fault{part="audit"} 1.0' in found.web.get("/metrics").text
        assert found.web.get("/readyz").status_code == 200


def test_the_figures_count_questions_and_name_none(tmp_path: Path) -> None:
    with office(tmp_path) as found:
        for number, question in enumerate((QUESTION, "今日の天気は", "壊れる質問", "")):
            send(found.web, "submit", {"question": question}, f"figures{number}")
        answer = found.web.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        for line in (
            'kyodo_questions_total{engine="extractive",language="ja",status="answered"} 1.0',
            'kyodo_questions_total{engine="extractive",language="ja",status="no_answer"} 1.0',
            'kyodo_questions_total{engine="none",language="ja",status="failed"} 1.0',
            'kyodo_questions_refused_total{reason="not_fit"} 1.0',
            "kyodo_answer_seconds_count 3.0",
            "kyodo_answers_running 0.0",
            "kyodo_queue_waiting 0.0",
            "kyodo_index_documents 3.0",
            'kyodo_fault{part="index"} 0.0',
        ):
            assert line in answer.text
        assert "process_resident_memory_bytes" in answer.text
        for word in ("協働", "天気", "local", "川崎"):
            assert word not in answer.text


@pytest.mark.parametrize(
    ("token", "public", "client", "sent", "status"),
    [
        ("", "", "127.0.0.1", "", 200),
        ("", "", "::1", "", 200),
        ("", "", "192.0.2.7", "", 403),
        ("", "https://chat.city.example", "127.0.0.1", "", 403),
        (TOKEN, "", "192.0.2.7", TOKEN, 200),
        (TOKEN, "", "192.0.2.7", "wrong", 403),
        (TOKEN, "", "127.0.0.1", "", 403),
        (TOKEN, "https://chat.city.example", "127.0.0.1", TOKEN, 200),
    ],
)
def test_the_figures_are_for_this_machine_or_for_the_token(
    tmp_path: Path, token: str, public: str, client: str, sent: str, status: int
) -> None:
    service, settings = StubService(), Settings(tmp_path, running=Running())
    settings = replace(settings, running=Running(metrics_token=Secret(token)))
    around = Surroundings(settings, tmp_path / "index", service, open_state(settings.state))
    app = create_app(service, public=public, around=around)
    web = TestClient(app, base_url="http://127.0.0.1", client=(client, 5000))
    headers = {"authorization": f"Bearer {sent}"} if sent else {}
    answer = web.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("kyodo_" in answer.text) == (status == 200)


def test_a_server_that_is_stopping_says_so_and_takes_no_question(tmp_path: Path) -> None:
    service, settings, watch = StubService(), Settings(tmp_path), Watch()
    around = Surroundings(settings, tmp_path / "index", service, open_state(settings.state))
    web = TestClient(create_app(service, around=around, watch=watch), base_url="http://127.0.0.1")
    assert web.get("/readyz").status_code == 200
    watch.stop()
    assert web.get("/readyz").json()["running"] is False
    assert web.get("/readyz").status_code == 503
    assert web.get("/healthz").status_code == 200


def test_logs_are_json_without_questions_unless_asked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with office(tmp_path) as found:
        answer = found.web.get("/healthz?question=secret")
        send(found.web, "submit", {"question": QUESTION}, "logged1234567890abc")
        send(found.web, "submit", {"question": "壊れる質問"}, "logged1234567890abd")
    ours = [r for r in caplog.records if not r.name.startswith("httpx")]
    plain = [json.loads(JsonLines().format(record)) for record in ours]
    request = next(row for row in plain if row.get("path") == "/healthz")
    assert request["method"] == "GET"
    assert request["status"] == 200
    assert isinstance(request["ms"], int)
    assert request["request"] == answer.headers["x-request-id"]
    asked = [row for row in plain if row["logger"] == "kyodo.questions"]
    assert [row["status"] for row in asked] == ["answered", "failed"]
    text = json.dumps(plain, ensure_ascii=False)
    for word in ("協働", "壊れる", "secret", "logged123"):
        assert word not in text
    assert any(row.get("error", {}).get("type") == "RuntimeError" for row in plain)
    full = [json.loads(JsonLines(questions=True).format(record)) for record in ours]
    assert QUESTION in [row.get("question") for row in full]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/documents/kyodogata-jigyo-rule-keii/history", None),
        ("/gradio_api/heartbeat/abc123", "/gradio_api/heartbeat/-"),
        ("/records/0123456789abcdef0123456789abcdef", "/records/-"),
        ("/", None),
    ],
)
def test_an_address_is_logged_without_what_is_somebodys(path: str, shown: str | None) -> None:
    assert shown_path(path) == (shown or path)
