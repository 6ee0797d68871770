"""A build that is killed at any moment leaves a wholly old or a wholly new index.

``CRASH_TRIALS=200`` tries every step and 200 random moments; otherwise every step of publishing,
every fifth before it, and 15 moments are tried.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index import IndexMissing, build_index, load_index

ROOT = Path(__file__).parents[1]
TRIALS = int(os.environ.get("CRASH_TRIALS", "15"))
STRIDE = 1 if TRIALS >= 200 else 5
OLD, NEW = "20万円", "30万円"
Crash = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def crash(tmp_path_factory: pytest.TempPathFactory, _small: Path) -> Iterator[Crash]:
    """Builds an index in a child that is killed; gives what the child came to."""
    runner = subprocess.Popen(
        [sys.executable, "-m", "tests.crash_runner"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert runner.stdin is not None
    assert runner.stdout is not None
    asked, told = runner.stdin, runner.stdout

    def order(root: Path, documents: Path, **more: float) -> dict[str, Any]:
        asked.write(json.dumps({"root": str(root), "documents": str(documents), **more}) + "\n")
        asked.flush()
        found: dict[str, Any] = json.loads(told.readline() or "null")
        return found

    asked.write(
        json.dumps(
            {
                "root": str(tmp_path_factory.mktemp("first") / "index"),
                "documents": str(_small / "documents"),
                "first": True,
            }
        )
        + "\n"
    )
    asked.flush()
    told.readline()
    yield order
    asked.close()
    runner.wait(30)


@pytest.fixture
def raised(documents: Path) -> Path:
    """The small documents, in a new wording that an index of them can be told by."""
    path = documents / "tebiki.md"
    path.write_text(path.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    return documents


def test_killed_before_each_change_to_the_disk(
    crash: Crash, index_folder: Path, raised: Path, tmp_path: Path
) -> None:
    shutil.copytree(index_folder, tmp_path / "dry")
    changes = crash(tmp_path / "dry", raised)["changes"]
    switched = changes.index("os.rename /CURRENT.tmp") + 1
    assert len(changes) > 60
    seen = set()
    publishing = next(i for i, change in enumerate(changes) if "manifest" in change)
    for step in [*range(1, publishing, STRIDE), *range(publishing, len(changes) + 1)]:
        root = _copy(index_folder, tmp_path / f"step{step}")
        done = crash(root, raised, step=step)
        assert done["killed"], (step, done)
        new = _survived(root, crash, raised)
        assert new == (step > switched), (step, changes[step - 1])
        seen.add(new)
    assert seen == {False, True}


def test_killed_at_random_times(
    crash: Crash, index_folder: Path, raised: Path, tmp_path: Path
) -> None:
    longest = _seconds_of_a_build(crash, index_folder, raised, tmp_path)
    moments = random.Random(20261126)
    killed = 0
    for trial in range(4 * TRIALS):
        root = _copy(index_folder, tmp_path / f"trial{trial}")
        done = crash(root, raised, seconds=moments.uniform(0.001, longest))
        assert done["killed"] or not done["failed"]
        killed += done["killed"]
        # A build that was over before its moment came: the machine is quicker than it was.
        longest *= 1.0 if done["killed"] else 0.9
        _survived(root, crash, raised)
        if killed == TRIALS:
            break
    assert killed == TRIALS


def test_a_first_build_that_is_killed_leaves_no_index(
    crash: Crash, tmp_path: Path, documents: Path
) -> None:
    root = tmp_path / "index"
    dry = crash(tmp_path / "dry", documents)["changes"]
    step = next(i for i, change in enumerate(dry, 1) if change.startswith("os.rename /.tmp-"))
    assert crash(root, documents, step=step)["killed"]
    with pytest.raises(IndexMissing, match=f"kyodo index build --index {root}"):
        load_index(root)


def test_going_back_a_generation_and_building_again(index_folder: Path, raised: Path) -> None:
    from index.store import go_back

    build_index(index_folder, [raised])
    assert _says(index_folder, NEW)
    go_back(index_folder)
    assert _says(index_folder, OLD)
    with pytest.raises(IndexMissing, match="expected an earlier generation to go back to"):
        go_back(index_folder)
    build_index(index_folder, [raised])
    assert _says(index_folder, NEW)
    assert _generations(index_folder) == ["gen-000001", "gen-000003"]


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs Debian's strace")
def test_every_part_is_on_disk_before_the_next_step(
    index_folder: Path, raised: Path, tmp_path: Path
) -> None:
    calls = _traced_build(index_folder, raised, tmp_path / "trace")
    if not calls:
        pytest.skip("strace may not trace here")
    target = "gen-000002"
    work = next(c[1] for c in calls if c[0] == "mkdir" and "/.tmp-" in c[1])
    written = {c[1] for c in calls if c[0] == "open" and c[1].startswith(f"{work}/")}
    manifest, renamed = f"{work}/manifest.json", ("rename", work)
    parts = written - {manifest}
    assert len(parts) >= 12

    def place(call: tuple[str, str], last: bool = False) -> int:
        found = [i for i, c in enumerate(calls) if c == call]
        assert found, f"never: {call}"
        return found[-1] if last else found[0]

    opened = max(i for i, c in enumerate(calls) if c == ("open", manifest))
    for part in parts:
        assert place(("fsync", part), last=True) < opened, part
    assert opened < place(("fsync", manifest)) < place(("fsync", work)) < place(renamed)
    assert place(("fsync", f"{work}/bm25")) < place(renamed)
    root, pointer = str(index_folder), f"{index_folder}/CURRENT.tmp"
    after = [c for c in calls[place(renamed) :] if c[1] in (root, work, pointer)]
    assert after[:5] == [
        renamed,
        ("fsync", root),
        ("open", pointer),
        ("fsync", pointer),
        ("rename", pointer),
    ]
    assert after[5] == ("fsync", root)
    assert (index_folder / target / "manifest.json").is_file()


def _copy(index_folder: Path, target: Path) -> Path:
    return Path(shutil.copytree(index_folder, target))


def _survived(root: Path, crash: Crash, documents: Path) -> bool:
    """Whether the index is the new one; fails where it is neither, or the next build does not
    work, or anything is left of the killed one."""
    new = _says(root, NEW)
    assert new or _says(root, OLD)
    again = crash(root, documents)
    assert not again["killed"]
    assert not again["failed"]
    assert _says(root, NEW)
    assert {p.name for p in root.iterdir() if not p.name.startswith("gen-")} == {"CURRENT", "LOCK"}
    assert len(_generations(root)) == 2
    shutil.rmtree(root)
    return new


def _says(root: Path, amount: str) -> bool:
    return amount in load_index(root).search("助成金の上限", 1).hits[0].passage.text


def _generations(root: Path) -> list[str]:
    return sorted(p.name for p in root.glob("gen-*"))


def _seconds_of_a_build(crash: Crash, index_folder: Path, documents: Path, tmp_path: Path) -> float:
    import time

    root = _copy(index_folder, tmp_path / "timed")
    started = time.monotonic()
    assert not crash(root, documents)["failed"]
    return time.monotonic() - started


def _traced_build(root: Path, documents: Path, trace: Path) -> list[tuple[str, str]]:
    """What a build does to the disk, in order, as the kernel saw it."""
    code = (
        "import sys; from pathlib import Path; from index import build_index; "
        "build_index(Path(sys.argv[1]), [Path(sys.argv[2])])"
    )
    traced = "trace=openat,mkdir,fsync,fdatasync,rename,renameat,renameat2"
    subprocess.run(
        ["strace", "-f", "-y", "-s", "300", "-e", traced, "-o", str(trace)]
        + [sys.executable, "-c", code, str(root), str(documents)],
        cwd=ROOT,
        check=False,
        stderr=subprocess.DEVNULL,
    )
    text = trace.read_text(encoding="utf-8", errors="replace") if trace.is_file() else ""
    calls = []
    for line in text.splitlines():
        call = re.search(r"(openat|mkdir|fdatasync|fsync|rename\w*)\((.*)\) += (\d+)", line)
        if call is None or str(root) not in line:
            continue
        name, given = call.group(1), call.group(2)
        if name == "openat" and not re.search(r"O_(WRONLY|RDWR)", given):
            continue
        path = re.search(r"<([^>]+)>" if "sync" in name else r'"([^"]+)"', given)
        if path is not None:
            calls.append((_KINDS.get(name, name), path.group(1)))
    return calls


_KINDS = {"openat": "open", "fdatasync": "fsync", "renameat": "rename", "renameat2": "rename"}
