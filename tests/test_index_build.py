"""Building an index: what is stored comes back, and only what changed is read again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corpus.folder
import index.build
import index.opening
from corpus import CorpusError, Document, Passage, read_folders
from corpus.copies import mark_copies
from index import SearchIndexError, build_index, describe_index, load_index
from index.contents import read_document
from index.encoder import StaticEncoder


@pytest.fixture
def read_ids(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the documents that are read from now on."""
    names: list[str] = []
    real = corpus.folder.make_passages

    def counted(document: Document, blocks: Any) -> list[Passage]:
        names.append(document.document_id)
        return real(document, blocks)

    monkeypatch.setattr(corpus.folder, "make_passages", counted)
    return names


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are embedded from now on, but for those of self-tests."""
    texts: list[str] = []
    monkeypatch.setattr(index.build, "self_test", lambda built: None)
    monkeypatch.setattr(index.opening, "self_test", lambda built: None)
    real = StaticEncoder.encode_passages

    def counted(encoder: StaticEncoder, given: list[str]) -> object:
        texts.extend(given)
        return real(encoder, given)

    monkeypatch.setattr(StaticEncoder, "encode_passages", counted)
    return texts


def test_what_is_read_is_what_is_loaded(documents: Path, index_folder: Path) -> None:
    reading = read_folders([documents])
    loaded = load_index(index_folder)
    assert loaded.passages == reading.passages
    assert loaded.documents == reading.documents
    assert loaded.skipped == ()
    assert len(loaded.passages) == 22


def test_the_bundled_documents_come_back_whole(bundled_index: index.Index) -> None:
    reading = read_folders([corpus.folder.BUNDLED])
    assert bundled_index.passages == mark_copies(reading.passages)[0]
    assert bundled_index.documents == reading.documents


def test_an_index_built_twice_finds_the_same(documents: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    fingerprints = {build_index(root, [documents])["fingerprint"] for root in (first, second)}
    assert len(fingerprints) == 1
    found = [
        load_index(root).search("花壇の手入れはだれがしますか", 5).hits for root in (first, second)
    ]
    assert found[0] == found[1]
    assert found[0][0].passage.locator == "第6条"


def test_a_built_index_is_described(index_folder: Path) -> None:
    described = describe_index(index_folder)
    report = described.pop("report")
    assert [(Path(o["file"]).name, o["status"]) for o in report] == [
        ("hyo.tsv", "ok"),
        ("machi-jorei.md", "ok"),
        ("tebiki.md", "ok"),
    ]
    assert sum(o["passages"] for o in report) == described["passages"]
    assert described == {
        "fingerprint": load_index(index_folder).fingerprint,
        "model": "bundled",
        "model_fingerprint": load_index(index_folder).encoder.fingerprint,
        "dimension": load_index(index_folder).encoder.dimension,
        "prompts": {},
        "documents": 3,
        "passages": 22,
        "skipped": [],
        "alerts": [],
        "format_version": 4,
        "calibration": "bundled",
    }


def test_progress_names_every_file(documents: Path, tmp_path: Path) -> None:
    seen: list[str] = []
    build_index(tmp_path / "index", [documents], progress=lambda path: seen.append(path.name))
    assert seen == ["hyo.tsv", "machi-jorei.md", "tebiki.md"]


def test_an_unreadable_file_is_left_out_and_named(documents: Path, tmp_path: Path) -> None:
    (documents / "broken.pdf").write_bytes(b"%PDF-1.7\nno pages here")
    manifest = build_index(tmp_path / "index", [documents])
    assert [Path(s["file"]).name for s in manifest["skipped"]] == ["broken.pdf"]
    assert manifest["documents"] == 3
    assert load_index(tmp_path / "index").skipped[0][0].endswith("broken.pdf")


def test_documents_without_any_text_make_no_index(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nno pages here")
    with pytest.raises(CorpusError, match="expected at least one readable document"):
        build_index(tmp_path / "index", [folder])
    assert not list((tmp_path / "index").glob("gen-*"))
    assert not list((tmp_path / "index").glob(".tmp-*"))


def test_an_unchanged_file_is_not_read_again(
    documents: Path, index_folder: Path, read_ids: list[str], embedded: list[str]
) -> None:
    before = load_index(index_folder)
    report = describe_index(index_folder)["report"]
    build_index(index_folder, [documents])
    assert read_ids == []
    assert embedded == []
    assert describe_index(index_folder)["report"] == report
    after = load_index(index_folder)
    assert after.passages == before.passages
    _assert_same_vectors(after, before)


def test_only_the_changed_file_is_read_again(
    documents: Path, index_folder: Path, read_ids: list[str], embedded: list[str]
) -> None:
    _edit(documents / "tebiki.md", "20万円", "30万円")
    build_index(index_folder, [documents])
    assert read_ids == ["tebiki"]
    assert len(embedded) == 1
    assert "30万円" in embedded[0]
    hits = load_index(index_folder).search("助成金の上限はいくらですか", 3).hits
    assert hits[0].passage.text == "助成金の上限は、1団体あたり30万円です。"
    _assert_as_if_built_anew(index_folder, documents)


def test_a_changed_rendering_counts_as_a_change(
    documents: Path, index_folder: Path, read_ids: list[str]
) -> None:
    _edit(documents / "hyo.en.tsv", "free of charge", "without paying")
    build_index(index_folder, [documents])
    assert read_ids == ["hyo"]
    texts = [p.text for p in load_index(index_folder).passages]
    assert "Groups may use the gymnasium without paying." in texts
    assert "Groups may use the gymnasium free of charge." not in texts


def test_a_removed_file_disappears(documents: Path, index_folder: Path) -> None:
    (documents / "machi-jorei.md").unlink()
    build_index(index_folder, [documents])
    loaded = load_index(index_folder)
    assert {d.document_id for d in loaded.documents} == {"hyo", "tebiki"}
    found = [h.passage.document.document_id for h in loaded.search("花壇の手入れ", 20).hits]
    assert "machi-jorei" not in found
    _assert_as_if_built_anew(index_folder, documents)


def test_a_new_file_is_read_beside_the_known_ones(
    documents: Path, index_folder: Path, read_ids: list[str]
) -> None:
    (documents / "new.txt").write_text("図書館は、月曜日に休みます。\n", encoding="utf-8")
    build_index(index_folder, [documents])
    assert read_ids == ["new"]
    assert len(load_index(index_folder).passages) == 23


def test_a_page_that_cannot_be_read_is_reported_every_time(
    documents: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = corpus.folder._content

    def partly(path: Path, data: bytes, children: Any) -> Any:
        content = real(path, data, children)
        note = ("tebiki.md: page 2 cannot be read.",)
        return replace(content, notes=note) if path.stem == "tebiki" else content

    monkeypatch.setattr(corpus.folder, "_content", partly)
    _edit(documents / "tebiki.md", "20万円", "30万円")
    reports = [build_index(index_folder, [documents])["skipped"] for _ in range(3)]
    assert reports[0][0]["reason"] == "tebiki.md: page 2 cannot be read."
    assert reports[1] == reports[2] == reports[0]


def test_another_reader_reads_every_file_again(
    documents: Path,
    index_folder: Path,
    read_ids: list[str],
    embedded: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index.build, "_reader_version", lambda: "another")
    build_index(index_folder, [documents])
    assert sorted(read_ids) == ["hyo", "machi-jorei", "tebiki"]
    assert embedded == []


@pytest.mark.parametrize("spoil", ["vectors.faiss", "manifest.json"])
def test_a_damaged_index_is_built_anew(
    documents: Path, index_folder: Path, read_ids: list[str], spoil: str
) -> None:
    next(index_folder.glob(f"gen-*/{spoil}")).write_bytes(b"spoiled")
    build_index(index_folder, [documents])
    assert len(read_ids) == 3
    assert load_index(index_folder).search("花壇", 1).hits


def test_a_failing_build_leaves_the_index_that_stands(
    documents: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load_index(index_folder).fingerprint
    _edit(documents / "tebiki.md", "20万円", "30万円")
    monkeypatch.setattr(index.build, "save_keywords", _full_disk)
    with pytest.raises(SearchIndexError, match=r"No space left on device; make room or name"):
        build_index(index_folder, [documents])
    assert load_index(index_folder).fingerprint == before
    assert not list(index_folder.glob(".tmp-*"))


def test_a_folder_that_cannot_be_written_is_named(documents: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SearchIndexError, match=r"file/index: expected to write an index into"):
        build_index(tmp_path / "file" / "index", [documents])


def test_a_missing_folder_is_named_and_nothing_is_lost(index_folder: Path, tmp_path: Path) -> None:
    before = load_index(index_folder).fingerprint
    with pytest.raises(CorpusError, match="nowhere: expected a folder of documents"):
        build_index(index_folder, [tmp_path / "nowhere"])
    assert load_index(index_folder).fingerprint == before


def _full_disk(*given: object) -> None:
    raise OSError(28, "No space left on device")


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _assert_same_vectors(one: index.Index, other: index.Index) -> None:
    pairs = [i.dense.faiss_index.reconstruct_n(0, i.dense.faiss_index.ntotal) for i in (one, other)]
    np.testing.assert_array_equal(*pairs)
    np.testing.assert_array_equal(one.dense.owners, other.dense.owners)


def _assert_as_if_built_anew(root: Path, documents: Path) -> None:
    fresh = root.with_name("fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    build_index(fresh, [documents])
    one, other = load_index(root), load_index(fresh)
    assert one.passages == other.passages
    assert one.keywords.frequencies == other.keywords.frequencies
    np.testing.assert_allclose(
        one.dense.faiss_index.reconstruct_n(0, one.dense.faiss_index.ntotal),
        other.dense.faiss_index.reconstruct_n(0, other.dense.faiss_index.ntotal),
        atol=1e-6,
    )


def test_one_document_is_read_from_an_index_as_it_was_written(index_folder: Path) -> None:
    whole = load_index(index_folder)
    for document in whole.documents:
        held = read_document(index_folder, document.document_id)
        assert held == (document, whole.by_document[document.document_id])
    assert read_document(index_folder, "nothing") is None
