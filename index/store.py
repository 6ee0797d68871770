"""Writing the index folder: a generation is written aside, flushed, renamed, then named.

Every file is flushed, the manifest comes last, the folder is renamed and ``CURRENT``
replaced, each step on disk before the next: a reader finds a whole index or the one before.
"""

from __future__ import annotations

import datetime
import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.durable import (
    flush_file,
    flush_folder,
    held,
    make_folder,
    replace_file,
    write_flushed,
)
from index.errors import IndexBusy, IndexMissing, SearchIndexError
from index.generations import (
    FORMAT_VERSION,
    MANIFEST,
    POINTER,
    Generation,
    current,
    files_in,
    fingerprint,
    generations,
    is_whole,
    named,
    number_of,
    open_generation,
    seal,
    sha256,
)

__all__ = ["FORMAT_VERSION", "Generation", "amend", "current", "go_back", "publish", "writer"]

_LOCK = "LOCK"


@contextmanager
def writer(root: Path) -> Iterator[Path]:
    """The one writer's empty work folder; on a clean exit the caller has called ``publish``.

    Raises:
        IndexBusy: if another process is writing.
        SearchIndexError: if the folder cannot be written (no room, no right to).
    """
    with _locked(root):
        work = root / f".tmp-{os.getpid()}"
        try:
            _clear_left(root)
            work.mkdir()
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
    before = named(root)
    manifest = _manifest(description, {name: _flushed(work / name) for name in files_in(work)})
    write_flushed(work / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    for folder in (*(p for p in work.rglob("*") if p.is_dir()), work):
        flush_folder(folder)
    target = root / f"gen-{_next_number(root):06d}"
    os.rename(work, target)
    flush_folder(root)
    _point_to(root, target)
    _drop_old(root, target, before)
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
    added = ("fingerprint", "format_version", "files", "created", "seal")
    return {key: value for key, value in manifest.items() if key not in added}


def go_back(root: Path) -> Generation:
    """Make the newest whole generation before the current one the current one.

    The generation left stays on disk until the next build, which takes it away.

    Raises:
        IndexBusy: if another process is writing.
        IndexMissing: if there is no whole generation to go back to.
        SearchIndexError: if the folder cannot be written.
    """
    with _locked(root):
        now = named(root)
        earlier = [g for g in generations(root) if now is None or number_of(g) < number_of(now)]
        for folder in reversed(earlier):
            if is_whole(folder):
                _point_to(root, folder)
                return open_generation(folder)
    raise IndexMissing(
        f"{root}: expected an earlier generation to go back to, found none; it stays as it is."
    )


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Hold the folder's lock, which the kernel takes back from a process that dies."""
    try:
        make_folder(root)
        with held(root / _LOCK):
            yield
    except BlockingIOError as error:
        raise IndexBusy(
            f"{root}: another process is building this index; wait until it has finished."
        ) from error
    except OSError as error:
        raise _unwritable(root, error) from error


def _manifest(description: dict[str, Any], files: dict[str, Any]) -> dict[str, Any]:
    body = {"format_version": FORMAT_VERSION, **description, "files": files}
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    manifest = {**body, "fingerprint": fingerprint(body), "created": now}
    return {**manifest, "seal": seal(manifest)}


def _unwritable(root: Path, error: OSError) -> SearchIndexError:
    # NumPy reports a full disk as an OSError without a number.
    reason = error.strerror or os.strerror(errno.ENOSPC)
    return SearchIndexError(
        f"{error.filename or root}: expected to write an index into {root}, found: {reason}; "
        "make room or name another folder with --index. The index that stood there still does."
    )


def _flushed(path: Path) -> dict[str, Any]:
    flush_file(path)
    return {"size": path.stat().st_size, "sha256": sha256(path)}


def _point_to(root: Path, target: Path) -> None:
    replace_file(root / POINTER, target.name)


def _next_number(root: Path) -> int:
    used = [*generations(root), *filter(None, [named(root)])]
    return max(map(number_of, used), default=0) + 1


def _clear_left(root: Path) -> None:
    """Take away what a writer that was killed has left."""
    (root / f"{POINTER}.tmp").unlink(missing_ok=True)
    for left in root.glob(".tmp-*"):
        shutil.rmtree(left)


def _drop_old(root: Path, newest: Path, before: Path | None) -> None:
    """Keep the newest generation and a whole one before it: the one that was current, if it is
    whole. What a killed writer never made current goes too."""
    others = [g for g in reversed(generations(root)) if g not in (newest, before)]
    kept = False
    for old in [*([before] if before else []), *others]:
        if kept or not is_whole(old):
            shutil.rmtree(old, ignore_errors=True)
        else:
            kept = True
