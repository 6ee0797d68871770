"""All of an office's state in one archive, made while the server runs.

SQLite files are copied by SQLite's own online back-up, each as of one moment. The documents and
the index are copied while their locks are held, so that no change falls in between. Of the index
the generation that answers comes along, and no other: restored, it gives the same answers at
once, whatever version of a document or of kyodo there is by then.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from assistant.operations.archive import BackupError, check_ending, write_archive
from corpus.durable import held
from index.generations import POINTER, named

HOME, SETTINGS = "home", "settings"
SERVING = ".serving"
"""In the data folder: locked, shared, by every server that answers from it."""
_SQLITE = b"SQLite format 3\0"
_BESIDE = ("-wal", "-shm", "-journal")
_LEFT_OUT = ("documents-work",)
"""Folders of the data folder that hold only what is under way."""
_LOCKS = (SERVING, ".lock", "LOCK")
_WAIT_S = 60.0


def back_up(home: Path, settings_file: Path, target: Path) -> dict[str, Any]:
    """Write a back-up of a data folder.

    Args:
        home: the data folder.
        settings_file: ``kyodo.toml``; it need not be there.
        target: the archive, ``.tar.zst`` or ``.tar.gz``, not there yet and outside ``home``.

    Returns:
        The manifest: ``files`` by name, each with its size and SHA-256.

    Raises:
        BackupError: in a sentence.
        OSError: a file cannot be read or written.
    """
    check_ending(target)
    if not home.is_dir():
        raise BackupError(f"{home}: expected the data folder, found none; is KYODO_HOME right?")
    if target.resolve().is_relative_to(home.resolve()):
        raise BackupError(f"{target}: expected a place outside {home}; choose another one.")
    if target.exists():
        raise BackupError(f"{target}: expected a file that is not there yet; choose another name.")
    known = {
        "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "kyodo": importlib.metadata.version("kyodo"),
    }
    with ExitStack() as stack:
        for lock in (home / "documents" / ".lock", home / "index" / "LOCK"):
            stack.enter_context(_held(lock))
        copies = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kyodo-")))
        files = [*_files(home, copies)]
        if settings_file.is_file():
            files.append((f"{SETTINGS}/kyodo.toml", settings_file))
        return write_archive(target, files, known)


def _files(home: Path, copies: Path) -> Iterator[tuple[str, Path]]:
    """The name in the archive, and the file, of all that belongs to the office's state."""
    for path in _walk(home):
        if _belongs(path, home):
            name = f"{HOME}/{path.relative_to(home).as_posix()}"
            copy = copies / str(len(os.listdir(copies)))
            yield name, _copy(path, copy) if _is_sqlite(path) else path


def _belongs(path: Path, home: Path) -> bool:
    top, name, index = path.relative_to(home).parts[0], path.name, home / "index"
    if top in _LEFT_OUT or name in _LOCKS or name.endswith(".tmp"):
        return False
    if name.endswith(_BESIDE) and _is_sqlite(path.with_name(name.rsplit("-", 1)[0])):
        return False
    generation = named(index)
    answers = generation is not None and path.is_relative_to(generation)
    return top != index.name or answers or path == index / POINTER


def _walk(home: Path) -> Iterator[Path]:
    """Every file below a folder; folders that are links to another disk are gone into."""
    seen: set[str] = set()
    for folder, below, names in os.walk(home, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            below.clear()
            continue
        seen.add(real)
        below.sort()
        yield from (Path(folder, name) for name in sorted(names) if Path(folder, name).is_file())


def _is_sqlite(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _copy(path: Path, target: Path) -> Path:
    """A SQLite file as of one moment, found whole."""
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            (word,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        word = str(error)
    if word != "ok":
        raise BackupError(
            f"{path}: expected a whole SQLite file, found: {word}; restore it from an earlier "
            "back-up, or move it aside."
        )
    return target


@contextmanager
def _held(lock: Path) -> Iterator[None]:
    """Hold a lock, waiting for who holds it; nothing to hold where its folder is not there."""
    if not lock.parent.is_dir():
        yield
        return
    with ExitStack() as stack:
        end = time.monotonic() + _WAIT_S
        while True:
            try:
                stack.enter_context(held(lock))
                break
            except BlockingIOError as error:
                if time.monotonic() > end:
                    raise BackupError(
                        f"{lock.parent}: another process has been changing it for a minute; "
                        "try again when it has finished."
                    ) from error
                time.sleep(0.2)
        yield
