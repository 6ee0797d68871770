"""Documents as FORMAT.md describes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import CorpusError, Document, DocumentError, Passage, read_file
from corpus.markdown import read_markdown

FORMAT = Path(__file__).parents[1] / "corpus" / "FORMAT.md"
HEAD = "---\ntitle: 見本\nauthority: rule\nsource: https://example.jp/\n---\n"


def read(folder: Path, text: str) -> list[Passage]:
    path = folder / "d.md"
    path.write_text(text, encoding="utf-8")
    return read_file(path)[1]


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(DocumentError) as caught:
        read(folder, text)
    return str(caught.value)


def test_the_example_of_the_format_reads_as_it_says(tmp_path: Path) -> None:
    example = FORMAT.read_text(encoding="utf-8").split("```")[1].lstrip("\n")
    path = tmp_path / "mihon.md"
    path.write_text(example, encoding="utf-8")
    document, (original, rendering) = read_file(path)
    assert document == Document(
        document_id="mihon",
        title="見本市まちづくり条例",
        title_en="Sample City Community Building Ordinance",
        issuer="見本市",
        issuer_en="Sample City",
        kind="条例",
        authority="ordinance",
        edition="digest",
        adopted="2004-12-22",
        effective_from="2005-04-01",
        effective_until=None,
        section="市民局まちづくり課",
        section_en="Community Section, Citizens' Bureau",
        contact="000-000-0000",
        source="https://example.jp/ordinance",
        language="ja",
        sha256=document.sha256,
        dates_from="front matter",
    )
    assert document.binding
    assert original.text == "まちづくりの原則は、対話、公開、協力の3つです。"
    assert original.locator == "第5条 › 3つの原則"
    assert original.headings == ("第1章 総則", "第5条 まちづくりの原則", "3つの原則")
    assert original.source == "https://example.jp/ordinance/5"
    assert original.facts == ("X-01", "X-02")
    assert rendering.text == (
        "The principles of community building are three: dialogue, openness and cooperation."
    )
    assert rendering.locator_en == "Article 5 › The three principles"
    assert (rendering.language, rendering.rendering) == ("en", True)
    assert rendering.counterpart == original.passage_id
    assert original.counterpart == rendering.passage_id
    assert rendering.unit == original.unit == original.passage_id


def test_items_before_the_text_hold_below_and_items_after_it_only_here(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        HEAD
        + "# 甲\n性格: 背景\n施行日: 2020-04-01\n\n甲の文です。\n\n出典: https://a.jp/ https://b.jp/\n"
        + "## 乙\n乙の文です。\n\n性格: 事例\n## 丙\n丙の文です。\n# 丁\n丁の文です。\n",
    )
    assert [(p.locator, p.standing, p.source, p.effective_from) for p in found] == [
        ("甲", "background", "https://a.jp/", "2020-04-01"),
        ("甲 › 乙", "example", "https://example.jp/", "2020-04-01"),
        ("甲 › 丙", "background", "https://example.jp/", "2020-04-01"),
        ("丁", "provision", "https://example.jp/", None),
    ]
    assert found[0].more_sources == ("https://b.jp/",)


def test_an_item_line_may_use_a_full_width_colon(tmp_path: Path) -> None:
    (found,) = read(tmp_path, f"{HEAD}# 甲\n文です。\n\n性格：不明\n位置付け： reference\n")
    assert (found.text, found.standing, found.authority) == ("文です。", "gap", "reference")


def test_sources_may_be_divided_by_a_full_width_space(tmp_path: Path) -> None:
    (found,) = read(tmp_path, f"{HEAD}# 甲\n文です。\n\n出典: https://a.jp/　https://b.jp/\n")
    assert (found.source, found.more_sources) == ("https://a.jp/", ("https://b.jp/",))


def test_a_quotation_that_is_no_rendering_is_text(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEAD}# 甲\n次のとおりです。\n> 市民が決める。\n# 乙\n> Only here.\n")
    assert [(p.text, p.rendering) for p in found] == [
        ("次のとおりです。\n市民が決める。", False),
        ("Only here.", False),
    ]


def test_a_hash_inside_a_fence_is_no_heading(tmp_path: Path) -> None:
    (found,) = read(tmp_path, f"{HEAD}# 甲\n前です。\n```\n# これは例\n```\n後です。\n")
    assert (found.locator, found.text) == ("甲", "前です。\n# これは例\n後です。")


def test_lines_of_one_paragraph_are_one_and_lists_keep_their_lines(tmp_path: Path) -> None:
    (found,) = read(
        tmp_path, f"{HEAD}# 甲\n一つの文が\n続きます。\n\n次の段落です。\n- 箇条\n- 次\n"
    )
    assert found.text == "一つの文が続きます。\n次の段落です。\n- 箇条\n- 次"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# 甲\n性格: 規程\n文です。\n", "d.md: 性格 is '規程'; expected one of 規定, 論点, "),
        ("# 甲\n文です。\n\n施行日: 昨日\n", "d.md: '昨日' is not a date such as 2005-04-01."),
        ("# 甲\n文です。\n\n位置付け: 条例\n", "d.md: authority is '条例'; expected one of law, "),
        (
            "# 甲\n文です。\n\n出展: https://a.jp/\n",
            "d.md: unknown item line '出展'; known are 出典",
        ),
        (
            "# 甲\n文です。\n\n事実: A\n正確: 背景\n",
            "d.md: unknown item line '正確'; known are 出典",
        ),
    ],
)
def test_an_item_line_that_says_nothing_known_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    sentence = refusal(tmp_path, HEAD + text)
    assert sentence.startswith(message)
    assert "\n" not in sentence


def test_a_text_with_a_colon_is_no_item_line(tmp_path: Path) -> None:
    (found,) = read(tmp_path, f"{HEAD}# 甲\n対象: 市民と会社\n\n性格: 規定\n")
    assert found.text == "対象: 市民と会社"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("title: 甲", "d.md: front matter must have authority."),
        ("kind: 甲", "d.md: front matter must have title and authority."),
        ("title: 甲\nauthority: 条例", "d.md: authority is '条例'; expected one of law, ordinance"),
        ("title: 甲\nauthority: rule\nedition: 要約", "d.md: edition is '要約'; expected original"),
        ("title: 甲\nauthority: rule\nlanguage: jp", "d.md: language is 'jp'; expected ja or en."),
        ("title: 甲\nauthority: rule\nadopted: 平成17年", "d.md: '平成17年' is not a date such as"),
        ("titel: 甲\nauthority: rule", "d.md: unknown front matter titel; known are adopted, "),
        ("title:\n  - 甲\nauthority: rule", "d.md: front matter title must be one line of text"),
        ("- 甲", "d.md: front matter must be lines of 'key: value'."),
        (
            "title: 甲: 乙",
            "d.md: front matter must be lines of 'key: value', found another thing on",
        ),
        ("title: " + "[" * 5000, "d.md: front matter must be lines of 'key: value'"),
        (
            "title: 甲\nauthority: rule\neffective_from: 2020-01-01\neffective_until: 2019-01-01",
            "d.md: effective_until 2019-01-01 is before effective_from 2020-01-01.",
        ),
    ],
)
def test_front_matter_that_cannot_be_right_is_refused_in_one_sentence(
    tmp_path: Path, head: str, message: str
) -> None:
    sentence = refusal(tmp_path, f"---\n{head}\n---\n# 甲\n文です。\n")
    assert sentence.startswith(message)
    assert "\n" not in sentence


def test_front_matter_that_is_not_closed_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "---\ntitle: 甲\n文です。\n") == (
        "d.md: front matter opens with --- but no --- closes it."
    )


def test_front_matter_may_have_spaces_and_stand_alone(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "--- \ntitle: 甲\nauthority: rule\n---  \n文です。\n")
    assert (found.document.title, found.text) == ("甲", "文です。")
    path = tmp_path / "d.md"
    path.write_text("---\ntitle: 甲\nauthority: rule\n---", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"^d\.md: expected text, found none"):
        read_file(path)


_WORDS = st.text(alphabet="あ亜ア。、1（）", min_size=1, max_size=8)
_LINES = _WORDS | st.sampled_from(["# 見出し", "## 小見出し", "", "- 箇条", "| 甲 | 乙 |"])


@given(st.lists(_LINES, max_size=12))
def test_no_character_of_a_plain_document_is_lost(lines: list[str]) -> None:
    blocks = read_markdown("\n".join(lines), "d.md")
    whole = "".join("".join((*b.headings, b.text)) for b in blocks)
    for line in lines:
        assert "".join(line.lstrip("#").split()) in "".join(whole.split())
