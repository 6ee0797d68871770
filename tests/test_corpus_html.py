"""HTML pages as cities publish them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from corpus import CorpusError, read_file
from corpus.html import read_html


def lines(body: str) -> list[str]:
    return [line.text for line in read_html(f"<html><body>{body}</body></html>", "p.html")[1]]


def passages(folder: Path, page: str) -> list[tuple[str, str]]:
    path = folder / "p.html"
    path.write_text(page, encoding="utf-8")
    return [(p.locator, p.text) for p in read_file(path)[1]]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>if (1 < 2) { write('<p>隠</p>') }</script>",
        "<style>p { color: red } /* 隠 */</style>",
        "<div hidden>隠<p>隠</p></div>",
        "<div style='DISPLAY : none'>隠<b>隠</b></div>",
        "<p style='visibility:hidden'>隠</p>",
        "<nav><ul><li>隠</li></ul></nav>",
        "<noscript>隠</noscript>",
        "<template><p>隠</p></template>",
        "<!-- 隠 -->",
        "<footer>隠</footer>",
        "<select><option>隠</option></select><textarea>隠</textarea><button>隠</button>",
        "<svg><title>隠</title><text>隠</text></svg>",
        "<input hidden value='隠'>",
    ],
)
def test_what_a_reader_does_not_see_is_left_out_and_what_follows_is_kept(hidden: str) -> None:
    assert lines(f"<p>前です。</p>{hidden}<p>後です。</p>") == ["前です。", "後です。"]


def test_the_text_of_a_form_is_kept_for_whole_pages_stand_in_one() -> None:
    assert lines("<form><div><p>協働の窓口です。</p></div></form>") == ["協働の窓口です。"]


def test_headings_of_nested_articles_give_the_place(tmp_path: Path) -> None:
    page = """<!DOCTYPE html><html><head><title> 協働の
    手引き </title></head><body><article><h1>協働</h1><p>本文<b>太字</b>です。<br>改行の後です。</p>
    <article><h2>原則</h2><p>対等&amp;公開です。</p><article><h3>例外</h3><p>緊急のとき。</p>
    </article></article><h2>連絡先</h2><p>窓口です。</p></article></body></html>"""
    assert passages(tmp_path, page) == [
        ("協働", "本文太字です。\n改行の後です。"),
        ("協働 › 原則", "対等&公開です。"),
        ("協働 › 原則 › 例外", "緊急のとき。"),
        ("協働 › 連絡先", "窓口です。"),
    ]
    assert read_file(tmp_path / "p.html")[0].title == "協働の 手引き"


def test_an_ordinance_on_a_page_is_cited_by_article(tmp_path: Path) -> None:
    page = """<html><body><h1>見本条例</h1><h2>第1章 総則</h2><p>（目的）</p>
    <h3>第一条　目的を定める。</h3><h3>第二条（定義）</h3><p>次による。</p><p>２　準用する。</p>
    <h2>附則</h2><p>この条例は、施行する。</p></body></html>"""
    assert passages(tmp_path, page) == [
        ("第1条", "目的を定める。"),
        ("第2条第1項", "次による。"),
        ("第2条第2項", "準用する。"),
        ("附則", "この条例は、施行する。"),
    ]


def test_one_article_as_a_heading_is_a_heading(tmp_path: Path) -> None:
    page = "<html><body><h2>第5条 原則</h2><p>対等です。</p></body></html>"
    assert passages(tmp_path, page) == [("第5条 原則", "対等です。")]


def test_cells_of_a_row_stand_apart_and_lines_of_pre_stay_lines() -> None:
    table = (
        "<table><tr><th>区</th><th>額</th></tr><tr><td>北区</td><td></td><td>10円</td></tr></table>"
    )
    assert lines(f"{table}<pre>一行目\n  二行目</pre>") == [
        "区 額",
        "北区 10円",
        "一行目",
        "二行目",
    ]


def test_a_fragment_in_a_html_file_is_read_as_html(tmp_path: Path) -> None:
    assert passages(tmp_path, "<p>断片<!-- 注 -->です。</p>") == [("本文", "断片です。")]


def test_open_elements_end_where_a_browser_ends_them() -> None:
    assert lines("<p>一<p>二<ul><li>三<li>四</ul><b>五") == ["一", "二", "三", "四", "五"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div>" * 100_000 + "深い文" + "</div>" * 100_000 + "後", ["深い文", "後"]),
        ("前<b>" * 100_000 + "深い文", ["前" * 100_000 + "深い文"]),
        ("<div hidden>" + "<div>" * 100_000 + "隠" + "</div>" * 100_001 + "後", ["後"]),
        ("<p>" + "あ" * 5_000_000 + "</p>後", ["あ" * 5_000_000, "後"]),
        ("<table><tr><td>" * 20_000 + "深い文", ["深い文"]),
    ],
    ids=["nested blocks", "nested inline", "nested hidden", "long line", "nested tables"],
)
def test_a_hostile_page_is_read_whole_and_soon(body: str, expected: list[str]) -> None:
    started = time.perf_counter()
    assert lines(body) == expected
    assert time.perf_counter() - started < 20


def test_a_page_with_nothing_to_read_is_refused_by_name(tmp_path: Path) -> None:
    for page in ("<html></html>", "<html><body><script>1</script></body></html>", "<!--", ""):
        with pytest.raises(CorpusError, match=r"^p\.html: expected text, found none"):
            passages(tmp_path, page)


def test_a_page_says_its_encoding_in_vain_where_its_bytes_say_another(tmp_path: Path) -> None:
    page = '<html><head><meta charset="shift_jis"></head><body>協働です。</body></html>'
    assert passages(tmp_path, page) == [("本文", "協働です。")]
    (tmp_path / "p.html").write_bytes(page.encode("cp932"))
    assert [p.text for p in read_file(tmp_path / "p.html")[1]] == ["協働です。"]
