"""A full disk, and a folder that may not be written: one sentence, and the old index stands."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index import load_index

ROOT = Path(__file__).parents[1]
SENTENCE = "expected to write an index into"


def build(root: Path, documents: Path, largest: int | None = None) -> tuple[int, str]:
    """`kyodo index build` as it is typed; ``largest``: bytes that a file may have."""

    def limit() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    done = subprocess.run(
        [sys.executable, "-c", "from assistant.cli import run; run()", "index", "build"]
        + ["--index", str(root), "--documents", str(documents)],
        cwd=ROOT,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A disk of this size in place of a folder's content; skips where none can be mounted."""
    size = f"size={kilobytes}k"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("largest", [100, 3_000, 20_000])
def test_a_file_that_finds_no_room_is_named(
    largest: int, index_folder: Path, documents: Path
) -> None:
    before = load_index(index_folder).fingerprint
    (documents / "more.md").write_text("# 追加\n\n窓口は3階です。\n", encoding="utf-8")
    status, said = build(index_folder, documents, largest)
    _check_refused(status, said, index_folder, before)
    assert build(index_folder, documents)[0] == 0
    assert load_index(index_folder).fingerprint != before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.8])
def test_a_full_disk_leaves_the_old_index(
    share: float, index_folder: Path, documents: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    need = sum(4 * (p.stat().st_size // 4096 + 1) for p in index_folder.rglob("*") if p.is_file())
    with small_disk(disk, int(need * (1 + share)) + 8):
        root = Path(shutil.copytree(index_folder, disk / "index"))
        before = load_index(root).fingerprint
        (documents / "more.md").write_text("# 追加\n\n窓口は3階です。\n", encoding="utf-8")
        status, said = build(root, documents)
        _check_refused(status, said, root, before)
        assert "No space left on device" in said


def test_a_folder_that_may_not_be_written_is_read_and_named(
    index_folder: Path, documents: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0:
        disk = index_folder.parent
        index_folder.chmod(0o555)
        _check_read_only(index_folder, documents)
        index_folder.chmod(0o755)
        return
    with small_disk(disk, 4_000):
        root = Path(shutil.copytree(index_folder, disk / "index"))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        _check_read_only(root, documents)


def _check_read_only(root: Path, documents: Path) -> None:
    before = load_index(root).fingerprint
    status, said = build(root, documents)
    assert status == 1
    assert said.splitlines()[-1].startswith(f"kyodo: {root}/LOCK: {SENTENCE} {root}, found: ")
    assert load_index(root).fingerprint == before


def _check_refused(status: int, said: str, root: Path, before: str) -> None:
    assert status == 1, said
    assert "Traceback" not in said
    last = said.splitlines()[-1]
    assert f"{SENTENCE} {root}, found: " in last
    assert last.endswith("The index that stood there still does.")
    assert load_index(root).fingerprint == before
    assert not list(root.glob(".tmp-*"))
