"""The index folder: whole generations, each with a manifest, and CURRENT that names one.

A generation is written aside, every file is flushed, its manifest comes last, then the
folder is renamed and CURRENT replaced: a reader finds a whole index or the one before it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    SearchIndexError,
)

FORMAT_VERSION = 2
_MANIFEST = "manifest.json"
_POINTER = "CURRENT"
_NAME = re.compile(r"gen-\d{6,}")
_LOG = logging.getLogger(__name__)


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
        SearchIndexError: if the folder cannot be written (no room, no right to).
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = (root / "LOCK").open("w")
    except OSError as error:
        raise _unwritable(root, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise IndexBusy(
                f"{root}: another process is building this index; wait until it has finished."
            ) from error
        work = root / f".tmp-{os.getpid()}"
        try:
            _clear_left(root)
            work.mkdir()
            yield work
        except OSError as error:
            raise _unwritable(root, error) from error
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
    manifest = {"fingerprint": _fingerprint(body), **body}
    _write_flushed(work / _MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    for folder in (*(p for p in work.rglob("*") if p.is_dir()), work):
        _flush_folder(folder)
    target = root / f"gen-{_next_number(root):06d}"
    os.rename(work, target)
    _flush_folder(root)
    _write_flushed(root / f"{_POINTER}.tmp", target.name)
    os.replace(root / f"{_POINTER}.tmp", root / _POINTER)
    _flush_folder(root)
    _drop_old(root, target)
    return Generation(target, manifest)


def amend(root: Path, parts: Mapping[str, bytes]) -> Generation:
    """Make a generation of the current one's files and some more, or others of the same name.

    Args:
        root: the index folder.
        parts: the content of each file added, by its name in the generation.

    Raises:
        IndexBusy: if another process is writing.
        SearchIndexError: if there is no whole index, or the folder cannot be written.
    """
    with writer(root) as work:
        before = current(root)
        for name in before.manifest["files"]:
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(before.folder / name, work / name)
        for name, content in parts.items():
            (work / name).write_bytes(content)
        return publish(root, work, _described(before.manifest))


def _described(manifest: dict[str, Any]) -> dict[str, Any]:
    """What a manifest says beside what ``publish`` adds."""
    added = ("fingerprint", "format_version", "files")
    return {key: value for key, value in manifest.items() if key not in added}


def current(root: Path) -> Generation:
    """The current generation, every file checked against the manifest.

    Where it is not whole, the newest other generation that is takes its place, and a warning
    that names the damaged file is logged.

    Raises:
        IndexMissing: if there is none.
        IndexDamaged: if no generation is whole; names the file of the one that should be.
        IndexMismatch: if the current one is of another format.
    """
    problem: IndexDamaged | None = None
    for folder in _candidates(root):
        try:
            generation = _open(folder)
        except IndexDamaged as error:
            problem = problem or error
        except IndexMismatch:
            if problem is None:
                raise
        else:
            problem = problem or _pointer_problem(root, folder)
            if problem:
                _LOG.warning("%s Until then %s is used.", problem, folder)
            return generation
    raise problem or IndexMissing(
        f"{root}: expected an index, found none; build one with `kyodo index build --index {root}`."
    )


def _candidates(root: Path) -> list[Path]:
    """The generation that CURRENT names, then the others, newest first."""
    named = _named(root)
    others = [g for g in reversed(_generations(root)) if g != named]
    return [named, *others] if named else others


def _named(root: Path) -> Path | None:
    """The generation that CURRENT names; None where it names none."""
    try:
        name = (root / _POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return root / name if _NAME.fullmatch(name) else None


def _pointer_problem(root: Path, used: Path) -> IndexDamaged | None:
    if _named(root) == used:
        return None
    return IndexDamaged(f"{root / _POINTER}: expected a generation's name; {_rebuild(root)}")


def _open(folder: Path) -> Generation:
    path, rebuild = folder / _MANIFEST, _rebuild(folder.parent)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        version, files = manifest["format_version"], dict(manifest["files"])
        body = {key: value for key, value in manifest.items() if key != "fingerprint"}
        whole = manifest["fingerprint"] == _fingerprint(body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path}: the file is missing or cannot be read; {rebuild}") from error
    if version != FORMAT_VERSION:
        raise IndexMismatch(
            f"{folder}: expected index format {FORMAT_VERSION}, found {version}; {rebuild}"
        )
    if not whole:
        raise IndexDamaged(f"{path}: the file is not what was written; {rebuild}")
    for name, known in files.items():
        _check(folder / name, known, rebuild)
    return Generation(folder, manifest)


def _check(path: Path, known: dict[str, Any], rebuild: str) -> None:
    try:
        same = path.stat().st_size == known["size"] and _sha256(path) == known["sha256"]
    except OSError as error:
        raise IndexDamaged(f"{path}: the file is missing or cannot be read; {rebuild}") from error
    if not same:
        raise IndexDamaged(f"{path}: the file is not what was written; {rebuild}")


def _rebuild(root: Path) -> str:
    return f"build it again with `kyodo index build --index {root}`."


def _unwritable(root: Path, error: OSError) -> SearchIndexError:
    return SearchIndexError(
        f"{error.filename or root}: expected to write an index into {root}, found: "
        f"{error.strerror or error}; make room or name another folder with --index."
    )


def _fingerprint(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


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
    found = [p for p in root.glob("gen-*") if p.is_dir() and _NAME.fullmatch(p.name)]
    return sorted(found, key=lambda p: int(p.name[4:]))


def _next_number(root: Path) -> int:
    return max((int(p.name[4:]) for p in _generations(root)), default=0) + 1


def _clear_left(root: Path) -> None:
    """Take away what a writer that was killed has left."""
    (root / f"{_POINTER}.tmp").unlink(missing_ok=True)
    for left in root.glob(".tmp-*"):
        shutil.rmtree(left)


def _drop_old(root: Path, newest: Path) -> None:
    """Keep the newest generation and the last whole one before it; nothing else."""
    kept = False
    for old in reversed(_generations(root)):
        if old == newest:
            continue
        if kept or not _is_whole(old):
            shutil.rmtree(old, ignore_errors=True)
        else:
            kept = True


def _is_whole(folder: Path) -> bool:
    try:
        _open(folder)
    except (IndexDamaged, IndexMismatch):
        return False
    return True
