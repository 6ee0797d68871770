"""Statutes and guidelines in plain text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.blocks import Block
from corpus.structure import Line, structure

DATA = Path(__file__).with_name("data")


def blocks(text: str) -> list[Block]:
    return structure([Line(line) for line in text.split("\n")])


def texts(text: str) -> dict[str, str]:
    """The text that stands at each locator; texts of one place joined by a line break."""
    found: dict[str, str] = {}
    for block in blocks(text):
        before = found.get(block.locator)
        found[block.locator] = f"{before}\n{block.text}" if before else block.text
    return found


@pytest.fixture(scope="module")
def ordinance() -> dict[str, Block]:
    found = blocks((DATA / "ordinance.txt").read_text(encoding="utf-8"))
    return {block.locator: block for block in found}


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("第1条", "この条例は、まちづくりの原則を定める。"),
        ("第2条第1項第1号", "市民　次のいずれかに当たるものをいう。\nア　住民\nイ　市内で働く者"),
        ("第2条第1項第2号", "協働　対等な関係で協力することをいう。"),
        (
            "第2条第2項",
            "前項の規定の適用に当たっては、\n第３条の規定により定める原則を守る。",
        ),
        ("第2条第3項第1号", "予算"),
        ("第2条第3項第2号", "実施の状況\n（略）"),
        ("第3条", "削除"),
        ("第4条", "会議は、公開する。"),
        ("第5条", "第５条から第11条まで　削除"),
        ("第12条", "参加の機会を設ける。"),
        ("第12条の2第3項第1号", "書面"),
        ("附則", "この条例は、平成17年4月1日から施行する。"),
        ("附則（平成20年見本市条例第3号）第2項", "なお従前の例による。"),
        ("附則（令和2年見本市条例第10号）第1条", "この条例は、令和２年４月１日から施行する。"),
        ("附則（令和2年見本市条例第10号）第2条第2項", "前項の期間は、１年とする。"),
        ("様式第2号", "申込書"),
    ],
)
def test_an_ordinance_is_cited_by_article_paragraph_and_item(
    ordinance: dict[str, Block], place: str, text: str
) -> None:
    assert ordinance[place].text == text


@pytest.mark.parametrize(
    ("place", "headings"),
    [
        ("第1条", ("第1章　総則", "第1条 目的")),
        ("第2条第3項第1号", ("第1章　総則", "第2条 定義", "市長は、次に掲げる事項を公表する。")),
        ("第4条", ("第2章　制度", "第1節　一般的な制度", "第4条 会議の公開")),
        ("第12条の2第2項", ("第2章　制度", "第2節　参加", "第12条の2 参加の方法")),
        (
            "附則（平成20年見本市条例第3号）第1項",
            (
                "附　則（平成二十年見本市条例第三号）",
                "附則（平成20年見本市条例第3号）第1項 施行期日",
            ),
        ),
        ("別表第1", ("別表第一（第四条関係）",)),
    ],
)
def test_an_article_knows_its_chapter_and_its_caption(
    ordinance: dict[str, Block], place: str, headings: tuple[str, ...]
) -> None:
    assert ordinance[place].headings == headings


def test_a_table_of_contents_gives_no_headings_and_no_text(ordinance: dict[str, Block]) -> None:
    preamble = ordinance[""]
    assert preamble.text == "わたしたちは、対話を大切にする。"
    everything = "".join(b.text + "".join(b.headings) for b in ordinance.values())
    assert "第１条―第３条" not in everything
    assert "目次" not in everything


def test_a_table_of_contents_with_page_numbers_ends_where_the_text_begins() -> None:
    found = texts(
        "目次\n１　はじめに　1\n２　対象 …… 2\n１　はじめに\n指針です。\n２　対象\n市民です。"
    )
    assert found == {"１　はじめに": "指針です。", "２　対象": "市民です。"}


@pytest.mark.parametrize(
    "line",
    [
        "第3条の規定により、これを行う。",
        "第３条第２項に定めるところによる。",
        "第3条（原則）の規定により、これを行う。",
        "第3条 の規定により、これを行う。",
        "第３条及び第４条の規定に基づき、行う。",
        "第三条、第四条及び第五条に定める。",
    ],
)
def test_a_line_that_begins_with_a_reference_opens_no_article(line: str) -> None:
    found = texts(f"第1条　目的を定める。\n第2条　次による。\n{line}\n第4条　雑則とする。")
    assert found == {
        "第1条": "目的を定める。",
        "第2条": f"次による。\n{line}",
        "第4条": "雑則とする。",
    }


def test_references_alone_do_not_make_a_statute() -> None:
    found = blocks("第3条の規定により求める。\n第5条（原則）の規定により求める。")
    assert [(b.locator, b.text) for b in found] == [
        ("", "第3条の規定により求める。"),
        ("", "第5条（原則）の規定により求める。"),
    ]


def test_items_in_plain_figures_are_not_taken_for_paragraphs() -> None:
    found = texts("第1条　次による。\n1 予算\n2 人員\n２　第二項です。\n第2条　雑則。")
    assert found == {
        "第1条第1項": "次による。",
        "第1条第1項第1号": "予算",
        "第1条第1項第2号": "人員",
        "第1条第2項": "第二項です。",
        "第2条": "雑則。",
    }


def test_an_item_without_a_lead_takes_none_from_the_article_before() -> None:
    found = blocks("第1条　目的。\n第2条\n(1) 予算\n(2) 人員")
    assert found[1].headings == ("第2条",)
    assert [b.locator for b in found] == ["第1条", "第2条第1号", "第2条第2号"]


def test_numbers_in_the_words_of_a_heading_stay_as_written() -> None:
    (block,) = blocks("第三章　一般的な取組　千葉県2千円\n本文です。")
    assert block.locator == "第3章　一般的な取組　千葉県2千円"


def test_numbered_headings_stand_below_one_another() -> None:
    found = texts(
        "１　手続\n(1) 募集\n公平に募る。\n(2) 選考\nア　書類\n書類を見る。\n２　期間\n"
        "2.1 開始\n四月です。\n２．２ 終了\n三月です。"
    )
    assert found == {
        "１　手続 › (1) 募集": "公平に募る。",
        "１　手続 › (2) 選考 › ア　書類": "書類を見る。",
        "２　期間 › 2.1 開始": "四月です。",
        "２　期間 › ２．２ 終了": "三月です。",
    }


def test_a_list_of_short_items_is_text_and_not_a_row_of_empty_headings() -> None:
    found = texts("１　対象\n①市民活動団体\n②企業\n③大学\n２　手続\n募集する。\n３　その他")
    assert found == {
        "１　対象": "①市民活動団体\n②企業\n③大学",
        "２　手続": "募集する。",
        "": "３　その他",
    }


def test_marked_headings_give_the_levels_of_a_page() -> None:
    lines = [Line("協働", level=1), Line("原則", level=2), Line("対等です。"), Line("他", level=2)]
    found = structure([*lines, Line("略です。")])
    assert [(b.locator, b.text) for b in found] == [
        ("協働 › 原則", "対等です。"),
        ("協働 › 他", "略です。"),
    ]


_LINES = st.sampled_from(
    """第１章　総則|第2節　参加|第一条　目的を定める。|第2条（定義）|（目的）|（略）|第12条の２
２　前項による。|3 次による。|一　市民|(1) 予算|（2）人員|ア　住民|附　則
附則（平成二十年条例第三号）|別表第一|様式第2号|１　はじめに|1.1 目的|(3) 選考|①募集
ただの文です。|■箇条|第3条の規定により行う。
第七条及び第八条　削除|Ⅰ 総論|第1 趣旨|２人|第9|項目　金額
■ 対象|【留意点】|イ　企業|②選考|◆手続""".replace("\n", "|").split("|")
)


_MARK = re.compile(
    r"^(?:第[^章節条]{1,3}[章節条](?:の２)?|[（(]?[0-9０-９一]{1,2}[）)]?(?=[\s　予人選])"
    r"|[①②アイ](?=[\s　募選]))"
)


def bare(text: str) -> str:
    return "".join(text.split())


@given(st.lists(_LINES, max_size=14))
@example(["第2条（定義）", "（目的）", "第2条（定義）"])
def test_no_word_of_a_document_is_lost(lines: list[str]) -> None:
    """Every line stands in a text or in a heading; numbers of places may be rewritten."""
    found = structure([Line(line) for line in lines])
    whole = bare("".join("|".join((*b.headings, b.text)) for b in found))
    for line in lines:
        words = _MARK.sub("", line).strip("（） ")
        assert bare(words) in whole


@given(st.lists(_LINES, max_size=14))
def test_no_block_is_empty(lines: list[str]) -> None:
    assert all(block.text.strip() for block in structure([Line(line) for line in lines]))
