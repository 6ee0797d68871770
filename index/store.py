"""The index folder: whole generations, each with a manifest, and CURRENT that names one.

A generation is written aside, every file is flushed, its manifest comes last, then the
folder is renamed and CURRENT replaced: a reader finds a whole index or the one before it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexMissing

FORMAT_VERSION = 1
_MANIFEST = "manifest.json"
_KEPT = 2


@dataclass(frozen=True)
class Generation:
    """One whole index on disk."""

    folder: Path
    manifest: dict[str, Any]


@contextmanager
def writer(root: Path) -> Iterator[Path]:
    """The one writer's empty work folder; on a clean exit the caller has called ``publish``.

    Raises:
        IndexBusy: if another process is writing.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / "LOCK").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise IndexBusy(
                f"{root}: another process is building this index; wait until it has finished."
            ) from error
        for left in root.glob(".tmp-*"):
            shutil.rmtree(left, ignore_errors=True)
        work = root / f".tmp-{os.getpid()}"
        work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def publish(root: Path, work: Path, description: dict[str, Any]) -> Generation:
    """Make a work folder the current generation.

    Args:
        root: the index folder.
        work: the writer's folder with every part of the index in it.
        description: what the manifest says beside the files' sizes and SHA-256.
    """
    files = {
        p.relative_to(work).as_posix(): _seal(p) for p in sorted(work.rglob("*")) if p.is_file()
    }
    body = {"format_version": FORMAT_VERSION, **description, "files": files}
    fingerprint = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    manifest = {"fingerprint": fingerprint, **body}
    _write_flushed(work / _MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    _flush_folder(work)
    target = root / f"gen-{_next_number(root):06d}"
    os.rename(work, target)
    _flush_folder(root)
    _write_flushed(root / "CURRENT.tmp", target.name)
    os.replace(root / "CURRENT.tmp", root / "CURRENT")
    _flush_folder(root)
    _drop_old(root)
    return Generation(target, manifest)


def current(root: Path) -> Generation:
    """The current generation, every file checked against the manifest.

    Raises:
        IndexMissing: if there is none.
        IndexDamaged: if a file is missing or changed.
        IndexMismatch: if it is of another format.
    """
    pointer = root / "CURRENT"
    if not pointer.is_file():
        raise IndexMissing(
            f"{root}: expected an index, found none; "
            f"build one with `kyodo index build --index {root}`."
        )
    folder = root / pointer.read_text().strip()
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        files = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{folder}: the index has no readable manifest; {_REBUILD}") from error
    if manifest.get("format_version") != FORMAT_VERSION:
        raise IndexMismatch(
            f"{folder}: expected index format {FORMAT_VERSION}, found "
            f"{manifest.get('format_version')}; {_REBUILD}"
        )
    for name, known in files.items():
        _check(folder / name, known)
    return Generation(folder, manifest)


_REBUILD = "build it again with `kyodo index build`."


def _check(path: Path, known: dict[str, Any]) -> None:
    if not path.is_file() or path.stat().st_size != known["size"]:
        raise IndexDamaged(f"{path}: the file is missing or has another size; {_REBUILD}")
    if _sha256(path) != known["sha256"]:
        raise IndexDamaged(f"{path}: the file is not what was written; {_REBUILD}")


def _seal(path: Path) -> dict[str, Any]:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return {"size": path.stat().st_size, "sha256": _sha256(path)}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_flushed(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _generations(root: Path) -> list[Path]:
    return sorted(p for p in root.glob("gen-*") if p.is_dir())


def _next_number(root: Path) -> int:
    return max((int(p.name[4:]) for p in _generations(root)), default=0) + 1


def _drop_old(root: Path) -> None:
    for old in _generations(root)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
