"""The index folder: wholly old or wholly new, and never a wrong answer from a damaged one."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import index.build
from assistant.cli import main
from index import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    SearchIndexError,
    build_index,
    load_index,
    store,
)

FILES = [
    "bm25/data.csc.index.npy",
    "bm25/indices.csc.index.npy",
    "bm25/indptr.csc.index.npy",
    "bm25/params.index.json",
    "bm25/vocab.index.json",
    "digests.npy",
    "documents.jsonl",
    "frequencies.json",
    "guides.json",
    "manifest.json",
    "owners.npy",
    "passages.jsonl",
    "vectors.faiss",
]
KILLED = """
import importlib, os, sys
from pathlib import Path

module, name, when, root, documents = sys.argv[1:]
place = importlib.import_module(module)
real = getattr(place, name)

def dying(*given, **named):
    if when == "after":
        real(*given, **named)
    os._exit(9)

setattr(place, name, dying)
from index.build import build_index
build_index(Path(root), [Path(documents)])
"""
STEPS = {
    "while reading": ("index.build", "read_folders", "before"),
    "after the vectors": ("index.build", "save_dense", "after"),
    "before publishing": ("index.store", "publish", "before"),
    "after the manifest": ("index.store", "_write_flushed", "after"),
    "before the rename": ("os", "rename", "before"),
    "after the rename": ("os", "rename", "after"),
    "before CURRENT": ("os", "replace", "before"),
    "after CURRENT": ("os", "replace", "after"),
}


@pytest.fixture
def two_generations(index_folder: Path, documents: Path) -> Path:
    """An index folder whose first generation says 20万円, and whose second says 30万円."""
    _raise_amount(documents)
    build_index(index_folder, [documents])
    return index_folder


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_build_leaves_a_wholly_old_or_wholly_new_index(
    step: str, index_folder: Path, documents: Path
) -> None:
    old = load_index(index_folder)
    _raise_amount(documents)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *STEPS[step], str(index_folder), str(documents)],
        cwd=Path(__file__).parents[1],
        check=False,
    )
    assert killed.returncode == 9
    found = load_index(index_folder)
    expected = "30万円" if step == "after CURRENT" else "20万円"
    assert expected in found.search("助成金の上限", 1).hits[0].passage.text
    assert (found.fingerprint == old.fingerprint) == (step != "after CURRENT")

    build_index(index_folder, [documents])
    assert "30万円" in load_index(index_folder).search("助成金の上限", 1).hits[0].passage.text
    left = {p.name for p in index_folder.iterdir() if not p.name.startswith("gen-")}
    assert left == {"CURRENT", "LOCK"}
    assert len(list(index_folder.glob("gen-*"))) == 2


def test_a_first_build_that_is_killed_leaves_no_index(tmp_path: Path, documents: Path) -> None:
    root = tmp_path / "index"
    step = STEPS["before the rename"]
    subprocess.run(
        [sys.executable, "-c", KILLED, *step, str(root), str(documents)],
        cwd=Path(__file__).parents[1],
        check=False,
    )
    with pytest.raises(IndexMissing, match=f"kyodo index build --index {root}"):
        load_index(root)


def test_the_second_of_two_writers_is_told_at_once(index_folder: Path, documents: Path) -> None:
    with store.writer(index_folder):
        started = time.monotonic()
        with pytest.raises(IndexBusy, match="another process is building this index"):
            build_index(index_folder, [documents])
        assert time.monotonic() - started < 2
        assert load_index(index_folder).search("花壇", 1).hits
    build_index(index_folder, [documents])


def test_the_second_writer_exits_with_one_sentence(
    index_folder: Path, documents: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ["index", "build", "--index", str(index_folder), "--documents", str(documents)]
    with store.writer(index_folder):
        assert main(arguments) == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-1] == (
        f"kyodo: {index_folder}: another process is building this index; "
        "wait until it has finished."
    )


def test_the_list_of_files_to_damage_is_complete(index_folder: Path) -> None:
    folder = index_folder / "gen-000001"
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == set(FILES)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "removed", "emptied"])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named_and_nothing_is_answered(
    name: str, damage: str, index_folder: Path
) -> None:
    path = index_folder / "gen-000001" / name
    _damage(path, damage)
    with pytest.raises(IndexDamaged) as caught:
        load_index(index_folder)
    assert str(caught.value).startswith(f"{path}: ")
    assert f"kyodo index build --index {index_folder}" in str(caught.value)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=st.sampled_from(FILES), where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_goes_unseen(name: str, where: float, bit: int, index_folder: Path) -> None:
    path = index_folder / "gen-000001" / name
    data = path.read_bytes()
    spoiled = bytearray(data)
    spoiled[int(where * len(data))] ^= 1 << bit
    path.write_bytes(spoiled)
    try:
        with pytest.raises((IndexDamaged, IndexMismatch)):
            store.current(index_folder)
    finally:
        path.write_bytes(data)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "removed"])
@pytest.mark.parametrize("name", ["vectors.faiss", "manifest.json"])
def test_the_generation_before_takes_the_place_of_a_damaged_one(
    name: str, damage: str, two_generations: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = two_generations / "gen-000002" / name
    _damage(path, damage)
    with caplog.at_level(logging.WARNING, "index.store"):
        found = load_index(two_generations)
    assert "20万円" in found.search("助成金の上限", 1).hits[0].passage.text
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{path}: ")
    assert record.getMessage().endswith(f"{two_generations / 'gen-000001'} is used.")


def test_a_whole_index_gives_no_warning(
    two_generations: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = load_index(two_generations)
    assert "30万円" in found.search("助成金の上限", 1).hits[0].passage.text
    assert caplog.records == []


@pytest.mark.parametrize(
    "content", [None, b"", b"gen-0000", b"gen-000007", b"../../etc", b"\xff\xfe"]
)
def test_a_damaged_pointer_leads_to_the_last_good_generation(
    content: bytes | None, two_generations: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pointer = two_generations / "CURRENT"
    pointer.unlink() if content is None else pointer.write_bytes(content)
    with caplog.at_level(logging.WARNING, "index.store"):
        found = load_index(two_generations)
    assert "30万円" in found.search("助成金の上限", 1).hits[0].passage.text
    assert len(caplog.records) == 1


def test_where_no_generation_is_whole_the_current_one_is_blamed(two_generations: Path) -> None:
    for number in (1, 2):
        _damage(two_generations / f"gen-{number:06d}" / "owners.npy", "flipped")
    with pytest.raises(IndexDamaged, match=r"gen-000002/owners\.npy"):
        load_index(two_generations)


def test_a_build_after_damage_keeps_the_last_whole_generation(
    two_generations: Path, documents: Path
) -> None:
    _damage(two_generations / "gen-000002" / "owners.npy", "flipped")
    build_index(two_generations, [documents])
    assert sorted(p.name for p in two_generations.glob("gen-*")) == ["gen-000001", "gen-000003"]


def test_old_generations_go(two_generations: Path, documents: Path) -> None:
    build_index(two_generations, [documents])
    assert sorted(p.name for p in two_generations.glob("gen-*")) == ["gen-000002", "gen-000003"]


@pytest.mark.parametrize("left", ["nothing", "an empty folder", "only a lock"])
def test_a_missing_index_says_how_to_build_one(left: str, tmp_path: Path) -> None:
    root = tmp_path / "index"
    if left != "nothing":
        root.mkdir()
    if left == "only a lock":
        (root / "LOCK").touch()
    with pytest.raises(IndexMissing, match=f"^{root}: expected an index, found none; build one"):
        load_index(root)


@pytest.mark.parametrize("version", [1, 3, "2", None])
def test_another_format_is_refused(version: object, index_folder: Path) -> None:
    path = index_folder / "gen-000001" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "format_version": version}), encoding="utf-8")
    with pytest.raises(IndexMismatch, match=f"expected index format 2, found {version}; build it"):
        load_index(index_folder)


def test_another_dictionary_is_refused(index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.build, "dictionary_version", lambda: "sudachi of tomorrow")
    with pytest.raises(IndexMismatch, match=r"sudachi of tomorrow.*kyodo index build --index"):
        load_index(index_folder)


def test_parts_of_two_indexes_are_not_mixed(
    index_folder: Path, documents: Path, tmp_path: Path
) -> None:
    (documents / "tebiki.md").unlink()
    other = tmp_path / "other"
    build_index(other, [documents])
    work = index_folder / "gen-000001"
    for name in ("vectors.faiss", "owners.npy", "digests.npy"):
        shutil.copy(other / "gen-000001" / name, work / name)
    with pytest.raises(SearchIndexError, match=r"\.(faiss|npy): the file is not what was written"):
        load_index(index_folder)


def test_a_readers_index_stands_while_another_is_built(index_folder: Path, documents: Path) -> None:
    reader = load_index(index_folder)
    before = reader.search("助成金の上限", 5).hits
    _raise_amount(documents)
    for _ in range(3):
        build_index(index_folder, [documents])
    assert reader.search("助成金の上限", 5).hits == before


def _raise_amount(documents: Path) -> None:
    path = documents / "tebiki.md"
    path.write_text(path.read_text(encoding="utf-8").replace("20万円", "30万円"), encoding="utf-8")


def _damage(path: Path, kind: str) -> None:
    data = path.read_bytes()
    if kind == "removed":
        path.unlink()
    elif kind == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif kind == "emptied":
        path.write_bytes(b"")
    else:
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 4]) + data[middle + 1 :])
