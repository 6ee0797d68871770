"""Reading hostile files aside: every file in a process of its own that can be stopped.

A *nursery* is a fresh interpreter (``corpus/nursery.py``) that imports a reader once and then
forks a process for every file. That process is handed the open file and a pipe for its
answer, and nothing else: no network, no new process, no file to write, a limit of memory, of
processor time and of the clock. Whatever happens in it, this process reads at most
``output_mib`` of JSON lines and learns how the other one ended.
"""

from __future__ import annotations

import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import (
    BY_STATUS,
    FileTooBig,
    ReaderCrashed,
    ReadingTimeout,
    UnreadableFile,
)

_ROOT = Path(__file__).resolve().parent.parent
_START = "import sys; sys.path.insert(0, sys.argv[1]); from corpus.nursery import main; main()"
_GRACE_S = 10.0
"""Seconds after the limit of the clock in which the nursery itself must answer."""
_CHUNK = 1 << 20
FAILED = "reader_failed"
"""Key of the last row where the reader raised an error: its status, and ``why``."""


@dataclass(frozen=True)
class Limits:
    """What one reading may use.

    ``memory_mib`` bounds the address space, ``cpu_s`` the processor time, ``wall_s`` the clock,
    ``output_mib`` the answer.
    """

    memory_mib: int = 1024
    cpu_s: int = 30
    wall_s: float = 28.0
    output_mib: int = 64


_LIMITS = Limits()


@dataclass(frozen=True)
class Answer:
    """The rows that a reader gave, and the most memory that its process held, in MiB."""

    rows: tuple[Any, ...]
    peak_mib: float


class Children:
    """Up to ``count`` nurseries, started when first needed; ``run`` may be called by threads.

    A nursery that breaks is replaced. Use it as a context: leaving it ends every process.
    """

    def __init__(self, count: int = 2) -> None:
        self._idle: queue.LifoQueue[_Nursery | None] = queue.LifoQueue()
        for _ in range(count):
            self._idle.put(None)
        self._count = count

    def __enter__(self) -> Children:
        """Nothing is started yet."""
        return self

    def __exit__(self, *raised: object) -> None:
        """End every process."""
        for _ in range(self._count):
            nursery = self._idle.get()
            if nursery:
                nursery.close()

    def run(
        self, task: str, path: Path, options: dict[str, Any] | None = None, limits: Limits = _LIMITS
    ) -> Answer:
        """What a reader says about a file, read in a process of its own.

        Args:
            task: ``module:function``. The function is called with the open binary file and
                the options; it returns an iterable of rows, each of plain JSON values.
            path: the file.
            options: plain JSON values.
            limits: what the reading may use.

        Raises:
            UnreadableFile: one of its kinds (see ``corpus.errors``): what the reader raised,
                or ReadingTimeout, FileTooBig or ReaderCrashed for how its process ended.
        """
        with self._nursery() as nursery, ExitStack() as stack:
            try:
                file = os.open(path, os.O_RDONLY)
            except OSError as error:
                raise UnreadableFile(
                    f"{path.name}: the file cannot be opened: {error.strerror}."
                ) from error
            stack.callback(os.close, file)
            request = {"task": task, "options": options or {}, "limits": asdict(limits)}
            return nursery.ask(request, file, limits, path.name)

    @contextmanager
    def _nursery(self) -> Iterator[_Nursery]:
        nursery = self._idle.get()
        try:
            if nursery is None or not nursery.alive:
                nursery = _Nursery()
            yield nursery
        finally:
            if nursery and not nursery.alive:
                nursery.close()
                nursery = None
            self._idle.put(nursery)


class _Nursery:
    """One fresh interpreter that forks a process for every file."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, str(_ROOT), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={"LANG": "C.UTF-8", "PATH": os.defpath},
            )
        self.alive = True

    def close(self) -> None:
        """End it, and what it has started."""
        self.alive = False
        self._socket.close()
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, request: dict[str, Any], file: int, limits: Limits, name: str) -> Answer:
        """One request; see ``Children.run``."""
        output, theirs = os.pipe()
        with os.fdopen(output, "rb", 0):
            try:
                message = json.dumps(request).encode() + b"\n"
                socket.send_fds(self._socket, [message], [file, theirs])
            except OSError as error:
                self.alive = False
                raise _crashed(name, "it could not be started") from error
            finally:
                os.close(theirs)
            written, whole = _read_all(output, limits)
        end = self._end(limits) if whole else None
        return _answer(name, written, end, limits)

    def _end(self, limits: Limits) -> dict[str, Any] | None:
        """How the process ended, as the nursery tells; None where the nursery is gone."""
        self._socket.settimeout(limits.wall_s + _GRACE_S)
        with suppress(OSError, ValueError):
            line = self._socket.makefile("rb").readline(1000)
            return dict(json.loads(line))
        self.alive = False
        self._process.kill()
        return None


def _read_all(output: int, limits: Limits) -> tuple[bytearray, bool]:
    """What the process wrote, and whether it came to its end within the limits."""
    written = bytearray()
    until = time.monotonic() + limits.wall_s + _GRACE_S
    while len(written) <= limits.output_mib << 20:
        ready, _, _ = select.select([output], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            return written, False
        chunk = os.read(output, _CHUNK)
        if not chunk:
            return written, True
        written += chunk
    return written, True


def _answer(name: str, written: bytearray, end: dict[str, Any] | None, limits: Limits) -> Answer:
    if len(written) > limits.output_mib << 20:
        raise FileTooBig(
            f"{name}: expected at most {limits.output_mib} MiB of text, found more; "
            "divide the file, or leave it out."
        )
    if end is None:
        raise _crashed(name, "the process that starts it was gone")
    peak = float(end.get("peak_mib", 0.0))
    if end.get("timeout") or end.get("signal") == signal.SIGXCPU:
        raise ReadingTimeout(
            f"{name}: expected to be read in {limits.wall_s:g} seconds, stopped; divide the file, "
            "or print it to a new PDF."
        )
    if end.get("signal"):
        if peak > 0.7 * limits.memory_mib:
            raise _over_memory(name, limits)
        raise _crashed(name, f"signal {int(end['signal'])}")
    rows = _rows(name, written)
    problem = rows[-1].get(FAILED) if rows and isinstance(rows[-1], dict) else None
    if problem == "too_big" and not rows[-1].get("why"):
        raise _over_memory(name, limits)
    if problem:
        raise BY_STATUS.get(problem, UnreadableFile)(f"{name}: {rows[-1].get('why')}")
    if end.get("exit"):
        raise _crashed(name, f"exit status {end['exit']}")
    return Answer(tuple(rows), peak)


def _rows(name: str, written: bytearray) -> list[Any]:
    try:
        return [json.loads(line) for line in written.splitlines()]
    except (ValueError, RecursionError) as error:
        raise _crashed(name, "what it wrote is no answer") from error


def _crashed(name: str, how: str) -> ReaderCrashed:
    return ReaderCrashed(
        f"{name}: its reader ended without an answer ({how}); print the file to a new PDF or "
        "save it anew, and try again."
    )


def _over_memory(name: str, limits: Limits) -> FileTooBig:
    return FileTooBig(
        f"{name}: expected to be read within {limits.memory_mib} MiB of memory, found that it "
        "unpacks to more; leave it out, or save it anew."
    )
