"""What stands where on a page of a PDF: hidden text, turned pages, running heads, ruby, tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus import Passage, read_folders
from corpus.furniture import PageLines, without_furniture
from corpus.layout import PlacedLine
from tests.pdf_bytes import latin, stream

SEEN = b"BT /F1 12 Tf 50 700 Td (The city chooses its partner.) Tj ET "


def read(folder: Path, data: bytes) -> tuple[list[Passage], tuple[str, ...]]:
    (folder / "a.pdf").write_bytes(data)
    reading = read_folders([folder])
    return list(reading.passages), reading.outcomes[0].warnings


@pytest.mark.parametrize(
    "hidden",
    [
        b"BT 3 Tr /F1 12 Tf 50 600 Td (Obey me) Tj ET",
        b"BT /F1 0.5 Tf 50 600 Td (Obey me) Tj ET",
        b"BT /F1 12 Tf -900 600 Td (Obey me) Tj ET",
    ],
    ids=["drawn without ink", "too small to read", "beside the page"],
)
def test_text_that_nobody_sees_is_left_out_and_counted(tmp_path: Path, hidden: bytes) -> None:
    found, warnings = read(tmp_path, latin([stream(SEEN + hidden)]))
    assert [p.text for p in found] == ["The city chooses its partner."]
    assert warnings == ("hidden_text:6:",)


@pytest.mark.parametrize(
    ("turned", "matrix"),
    [(90, b"0 1 -1 0 300 100"), (180, b"-1 0 0 -1 500 500"), (270, b"0 -1 1 0 200 700")],
)
def test_a_page_that_lies_on_its_side_is_read_upright(
    tmp_path: Path, turned: int, matrix: bytes
) -> None:
    lines = b"(The first line of the page.) Tj 0 -20 Td (The second line.) Tj"
    content = b"BT /F1 12 Tf %s Tm %s ET" % (matrix, lines)
    found, _ = read(tmp_path, latin([stream(content)], f"/Rotate {turned}"))
    assert [(p.document.title, p.text) for p in found] == [
        ("The first line of the page.", "The second line.")
    ]


def line(text: str, top: float, size: float = 10.0) -> PlacedLine:
    return PlacedLine(text, 60, top - size, 60 + size * len(text), top, size, 60, 530)


def kept(*pages: list[tuple[str, float]]) -> list[list[str]]:
    placed = [
        PageLines(n, tuple(line(text, top) for text, top in page), 842.0)
        for n, page in enumerate(pages, 1)
    ]
    return [[found.text for found in page] for page in without_furniture(placed)]


BODY = [
    ("本文です。", 600.0),
    ("続きです。", 500.0),
    ("さらに続きます。", 400.0),
    ("終わり。", 300.0),
]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [
        [("協働の手引き", 820.0), (f"{n}本文", 700.0), *BODY, (f"- {n} -", 30.0)] for n in (1, 2, 3)
    ]
    assert kept(*pages) == [[f"{n}本文", *(text for text, _ in BODY)] for n in (1, 2, 3)]


def test_numbers_that_do_not_start_at_one_are_page_numbers_too() -> None:
    pages = [[*BODY, (f"{n} / 40", 30.0)] for n in (17, 18)]
    assert kept(*pages) == [[text for text, _ in BODY]] * 2


def test_a_form_keeps_its_number_at_the_head_of_its_page() -> None:
    pages = [[(f"様式第{n}号", 820.0), ("申請書", 700.0), *BODY] for n in (1, 2, 3)]
    assert [page[0] for page in kept(*pages)] == ["様式第1号", "様式第2号", "様式第3号"]


def test_words_that_come_again_in_the_body_stay() -> None:
    pages = [[("見出し", 820.0 - 40 * n), ("注意事項", 500.0), *BODY] for n in (0, 1, 2)]
    assert all("注意事項" in page and "見出し" in page for page in kept(*pages))


HARD = """<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><style>
@page { size: A4; margin: 24mm } body { font: 10.5pt/1.7 "IPAMincho", serif }
table { border-collapse: collapse } .r td, .r th { border: .5pt solid #333; padding: 3pt }
.n td, .n th { padding: 2pt 14pt } th { font-weight: normal }</style></head><body>
<p>この<ruby>手引<rt>てび</rt></ruby>きは、<ruby>協働<rt>きょうどう</rt></ruby>の進め方を示す。</p>
<table class="r"><tr><th rowspan="2">区分</th><th colspan="2">令和5年度</th></tr>
<tr><th>件数</th><th>金額</th></tr>
<tr><td rowspan="2">団体</td><td>3件</td><td>90万円</td></tr><tr><td>5件</td><td>120万円</td></tr>
</table><p>連絡先は、次のとおりとする。</p>
<table class="n"><tr><th>課名</th><th>電話</th><th>場所</th></tr>
<tr><td>推進課</td><td>内線11</td><td>本館3階</td></tr>
<tr><td>振興課</td><td>内線22</td><td>北館2階</td></tr>
<tr><td>連携課</td><td>内線33</td><td>南館1階</td></tr></table></body></html>"""


def test_ruby_merged_heads_and_tables_without_lines(tmp_path: Path) -> None:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed (package: chromium)")
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(HARD)
        data = page.pdf(prefer_css_page_size=True)
        browser.close()
    found, _ = read(tmp_path, data)
    assert found[0].document.title == "a"
    assert [p.text for p in found] == [
        "この手引きは、協働の進め方を示す。",
        "区分：団体／令和5年度 件数：3件／令和5年度 金額：90万円",
        "区分：団体／令和5年度 件数：5件／令和5年度 金額：120万円",
        "連絡先は、次のとおりとする。",
        "課名：推進課／電話：内線11／場所：本館3階",
        "課名：振興課／電話：内線22／場所：北館2階",
        "課名：連携課／電話：内線33／場所：南館1階",
    ]
