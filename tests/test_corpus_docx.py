"""Word documents: what a reader of the page sees is what is indexed."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from corpus import Document, Passage, read_file
from corpus.docx import read_docx
from corpus.docx_numbers import as_numeral
from tests.office_files import listed, numbering, paragraph, word


def texts(data: bytes) -> list[tuple[str, str]]:
    return [(b.locator, b.text) for b in read_docx(data, "a.docx").blocks]


def read(folder: Path, data: bytes) -> tuple[Document, list[Passage]]:
    (folder / "a.docx").write_bytes(data)
    return read_file(folder / "a.docx")


def test_numbers_that_word_draws_stand_before_their_paragraphs() -> None:
    levels = numbering(
        ("decimal", "第%1条"),
        ("decimalFullWidth", "%2"),
        ("decimal", "(%3)"),
        ("aiueoFullWidth", "%4"),
    )
    body = (
        listed("目的を定める。")
        + listed("次による。")
        + listed("前項による。", 1)
        + listed("予算", 2)
        + listed("人員", 2)
        + listed("正規の職員", 3)
        + listed("雑則とする。")
    )
    whole = "\n".join(b.text for b in read_docx(word(body, numbering=levels), "a.docx").blocks)
    places = dict(texts(word(body, numbering=levels)))
    assert places["第1条"] == "目的を定める。"
    assert places["第3条"] == "雑則とする。"
    assert "人員\nア　正規の職員" in whole


def test_a_number_written_in_the_text_is_not_drawn_twice() -> None:
    body = listed("第1条　目的を定める。") + listed("第2条　次による。")
    assert texts(word(body, numbering=numbering(("decimal", "第%1条")))) == [
        ("第1条", "目的を定める。"),
        ("第2条", "次による。"),
    ]


@pytest.mark.parametrize(
    ("style", "number", "shown"),
    [
        ("decimalFullWidth", 12, "１２"),
        ("japaneseCounting", 12, "十二"),
        ("japaneseCounting", 20, "二十"),
        ("japaneseCounting", 120, "百二十"),
        ("ideographDigital", 12, "一二"),
        ("aiueo", 2, "イ"),
        ("irohaFullWidth", 2, "ロ"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedCircle", 21, "(21)"),
        ("upperRoman", 9, "IX"),
        ("lowerLetter", 27, "aa"),
        ("somethingNew", 5, "5"),
        ("japaneseCounting", 0, "0"),
    ],
)
def test_a_number_looks_as_word_shows_it(style: str, number: int, shown: str) -> None:
    assert as_numeral(number, style) == shown


def test_a_deleted_word_is_gone_and_an_inserted_one_is_read_as_if_accepted(tmp_path: Path) -> None:
    body = paragraph("協働の手引き") + (
        "<w:p><w:r><w:t>申請は</w:t></w:r><w:del><w:r><w:delText>三十日</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>六十日</w:t></w:r></w:ins><w:r><w:t>前までです。</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>次の文と</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>一つになります。</w:t></w:r></w:p>"
    )
    document, passages = read(tmp_path, word(body))
    assert document.title == "協働の手引き"
    assert passages[0].text == "申請は六十日前までです。\n次の文と一つになります。"
    assert "tracked_changes:3:" in document.warnings


def test_hidden_words_are_left_out_and_counted(tmp_path: Path) -> None:
    body = (
        paragraph("見える文です。")
        + paragraph("隠れた文", run="<w:vanish/>")
        + paragraph("白い文", run='<w:color w:val="FFFFFF"/>')
        + paragraph("小さい文", run='<w:sz w:val="2"/>')
        + paragraph("様式で隠す", style="H")
        + paragraph("隠れていない文です。", run='<w:vanish w:val="false"/>')
        + paragraph(
            "濃い地に白の文です。",
            properties='<w:shd w:val="clear" w:fill="003366"/>',
            run='<w:color w:val="FFFFFF"/>',
        )
    )
    styles = '<w:style w:styleId="H"><w:name w:val="H"/><w:rPr><w:vanish/></w:rPr></w:style>'
    document, passages = read(tmp_path, word(body, styles=styles))
    assert passages[0].text == "見える文です。\n隠れていない文です。\n濃い地に白の文です。"
    assert "hidden_text:16:" in document.warnings


def test_a_table_gives_rows_with_their_caption_and_heads(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("第2章 共催", 1)
    made.add_paragraph("表1　共催の期限")
    table = made.add_table(4, 3)
    cells = [
        ["区分", "期限", "窓口"],
        ["市内", "30日前", "課"],
        ["", "60日前", "局"],
        ["市外", "", "局"],
    ]
    for row, values in zip(table.rows, cells, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(1, 0).merge(table.cell(2, 0))
    data = io.BytesIO()
    made.save(data)
    _, passages = read(tmp_path, data.getvalue())
    assert [(p.locator, p.text) for p in passages] == [
        ("第2章 共催 › 表1　共催の期限 › 市内", "区分：市内／期限：30日前／窓口：課"),
        ("第2章 共催 › 表1　共催の期限 › 市内", "区分：市内／期限：60日前／窓口：局"),
        ("第2章 共催 › 表1　共催の期限 › 市外", "区分：市外／窓口：局"),
    ]
    assert passages[0].headings == ("第2章 共催", "表1　共催の期限", "市内")


def test_a_cell_of_sentences_is_quoted_alone_with_its_heads(tmp_path: Path) -> None:
    made = docx.Document()
    table = made.add_table(2, 2)
    long = "市は、公開を原則とします。ただし、個人の情報は除きます。理由は議事録に残します。" * 2
    for cell, value in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["項目", "内容", "公開", long], strict=True
    ):
        cell.text = value
    data = io.BytesIO()
    made.save(data)
    _, (passage,) = read(tmp_path, data.getvalue())
    assert (passage.locator, passage.text) == ("公開 › 内容", long)


def test_heads_over_several_columns_reach_each_of_them(tmp_path: Path) -> None:
    made = docx.Document()
    table = made.add_table(3, 3)
    rows = [["区分", "助成額", ""], ["", "下限", "上限"], ["新規", "5万円", "20万円"]]
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    data = io.BytesIO()
    made.save(data)
    _, (passage,) = read(tmp_path, data.getvalue())
    assert passage.text == "区分：新規／助成額 下限：5万円／助成額 上限：20万円"


def test_a_footnote_stands_after_the_paragraph_that_names_it() -> None:
    body = (
        "<w:p><w:r><w:t>協働の事業です。</w:t></w:r>"
        '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>' + paragraph("次の文です。")
    )
    note = f'<w:footnote w:type="separator" w:id="0">{paragraph("x")}</w:footnote>' + (
        f'<w:footnote w:id="2">{paragraph("委託は含まない。")}</w:footnote>'
    )
    blocks = read_docx(word(body, footnotes=note), "a.docx").blocks
    assert [b.text for b in blocks] == ["協働の事業です。", "注1　委託は含まない。", "次の文です。"]


def test_text_in_a_box_and_in_a_content_control_is_read_once() -> None:
    box = "<w:txbxContent>" + paragraph("囲みの文です。") + "</w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>本文です。</w:t><w:pict>{box}</w:pict></w:r></w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('欄の文です。')}</w:sdtContent></w:sdt>"
    )
    assert "".join(t for _, t in texts(word(body))) == "本文です。囲みの文です。欄の文です。"


def test_a_document_from_libreoffice_is_read_like_one_from_word(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice (soffice) is not installed")
    page = (
        "<html><body><h1>第1章 総則</h1><p>第1条　目的を定める。</p><p>第2条　次による。</p>"
        "<ol><li>予算</li><li>人員</li></ol><table border=1><tr><th>区分</th><th>期限</th>"
        "<th>窓口</th></tr><tr><td>市内</td><td>30日前</td><td>課</td></tr></table></body></html>"
    )
    (tmp_path / "b.html").write_text(page, encoding="utf-8")
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", "docx:MS Word 2007 XML", "--infilter=HTML (StarWriter)"]
    command += ["--outdir", str(tmp_path), str(tmp_path / "b.html")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    _, passages = read_file(tmp_path / "b.docx")
    found = {p.locator: p.text for p in passages}
    assert found["第1条"] == "目的を定める。"
    assert found["第2条第1号"] == "予算"
    assert [p.text for p in passages if "窓口" in p.text] == ["区分：市内／期限：30日前／窓口：課"]


def test_a_form_whose_cells_are_empty_keeps_the_heads_of_its_columns(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("様式第1号　申込書")
    table = made.add_table(3, 3)
    for cell, value in zip(table.rows[0].cells, ["団体名", "事業の内容", "実施日"], strict=True):
        cell.text = value
    table.cell(1, 0).text = "例：見本会"
    data = io.BytesIO()
    made.save(data)
    assert [p.text for p in read(tmp_path, data.getvalue())[1]] == [
        "団体名／事業の内容／実施日",
        "団体名：例：見本会",
    ]


def table_of(*rows: list[str]) -> bytes:
    made = docx.Document()
    table = made.add_table(len(rows), len(rows[0]))
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def test_opinions_and_hypotheses_in_a_table_are_never_the_citys_words(tmp_path: Path) -> None:
    heads = ["項目", "考え方", "これまでの委員意見", "事務局の仮説"]
    row = ["対象", "公益の事業とする。", "■ 広くすべきだ。\n■ 企業も含めたい。", "広げると増える。"]
    _, passages = read(tmp_path, table_of(heads, row))
    assert [(p.locator, p.text, p.standing) for p in passages] == [
        ("対象 › 考え方", "公益の事業とする。", "provision"),
        ("対象 › これまでの委員意見", "■ 広くすべきだ。", "opinion"),
        ("対象 › これまでの委員意見", "■ 企業も含めたい。", "opinion"),
        ("対象 › 事務局の仮説", "広げると増える。", "hypothesis"),
    ]


def test_minutes_in_a_table_keep_who_says_what(tmp_path: Path) -> None:
    rows = [["発言者", "発言内容"], ["田中委員", "賛成です。"], ["事務局", "資料を直します。"]]
    _, passages = read(tmp_path, table_of(*rows))
    assert [(p.locator, p.text, p.standing) for p in passages] == [
        ("田中委員", "賛成です。", "opinion"),
        ("事務局", "資料を直します。", "remark"),
    ]
