"""A real server, told to stop: it says it is not ready, finishes what it began, and ends well."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.test_server import send

ROOT = Path(__file__).parents[1]
SLOW_S = 4
CODE = """
import logging, sys
from pathlib import Path
from assistant.operations.logs import set_up_logs
from assistant.operations.settings import Running
from assistant.pages import Surroundings
from assistant.server import serve
from assistant.settings import Settings
from assistant.state import open_state
from tests.page_stub import StubService

home, slow_s, grace_s = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
logging.basicConfig()
settings = Settings(home, running=Running(grace_s=grace_s, log_format="json"))
set_up_logs(settings.running)
service = StubService(slow_s)
around = Surroundings(settings, home / "index", service, open_state(settings.state))
serve(service, port=0, ready=lambda address: print(address, flush=True), around=around)
"""


@contextmanager
def server(home: Path, grace_s: int = 20) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", CODE, str(home), str(SLOW_S), str(grace_s)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        with httpx.Client(base_url=process.stdout.readline().strip(), timeout=30) as web:
            wait_until(lambda: ready(web) == 200)
            yield process, web
    finally:
        process.kill()
        process.communicate()


def ready(web: httpx.Client) -> int:
    try:
        return web.get("/readyz").status_code
    except httpx.TransportError:
        return 0


def wait_until(done, limit_s: float = 30) -> None:
    end = time.monotonic() + limit_s
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"Expected it within {limit_s} s, found it did not happen.")
        time.sleep(0.05)


def begin_slowly(web: httpx.Client, into: list[str]) -> threading.Thread:
    """Ask something that takes long; gives the thread once it is being answered."""

    def ask() -> None:
        with contextlib.suppress(httpx.TransportError):
            into.append(send(web, "submit", {"question": "ゆっくり調べて"}, "slow1"))

    thread = threading.Thread(target=ask)
    thread.start()
    wait_until(lambda: "kyodo_answers_running 1.0" in web.get("/metrics").text)
    return thread


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_what_is_under_way_is_finished_and_nothing_new_begun(
    tmp_path: Path, sent: signal.Signals
) -> None:
    with server(tmp_path) as (process, web):
        slow: list[str] = []
        thread = begin_slowly(web, slow)
        process.send_signal(sent)
        wait_until(lambda: ready(web) == 503)
        refused = send(web, "submit", {"question": "条例では協働をどう定めていますか"}, "late1")
        assert "サーバーを再起動するため" in refused
        assert "互いの立場" not in refused
        thread.join(30)
        assert "互いの立場" in slow[0]
        assert '"process_completed"' in slow[0]
        assert process.wait(20) == 0
        _, err = process.communicate()
    rows = [json.loads(line) for line in err.splitlines()]
    assert [r["status"] for r in rows if r["logger"] == "kyodo.questions"] == ["answered"]
    assert not [r for r in rows if r["level"] in ("error", "critical")]
    assert "協働" not in err


def test_nobody_waits_where_nothing_is_under_way(tmp_path: Path) -> None:
    with server(tmp_path) as (process, web), web.stream("GET", "/gradio_api/heartbeat/tab1"):
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(15) == 0


def test_an_answer_that_takes_too_long_is_not_waited_for(tmp_path: Path) -> None:
    with server(tmp_path, grace_s=1) as (process, web):
        slow: list[str] = []
        thread = begin_slowly(web, slow)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        thread.join(15)
        assert slow == []
