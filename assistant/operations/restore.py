"""A back-up put in place of a data folder, in one step, once every byte of it is checked."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.operations.archive import BackupError, unpack_archive
from assistant.operations.backup import HOME, SERVING, SETTINGS
from corpus.durable import flush_folder, flush_tree, make_folder


@dataclass(frozen=True)
class Restored:
    """What was restored: how many files, where the folder that stood there is now, and where
    the settings file is (None: there was none)."""

    files: int
    aside: Path | None
    settings: Path | None
    made: str


def restore(source: Path, home: Path, settings_file: Path, force: bool = False) -> Restored:
    """Put a back-up in place.

    The settings come back to ``settings_file`` where none is there, else to a file beside it:
    what is set on this machine stays.

    Args:
        source: the archive.
        home: the data folder that it becomes.
        settings_file: ``kyodo.toml``.
        force: move a folder that is not empty aside instead of refusing.

    Raises:
        BackupError: in a sentence; nothing was changed.
        OSError: a file cannot be read or written.
    """
    home = home.resolve()
    occupied = home.exists() and (not home.is_dir() or any(home.iterdir()))
    if occupied and not force:
        raise BackupError(
            f"{home}: expected an empty folder to restore into, found files; choose another one "
            "with --home, or move it aside with --force."
        )
    make_folder(home.parent)
    with not_serving(home):
        work = Path(tempfile.mkdtemp(dir=home.parent, prefix=f".{home.name}-restoring-"))
        try:
            manifest = unpack_archive(source, work)
            (work / HOME).mkdir(exist_ok=True, mode=0o700)
            flush_tree(work)
            aside = _swap(work / HOME, home, occupied)
            settings = _bring_settings(work / SETTINGS / settings_file.name, settings_file)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return Restored(len(manifest["files"]), aside, settings, str(manifest.get("made", "")))


def _swap(fresh: Path, home: Path, occupied: bool) -> Path | None:
    aside = None
    if occupied:
        aside = home.with_name(f"{home.name}.before-{time.strftime('%Y%m%dT%H%M%S')}")
        os.rename(home, aside)
    elif home.exists():
        home.rmdir()
    os.rename(fresh, home)
    flush_folder(home.parent)
    return aside


def _bring_settings(found: Path, settings_file: Path) -> Path | None:
    if not found.is_file():
        return None
    place = settings_file
    if place.exists() and place.read_bytes() == found.read_bytes():
        return place
    if place.exists():
        place = settings_file.with_name(f"{settings_file.name}.restored")
    shutil.copyfile(found, place)
    place.chmod(0o600)
    return place


@contextmanager
def serving_from(home: Path) -> Iterator[None]:
    """Say, for as long as the block runs, that a server answers from a data folder."""
    make_folder(home)
    with (home / SERVING).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def not_serving(home: Path) -> Iterator[None]:
    """Hold servers off; raises BackupError where one answers from the folder."""
    path = home / SERVING
    if not path.is_file():
        yield
        return
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(
                f"{home}: a server answers from this folder; stop it before restoring."
            ) from error
        yield
