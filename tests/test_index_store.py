"""The index folder: wholly old or wholly new, and never a wrong answer from a damaged one."""

from __future__ import annotations

import json
import logging
import shutil
import time
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import index.opening
from assistant.cli import main
from index import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    SearchIndexError,
    build_index,
    generations,
    load_index,
    store,
)
from index.opening import load_named

FILES = [
    "bm25/data.csc.index.npy",
    "bm25/indices.csc.index.npy",
    "bm25/indptr.csc.index.npy",
    "bm25/params.index.json",
    "bm25/vocab.index.json",
    "cuts/digests.npy",
    "cuts/ends.npy",
    "cuts/ids.npy",
    "digests.npy",
    "documents.jsonl",
    "frequencies.json",
    "guides.json",
    "manifest.json",
    "owners.npy",
    "asked/digests.npy",
    "asked/owners.npy",
    "asked/vectors.faiss",
    "passages.jsonl",
    "vectors.faiss",
]
AT = ("head", "middle", "tail")
DAMAGES = [
    *(f"{what} {at}" for what in ("flipped", "zeroed", "truncated", "without") for at in AT),
    "removed",
    "grown",
]


@pytest.fixture
def two_generations(index_folder: Path, documents: Path) -> Path:
    """An index folder whose first generation says 20万円, and whose second says 30万円."""
    _raise_amount(documents)
    build_index(index_folder, [documents])
    return index_folder


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


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named_and_nothing_is_answered(name: str, index_folder: Path) -> None:
    path = index_folder / "gen-000001" / name
    whole = path.read_bytes()
    for damage in DAMAGES:
        _damage(path, damage)
        with pytest.raises(IndexDamaged) as caught:
            load_index(index_folder)
        assert str(caught.value).startswith(f"{path}: "), damage
        assert f"kyodo index build --index {index_folder}" in str(caught.value)
        path.write_bytes(whole)
    assert load_index(index_folder).search("花壇", 1).hits


@pytest.mark.parametrize("name", FILES)
def test_any_damage_leads_to_the_generation_before_and_is_said(
    name: str, two_generations: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = two_generations / "gen-000002" / name
    whole = path.read_bytes()
    for damage in DAMAGES:
        _damage(path, damage)
        caplog.clear()
        with caplog.at_level(logging.WARNING, "index.generations"):
            found = store.current(two_generations)
        assert found.folder.name == "gen-000001", damage
        (record,) = caplog.records
        assert record.getMessage().startswith(f"{path}: ")
        path.write_bytes(whole)
    assert store.current(two_generations).folder.name == "gen-000002"


@pytest.mark.parametrize("name", ["answerable.json", "bm25/more.npy", "notes.txt"])
def test_a_file_that_was_not_written_is_named(name: str, index_folder: Path) -> None:
    path = index_folder / "gen-000001" / name
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(IndexDamaged, match=r"expected only the files that were written") as caught:
        load_index(index_folder)
    assert str(caught.value).startswith(f"{path}: ")
    path.rename(path.with_name(".DS_Store"))
    assert load_index(index_folder).search("花壇", 1).hits


def test_parts_that_do_not_belong_together_fall_back_too(
    two_generations: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Sealed as they were written, and yet of another index: a fault of the writer."""
    folder = two_generations / "gen-000002"
    rows = (folder / "passages.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "passages.jsonl").write_text("".join(rows[:-1]), encoding="utf-8")
    _seal_again(folder)
    with caplog.at_level(logging.WARNING, "index.generations"):
        found = load_index(two_generations)
    assert "20万円" in found.search("助成金の上限", 1).hits[0].passage.text
    assert "and 22 passages, found 3 and 21" in caplog.text


def test_vectors_of_other_texts_fail_the_self_test(two_generations: Path) -> None:
    folder = two_generations / "gen-000002"
    vectors = faiss.read_index(str(folder / "vectors.faiss"))
    rows = vectors.reconstruct_n(0, vectors.ntotal)
    shifted = faiss.IndexFlatIP(vectors.d)
    shifted.add(np.roll(rows, 1, axis=0))
    faiss.write_index(shifted, str(folder / "vectors.faiss"))
    _seal_again(folder)
    with pytest.raises(IndexDamaged, match=r"self-test failed: the vector of .* is not the model"):
        load_named(two_generations)
    assert "20万円" in load_index(two_generations).search("助成金の上限", 1).hits[0].passage.text


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


@pytest.mark.parametrize("damage", ["truncated middle", "flipped tail", "removed"])
@pytest.mark.parametrize("name", ["vectors.faiss", "manifest.json"])
def test_the_generation_before_takes_the_place_of_a_damaged_one(
    name: str, damage: str, two_generations: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = two_generations / "gen-000002" / name
    _damage(path, damage)
    with caplog.at_level(logging.WARNING, "index.generations"):
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
    with caplog.at_level(logging.WARNING, "index.generations"):
        found = load_index(two_generations)
    assert "30万円" in found.search("助成金の上限", 1).hits[0].passage.text
    assert len(caplog.records) == 1


def test_where_no_generation_is_whole_the_current_one_is_blamed(two_generations: Path) -> None:
    for number in (1, 2):
        _damage(two_generations / f"gen-{number:06d}" / "owners.npy", "flipped head")
    with pytest.raises(IndexDamaged, match=r"gen-000002/owners\.npy"):
        load_index(two_generations)


def test_a_build_after_damage_keeps_the_last_whole_generation(
    two_generations: Path, documents: Path
) -> None:
    _damage(two_generations / "gen-000002" / "owners.npy", "flipped head")
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


@pytest.mark.parametrize("version", [1, 2, 3, "4", None])
def test_another_format_is_refused(version: object, index_folder: Path) -> None:
    path = index_folder / "gen-000001" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "format_version": version}), encoding="utf-8")
    with pytest.raises(IndexMismatch, match=f"expected index format 4, found {version}; build it"):
        load_index(index_folder)


def test_another_dictionary_is_refused(index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.opening, "dictionary_version", lambda: "sudachi of tomorrow")
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


def _seal_again(folder: Path) -> None:
    """Write the manifest that a generation's files would have."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for name in manifest["files"]:
        size = (folder / name).stat().st_size
        manifest["files"][name] = {"size": size, "sha256": generations.sha256(folder / name)}
    path.write_text(json.dumps({**manifest, "seal": generations.seal(manifest)}), encoding="utf-8")


def _damage(path: Path, kind: str) -> None:
    data = path.read_bytes()
    if kind == "removed":
        path.unlink()
        return
    step = max(len(data) // 3, 1)
    starts = {"head": 0, "middle": len(data) // 2, "tail": max(len(data) - 1, 0)}
    what, _, where = kind.partition(" ")
    at = starts.get(where, 0)
    path.write_bytes(
        {
            "flipped": data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :],
            "zeroed": data[: min(at, 2 * step)] + bytes(step) + data[min(at, 2 * step) + step :],
            "truncated": data[:at],
            "without": data[:at] + data[at + 1 :],
            "grown": data + b"\0",
        }[what]
    )
