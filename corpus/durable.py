"""Writing so that a crash or a power cut leaves the old or the new, and one writer at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_flushed(path: Path, text: str) -> None:
    """Write a file, and return only when it is on disk."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def flush_file(path: Path) -> None:
    """Return only when a file's bytes are on disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Return only when a folder's list of names is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_tree(folder: Path) -> None:
    """Return only when every file and folder below a folder, and itself, is on disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            flush_file(path)
    for path in (*(p for p in folder.rglob("*") if p.is_dir()), folder):
        flush_folder(path)


def replace_file(path: Path, text: str) -> None:
    """Put a text in place of a file in one step; ``PATH.tmp`` is used on the way."""
    temporary = path.with_name(f"{path.name}.tmp")
    write_flushed(temporary, text)
    os.replace(temporary, path)
    flush_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each entered in the one above for good."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in reversed(missing):
        flush_folder(made.parent)


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Hold a lock file; the kernel frees it when the process ends, however it ends.

    Raises:
        BlockingIOError: if another process holds it.
        OSError: if the file cannot be opened for writing.
    """
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
