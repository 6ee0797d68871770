"""Readers that misbehave, for tests of the process that reads a file."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO


def content(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    yield {"text": file.read().decode(), **options}


def end_by(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    yield {"text": "half"}
    os.kill(os.getpid(), signal.Signals[options["signal"]])


def die(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    """What a fault in a library of C does."""
    yield {"pages": 1}
    os.kill(os.getpid(), signal.SIGSEGV)


def sleep(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    yield {"text": "half"}
    time.sleep(600)


def spin(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    while True:
        pass
    yield {}


def swell(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    held = [bytearray(1 << 24) for _ in range(1 << 10)]
    yield len(held)


def babble(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    while True:
        yield "x" * (1 << 16)


def leave(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    yield {"text": "fine"}
    raise SystemExit(7)


def write_nonsense(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    """What a reader that was taken over might write past our own code."""
    for descriptor in range(3, 20):
        with contextlib.suppress(OSError):
            os.write(descriptor, (options["bytes"] * options["times"]).encode())
    yield {"text": "fine"}


def reach_out(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    """Which ways out of the process are open."""
    ways = {
        "network": lambda: socket.create_connection(("127.0.0.1", options["port"]), 2),
        "program": lambda: subprocess.run(["true"], check=True),
        "fork": os.fork,
        "file": lambda: Path(options["new"]).write_text("here"),
    }
    for name, way in ways.items():
        try:
            way()
        except OSError as error:
            yield [name, type(error).__name__]
        else:
            yield [name, "open"]


def native_network(file: BinaryIO, options: dict[str, Any]) -> Iterator[Any]:
    """The interfaces that the kernel shows, whatever Python is allowed to do."""
    yield [
        line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]
    ]
