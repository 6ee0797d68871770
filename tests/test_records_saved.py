"""Saved answers say, after the index was really built again, whether their quotes still stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from assistant.datatypes import Answer
from assistant.live import LiveAssistant
from assistant.person import AT_THIS_MACHINE
from assistant.records.check import check
from assistant.records.saved import save, saved_answers
from assistant.records.store import kept
from corpus.datatypes import Passage
from index import build_index
from tests.page_stub import StubService, cite
from tests.records_home import ask, serving_records

ME = AT_THIS_MACHINE
HEAD = "---\ntitle: {title}\nauthority: {kind}\nedition: original\nlanguage: ja\n{more}---\n\n"
DAY = "2026-11-26"


def document(title: str, *articles: str, kind: str = "rule", more: str = "") -> str:
    """A document of articles, each a heading and its text."""
    texts = [f"## {article.split('|')[0]}\n\n{article.split('|')[1]}\n" for article in articles]
    return HEAD.format(title=title, kind=kind, more=more) + "\n".join(texts)


KEPT = "第1条 目的|この要綱は、花壇の手入れを市民と市が分担して行うことを目的とする。"
SHED = "第2条 用具|用具は、公園の物置に置き、使った人が日誌に記入する。"
FEE = "第3条 費用|肥料の代金は、一区画につき年3千円までを市が負担する。"
MOVED = "第8条 用具|用具は、公園の物置に置き、使った人が日誌に記入する。"
DEAR = "第3条 費用|肥料の代金は、一区画につき年5千円までを市が負担する。"
GATE = "第1条 開門|門は、日の出から日没までの間に限り開けておく。"
POND = "第1条 池|池の魚には、決められた当番だけがえさを与える。"
LAMP = "第1条 照明|街灯の交換は、電気の資格を持つ者に頼まなければならない。"
BELL = "第1条 鐘|鐘は、正午と夕方の二回だけ鳴らすことができる。"
PATH = "第1条 散策路|散策路では、自転車を降りて押して歩かなければならない。"
BEFORE = {
    "same.md": document("花壇の要綱", KEPT),
    "renewed.md": document("用具の要綱", KEPT.replace("花壇", "菜園"), SHED, FEE),
    "removed.md": document("門の要綱", GATE),
    "ending.md": document("池の要綱", POND),
    "coming.md": document("照明の要綱", LAMP),
    "versions.md": document("鐘の要綱", BELL),
    "hidden.md": document("散策路の要綱", PATH),
}
AFTER = {
    "same.md": BEFORE["same.md"],
    "renewed.md": document("用具の要綱", KEPT.replace("花壇", "菜園"), DEAR, MOVED),
    "ending.md": document("池の要綱", POND, more="effective_until: 2026-03-31\n"),
    "coming.md": document("照明の要綱", LAMP, more="effective_from: 2027-04-01\n"),
    "versions.md": document("鐘の要綱", "第1条 鐘|朝の合図には、笛を用いることとする。"),
    "versions@v1.md": document("鐘の要綱", BELL, more="effective_until: 2026-10-31\n"),
    "hidden.md": BEFORE["hidden.md"],
}


def write(folder: Path, documents: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")


def quoting(service: LiveAssistant, *texts: str) -> Answer:
    """An answer that quotes the texts of these articles from the index."""
    passages: list[Passage] = []
    for text in texts:
        words = text.split("|")[1]
        every = [p for d in service.documents() for p in service.passages_of(d.document_id)]
        passages.append(next(p for p in every if words in p.text))
    cited = tuple(
        cite(n, p, t.split("|")[1]) for n, (p, t) in enumerate(zip(passages, texts, strict=True), 1)
    )
    return replace(StubService().ask("協働"), citations=cited, index=service.fingerprint)


@pytest.fixture
def rebuilt(tmp_path: Path) -> Iterator[tuple]:
    """An answer that was kept and saved before the documents change, and where it was."""
    write(tmp_path / "documents", BEFORE)
    build_index(tmp_path / "index", [tmp_path / "documents"])
    service = LiveAssistant(tmp_path / "index")
    answer = quoting(
        service, KEPT, KEPT.replace("花壇", "菜園"), SHED, FEE, GATE, POND, LAMP, BELL, PATH
    )
    with serving_records(tmp_path, service) as (address, state):
        told = ask(state, "花壇の世話はだれがしますか", person=ME, answer=answer)
        whole = kept(state, told.answer_id, ME)
        assert whole is not None
        save(state, whole, ME, "花壇の分担")
        yield whole, service, tmp_path, address, state


def change(service: LiveAssistant, folder: Path) -> None:
    """Build the index of the changed documents, one of them now in a collection."""
    write(folder / "documents", AFTER)
    build_index(folder / "index", [folder / "documents"], collections={"hidden": "人事"})
    assert service.look()


def test_every_quote_stands_while_nothing_has_changed(rebuilt) -> None:
    whole, service, *_ = rebuilt
    found = check(whole, service.snapshot(), DAY)
    assert [o.kind for o in found] == ["stands"] * 9
    assert not any(o.changed for o in found)


def test_after_a_change_each_quote_says_what_became_of_it(rebuilt) -> None:
    whole, service, folder, *_ = rebuilt
    change(service, folder)
    found = check(whole, service.seen_by(frozenset()).snapshot(), DAY)
    assert [(o.kind, o.locator, o.date) for o in found] == [
        ("stands", "", ""),
        ("edited", "", ""),
        ("moved", found[2].locator, ""),
        ("gone", "", ""),
        ("no_document", "", ""),
        ("ended", "", "2026-03-31"),
        ("not_yet", "", "2027-04-01"),
        ("superseded", "", ""),
        ("no_document", "", ""),
    ]
    assert found[2].locator.startswith("第8条")
    assert check(whole, service.seen_by(None).snapshot(), DAY)[8].kind == "stands"
    assert check(whole, service.seen_by(None).snapshot(), "2026-03-31")[5].kind == "edited"


def test_a_newer_document_that_takes_the_place_is_named_as_such(tmp_path: Path) -> None:
    old = document("門の要領（令和5年版）", GATE, FEE, more="effective_from: 2023-04-01\n")
    new = document("門の要領（令和6年版）", GATE, FEE, more="effective_from: 2024-04-01\n")
    write(tmp_path / "documents", {"gate5.md": old})
    build_index(tmp_path / "index", [tmp_path / "documents"])
    service = LiveAssistant(tmp_path / "index")
    with serving_records(tmp_path, service) as (_, state):
        told = ask(state, "門は", person=ME, answer=quoting(service, GATE))
        whole = kept(state, told.answer_id, ME)
    assert whole is not None
    write(tmp_path / "documents", {"gate5.md": old, "gate6.md": new})
    build_index(tmp_path / "index", [tmp_path / "documents"])
    assert service.look()
    (found,) = check(whole, service.snapshot(), DAY)
    assert (found.kind, found.changed) == ("older", True)


def test_the_page_tells_what_changed_and_when_it_looked(rebuilt) -> None:
    whole, service, folder, address, state = rebuilt
    with httpx.Client(base_url=address, headers={"accept-language": "ja"}) as web:
        page = web.get("/history/saved").text
        assert "1件とも、引用した文は今の文書にそのままあります" in page
        assert "に確認" in page
        change(service, folder)
        page = web.get("/history/saved").text
        assert "1件のうち1件で、引用元が変わりました" in page
        assert "確認が必要です" in page
        assert "（1件 要確認）" in web.get("/history").text
        (row,) = saved_answers(state, ME)
        page = web.get(f"/history/saved/{row.saved_id}").text
    for told in (
        "今の文書にそのままあります。",
        "文書は新しくなりましたが、引用した文はそのままあります。",
        "同じ文書の「第8条",
        "今の文書には、この文がありません。",
        "引用した文書は、今は見られません。",
        "今日の時点では効力がありません（2026年3月31日まで）。",
        "今日の時点ではまだ効力がありません（2027年4月1日から）。",
        "前の版にだけあり、今の版にはありません。",
    ):
        assert told in page, told
    assert "年3千円までを市が負担する" in page


def test_nothing_is_looked_up_again_until_something_changes(rebuilt, monkeypatch) -> None:
    _, service, folder, address, state = rebuilt
    looked: list[str] = []

    def counting(whole, seen, today):
        looked.append(today)
        return check(whole, seen, today)

    monkeypatch.setattr("assistant.records.recheck.check", counting)
    for _ in range(3):
        httpx.get(f"{address}/history/saved")
    assert len(looked) == 1
    change(service, folder)
    httpx.get(f"{address}/history/saved")
    assert len(looked) == 2
    (row,) = saved_answers(state, ME)
    assert row.checked.split()[0] == service.fingerprint
