"""Where a document's collection is found, that a change of it counts, and views of an index."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.documents import DocumentStore
from assistant.live import LiveAssistant
from assistant.people.accounts import checked_collections
from assistant.people.errors import PeopleError
from assistant.pipeline import Assistant
from corpus import read_folders
from corpus.collection import FILE, collection_name
from corpus.copies import mark_copies
from corpus.errors import CorpusError, DocumentError
from index import Index, IndexDamaged, build_index, load_index
from index.opening import read_documents
from index.store import current, go_back
from index.views import Kept

HEAD = "---\ntitle: {title}\nauthority: manual\n{said}---\n\n# {title}\n\n{text}\n"
NOBODY: frozenset[str] = frozenset()


def write(path: Path, text: str = "苗は春に配ります。", said: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD.format(title=path.stem, said=said, text=text), encoding="utf-8")
    return path


def found(folder: Path) -> dict[str, tuple[str, str]]:
    return {
        d.document_id: (d.collection, d.collection_from) for d in read_folders([folder]).documents
    }


def test_a_collection_stands_in_the_file_its_sidecar_or_its_folder_the_nearest_counts(
    tmp_path: Path,
) -> None:
    write(tmp_path / "a.md")
    write(tmp_path / "b.md", said="collection: 人事\n")
    write(tmp_path / "課" / "c.md")
    write(tmp_path / "課" / "d.md", said="collection: 契約\n")
    write(tmp_path / "課" / "e.md", said="collection: 契約\n")
    write(tmp_path / "課" / "open.md", said="collection:\n")
    write(tmp_path / "課" / "係" / "f.md")
    (tmp_path / "課" / "e.meta.toml").write_text('collection = "税"\n', encoding="utf-8")
    (tmp_path / "課" / FILE).write_text('collection = "総務"\n', encoding="utf-8")
    assert found(tmp_path) == {
        "a": ("", ""),
        "b": ("人事", "front matter"),
        "c": ("総務", "folder"),
        "d": ("契約", "front matter"),
        "e": ("税", "sidecar"),
        "open": ("", "front matter"),
        "f": ("総務", "folder"),
    }


def test_one_name_is_written_in_several_ways() -> None:
    assert collection_name(" ＨＲ　室 ", "a.md") == collection_name("HR 室", "a.md") == "HR 室"
    assert checked_collections([" ＨＲ　室", "", "HR 室"]) == {"HR 室"}
    with pytest.raises(PeopleError):
        checked_collections(["人" * 61])


@pytest.mark.parametrize("name", ["人事,契約", "人事、契約", "人" * 61])
def test_a_name_that_cannot_be_leaves_its_document_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError):
        collection_name(name, "a.md")
    write(tmp_path / "a.md", said=f"collection: {name}\n")
    write(tmp_path / "b.md")
    assert list(found(tmp_path)) == ["b"]


@pytest.mark.parametrize("text", ["collection = 人事", 'colection = "人事"', "", "collection = 3"])
def test_a_broken_file_of_a_folder_shows_its_documents_to_nobody(tmp_path: Path, text: str) -> None:
    write(tmp_path / "a.md")
    write(tmp_path / "課" / "b.md")
    (tmp_path / "課" / FILE).write_text(text, encoding="utf-8")
    reading = read_folders([tmp_path])
    assert [d.document_id for d in reading.documents] == ["a"]
    assert FILE in reading.skipped[0].reason


def collections_in(root: Path) -> dict[str, str]:
    documents = read_documents(current(root).folder)
    passages = load_index(root).passages
    assert {p.document.document_id: p.document.collection for p in passages} == {
        name: d.collection for name, d in documents.items()
    }
    return {name: d.collection for name, d in documents.items()}


def test_a_change_of_nothing_but_the_collection_counts_at_the_next_build(tmp_path: Path) -> None:
    documents, root = tmp_path / "documents", tmp_path / "index"
    write(documents / "a.md", "鉢は秋に配ります。")
    write(documents / "課" / "b.md")
    build_index(root, [documents])
    assert collections_in(root) == {"a": "", "b": ""}
    (documents / "課" / FILE).write_text('collection = "総務"\n', encoding="utf-8")
    (documents / "a.meta.toml").write_text('collection = "人事"\n', encoding="utf-8")
    build_index(root, [documents])
    assert collections_in(root) == {"a": "人事", "b": "総務"}
    build_index(root, [documents], collections={"b": "契約"})
    assert collections_in(root) == {"a": "人事", "b": "契約"}
    (documents / "課" / FILE).unlink()
    build_index(root, [documents])
    assert collections_in(root) == {"a": "人事", "b": ""}


def test_an_index_of_before_there_were_collections_is_everyones(
    index_folder: Path, tmp_path: Path
) -> None:
    folder = current(index_folder).folder
    rows = [json.loads(x) for x in (folder / "documents.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        del row["collection"], row["collection_from"]
    (tmp_path / "documents.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert {d.collection for d in read_documents(tmp_path).values()} == {""}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DocumentStore:
    """A store beside three small documents in place of the bundled ones."""
    bundled = tmp_path / "bundled"
    write(bundled / "common.md", "花壇は公園にあります。")
    for module in ("assistant.documents", "corpus.ingest"):
        monkeypatch.setattr(f"{module}.BUNDLED", bundled)
    return DocumentStore(tmp_path / "store", tmp_path / "index")


def version(folder: Path, number: int, said: str = "") -> Path:
    dates = f"effective_from: 20{number:02d}-04-01\n"
    return write(folder / str(number) / "oku.md", f"第{number}の鍵は棚にあります。", dates + said)


def test_a_newer_version_that_says_nothing_stays_hidden_and_so_do_the_earlier_ones(
    store: DocumentStore, tmp_path: Path
) -> None:
    store.add([version(tmp_path, 1)])
    assert collections_in(store.index) == {"common": "", "oku": ""}
    store.add([version(tmp_path, 2)], collection="人事")
    store.add([version(tmp_path, 3)])
    hidden = {"common": "", "oku": "人事", "oku@v1": "人事", "oku@v2": "人事"}
    assert collections_in(store.index) == hidden
    store.restore("oku", 1)
    assert collections_in(store.index) == {"common": "", "oku": "人事"}
    seen = [row.document_id for row in store.documents(NOBODY)]
    assert seen == ["common"]
    assert [row.collection for row in store.documents(frozenset({"人事"}))] == ["人事", ""]


def test_a_version_that_names_another_collection_takes_the_document_there(
    store: DocumentStore, tmp_path: Path
) -> None:
    store.add([version(tmp_path, 1, "collection: 人事\n")])
    assert collections_in(store.index)["oku"] == "人事"
    store.add([version(tmp_path, 2, "collection: 契約\n")])
    assert set(collections_in(store.index).items()) >= {("oku", "契約"), ("oku@v1", "契約")}
    (report,) = store.correct("oku", {"collection": ""}).done
    assert report.result == "corrected"
    assert set(collections_in(store.index).values()) == {""}


def test_adding_the_same_file_to_a_collection_hides_it(
    store: DocumentStore, tmp_path: Path
) -> None:
    store.add([version(tmp_path, 1)])
    (again,) = store.add([version(tmp_path, 1)], collection="人事").done
    assert again.result == "corrected"
    assert collections_in(store.index)["oku"] == "人事"
    (same,) = store.add([version(tmp_path, 1)]).done
    assert same.result == "unchanged"
    assert collections_in(store.index)["oku"] == "人事"


def test_a_correction_that_is_refused_changes_no_collection(
    store: DocumentStore, tmp_path: Path
) -> None:
    store.add([version(tmp_path, 1)], collection="人事")
    for values in ({"collection": "", "adopted": "gestern"}, {"collection": "a,b"}):
        with pytest.raises(CorpusError):
            store.correct("oku", values)
    store.build()
    assert collections_in(store.index)["oku"] == "人事"


def test_what_the_office_hid_of_a_bundled_document_ends_with_its_own_copy(
    store: DocumentStore, tmp_path: Path
) -> None:
    store.add([tmp_path / "bundled" / "common.md"], collection="人事")
    store.add([version(tmp_path, 1)])
    assert collections_in(store.index) == {"common": "人事", "oku": ""}
    store.remove("common")
    assert collections_in(store.index) == {"common": "", "oku": ""}


def test_where_all_is_hidden_every_question_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "documents" / "a.md", said="collection: 人事\n")
    build_index(tmp_path / "index", [tmp_path / "documents"])
    seen = Assistant(load_index(tmp_path / "index")).seen_by(NOBODY)
    assert seen.documents() == ()
    assert seen.examples("ja") == ()
    for question in ("苗はいつ配りますか", "When are the seedlings given out?", "第1条は何ですか"):
        answer = seen.ask(question)
        assert answer.status == "no_answer"
        assert answer.nearest == ()


def test_what_is_hidden_is_hidden_in_the_next_index_too(tmp_path: Path) -> None:
    documents, root = tmp_path / "documents", tmp_path / "index"
    write(documents / "a.md", "鉢は秋に配ります。")
    write(documents / "b.md", "苗は春に配ります。", said="collection: 人事\n")
    build_index(root, [documents])
    live = LiveAssistant(root)
    seen = live.seen_by(NOBODY)
    assert [d.document_id for d in seen.documents()] == ["a"]
    write(documents / "b.md", "苗は夏に配ります。", said="collection: 人事\n")
    write(documents / "c.md", "土は冬に配ります。")
    build_index(root, [documents])
    assert live.look()
    assert live.snapshot().views() == (NOBODY,)
    assert [d.document_id for d in seen.documents()] == ["a", "c"]
    assert len(live.documents()) == 3


def test_an_older_index_hides_what_was_hidden_since(tmp_path: Path) -> None:
    """Whether somebody goes back to it, or it stands in for a newer one that is damaged."""
    documents, root = tmp_path / "documents", tmp_path / "index"
    write(documents / "a.md", "鉢は秋に配ります。")
    write(documents / "b.md", "苗は春に配ります。")
    build_index(root, [documents])
    (documents / "b.meta.toml").write_text('collection = "人事"\n', encoding="utf-8")
    build_index(root, [documents])
    newest = current(root).folder
    (newest / "owners.npy").write_bytes(b"")
    assert ids_seen(load_index(root)) == ["a"]
    go_back(root)
    assert current(root).folder != newest
    assert ids_seen(load_index(root)) == ["a"]
    (documents / "b.meta.toml").unlink()
    build_index(root, [documents])
    assert ids_seen(load_index(root)) == ["a", "b"]


def ids_seen(index: Index) -> list[str]:
    return [d.document_id for d in index.seen_by(NOBODY).documents]


def test_where_it_cannot_be_told_what_is_hidden_nothing_is_shown(tmp_path: Path) -> None:
    documents, root = tmp_path / "documents", tmp_path / "index"
    write(documents / "a.md", said="collection: 人事\n")
    build_index(root, [documents])
    (root / "collections.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamaged, match="collections"):
        load_index(root)
    build_index(root, [documents])
    assert ids_seen(load_index(root)) == []


def test_what_stood_behind_a_hidden_passage_stands_for_itself(tmp_path: Path) -> None:
    text = (
        "共催を希望する団体は、事業を行う日の三十日前までに、窓口に申込書を提出しなければならない。"
    )
    write(tmp_path / "first.md", text, "collection: 人事\n")
    write(tmp_path / "second.md", text)
    marked, _ = mark_copies(read_folders([tmp_path]).passages)
    assert [bool(p.copies) for p in marked] == [True, False]
    assert marked[1].copy_of == marked[0].passage_id
    alone, _ = mark_copies(
        [
            replace(marked[1], superseded=True),
        ]
    )
    assert (alone[0].copy_of, alone[0].copies, alone[0].superseded) == (None, (), False)


def test_of_several_who_want_the_same_first_one_makes_it() -> None:
    kept: Kept[str, int] = Kept(most=2)
    made: list[str] = []
    begin = threading.Barrier(8)

    def make(key: str) -> int:
        made.append(key)
        time.sleep(0.05)
        return len(made)

    def want(_: int) -> int:
        begin.wait()
        return kept.get("a", make)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(want, range(8))) == {1}
    assert made == ["a"]


def test_the_least_used_goes_first_and_what_failed_is_not_kept() -> None:
    kept: Kept[str, str] = Kept(most=2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, str.upper)
    assert kept.keys() == ("a", "c")

    def fail(key: str) -> str:
        raise ValueError(key)

    with pytest.raises(ValueError, match="d"):
        kept.get("d", fail)
    assert kept.get("d", str.upper) == "D"
