"""The page on the network: what it refuses, what it says, and that it points nowhere else."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator

import httpx
import pytest

from assistant.errors import PortInUseError
from assistant.server import open_socket, serve
from tests.page_server import serving
from tests.page_stub import StubService

SECRET = "secret path"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(StubService()) as found:
        yield found


@pytest.fixture
def web(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=20) as client:
        yield client


def event_number(web: httpx.Client, name: str) -> int:
    """The number by which a raw request calls the event ``name``."""
    for dependency in web.get("/config").json()["dependencies"]:
        if any(target[1] == name for target in dependency["targets"]):
            return int(dependency["id"])
    raise AssertionError(f"no event {name}")


def send(web: httpx.Client, name: str, event: object, session: str) -> str:
    """Send an event as a program would, past the browser; gives the whole event stream."""
    body = {
        "data": [None],
        "fn_index": event_number(web, name),
        "session_hash": session,
        "event_data": event,
        "trigger_id": None,
    }
    content = json.dumps(body).encode()
    joined = web.post(
        "/gradio_api/queue/join", content=content, headers={"content-type": "application/json"}
    )
    assert joined.status_code == 200, joined.text
    stream = web.get("/gradio_api/queue/data", params={"session_hash": session})
    return "".join(
        json.dumps(json.loads(line[6:]), ensure_ascii=False)
        for line in stream.text.splitlines()
        if line.startswith("data: ")
    )


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1:1", ""],
)
@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/queue/join", "/healthz"])
def test_another_site_is_refused(web: httpx.Client, origin: str, path: str) -> None:
    answer = web.get(path, headers={"origin": origin})
    assert answer.status_code == 403
    assert not [h for h in answer.headers if h.startswith("access-control")]


def test_its_own_origin_is_served(web: httpx.Client, address: str) -> None:
    answer = web.get("/config", headers={"origin": address})
    assert answer.status_code == 200
    assert not [h for h in answer.headers if h.startswith("access-control")]


def test_a_cross_site_load_without_origin_is_refused_and_a_link_is_not(web: httpx.Client) -> None:
    load = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert web.get("/config", headers=load).status_code == 403
    assert web.get("/", headers=link).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1@evil.example", ""]
)
def test_another_host_is_refused(web: httpx.Client, host: str) -> None:
    assert web.get("/", headers={"host": host}).status_code == 400


def test_forwarded_headers_change_nothing(web: httpx.Client) -> None:
    headers = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    assert "evil.example" not in web.get("/config", headers=headers).text
    assert "evil.example" not in web.get("/", headers=headers).text


def test_uploads_are_refused(web: httpx.Client) -> None:
    answer = web.post("/gradio_api/upload", files={"files": ("a.txt", b"x" * 1000)})
    assert answer.status_code == 403
    assert web.post("/upload", files={"files": ("a.txt", b"x")}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../etc/passwd",
        "/gradio_api/file=http://169.254.169.254/",
        "/gradio_api/proxy=http://169.254.169.254/",
        "/file=/etc/passwd",
        "/static/../../../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/gradio.js",
        "/openapi.json",
        "/docs",
        "/monitoring",
        "/monitoring/summary",
        "/gradio_api/runs",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/deep_link",
        "/login",
    ],
)
def test_nothing_else_is_served(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/gradio_api/run/ask", "/gradio_api/call/ask", "/gradio_api/api/ask"]
)
def test_the_queue_cannot_be_passed_by(web: httpx.Client, path: str) -> None:
    assert web.post(path, json={"data": [None]}).status_code == 404


def test_a_large_body_is_refused(web: httpx.Client) -> None:
    answer = web.post("/gradio_api/queue/join", content=b"x" * (1024 * 1024 + 1))
    assert answer.status_code == 413


def test_a_body_without_a_length_is_refused(web: httpx.Client) -> None:
    def parts() -> Iterator[bytes]:
        yield b"x" * 10

    answer = web.post("/gradio_api/queue/join", content=parts())
    assert answer.status_code == 411
    assert web.get("/healthz").status_code == 200


def test_every_answer_carries_the_headers(web: httpx.Client) -> None:
    for answer in (web.get("/"), web.get("/config"), web.get("/nowhere"), web.get("/style.css")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "connect-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy.split("script-src", 1)[1].split(";")[0]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


def test_the_page_names_no_other_origin(web: httpx.Client) -> None:
    page = web.get("/").text
    assert not re.findall(r'(?:src|href|content|action)\s*=\s*["\']?(?:https?:)?//', page)
    for path in ("/style.css", "/theme.css"):
        assert not re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", web.get(path).text)


def test_every_script_of_the_page_is_marked_as_ours(web: httpx.Client) -> None:
    answer = web.get("/")
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["content-security-policy"])
    assert nonce is not None
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert scripts
    assert all(f'nonce="{nonce.group(1)}"' in script for script in scripts)
    assert (
        web.get("/").headers["content-security-policy"] != answer.headers["content-security-policy"]
    )


def test_health(web: httpx.Client) -> None:
    assert web.get("/healthz").json() == {
        "status": "ok",
        "index": "stub-0001",
        "documents": 3,
        "fault": None,
    }


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ({"question": ["a", "list"]}, "質問を読み取れませんでした"),
        ({"question": "あ" * 50_000}, "質問は2,000文字までです。今は50,000文字あります"),
        ({"question": "\ud800\x00"}, "質問を入力してください"),
        ({}, "質問を読み取れませんでした"),
        ({"question": "協働とは", "as_of": "<script>"}, "を読み取れませんでした。2026-04-01"),
    ],
)
def test_a_raw_question_gets_a_polite_sentence(
    web: httpx.Client, event: dict[str, object], sentence: str
) -> None:
    found = send(web, "submit", event, f"raw{abs(hash(sentence + repr(event)[:50]))}")
    assert sentence in found
    assert "Traceback" not in found
    assert "<script>" not in found


@pytest.mark.parametrize("event", [["a"], "text", 5, None])
def test_event_data_of_another_kind_is_harmless(web: httpx.Client, event: object) -> None:
    body = {"data": [None], "fn_index": event_number(web, "submit"), "session_hash": "kind1"}
    answer = web.post("/gradio_api/queue/join", json={**body, "event_data": event})
    assert answer.status_code < 500
    assert web.get("/healthz").status_code == 200


def test_an_unknown_error_is_one_neutral_line(web: httpx.Client) -> None:
    found = send(web, "submit", {"question": "壊れる質問"}, "failing1")
    assert "回答できませんでした。時間をおいて" in found
    assert SECRET not in found
    assert "Traceback" not in found


def test_a_known_error_is_its_own_sentence(web: httpx.Client) -> None:
    found = send(web, "submit", {"question": "止まる質問"}, "known1")
    assert "索引が見つかりません。担当者に知らせてください。" in found


@pytest.mark.parametrize("number", [999, -1, "x", None])
def test_a_wrong_event_number_tells_nothing_and_stops_nothing(
    web: httpx.Client, number: object
) -> None:
    answer = web.post(
        "/gradio_api/queue/join", json={"data": [], "fn_index": number, "session_hash": "wrong1"}
    )
    assert "Traceback" not in answer.text
    assert "site-packages" not in answer.text
    assert web.get("/healthz").status_code == 200


def test_two_sessions_do_not_mix(web: httpx.Client) -> None:
    send(web, "submit", {"question": "最初の人だけの質問"}, "first1")
    found = send(web, "submit", {"question": "次の人の質問"}, "second1")
    assert "最初の人だけの質問" not in found
    again = send(web, "submit", {"question": "最初の人の続き"}, "first1")
    assert "最初の人だけの質問" in again


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUseError, match=rf"port {port} on 127\.0\.0\.1.*choose another"):
            serve(StubService(), port=port)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("192.0.2.1", 0), ("no such", 0)])
def test_an_address_that_is_not_ours_is_one_sentence(host: str, port: int) -> None:
    with pytest.raises(PortInUseError, match="Expected to open port"):
        open_socket(host, port)
