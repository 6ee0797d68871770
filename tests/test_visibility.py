"""Collections: what somebody may not see is not in their index, as if it did not exist."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.pipeline import Assistant
from corpus.folder import BUNDLED, list_files
from corpus.frontmatter import document_id_of
from corpus.guides import BUNDLED_GUIDES
from index import Index, build_index, load_index
from index.asked import BUNDLED_ASKED

HIDDEN = {
    "kyodogata-jigyo-rule": "契約",
    "kadai-seiri-hyo": "人事",
    "kyotei": "人事",
    "jichi-kihon-jorei-keii": "契約",
}
"""Bundled documents as collections of an office: weighty ones, so that much changes."""
QUESTIONS = (
    "協働型事業の6原則は何ですか",
    "協働とは何ですか",
    "公平性のために何をすればよいですか",
    "町内会と清掃活動をするのは協働に当たりますか",
    "第5条には何が書いてありますか",
    "見守り協定は何件ありますか",
    "委員からはどのような意見が出ましたか",
    "Does a contract with a company count as colaboration?",
    "What does the ordinance say about information sharing?",
    "What issues were raised about partner selection?",
    "How do I start a collaborative project, and who reviews it?",
    "今日の天気を教えてください",
)


def said(answer: Any) -> Mapping[str, Any]:
    """All of an answer but when it was given and of which index."""
    row = answer.to_dict()
    return {key: value for key, value in row.items() if key not in ("timings_ms", "index")}


@pytest.fixture(scope="module")
def whole_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole") / "index"


@pytest.fixture(scope="module")
def whole(whole_folder: Path) -> Index:
    """The bundled documents, four of them in collections."""
    build_index(whole_folder, collections=HIDDEN)
    return load_index(whole_folder)


def without(folder: Path, whole_folder: Path, hidden: set[str]) -> Index:
    """An index that was built without documents; the guides that cite them are left out.

    What was read and cut for the whole is not read and cut again.
    """
    shutil.copytree(whole_folder, folder / "index")
    documents = folder / "documents"
    documents.mkdir()
    for path in list_files(BUNDLED):
        if document_id_of(path) not in hidden:
            shutil.copy(path, documents)
            rendering = path.with_name(f"{path.stem}.en.tsv")
            if rendering.is_file():
                shutil.copy(rendering, documents)
    shutil.copytree(BUNDLED_GUIDES, documents / "guides", ignore=lambda *_: {"FORMAT.md"})
    pairs = [path.read_text(encoding="utf-8") for path in sorted(BUNDLED_ASKED.glob("*.tsv"))]
    (documents / "known.asked").write_text("\n".join(pairs), encoding="utf-8")
    build_index(folder / "index", [documents], replaced=["somebody's own"])
    return load_index(folder / "index")


@pytest.mark.parametrize("seen", [(), ("人事",), ("契約",)])
def test_what_one_may_see_answers_as_an_index_built_of_it_alone(
    whole: Index, whole_folder: Path, tmp_path: Path, seen: tuple[str, ...]
) -> None:
    view = whole.seen_by(frozenset(seen))
    hidden = {name for name, collection in HIDDEN.items() if collection not in seen}
    alone = without(tmp_path, whole_folder, hidden)
    assert [d.document_id for d in view.documents] == [d.document_id for d in alone.documents]
    assert [vars(p) | {"document": None} for p in view.passages] == [
        vars(p) | {"document": None} for p in alone.passages
    ]
    assert {g.name for g in view.guides} == {g.name for g in alone.guides}
    assert view.keywords.frequencies == alone.keywords.frequencies
    one, other = Assistant(view), Assistant(alone)
    for question in QUESTIONS:
        mine, theirs = (a.index.search(question, 20) for a in (one, other))
        assert _hits(mine) == _hits(theirs), question
        assert said(one.ask(question)) == said(other.ask(question)), question


def _hits(result: Any) -> list[tuple[Any, ...]]:
    return [(h.passage.passage_id, h.rank, h.score, h.cosine, h.coverage) for h in result.hits]


KEN = """---
title: {title}
authority: manual
{collection}---

# 手続 | Steps

## 申込み | Applying

{text}
"""


def write(folder: Path, name: str, text: str, collection: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    said = f"collection: {collection}\n" if collection else ""
    filled = KEN.format(title=name, text=text, collection=said)
    (folder / f"{name}.md").write_text(filled, encoding="utf-8")


TEXTS = (
    "花の苗は、春に公民館で申し込みます。",
    "テントは、三日前までに倉庫の係へ申し込みます。",
    "広報車は、毎月十日に総務の窓口で申し込みます。",
    "会議室は、電話で前の月に申し込みます。",
    "マイクは、使う日の朝に守衛へ申し込みます。",
)


def test_a_known_question_names_what_it_would_name_if_hidden_documents_did_not_exist(
    tmp_path: Path,
) -> None:
    """Five passages have its heading, so it names none; with one of them hidden it names four."""
    for place, hidden in (("all", "人事"), ("alone", "")):
        for number, text in enumerate(TEXTS):
            if number or hidden:
                write(tmp_path / place, f"手引{number}", text, "" if number else hidden)
        (tmp_path / place / "own.asked").write_text(
            "どこへ言えば借りられますか\t申込み\n", encoding="utf-8"
        )
        build_index(tmp_path / f"{place}-index", [tmp_path / place])
    whole, alone = (load_index(tmp_path / f"{p}-index") for p in ("all", "alone"))
    assert whole.asked.faiss_index.ntotal == 0
    view = whole.seen_by(frozenset())
    assert view.asked.faiss_index.ntotal == alone.asked.faiss_index.ntotal == 4
    question = "どこへ言えば借りられますか"
    assert _hits(view.search(question)) == _hits(alone.search(question))
    assert whole.seen_by(frozenset({"人事"})) is whole


def test_whoever_sees_all_gets_the_same_answers_as_where_there_are_no_collections(
    whole: Index, bundled_index: Index
) -> None:
    assert whole.seen_by(None) is whole.seen_by(frozenset({"人事", "契約", "税"})) is whole
    assert bundled_index.seen_by(frozenset()) is bundled_index
    one, other = Assistant(whole), Assistant(bundled_index)
    for question in QUESTIONS:
        assert _hits(whole.search(question, 20)) == _hits(bundled_index.search(question, 20))
        assert said(one.ask(question)) == said(other.ask(question)), question
