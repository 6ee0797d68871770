"""Passages: of fair size, whole, and known by an id that stays."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, Passage, read_file
from corpus.blocks import Block
from corpus.passages import LONGEST, make_passages
from corpus.structure import Line, structure

DOCUMENT = Document("d", "題", "rule", "original", "ja", "d.txt", "0")


def plain(text: str) -> list[Passage]:
    return make_passages(DOCUMENT, tuple(structure([Line(line) for line in text.split("\n")])))


_SENTENCES = st.lists(
    st.text(alphabet="あ協（）「」a. ", min_size=1, max_size=300).map(lambda t: f"{t}。"),
    max_size=12,
)


@given(_SENTENCES, st.sampled_from(["", "\n"]))
def test_passages_are_of_fair_size_and_lose_no_character(parts: list[str], between: str) -> None:
    text = between.join(parts)
    passages = plain(text)
    assert "".join("".join(p.text for p in passages).split()) == "".join(text.split())
    assert all(0 < len(p.text) <= 2 * LONGEST for p in passages)
    assert all(p.text == p.text.strip() for p in passages)


def test_a_long_paragraph_is_cut_at_the_ends_of_sentences() -> None:
    passages = plain("対等な関係で協力することを協働と呼びます。" * 200)
    assert len(passages) > 5
    assert all(p.text.endswith("。") and len(p.text) <= LONGEST for p in passages)


def test_short_paragraphs_of_one_place_stand_together() -> None:
    assert [p.text for p in plain("一つ目。\n二つ目。\n１　手続\n三つ目。\n四つ目。")] == [
        "一つ目。\n二つ目。",
        "三つ目。\n四つ目。",
    ]


def test_articles_are_never_joined() -> None:
    assert [p.locator for p in plain("第1条　甲。\n第2条　乙。")] == ["第1条", "第2条"]


def test_what_has_no_heading_is_cited_as_the_body_or_its_page() -> None:
    page = make_passages(DOCUMENT, (Block("文です。", page=3),))
    assert [p.locator for p in (*plain("文です。"), *page)] == ["本文", "3ページ"]


@given(st.permutations([f"第{n}条　第{n}の定めです。" for n in range(1, 6)]))
def test_an_id_does_not_depend_on_the_order_of_articles(lines: list[str]) -> None:
    ids = {p.locator: p.passage_id for p in plain("\n".join(lines))}
    assert ids == {p.locator: p.passage_id for p in plain("\n".join(sorted(lines)))}


def test_an_id_changes_with_the_text_and_only_there() -> None:
    before = plain("第1条　甲。\n第2条　乙。\n第3条　丙。")
    after = plain("第1条　甲。\n第2条　丁。\n第3条　丙。")
    same = [a.passage_id == b.passage_id for a, b in zip(before, after, strict=True)]
    assert same == [True, False, True]


def test_equal_passages_have_ids_of_their_own() -> None:
    same = Block("同じ文です。", locator="第1条", rendering="The same.")
    passages = make_passages(DOCUMENT, (same, same, same))
    assert len({p.passage_id for p in passages}) == 6
    for original, rendering in zip(passages[::2], passages[1::2], strict=True):
        assert original.counterpart == rendering.passage_id
        assert rendering.counterpart == original.passage_id


def test_an_id_holds_the_document_and_the_numbers_of_the_place(tmp_path: Path) -> None:
    path = tmp_path / "jorei.txt"
    path.write_text("見本条例\n第三条　次による。\n（1）甲。\n２　乙。\n第十二条の二　丙。\n")
    ids = [p.passage_id.rpartition(":")[0] for p in read_file(path)[1]]
    assert ids == ["jorei:3-1", "jorei:3-1-1", "jorei:3-2", "jorei:12-2"]


def test_reading_twice_gives_the_same_ids(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("題目\n" + "協働とは、協力することです。\n" * 40)
    first, second = read_file(path)[1], read_file(path)[1]
    assert first == second
    assert len({p.passage_id for p in first}) == len(first) > 0
