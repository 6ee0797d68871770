"""PDF files with a text layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import CorpusError, read_file, read_folders
from corpus.wrapping import unwrap


def make_pdf(
    pages: list[list[str]], broken: tuple[int, ...] = (), filter_: str = "ASCIIHexDecode"
) -> bytes:
    """A PDF whose characters are their own Unicode numbers; pages in broken cannot be unpacked."""
    codes = sorted({ord(c) for page in pages for line in page for c in line})
    maps = "\n".join(f"1 beginbfchar <{c:04X}> <{c:04X}> endbfchar" for c in codes)
    cmap = (
        "/CIDInit /ProcSet findresource begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{maps}\nendcmap end"
    )
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Sample /Encoding /Identity-H "
        "/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sample /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    for i, page in enumerate(pages):
        shown = " ".join(f"<{''.join(f'{ord(c):04X}' for c in line)}> Tj 0 -20 Td" for line in page)
        content = f"BT /F1 12 Tf 50 780 Td {shown} ET"
        names = "<< /Font << /F1 3 0 R >> >>"
        coding = f"/Filter /{filter_} " if i in broken else ""
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {names} "
            f"/Contents {7 + 2 * i} 0 R >>",
            f"<< {coding}/Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    written = "%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    written += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    )
    return written.encode("ascii")


def test_the_text_of_every_page_is_cited_with_its_page(tmp_path: Path) -> None:
    path = tmp_path / "tebiki.pdf"
    path.write_bytes(make_pdf([["協働の手引きです。"], ["相談は窓口へ。"]]))
    document, found = read_file(path)
    assert [(p.locator, p.page, p.text) for p in found] == [
        ("1ページ", 1, "協働の手引きです。"),
        ("2ページ", 2, "相談は窓口へ。"),
    ]
    assert document.title == "tebiki"


def test_an_ordinance_in_a_pdf_is_cited_by_article_and_goes_over_pages(tmp_path: Path) -> None:
    path = tmp_path / "jorei.pdf"
    path.write_bytes(
        make_pdf([["第1条　目的を定める。", "第2条　次による。"], ["２　準用する。", "(1) 予算"]])
    )
    assert [(p.locator, p.page, p.text) for p in read_file(path)[1]] == [
        ("第1条", 1, "目的を定める。"),
        ("第2条第1項", 1, "次による。"),
        ("第2条第2項", 2, "準用する。"),
        ("第2条第2項第1号", 2, "予算"),
    ]


def test_a_sentence_broken_at_the_margin_is_one_again(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        make_pdf([["市は、協働の相手方となる団体を公平な手続に", "より選ぶ。", "次の文です。"]])
    )
    (found,) = read_file(path)[1]
    assert found.text == "市は、協働の相手方となる団体を公平な手続により選ぶ。\n次の文です。"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["The city chooses its partner by a fair and open proce-", "dure of its own."],
            ["The city chooses its partner by a fair and open procedure of its own."],
        ),
        (
            ["The city chooses its partner by a fair and open", "procedure."],
            ["The city chooses its partner by a fair and open procedure."],
        ),
        (
            ["市は、協働の相手方となる団体を公平に選ぶ", "■一つ目", "第2章 手続", "（例）"],
            ["市は、協働の相手方となる団体を公平に選ぶ", "■一つ目", "第2章 手続", "（例）"],
        ),
        (["短い行", "次の行"], ["短い行", "次の行"]),
        ([], []),
    ],
)
def test_only_lines_broken_at_the_margin_are_joined(lines: list[str], expected: list[str]) -> None:
    assert unwrap(lines) == expected


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.pdf: expected a readable PDF, found: an empty file."),
        (
            b"<!DOCTYPE html><html><body>x</body></html>",
            "a.pdf: expected a readable PDF, found: a web page; name it .html.",
        ),
        (b"%PDF-1.4\n%%EOF", "a.pdf: expected a readable PDF, found: "),
        (bytes(range(256)) * 20, "a.pdf: expected a readable PDF, found: "),
        (make_pdf([["協働です。"]])[:400], "a.pdf: expected a readable PDF, found: "),
        (make_pdf([[]]), "a.pdf: the PDF has no text layer; it needs OCR before it can be read."),
        (make_pdf([]), "a.pdf: expected a readable PDF, found: "),
    ],
    ids=["empty", "web page", "no table", "noise", "cut off", "blank page", "no page"],
)
def test_a_pdf_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, data: bytes, message: str
) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(CorpusError) as caught:
        read_file(path)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("filter_", ["ASCIIHexDecode", "LZWDecode"])
def test_a_page_that_cannot_be_read_is_reported_and_the_others_are_kept(
    tmp_path: Path, filter_: str
) -> None:
    """With the second filter both readers see an empty page, and neither says that it is not."""
    path = tmp_path / "a.pdf"
    pages = [["一頁目です。"], ["二頁目です。"] * 9, ["三頁目です。"]]
    path.write_bytes(make_pdf(pages, broken=(1,), filter_=filter_))
    reading = read_folders([tmp_path])
    assert [p.text for p in reading.passages] == ["一頁目です。", "三頁目です。"]
    (problem,) = reading.skipped
    assert problem.file == str(path)
    assert problem.reason.startswith("a.pdf: page 2 could not be read: ")
    (outcome,) = reading.outcomes
    assert (outcome.status, outcome.pages, outcome.pages_failed) == ("partial", 3, (2,))
    assert outcome.detail.startswith("a.pdf: page 2 could not be read: ")


def test_a_page_that_one_reader_cannot_read_is_read_by_the_other(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([["一頁目です。"], ["二頁目です。"]], (1,), "JBIG2Decode"))
    reading = read_folders([tmp_path])
    assert [(p.page, p.text) for p in reading.passages] == [
        (1, "一頁目です。"),
        (2, "二頁目です。"),
    ]
    assert reading.outcomes[0].status == "ok"
    assert reading.outcomes[0].warnings == ("pages_by_one_reader:1:page 2",)


def test_a_blank_page_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf([["一頁目です。"], [], ["三頁目です。"]]))
    (outcome,) = read_folders([tmp_path]).outcomes
    assert (outcome.status, outcome.pages, outcome.detail) == ("ok", 3, "")


def test_a_pdf_is_told_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(make_pdf([["協働の手引きです。"]]))
    assert read_file(path)[1][0].page == 1
