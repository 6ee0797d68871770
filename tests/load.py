"""Monday morning: many people ask one real server; then more and more, until it is full.

``python -m tests.load --people 200 --every 30 --minutes 10`` (no test: it takes its minutes).

The server is a process of its own, ``kyodo chat`` on two cores. People are open-loop: each asks
when their time has come, however slow the answers are; a time is counted from that moment to the
last sentence. They ask the development questions, each in a conversation of their own, over the
protocol that the page in a browser speaks.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from assistant.server import open_socket

ROOT = Path(__file__).parents[1]
QUESTIONS = ("policy-dev.jsonl", "outside-dev.jsonl")
CORES = "0,1"
TURNS = 20
"""Questions after which a person begins a new conversation."""


@dataclass
class Tally:
    """What came of the questions of one stretch of time."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    full: int = 0
    waited: int = 0
    longest: int = 0

    def told(self) -> str:
        """The figures in a line."""
        ordered = sorted(self.seconds)
        p95 = ordered[int(len(ordered) * 0.95)] if ordered else 0.0
        half = median(ordered) if ordered else 0.0
        return (
            f"answers {len(ordered)}, median {half:.2f} s, 95th percentile {p95:.2f} s, "
            f"longest {max(ordered, default=0.0):.2f} s, errors {len(self.errors)}, "
            f"told that it is full {self.full}, waited in the queue {self.waited} "
            f"(up to {self.longest} before them)"
        )


class Person:
    """A tab: its session, and how many questions it asked."""

    def __init__(self, web: httpx.AsyncClient, event: int) -> None:
        self._web, self._event = web, event
        self.waits = False
        self._begin()

    def _begin(self) -> None:
        self._session, self._asked = f"load{random.getrandbits(60):x}", 0

    def another(self) -> Person:
        """A further tab of the same kind."""
        return Person(self._web, self._event)

    async def ask(self, question: str, tally: Tally) -> None:
        """Ask, and wait for the whole answer."""
        begun = time.monotonic()
        self._asked += 1
        if self._asked > TURNS:
            self._begin()
        session = self._session
        body = {
            "data": [None],
            "fn_index": self._event,
            "session_hash": session,
            "event_data": {"question": question, "as_of": "", "consent": ""},
            "trigger_id": None,
        }
        try:
            joined = await self._web.post("/gradio_api/queue/join", json=body)
            if joined.status_code == 503 and "質問が集中しています" in joined.text:
                tally.full += 1
                return
            joined.raise_for_status()
            problem = await self._read(session, joined.json()["event_id"], tally)
        except (httpx.HTTPError, ValueError) as error:
            problem = f"{type(error).__name__}: {error}"
        finally:
            self.waits = False
        if problem:
            tally.errors.append(problem)
        else:
            tally.seconds.append(time.monotonic() - begun)

    async def _read(self, session: str, event_id: str, tally: Tally) -> str:
        """Read the events up to the end of one; what went wrong, "" for nothing."""
        done, waited = False, False
        address = f"/gradio_api/queue/data?session_hash={session}"
        async with self._web.stream("GET", address) as stream:
            async for line in stream.aiter_lines():
                if not line.startswith("data: "):
                    continue
                message = json.loads(line[6:])
                if message.get("event_id") != event_id:
                    continue
                kind = message["msg"]
                if kind == "estimation" and message["rank"]:
                    tally.longest = max(tally.longest, message["rank"])
                    tally.waited += not waited
                    waited = True
                if kind in ("process_generating", "process_completed"):
                    done = done or "done" in json.dumps(message["output"])
                if kind == "process_completed":
                    return "" if message["success"] and done else f"no answer: {line[:200]}"
        return "the stream ended before the answer"


async def stretch(
    web: httpx.AsyncClient, people: list[Person], rate: float, seconds: float, questions: list[str]
) -> Tally:
    """People ask in turn, ``rate`` questions a second in all, for some seconds; all are waited
    for."""
    tally, begun, asking = Tally(), time.monotonic(), []
    count = max(1, round(rate * seconds))
    for number in range(count):
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        place = number % len(people)
        if people[place].waits:  # a tab shows one answer at a time: this one opens another
            people[place] = people[place].another()
        person = people[place]
        person.waits = True
        asking.append(asyncio.create_task(person.ask(random.choice(questions), tally)))
    await asyncio.gather(*asking)
    return tally


async def load(address: str, server: int, options: argparse.Namespace) -> bool:
    """The whole of it; whether nothing failed."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    async with httpx.AsyncClient(base_url=address, timeout=300, limits=limits) as web:
        config = (await web.get("/config")).json()
        event = next(
            d["id"] for d in config["dependencies"] if any(t[1] == "submit" for t in d["targets"])
        )
        questions = read_questions()
        people = [Person(web, event) for _ in range(options.people)]
        await stretch(web, people[:4], 2, 5, questions)
        say(f"at the start: {state_of(server)}")
        rate = options.people / options.every
        used, begun = cpu_of(server), time.monotonic()
        tally = await stretch(web, people, rate, options.minutes * 60, questions)
        share = (cpu_of(server) - used) / (time.monotonic() - begun)
        say(f"{options.people} people, one question each {options.every:g} s: {tally.told()}")
        say(f"  the server used {share:.2f} of a core; at the end: {state_of(server)}")
        failed = list(tally.errors)
        for step in options.ramp:
            tally = await stretch(web, people, step, options.ramp_s, questions)
            failed += tally.errors
            say(f"{step:g} questions a second: {tally.told()}")
        last = await stretch(web, people, 1, 5, questions)
        say(f"afterwards, one a second: {last.told()}; {state_of(server)}")
        for problem in sorted({p[:160] for p in failed})[:5]:
            say(f"  error: {problem}")
        return not failed


def read_questions() -> list[str]:
    """The development questions."""
    lines = [
        line
        for name in QUESTIONS
        for line in (ROOT / "eval/questions" / name).read_text(encoding="utf-8").splitlines()
    ]
    return [str(json.loads(line)["question"]) for line in lines if line.strip()]


def state_of(process: int) -> str:
    """Memory and open files of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    rss = next(int(x.split()[1]) for x in status.splitlines() if x.startswith("VmRSS"))
    return f"memory {rss / 1024:.0f} MB, open files {len(os.listdir(f'/proc/{process}/fd'))}"


def cpu_of(process: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def say(text: str) -> None:
    """A line for who waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def server_process(index: Path | None) -> Iterator[tuple[str, int]]:
    """``kyodo chat`` on two cores, with a data folder of its own; its address and its number."""
    with open_socket("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="kyodo-load-") as home:
        if index is not None:
            shutil.copytree(index, Path(home, "index"))
        command = [sys.executable, "-c", "from assistant.cli import run; run()", "chat"]
        command += ["--port", str(port)]
        pinned = ["taskset", "-c", CORES] if shutil.which("taskset") else []
        environment = {n: v for n, v in os.environ.items() if not n.startswith("KYODO_")}
        process = subprocess.Popen(
            [*pinned, *command],
            cwd=ROOT,
            env={**environment, "KYODO_HOME": home},
            stdout=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/readyz", process)
            yield address, process.pid
        finally:
            process.terminate()
            say(f"the server ended with {process.wait(60)}")


def wait_for(address: str, process: subprocess.Popen[bytes], limit_s: float = 300) -> None:
    """Wait until the server is ready."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise TimeoutError(f"Expected a server at {address}, found none.")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="tests.load", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--every", type=float, default=30.0, help="seconds between two questions")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument(
        "--ramp",
        type=float,
        nargs="*",
        default=[10, 15, 20, 30, 60],
        help="questions a second, one stretch after the other",
    )
    parser.add_argument("--ramp-s", type=float, default=20.0, help="seconds of each")
    parser.add_argument("--index", type=Path, help="an index folder (the bundled documents)")
    options = parser.parse_args()
    random.seed(7)
    with server_process(options.index) as (address, process):
        return 0 if asyncio.run(load(address, process, options)) else 1


if __name__ == "__main__":
    sys.exit(main())
