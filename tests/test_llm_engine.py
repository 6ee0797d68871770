"""A real engine through its real server: a tiny random transformer served by transformers.

Nothing of the server is ours: the wire, the streaming and the failures are what offices meet.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.llm.errors import ModelError
from assistant.llm.settings import LlmSettings
from assistant.llm.writer import Sending, open_writer
from assistant.pipeline import Assistant
from index import Index
from tests.random_model import save_random_model

SERVE = [sys.executable, "-m", "transformers.cli.transformers", "serve"]
START_S = 120
pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(
        importlib.util.find_spec("accelerate") is None,
        reason="no engine to serve a model (pip install 'transformers[serving]')",
    ),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, int]]:
    """Address, model and process of a running engine."""
    folder = tmp_path_factory.mktemp("random-model")
    save_random_model(folder)
    with open_port() as port, (folder / "log.txt").open("w") as log:
        quiet = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}
        command = [*SERVE, str(folder), "--port", str(port), "--device", "cpu"]
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1"], env={**os.environ, **quiet}, stdout=log, stderr=log
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process, folder / "log.txt")
            yield f"http://127.0.0.1:{port}/v1", str(folder), process.pid
        finally:
            process.kill()
            process.wait()


class open_port:  # noqa: N801 - reads as a verb
    """A port of this machine that was free a moment ago."""

    def __enter__(self) -> int:
        import socket

        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            return int(found.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        return None


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_S
    while time.monotonic() < limit:
        if process.poll() is not None:
            pytest.fail(f"the engine did not start: {log.read_text()[-2000:]}")
        try:
            if httpx.get(address, timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    pytest.fail("the engine did not start in time")


QUESTION = "後援とは何ですか"


def test_the_nonsense_of_a_random_model_never_reaches_a_reader_as_verified(
    engine: tuple[str, str, int], bundled_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.llm.client.TOKENS", 24)
    address, model, _ = engine
    own = Assistant(bundled_index).ask(QUESTION)
    door = Assistant(bundled_index, open_writer(LlmSettings(address, model, timeout_s=60.0)))
    answer = door.ask(QUESTION)
    assert answer.writing is not None
    assert answer.writing.outcome in ("malformed", "too_little", "too_long")
    assert answer.engine == "extractive"
    assert answer.statements == own.statements


def test_what_it_writes_is_streamed(
    engine: tuple[str, str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.llm.client.TOKENS", 40)
    address, model, _ = engine
    writer = open_writer(LlmSettings(address, model, timeout_s=60.0))
    seen: list[int] = []

    def watch(text: str) -> bool:
        seen.append(len(text))
        return True

    text = writer.complete(
        [{"role": "user", "content": "hi"}], time.monotonic() + 60, Sending(), watch
    )
    assert len(text) > 10
    assert len(seen) > 1
    assert seen == sorted(seen)


def test_a_model_that_it_does_not_have_is_a_refusal_or_a_fault(
    engine: tuple[str, str, int],
) -> None:
    address, _, _ = engine
    writer = open_writer(LlmSettings(address, "no/such-model", timeout_s=20.0))
    with pytest.raises(ModelError) as found:
        writer.complete([{"role": "user", "content": "hi"}], time.monotonic() + 20, Sending())
    assert found.value.fault in ("refused", "server", "malformed", "cut")


def test_killed_half_way_the_answer_is_our_own(
    engine: tuple[str, str, int], bundled_index: Index
) -> None:
    address, model, process = engine
    door = Assistant(bundled_index, open_writer(LlmSettings(address, model, timeout_s=20.0)))
    writer = door.writer
    assert writer is not None

    def kill(text: str) -> bool:
        os.kill(process, signal.SIGKILL)
        return True

    started = time.monotonic()
    with pytest.raises(ModelError) as found:
        writer.complete([{"role": "user", "content": "hi"}], time.monotonic() + 20, Sending(), kill)
    assert found.value.fault in ("cut", "unreachable")
    answer = door.ask(QUESTION)
    assert time.monotonic() - started < 20 + 2
    assert answer.engine == "extractive"
    assert answer.citations
