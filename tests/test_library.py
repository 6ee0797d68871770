"""The office's own documents: versions kept, corrections kept, and never half a store."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import corpus.library
from assistant.documents import DocumentStore
from assistant.pipeline import Assistant
from corpus import library
from corpus.changes import changes, relying
from corpus.errors import CorpusError
from corpus.folder import BUNDLED, read_file
from corpus.guides import BUNDLED_GUIDES, read_guides
from corpus.versions import LibraryError
from corpus.warnings import sentence
from index import load_index
from tests.crash_runner import CHANGES
from tests.pdf_bytes import one_font

ROOT = Path(__file__).parents[1]
TRIALS = int(os.environ.get("CRASH_TRIALS", "15"))
HEAD = "---\ntitle: 見本の手引\nauthority: manual\n{more}---\n\n# 申請\n\n"
FIRST = "## 上限\n\n助成金の上限は20万円です。\n\n## 窓口\n\n窓口は3階です。\n"
SECOND = "## 上限\n\n助成金の上限は30万円です。\n\n## 期限\n\n期限は9月30日です。\n"
OLD, NEW = "effective_from: 2024-04-01\n", "effective_from: 2026-04-01\n"


def write(folder: Path, text: str, more: str = "", name: str = "annai.md") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(HEAD.format(more=more) + text, encoding="utf-8")
    return folder / name


@pytest.fixture
def bundled_store(tmp_path: Path) -> DocumentStore:
    return DocumentStore(tmp_path / "home" / "documents", tmp_path / "home" / "index")


@pytest.fixture
def store(tmp_path: Path, documents: Path, monkeypatch: pytest.MonkeyPatch) -> DocumentStore:
    """A store beside three small documents in place of the bundled ones, for a quick build."""
    monkeypatch.setattr("assistant.documents.BUNDLED", documents)
    return DocumentStore(tmp_path / "home" / "documents", tmp_path / "home" / "index")


@pytest.fixture
def twice(store: DocumentStore, tmp_path: Path) -> DocumentStore:
    """A store whose one document was replaced by a version with later dates."""
    store.add([write(tmp_path / "in", FIRST, OLD)])
    store.add([write(tmp_path / "in", SECOND, NEW)])
    return store


def texts(store: DocumentStore, document_id: str) -> list[str]:
    passages = load_index(store.index).by_document.get(document_id, ())
    return [p.text for p in passages]


def test_a_document_added_is_answered_from_beside_the_bundled_ones(
    bundled_store: DocumentStore, tmp_path: Path
) -> None:
    store = bundled_store
    report = store.add([write(tmp_path / "in", FIRST)])
    (done,) = report.done
    assert (done.result, done.document_id, done.passages) == ("added", "annai", 2)
    assert not report.has_problems
    index = load_index(store.index)
    assert index.fingerprint == report.index
    assert "20万円" in Assistant(index).ask("見本の手引で助成金の上限はいくらですか").text
    assert len(index.documents) == len(list(BUNDLED.glob("*.md"))) + 2


def test_a_replaced_document_keeps_its_earlier_version_until_the_day_before(
    twice: DocumentStore,
) -> None:
    found, (_, second) = twice.history("annai")
    assert [v.number for v in found.versions] == [1, 2]
    assert found.current == 2
    assert texts(twice, "annai") == ["助成金の上限は30万円です。", "期限は9月30日です。"]
    earlier = load_index(twice.index).by_document["annai@v1"]
    assert {(p.effective_from, p.effective_until) for p in earlier} == {
        ("2024-04-01", "2026-03-31")
    }
    assert {p.document.source for p in earlier} == {"annai.md"}
    assert [(c.kind, c.locator) for c in second.changes] == [
        ("changed", "申請 › 上限"),
        ("added", "申請 › 期限"),
        ("removed", "申請 › 窓口"),
    ]


def test_the_earlier_version_is_cited_as_of_its_day_only(twice: DocumentStore) -> None:
    assistant = Assistant(load_index(twice.index))
    for day, amount in (
        ("2025-01-01", "20万円"),
        ("2026-03-31", "20万円"),
        ("2026-04-01", "30万円"),
    ):
        answer = assistant.ask("見本の手引で助成金の上限はいくらですか", as_of=day)
        own = [c.quote for c in answer.citations if c.passage.document.title == "見本の手引"]
        assert own == [f"助成金の上限は{amount}です。"], day


def test_where_no_date_is_known_the_earlier_version_is_kept_but_not_cited(
    store: DocumentStore, tmp_path: Path
) -> None:
    store.add([write(tmp_path / "in", FIRST)])
    store.add([write(tmp_path / "in", SECOND)])
    assert [d for d in load_index(store.index).by_document if d.startswith("annai")] == ["annai"]
    found, _ = store.history("annai")
    assert found.path_of(found.versions[0]).read_text(encoding="utf-8").endswith("3階です。\n")


def test_an_earlier_version_can_be_restored_and_the_later_one_again(twice: DocumentStore) -> None:
    report = twice.restore("annai", 1)
    assert report.done[0].result == "restored"
    assert [c.kind for c in report.done[0].changes] == ["changed", "added", "removed"]
    assert texts(twice, "annai") == ["助成金の上限は20万円です。", "窓口は3階です。"]
    assert texts(twice, "annai@v1") == []
    twice.restore("annai", 2)
    assert texts(twice, "annai")[0] == "助成金の上限は30万円です。"
    with pytest.raises(
        LibraryError, match=r"annai: expected one of its versions \(1, 2\), found 7"
    ):
        twice.restore("annai", 7)


def test_the_same_file_again_changes_nothing(twice: DocumentStore, tmp_path: Path) -> None:
    before = load_index(twice.index).fingerprint
    report = twice.add([tmp_path / "in" / "annai.md"])
    assert [d.result for d in report.done] == ["unchanged"]
    assert report.index == ""
    assert load_index(twice.index).fingerprint == before
    assert len(twice.history("annai")[0].versions) == 2


def test_what_is_removed_is_gone(twice: DocumentStore) -> None:
    report = twice.remove("annai")
    assert [d.result for d in report.done] == ["removed"]
    assert not [d for d in load_index(twice.index).by_document if d.startswith("annai")]
    assert [p.name for p in twice.root.iterdir()] == [".lock"]
    with pytest.raises(LibraryError, match="annai: expected a document that was added here"):
        twice.remove("annai")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("annai.md", b"", "annai.md: "),
        ("annai.md", b"---\ntitle: x\nauthority: nonsense\n---\n\ny\n", "authority is 'nonsense'"),
        ("annai.exe", b"MZ\0", "expected a kind of file that can be read, found .exe"),
        ("kowareta.pdf", b"%PDF-1.7 nothing", "kowareta.pdf: "),
        (".hidden.md", b"# x\n\ny\n", "rename the file"),
        ("x" * 230 + ".md", b"# x\n\ny\n", "rename the file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_what_stood_stays(
    name: str, data: bytes, sentence: str, twice: DocumentStore, tmp_path: Path
) -> None:
    before = load_index(twice.index).fingerprint
    (tmp_path / name).write_bytes(data)
    report = twice.add([tmp_path / name])
    assert [d.result for d in report.done] == ["refused"]
    assert sentence in report.done[0].detail
    assert ".left-" not in report.done[0].detail
    assert report.has_problems
    assert load_index(twice.index).fingerprint == before
    assert texts(twice, "annai")[0] == "助成金の上限は30万円です。"
    assert not list(twice.root.rglob(".left-*"))


def test_the_good_of_several_files_go_in(store: DocumentStore, tmp_path: Path) -> None:
    good = write(tmp_path / "in", FIRST)
    seen: list[tuple[str, int, int]] = []
    report = store.add([tmp_path / "none.pdf", good], lambda *at: seen.append(at))
    assert [d.result for d in report.done] == ["refused", "added"]
    assert seen[:2] == [("none.pdf", 1, 2), ("annai.md", 2, 2)]
    assert seen[-1][1:] == (4, 4)


def test_a_corrected_document_keeps_its_correction_in_its_next_version(
    store: DocumentStore, tmp_path: Path
) -> None:
    path = tmp_path / "shiryo.txt"
    path.write_text("協働の資料\n\n第1条 窓口は3階です。\n", encoding="utf-8")
    store.add([path])
    values = {"title": "協働の要綱", "authority": "rule", "effective_from": "2025-04-01"}
    assert store.correct("shiryo", values).done[0].result == "corrected"
    (listed,) = [d for d in store.documents() if d.own]
    assert (listed.title, listed.authority, listed.effective_from) == tuple(values.values())
    path.write_text("協働の資料\n\n第1条 窓口は4階です。\n", encoding="utf-8")
    store.add([path])
    document = load_index(store.index).by_document["shiryo"][0].document
    assert (document.title, document.authority) == ("協働の要綱", "rule")
    assert document.effective_from is None
    store.correct("shiryo", {"title": "", "effective_from": "2026-04-01"})
    document = load_index(store.index).by_document["shiryo"][0].document
    assert (document.title, document.effective_from) == ("協働の資料", "2026-04-01")
    assert load_index(store.index).by_document["shiryo@v1"][0].effective_until == "2026-03-31"


@pytest.mark.parametrize(
    "values", [{"weight": "5"}, {"effective_from": "令和8年"}, {"authority": "king"}]
)
def test_a_correction_that_cannot_be_changes_nothing(
    values: dict[str, str], twice: DocumentStore
) -> None:
    before = {p: p.read_bytes() for p in twice.root.rglob("*") if p.is_file()}
    with pytest.raises(CorpusError):
        twice.correct("annai", values)
    assert {p: p.read_bytes() for p in twice.root.rglob("*") if p.is_file()} == before
    assert texts(twice, "annai")[0] == "助成金の上限は30万円です。"
    assert read_file(twice.history("annai")[0].path)[0].title == "見本の手引"


def test_one_of_the_offices_own_takes_the_place_of_a_bundled_document(
    bundled_store: DocumentStore, tmp_path: Path
) -> None:
    store = bundled_store
    source = (BUNDLED / "kyosai-koen.md").read_text(encoding="utf-8")
    cited = next(
        p for g in read_guides([BUNDLED_GUIDES]) for p in g.grounds if p.document == "kyosai-koen"
    )
    old = next(p for p in read_file(BUNDLED / "kyosai-koen.md")[1] if p.locator == cited.locator)
    path = tmp_path / "kyosai-koen.md"
    path.write_text(source.replace(old.text, "別の説明です。"), encoding="utf-8")
    report = store.add([path])
    (done,) = report.done
    assert done.result == "replaced"
    assert [(c.kind, c.locator) for c in done.changes] == [("changed", cited.locator)]
    assert "cohost" in {g.guide for g in done.guides}
    assert "別の説明です。" in texts(store, "kyosai-koen")
    assert report.left_out == ()
    heading = re.escape(old.headings[-1])
    path.write_text(re.sub(rf"(?m)^(#+ ){heading}", r"\1改めた見出し", source), encoding="utf-8")
    report = store.add([path])
    assert [line for line in report.left_out if line.startswith("guide cohost: ")]
    assert "cohost" not in {g.name for g in load_index(store.index).guides}
    store.remove("kyosai-koen")
    assert old.text in texts(store, "kyosai-koen")
    assert "cohost" in {g.name for g in load_index(store.index).guides}


def test_a_change_says_which_words_went_and_came(tmp_path: Path) -> None:
    before = read_file(write(tmp_path / "a", FIRST))[1]
    after = read_file(write(tmp_path / "b", SECOND))[1]
    (changed, *_) = changes(before, after)
    assert [p for p in changed.parts if p[0] != "same"] == [("removed", "2"), ("added", "3")]
    assert "".join(text for kind, text in changed.parts if kind != "added") == changed.before
    assert "".join(text for kind, text in changed.parts if kind != "removed") == changed.after
    assert changes(before, before) == ()
    assert relying("annai", changes(before, after), read_guides([BUNDLED_GUIDES])) == ()


def test_several_passages_of_one_place_are_compared_in_order(tmp_path: Path) -> None:
    one = read_file(write(tmp_path / "a", FIRST))[1][0]
    before = [replace(one, text=text) for text in ("一です。", "二です。", "三です。")]
    after = [replace(one, text=text) for text in ("一です。", "三です。", "四です。")]
    english = replace(one, text="Four.", rendering=True)
    assert [(c.kind, c.before, c.after) for c in changes(before, [*after, english])] == [
        ("removed", "二です。", ""),
        ("added", "", "四です。"),
    ]


def test_the_second_who_changes_something_is_told_at_once(
    store: DocumentStore, tmp_path: Path
) -> None:
    path = write(tmp_path / "in", FIRST)
    with (
        library.changing(store.root),
        pytest.raises(LibraryError, match="another process is chang"),
    ):
        store.add([path])
    assert store.add([path]).done[0].result == "added"


def test_documents_are_kept_while_another_process_builds_the_index(
    twice: DocumentStore, tmp_path: Path
) -> None:
    from index import store as disk

    with disk.writer(twice.index):
        report = twice.add([write(tmp_path / "in", FIRST, name="other.md")])
    assert report.has_problems
    assert "another process is building this index" in report.problem
    assert {d.document_id: d.status for d in twice.documents()}["other"] == "waiting"
    twice.build()
    assert {d.document_id: d.status for d in twice.documents()}["other"] == "ok"


def test_the_list_tells_what_is_where(twice: DocumentStore) -> None:
    rows = {d.document_id: d for d in twice.documents()}
    assert (rows["annai"].own, rows["annai"].status, rows["annai"].versions) == (True, "ok", 2)
    assert (rows["annai@v1"].own, rows["annai@v1"].status) == (True, "earlier")
    assert rows["annai@v1"].effective_until == "2026-03-31"
    bundled = rows["machi-jorei"]
    assert (bundled.own, bundled.edition, bundled.added) == (False, "digest", "")
    assert bundled.passages == len(load_index(twice.index).by_document["machi-jorei"])


def test_how_a_file_was_read_stays_in_the_list(store: DocumentStore, tmp_path: Path) -> None:
    shown = bytes(byte & 0x7F for byte in "あいうえお日本語".encode("euc_jp"))
    (tmp_path / "genkou.pdf").write_bytes(one_font("H", shown))
    hidden = '<html><body><p>応募は9月です。</p><p style="display:none">隠した文</p></body></html>'
    (tmp_path / "youkou.html").write_text(hidden, encoding="utf-8")
    report = store.add([tmp_path / "genkou.pdf", tmp_path / "youkou.html"])
    assert [(d.result, d.status) for d in report.done] == [
        ("added", "text_conflict"),
        ("added", "ok"),
    ]
    assert report.has_problems
    store.build()
    rows = {d.document_id: d for d in store.documents()}
    assert rows["genkou"].status == "text_conflict"
    assert rows["genkou"].detail.startswith("genkou.pdf: ")
    assert [sentence(w, "en") for w in rows["youkou"].warnings] == [
        "4 characters that a reader does not see were left out."
    ]


def test_going_back_a_generation(twice: DocumentStore) -> None:
    newest, before = twice.generations()
    assert (newest.current, before.current) == (True, False)
    assert twice.go_back() == before.fingerprint
    assert texts(twice, "annai")[0] == "助成金の上限は20万円です。"
    assert [g.current for g in twice.generations()] == [False, True]
    twice.build()
    assert texts(twice, "annai")[0] == "助成金の上限は30万円です。"


def test_a_damaged_list_of_versions_is_named(twice: DocumentStore) -> None:
    path = twice.root / "annai" / "versions.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(LibraryError, match=f"^{path}: expected a document's versions"):
        twice.documents()


ADDING = """
import os, sys
from pathlib import Path
from corpus import library
from corpus.intake import prepare
root, file, step, events = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), set(sys.argv[4:])
count = 0
def see(event, args):
    global count
    if event not in events or not isinstance(args[0], (str, os.PathLike)):
        return
    if str(root) in os.fspath(args[0]) and (event != "open" or args[2] & 3):
        count += 1
        if count == step:
            os.kill(os.getpid(), 9)
sys.addaudithook(see)
with library.changing(root):
    known = {e.document_id: e for e in library.entries(root)}
    made = prepare(library.staging(root), file, known)
    library.put(root, made.document.document_id, made.folder, made.version)
print(count)
"""


def test_killed_while_a_version_is_taken_in_the_store_is_the_old_or_the_new(
    tmp_path: Path,
) -> None:
    first = write(tmp_path / "a", FIRST, OLD)
    second = write(tmp_path / "b", SECOND, NEW)

    def add(root: Path, file: Path, step: int = 0) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", ADDING, str(root), str(file), str(step), *sorted(CHANGES)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    add(tmp_path / "dry", first)
    steps = int(add(tmp_path / "dry", second).stdout)
    assert steps > 15
    seen = set()
    # The last steps put the version in its place, and say that it counts.
    early = range(1, steps - 11, 1 if TRIALS >= 200 else 6)
    for step in [*early, *range(steps - 11, steps + 1)]:
        root = tmp_path / f"step{step}"
        assert add(root, first).returncode == 0
        assert add(root, second, step).returncode == -9
        (entry,) = corpus.library.entries(root)
        told = entry.path.read_text(encoding="utf-8")
        assert told == (second if entry.current == 2 else first).read_text(encoding="utf-8")
        seen.add(entry.current)
        assert add(root, second).returncode == 0
        (entry,) = corpus.library.entries(root)
        assert entry.path.read_text(encoding="utf-8") == second.read_text(encoding="utf-8")
        assert (entry.folder / "earlier" / "annai@v1.md").is_file()
        left = [p for p in root.rglob("*") if ".left-" in p.name or p.name.endswith(".tmp")]
        assert left == []
        numbered = {p.name for p in entry.folder.iterdir() if p.is_dir()} - {"earlier"}
        assert numbered == {f"{v.number:04d}" for v in entry.versions}
    assert seen == {1, 2}


def test_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.cli import main

    monkeypatch.setenv("KYODO_HOME", str(tmp_path / "home"))
    first = write(tmp_path / "in", FIRST, OLD)
    assert main(["documents", "add", str(first), "--json"]) == 0
    added = json.loads(capsys.readouterr().out)
    assert [d["result"] for d in added["done"]] == ["added"]
    write(tmp_path / "in", SECOND, NEW)
    assert main(["documents", "add", str(tmp_path / "in")]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert (
        "changed: 申請 › 上限: 助成金の上限は20万円です。 → 助成金の上限は30万円です。" in said.err
    )
    assert main(["documents", "add", str(tmp_path / "none.pdf")]) == 1
    assert "refused: " in capsys.readouterr().err
    assert main(["documents", "list", "--json"]) == 0
    rows = {row["document_id"]: row for row in json.loads(capsys.readouterr().out)}
    assert (rows["annai"]["status"], rows["annai"]["versions"]) == ("ok", 2)
    assert main(["documents", "history", "annai", "--json"]) == 0
    versions = json.loads(capsys.readouterr().out)["versions"]
    assert [(v["number"], v["current"]) for v in versions] == [(1, False), (2, True)]
    assert main(["documents", "correct", "annai", "title=新しい手引"]) == 0
    assert main(["documents", "restore", "annai", "1"]) == 0
    assert main(["index", "build"]) == 0
    assert main(["passages", "--document", "annai"]) == 0
    assert "20万円" in capsys.readouterr().out
    assert main(["index", "back"]) == 0
    assert main(["documents", "remove", "annai"]) == 0
    assert main(["documents", "remove", "annai"]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == (
        "kyodo: annai: expected a document that was added here, found none; known are none."
    )
    with pytest.raises(SystemExit) as wrong:
        main(["documents", "correct", "annai", "title"])
    assert wrong.value.code == 2
