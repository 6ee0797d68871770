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

from assistant.feedback.store import all_of
from assistant.person import AT_THIS_MACHINE
from assistant.state import open_state
from tests.feedback_home import answered, pages_over

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
    with pages_over(home) as (address, _):
        print(address, flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve(Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            told, gone = kill_while_writing(Path(folder), int(sys.argv[1]))
        print(f"{told} acknowledged, {gone} lost")  # noqa: T201
