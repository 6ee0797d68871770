"""Tables whose columns mean something."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import DocumentError, Passage, read_file
from corpus.cells import split_rows
from corpus.table import read_table

DATA = Path(__file__).with_name("data")


@pytest.fixture(scope="module")
def committee() -> list[Passage]:
    return read_file(DATA / "committee.tsv")[1]


def passages(folder: Path, text: str, name: str = "t.tsv") -> list[tuple[str, str]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [(p.locator, p.text) for p in read_file(path)[1]]


def test_every_cell_of_a_row_is_cited_by_row_and_column(committee: list[Passage]) -> None:
    row = "①連携の考え方 › 考え方・目的"
    assert [(p.locator, p.text) for p in committee[:7]] == [
        ("①連携の考え方 › 項目", "①連携の考え方\n連携の考え方をどう定めるか"),
        (f"{row} › 論点", "【連携の考え方・目的】\n◆連携の目的は何か"),
        (
            f"{row} › 背景・条件など",
            "■見本条例では、連携を原則とする（第５条）。\n■担い手が増えている",
        ),
        (f"{row} › 想定事例", "◇企業との見守り\n◇大学との講座"),
        (f"{row} › これまでの委員意見（第1回）", "○課題の解決が先である。（第1回）"),
        (f"{row} › これまでの委員意見（第3回）", "○利用する人の声を聞くべきだ。（第３回）"),
        (f"{row} › (参考) 事務局の仮説", "●連携を広く捉えてはどうか"),
    ]


def test_a_row_keeps_the_merged_item_over_page_heads(committee: list[Passage]) -> None:
    rows = list(dict.fromkeys(p.headings[:-1] for p in committee if len(p.headings) == 3))
    assert rows == [
        ("①連携の考え方", "考え方・目的"),
        ("①連携の考え方", "考え方の範囲"),
        ("①連携の考え方", "費用"),
        ("②今後の視点", "公平さ"),
    ]


def test_a_column_says_what_kind_of_words_stand_below_it(committee: list[Passage]) -> None:
    kinds = dict.fromkeys((p.headings[-1], p.standing) for p in committee if p.headings)
    assert list(kinds) == [
        ("項目", "issue"),
        ("論点", "issue"),
        ("背景・条件など", "background"),
        ("想定事例", "example"),
        ("これまでの委員意見", "opinion"),
        ("(参考) 事務局の仮説", "hypothesis"),
    ]


def test_every_opinion_stands_alone_with_its_meeting(committee: list[Passage]) -> None:
    opinions = [p for p in committee if p.standing == "opinion"]
    assert [p.locator.rpartition("意見")[2] for p in opinions] == [
        "（第1回）",
        "（第3回）",
        "（第2回）",
        "（第2回）",
        "（第4回）",
        "（第5回）",
    ]
    assert all(p.text.count("○") == 1 for p in opinions)


def test_a_bullet_inside_a_cell_begins_a_line(committee: list[Passage]) -> None:
    assert "■防災、福祉など\n・道の清掃\n・公園の管理" in [p.text for p in committee]


def test_a_formula_stays_a_text(committee: list[Passage]) -> None:
    assert '=HYPERLINK("https://example.jp","公募の例")' in [p.text for p in committee]


def test_what_is_too_much_in_a_row_joins_its_last_cell(committee: list[Passage]) -> None:
    assert "●公開を原則とする。\n余りの欄" in [p.text for p in committee]


def test_a_line_beside_the_table_is_kept(committee: list[Passage]) -> None:
    assert (committee[-1].locator, committee[-1].text) == ("本文", "※ この表は見本です。")


def test_a_repeated_title_and_head_are_not_cells(committee: list[Passage]) -> None:
    assert not [p for p in committee if p.text in ("項目", "見本市の協働に関する課題整理")]


def test_a_continued_opinion_belongs_to_its_bullet(tmp_path: Path) -> None:
    found = passages(tmp_path, "項目\t論点\t委員意見\n甲\t乙\t○一つ目</p>続き（第1回） ○二つ目\n")
    assert found[2:] == [
        ("甲 › 委員意見（第1回）", "○一つ目\n続き（第1回）"),
        ("甲 › 委員意見", "○二つ目"),
    ]


def test_rows_below_one_merged_cell_are_told_apart(tmp_path: Path) -> None:
    found = passages(tmp_path, "区\t名称\t金額\n北区\t祭り\t10円\n\t清掃\t20円\n南区\t花壇\t30円\n")
    assert found == [
        ("北区 › 区", "北区"),
        ("北区 › 祭り › 名称", "祭り"),
        ("北区 › 祭り › 金額", "10円"),
        ("北区 › 清掃 › 名称", "清掃"),
        ("北区 › 清掃 › 金額", "20円"),
        ("南区 › 区", "南区"),
        ("南区 › 名称", "花壇"),
        ("南区 › 金額", "30円"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "用語\t意味\n協働\t対等な協力\n",
            [("協働 › 用語", "協働"), ("協働 › 意味", "対等な協力")],
        ),
        (
            "区\t名称\t金額\n北区\t祭り\n",
            [("北区 › 区", "北区"), ("北区 › 名称", "祭り")],
        ),
        ("題\n説明です。\n", [("本文", "説明です。")]),
        (
            "題\n区\t名称\t金額\n北区\t\t10円\n注：見込みです。\n",
            [("北区 › 区", "北区"), ("北区 › 金額", "10円"), ("本文", "注：見込みです。")],
        ),
    ],
)
def test_small_and_ragged_tables_lose_nothing(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    assert passages(tmp_path, text) == expected


def test_a_cell_in_quotation_marks_may_hold_lines_and_tabs(tmp_path: Path) -> None:
    found = passages(tmp_path, '区\t名称\t金額\n北区\t"祭り\n花火\tなど"\t"約""10""円"\n')
    assert [text for _, text in found] == ["北区", "祭り\n花火 など", '約"10"円']


def test_a_stray_quotation_mark_is_a_character(tmp_path: Path) -> None:
    found = passages(tmp_path, '区\t名称\t金額\n北区\t"祭り"の日\t"10円\n')
    assert [text for _, text in found] == ["北区", '"祭り"の日', '"10円']


def test_csv_is_read_like_tsv(tmp_path: Path) -> None:
    found = passages(tmp_path, '区,名称,金額\n北区,"祭り,花火","1,000円"\n', "t.csv")
    assert [text for _, text in found] == ["北区", "祭り,花火", "1,000円"]


@pytest.mark.parametrize("name", ["t.tsv", "t.csv"])
def test_a_cell_of_a_megabyte_is_cut_with_a_warning_and_its_row_is_kept(
    tmp_path: Path, name: str
) -> None:
    started = time.perf_counter()
    text = "区\t名称\t金額\n北区\t" + "長い説明です。" * 150_000 + "\t10円\n"
    found = passages(tmp_path, text.replace("\t", "," if name.endswith("csv") else "\t"), name)
    assert sum(len(text) for _, text in found) == 20_000 + len("北区10円")
    assert {place for place, _ in found} == {"北区 › 区", "北区 › 名称", "北区 › 金額"}
    assert read_file(tmp_path / name)[0].warnings == ("long_cells:1:20000",)
    assert max(len(text) for _, text in found) <= 700
    assert time.perf_counter() - started < 20


def test_nul_in_a_table_is_taken_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_bytes("区\t名称\t金額\n北\0区\t\0\t10円\n".encode())
    document, found = read_file(path)
    assert [p.text for p in found] == ["北区", "10円"]
    assert document.warnings == ("nul_characters:2:",)


def test_ragged_rows_keep_their_text_and_a_formula_is_text(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        '区,名称,金額\n北区,"=HYPERLINK(""https://example.com"",""x"")",1,2\n南区,図書館\n'
    )
    document, found = read_file(path)
    assert [p.text for p in found] == [
        "北区",
        '=HYPERLINK("https://example.com","x")',
        "1\n2",
        "南区",
        "図書館",
    ]
    assert document.warnings == ("ragged_rows:2:",)


def test_a_rendering_beside_a_table_gives_each_cell_its_english(tmp_path: Path) -> None:
    head = "---\ntitle: 表\nauthority: committee\n---\n"
    (tmp_path / "t.en.tsv").write_text(
        f"{head}Item\tCase\tMembers' opinions\nA: what\tMap\t○ One (1st meeting) ○ Two\n"
    )
    path = tmp_path / "t.tsv"
    path.write_text(f"{head}項目\t想定事例\t委員意見\n甲\t地図\t○一つ（第1回） ○二つ\n")
    found = read_file(path)[1]
    assert [(p.locator, p.locator_en, p.language, p.text) for p in found] == [
        ("甲 › 項目", "A › Item", "ja", "甲"),
        ("甲 › 項目", "A › Item", "en", "A: what"),
        ("甲 › 想定事例", "A › Case", "ja", "地図"),
        ("甲 › 想定事例", "A › Case", "en", "Map"),
        ("甲 › 委員意見（第1回）", "A › Members' opinions (1st meeting)", "ja", "○一つ（第1回）"),
        (
            "甲 › 委員意見（第1回）",
            "A › Members' opinions (1st meeting)",
            "en",
            "○ One (1st meeting)",
        ),
        ("甲 › 委員意見", "A › Members' opinions", "ja", "○二つ"),
        ("甲 › 委員意見", "A › Members' opinions", "en", "○ Two"),
    ]
    assert all(p.counterpart for p in found)


@pytest.mark.parametrize(
    ("english", "message"),
    [
        ("Item\tOpinion\tCase\nA\t○ One\n", "the same cells (3 are filled), found 2"),
        (
            "Item\tOpinion\tCase\nA\t○ One\tMap\n",
            "expected 2 bullets in the rendering of 甲 › 意見, found 1",
        ),
    ],
)
def test_a_rendering_that_does_not_fit_is_named(tmp_path: Path, english: str, message: str) -> None:
    (tmp_path / "t.en.tsv").write_text(english)
    (tmp_path / "t.tsv").write_text("項目\t意見\t事例\n甲\t○一つ ○二つ\t地図\n")
    with pytest.raises(DocumentError) as caught:
        read_file(tmp_path / "t.tsv")
    assert str(caught.value).startswith("t.tsv: expected ")
    assert message in str(caught.value)


_CELLS = st.text(alphabet="あ○■・<p>/ \"'=第1回（）", max_size=12)


@given(st.lists(st.lists(_CELLS, max_size=5), max_size=6))
def test_no_character_of_a_table_is_lost(rows: list[list[str]]) -> None:
    rows = [["題目甲", "題目乙", "題目丙"], *([c.replace("<", "") for c in r] for r in rows)]
    _, blocks = read_table("\n".join("\t".join(row) for row in rows))
    whole = "".join(b.text for b in blocks).replace("\n", "").replace(" ", "")
    for cell in (c for row in split_rows("\n".join("\t".join(r) for r in rows[1:])) for c in row):
        assert "".join(cell.split()) in whole


@given(st.lists(st.lists(st.text(alphabet='あ"\t\n', max_size=5), min_size=1), min_size=1))
def test_quoted_cells_come_back_as_they_were(rows: list[list[str]]) -> None:
    written = "\n".join("\t".join('"' + c.replace('"', '""') + '"' for c in r) for r in rows)
    assert split_rows(written) == rows


@pytest.mark.parametrize("name", ["t.tsv", "t.csv"])
def test_a_table_that_is_none_is_read_as_text(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("協働の窓口は区役所です。\n相談は無料です。\n", encoding="utf-8")
    assert [p.text for p in read_file(tmp_path / name)[1]] == [
        "協働の窓口は区役所です。\n相談は無料です。"
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.txt", "あ" * 5_000_000),
        ("t.md", "#" * 3_000_000),
        ("t.csv", "あ," * 1_000_000),
        ("t.txt", "この条例は、" * 300_000),
        ("t.txt", "（" * 2_000_000),
    ],
    ids=["one line", "signs", "cells", "clauses", "brackets"],
)
def test_one_endless_line_is_read_in_time_and_without_a_deep_stack(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    started = time.perf_counter()
    assert max(len(p.text) for p in read_file(tmp_path / name)[1]) <= 1_400
    assert time.perf_counter() - started < 25
