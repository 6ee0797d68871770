"""A process that builds an index in children of its own, and kills them where it is told to.

It reads one JSON object a line: ``root``, ``documents``, and ``step`` (die before the nth
change to the disk; 0: never) or ``seconds`` (die so long after the start). It writes the number
of changes that the child came to, and whether it was killed. With ``first`` it builds by itself,
so that what takes long (imports, the model, the dictionary) is loaded before the first child.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

CHANGES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}


def main() -> None:
    # One thread: a library that had threads here would wait for them in every child.
    os.environ["OMP_NUM_THREADS"] = "1"
    from tqdm import tqdm

    from index.build import build_index

    # Its watching thread may hold the lock at the moment of the fork; a child would wait for ever.
    tqdm.monitor_interval = 0
    for line in sys.stdin:
        order = json.loads(line)
        if order.get("first"):
            build_index(Path(order["root"]), [Path(order["documents"])])
            _answer(None)
            continue
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            if order.get("seconds"):
                signal.signal(signal.SIGALRM, lambda *_: _die())
                signal.setitimer(signal.ITIMER_REAL, order["seconds"])
            _die_at(order["root"], order.get("step", 0), writing)
            build_index(Path(order["root"]), [Path(order["documents"])])
            os._exit(0)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        with os.fdopen(reading) as pipe:
            changes = pipe.read().splitlines()
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        failed = os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0
        _answer({"changes": changes, "killed": killed, "failed": failed})


def _die_at(root: str, step: int, report: int) -> None:
    """Kill this process before its ``step``-th change to the disk."""
    count = 0

    def see(name: str) -> None:
        nonlocal count
        count += 1
        if count == step:
            _die()
        os.write(report, f"{name}\n".encode())

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event not in CHANGES or not isinstance(args[0], str | os.PathLike):
            return
        path = os.fspath(args[0])
        below = isinstance(path, str) and (path + "/").startswith(root + "/")
        if below and (event != "open" or args[2] & (os.O_WRONLY | os.O_RDWR)):
            see(f"{event} {path.removeprefix(root)}")

    flush = os.fsync

    def seen_flush(handle: int) -> None:
        see("before fsync")
        flush(handle)
        see("after fsync")

    os.fsync = seen_flush
    sys.addaudithook(hook)


def _answer(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
