"""The other side of ``corpus/child.py``: a fresh interpreter that forks a reader for every file.

It imports the reader before it forks, so that a file costs a fork and no start of Python, and
no file can leave anything behind for the next. It has one thread, which is what makes the
fork safe, and it opens no file of anybody's itself.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Iterable
from typing import Any, BinaryIO

from corpus.child import FAILED
from corpus.errors import CorpusError

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_DENIED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LOOK_S = 1.0
"""Seconds between two looks whether the process that asked is still there."""
_LONGEST_MESSAGE = 300


def main() -> None:
    """Answer requests on the socket whose number is the second argument, until it closes."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asker = os.getppid()
    _leave_the_network()
    with socket.socket(fileno=int(sys.argv[2])) as control:
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 2)
            if not message:
                return
            request = json.loads(message)
            file, output = descriptors
            end = _read_aside(request, file, output, asker, control)
            control.sendall(json.dumps(end).encode() + b"\n")


def _read_aside(
    request: dict[str, Any], file: int, output: int, asker: int, control: socket.socket
) -> dict[str, Any]:
    """Fork a process for a file, wait for it, and say how it ended."""
    module, _, function = request["task"].partition(":")
    task = getattr(importlib.import_module(module), function)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            control.close()
            _restrict(request["limits"])
            status = _answer(task, file, output, request["options"])
        finally:
            os._exit(status)
    os.close(file)
    os.close(output)
    return _wait(child, request["limits"]["wall_s"], asker)


def _wait(child: int, wall_s: float, asker: int) -> dict[str, Any]:
    """Wait for a process; at the limit, or if nobody waits for the answer, it is killed."""
    until = time.monotonic() + wall_s
    while True:
        done, status, used = os.wait4(child, os.WNOHANG)
        if done:
            break
        left = until - time.monotonic()
        if left <= 0 or os.getppid() != asker:
            os.kill(child, signal.SIGKILL)
            _, status, used = os.wait4(child, 0)
            return {"timeout": True, "peak_mib": used.ru_maxrss / 1024}
        signal.sigtimedwait({signal.SIGCHLD}, min(left, _LOOK_S))
    return {
        "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "peak_mib": used.ru_maxrss / 1024,
    }


def _answer(task: Any, file: int, output: int, options: dict[str, Any]) -> int:
    """Run the reader and write its rows, one line of JSON each; the exit status."""
    with os.fdopen(output, "wb", 1 << 16) as written:
        try:
            _write(written, task(os.fdopen(file, "rb"), options))
        except MemoryError:
            _write(written, [{FAILED: "too_big", "why": ""}])
        except BrokenPipeError:
            return 1
        except Exception as error:  # noqa: BLE001 - a reader may raise anything on a hostile file
            _write(written, [{FAILED: _status(error), "why": _one_line(error)}])
    return 0


def _write(written: BinaryIO, rows: Iterable[Any]) -> None:
    for row in rows:
        written.write(json.dumps(row).encode() + b"\n")
    written.flush()


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())[:_LONGEST_MESSAGE] or type(error).__name__
    return text if isinstance(error, CorpusError) else f"expected a readable file, found: {text}"


def _status(error: Exception) -> str:
    return str(getattr(error, "status", "unreadable"))


def _leave_the_network() -> None:
    """A network of one's own, with nothing on it, where the system allows it."""
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(_CLONE_NEWNET) != 0:
        unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _restrict(limits: dict[str, Any]) -> None:
    """What the process may use, and no way to a network, a program or a file to write."""
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    prctl(_PR_SET_DUMPABLE, 0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    memory, seconds = limits["memory_mib"] << 20, int(limits["cpu_s"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(_deny)


def _deny(event: str, arguments: tuple[Any, ...]) -> None:
    opens = event == "open" and not isinstance(arguments[0], int)
    if event.startswith(_DENIED) or (opens and int(arguments[2] or 0) & _WRITING):
        raise PermissionError(f"a reader of documents has no use for {event}")
