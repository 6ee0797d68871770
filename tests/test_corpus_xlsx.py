"""Workbooks: what is shown is read as rows with heads, what is hidden is named, nothing is run."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText
from openpyxl.worksheet.worksheet import Worksheet

from corpus import CorpusError, Document, Passage, read_file
from corpus.xlsx_values import shown
from tests.office_files import SHEET, package, relations


def book(*rows: list[object]) -> tuple[openpyxl.Workbook, Worksheet]:
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    return made, sheet


def read(folder: Path, made: openpyxl.Workbook) -> tuple[Document, list[Passage]]:
    made.save(folder / "a.xlsx")
    return read_file(folder / "a.xlsx")


HEADS: list[object] = ["区分", "期限", "窓口"]


def test_a_table_gives_rows_with_the_sheets_name_its_title_and_heads(tmp_path: Path) -> None:
    made, sheet = book(["共催の期限一覧"], HEADS, ["市内", "30日前", "課"], ["市外", None, "局"])
    sheet.title = "共催"
    document, passages = read(tmp_path, made)
    assert [(p.locator, p.text) for p in passages] == [
        ("共催 › 共催の期限一覧 › 市内", "区分：市内／期限：30日前／窓口：課"),
        ("共催 › 共催の期限一覧 › 市外", "区分：市外／窓口：局"),
    ]


def test_merged_cells_reach_every_row_and_head_that_they_cover(tmp_path: Path) -> None:
    made, sheet = book(
        ["区分", "助成額", None],
        [None, "下限", "上限"],
        ["新規", 5, 20],
        [None, 6, 30],
        ["継続", 1, 2],
    )
    for cells in ("A1:A2", "B1:C1", "A3:A4"):
        sheet.merge_cells(cells)
    _, passages = read(tmp_path, made)
    assert [p.text for p in passages] == [
        "区分：新規／助成額 下限：5／助成額 上限：20",
        "区分：新規／助成額 下限：6／助成額 上限：30",
        "区分：継続／助成額 下限：1／助成額 上限：2",
    ]


def test_hidden_sheets_rows_and_columns_are_named_and_not_indexed(tmp_path: Path) -> None:
    made, sheet = book(
        ["区分", "秘密の欄", "期限", "窓口"],
        ["市内", "隠1", "30日", "課"],
        ["隠2", "隠3", "隠4", "隠5"],
    )
    sheet.title = "表"
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    for name, state in (("控え", "hidden"), ("深い控え", "veryHidden")):
        other = made.create_sheet(name)
        other.append(["隠6"])
        other.sheet_state = state
    document, passages = read(tmp_path, made)
    assert [p.text for p in passages] == ["区分：市内／期限：30日／窓口：課"]
    assert document.warnings == (
        "hidden_sheets:2:控え、深い控え",
        "hidden_rows:1:表",
        "hidden_columns:1:表",
    )


def test_a_formula_shows_its_stored_result_and_is_never_run(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>項目</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>値</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>備考</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>合計</t></is></c>'
        '<c r="B2"><f>1+1</f><v>7</v></c>'
        '<c r="C2" t="str"><f>HYPERLINK("https://example.com/x")</f><v>見る</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>未計算</t></is></c>'
        '<c r="B3"><f>2+2</f></c></row>'
    )
    (tmp_path / "a.xlsx").write_bytes(_raw(cells))
    document, passages = read_file(tmp_path / "a.xlsx")
    assert [p.text for p in passages] == ["項目：合計／値：7／備考：見る", "項目：未計算"]
    assert document.warnings == ("formulas_without_value:1:",)


def _raw(rows: str) -> bytes:
    book_part = (
        f'<workbook xmlns="{SHEET}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    return package(
        {
            "xl/workbook.xml": book_part,
            "xl/_rels/workbook.xml.rels": relations({"worksheet": "worksheets/sheet1.xml"}),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
            ),
        },
        "xl/workbook.xml",
    )


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("45748", "date", "2025年4月1日"),
        ("0.5", "percent:0", "50%"),
        ("0.1234", "percent:1", "12.3%"),
        ("0.375", "time", "9:00"),
        ("200000", "comma", "200,000"),
        ("3.0", "", "3"),
        ("0.30000000000000004", "", "0.3"),
        ("協働", "date", "協働"),
    ],
)
def test_a_number_is_shown_as_its_format_says(value: str, kind: str, text: str) -> None:
    assert shown(value, kind, False) == text


def test_dates_and_per_cents_of_a_real_workbook_are_shown_as_such(tmp_path: Path) -> None:
    made, sheet = book(HEADS, ["市内", datetime.date(2025, 4, 1), 0.25])
    sheet["B2"].number_format = '[$-411]ggge"年"m"月"d"日"'
    sheet["C2"].number_format = "0%"
    _, (passage,) = read(tmp_path, made)
    assert passage.text == "区分：市内／期限：2025年4月1日／窓口：25%"


def test_text_beside_tables_and_two_tables_on_a_sheet_stay_apart(tmp_path: Path) -> None:
    made, _ = book(
        ["公募の実施について"],
        ["この表は、公募の日程を示すものです。"],
        [],
        HEADS,
        ["甲", "1日", "課"],
        ["※日程は変わることがあります。"],
        [],
        ["団体", "事業", "金額"],
        ["乙会", "清掃", 5],
    )
    document, passages = read(tmp_path, made)
    assert document.title == "公募の実施について"
    assert [p.text for p in passages] == [
        "この表は、公募の日程を示すものです。",
        "区分：甲／期限：1日／窓口：課",
        "※日程は変わることがあります。",
        "団体：乙会／事業：清掃／金額：5",
    ]


def test_reading_aids_above_kanji_are_not_part_of_the_text(tmp_path: Path) -> None:
    cell = (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>協</t></r><r><t>働の文です。</t></r>'
        '<rPh sb="0" eb="1"><t>キョウ</t></rPh></is></c></row>'
    )
    (tmp_path / "a.xlsx").write_bytes(_raw(cell))
    assert [p.text for p in read_file(tmp_path / "a.xlsx")[1]] == ["協働の文です。"]


def test_rich_text_is_read_whole(tmp_path: Path) -> None:
    made, sheet = book(HEADS, ["甲", "x", "y"])
    sheet["B2"] = CellRichText("30日", "前まで")
    assert read(tmp_path, made)[1][0].text == "区分：甲／期限：30日前まで／窓口：y"


def test_a_workbook_with_nothing_shown_is_refused_by_name(tmp_path: Path) -> None:
    made, _ = book()
    with pytest.raises(CorpusError, match=r"^a\.xlsx: expected text"):
        read(tmp_path, made)


def test_a_far_cell_and_a_million_empty_rows_cost_nothing(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>初めの文です。</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>端の文です。</t></is></c></row>'
    )
    (tmp_path / "a.xlsx").write_bytes(_raw(cells))
    assert "端の文です。" in "".join(p.text for p in read_file(tmp_path / "a.xlsx")[1])


def test_a_workbook_from_libreoffice_is_read_like_one_from_excel(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if not office:
        pytest.skip("LibreOffice (soffice) is not installed")
    (tmp_path / "b.csv").write_text(
        "区分,期限,窓口\n市内,30日前,課\n市外,60日前,局\n", encoding="utf-8"
    )
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--infilter=CSV:44,34,76,1"]
    command += ["--outdir", str(tmp_path), str(tmp_path / "b.csv")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    _, passages = read_file(tmp_path / "b.xlsx")
    assert [p.text for p in passages] == [
        "区分：市内／期限：30日前／窓口：課",
        "区分：市外／期限：60日前／窓口：局",
    ]
