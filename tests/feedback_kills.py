"""Kills the server with -9 while feedback is written: ``python -m tests.feedback_kills 20``.

A real server process, real HTTP, SIGKILL at a moment nobody chose; then the file is read, and the
next server starts on it.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette

from assistant.feedback.page import routes
from assistant.feedback.store import all_of
from assistant.identify import EveryoneHere
from assistant.pages import Surroundings
from assistant.person import AT_THIS_MACHINE
from assistant.server import open_socket
from assistant.settings import Settings
from assistant.state import open_state
from tests.feedback_home import answered
from tests.page_stub import StubService

POSTS = 40
_SEED = 7


def kill_while_writing(home: Path, kills: int) -> tuple[int, int]:
    """Write feedback and kill the server as often as told; the acknowledged, and those lost."""
    state = open_state(home / "state.sqlite3")
    acknowledged: dict[str, str] = {}
    moments = random.Random(_SEED)
    for kill in range(kills):
        asked = [answered(state).answer_id for _ in range(POSTS)]
        before = len(acknowledged)
        server, address = _start(home)
        try:
            writer = threading.Thread(
                target=_write, args=(address, asked, f"kill {kill}", acknowledged), daemon=True
            )
            writer.start()
            _wait_for(acknowledged, before + moments.randint(1, POSTS // 2), writer)
            time.sleep(moments.uniform(0, 0.05))
        finally:
            server.send_signal(signal.SIGKILL)
            server.wait()
        writer.join(30)
    with state.reading() as rows:
        if rows.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise AssertionError("the file is damaged")
    kept = {given.answer_id: given.said.comment for given in all_of(state, AT_THIS_MACHINE)}
    lost = sum(kept.get(answer_id) != comment for answer_id, comment in acknowledged.items())
    return len(acknowledged), lost


def _start(home: Path) -> tuple[subprocess.Popen[str], str]:
    """The server in a process of its own, and its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.feedback_kills", "serve", str(home)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    if server.stdout is None:
        raise AssertionError("a pipe was asked for")
    return server, server.stdout.readline().strip()


def _write(address: str, asked: list[str], comment: str, acknowledged: dict[str, str]) -> None:
    """Send one after the other until the server is gone; keep what it has acknowledged."""
    with httpx.Client(base_url=address, timeout=30) as web:
        for number, answer_id in enumerate(asked):
            fields = {"answer": answer_id, "verdict": "wrong", "comment": f"{comment}, {number}"}
            try:
                sent = web.post("/feedback/give", data=fields)
            except httpx.HTTPError:
                return
            if sent.status_code == 303:
                acknowledged[answer_id] = fields["comment"]


def _wait_for(acknowledged: dict[str, str], count: int, writer: threading.Thread) -> None:
    end = time.monotonic() + 60
    while len(acknowledged) < count and writer.is_alive():
        if time.monotonic() > end:
            raise TimeoutError(f"Expected {count} acknowledged within 60 s.")
        time.sleep(0.002)


def _serve(home: Path) -> None:
    """Serve the routes of the feedback page, without Gradio: it would take most of the time."""
    settings = Settings(home)
    around = Surroundings(
        settings, home / "index", StubService(), open_state(home / "state.sqlite3")
    )
    app = EveryoneHere(Starlette(routes=list(routes(around))))
    with open_socket("127.0.0.1", 0) as listening:
        print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)  # noqa: T201
        uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve(Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            told, gone = kill_while_writing(Path(folder), int(sys.argv[1]))
        print(f"{told} acknowledged, {gone} lost")  # noqa: T201
