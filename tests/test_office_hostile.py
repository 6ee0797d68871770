"""Word and Excel files made to harm: refused from their directory, nothing unpacked or fetched.

Cases 13 and 14 of the forty.
"""

from __future__ import annotations

import io
import re
import socket
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import UnreadableFile, read_file, read_folders
from corpus.office import read_office
from tests.office_files import package, paragraph, word

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PEAK_MB = 300
"""What security.md allows a reading of a docx bomb."""


def bomb(megabytes: int) -> bytes:
    """A small file whose document grows to many megabytes of spaces."""
    data = io.BytesIO(word(paragraph("文です。")))
    with zipfile.ZipFile(data) as whole:
        parts = {i.filename: whole.read(i) for i in whole.infolist()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, part in parts.items():
            if path != "word/document.xml":
                archive.writestr(path, part)
        with archive.open("word/document.xml", "w") as out:
            start, _, end = parts["word/document.xml"].partition(b"</w:body>")
            out.write(start)
            for _ in range(megabytes):
                out.write(b" " * (1 << 20))
            out.write(b"</w:body>" + end)
    return made.getvalue()


def test_a_docx_that_grows_to_400_mb_is_refused_within_300_mb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    path.write_bytes(bomb(400))
    assert path.stat().st_size < 1_000_000
    code = (
        "import sys; from pathlib import Path; from corpus.office import read_office\n"
        "from corpus.errors import UnreadableFile\n"
        "try: read_office(Path(sys.argv[1]).read_bytes(), 'bomb.docx')\n"
        "except UnreadableFile as error: print(error)\n"
        "status = Path('/proc/self/status').read_text().split('VmHWM:')[1]\n"
        "print(int(status.split()[0]) // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=60
    )
    reason, peak = done.stdout.strip().split("\n")
    assert "a part of 400 MB once unpacked" in reason
    assert int(peak) < PEAK_MB, f"{peak} MB"
    (problem,) = read_folders([tmp_path]).skipped
    assert problem.reason == reason


def test_a_document_type_is_refused_and_no_file_or_network_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: pytest.fail("a look-up"))
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密")
    for entity in (f'SYSTEM "file://{secret}"', 'SYSTEM "http://example.com/x"', '"長い"'):
        head = f"<!DOCTYPE w:document [<!ENTITY x {entity}>]>"
        with pytest.raises(UnreadableFile, match="a document type") as caught:
            read_office(word(paragraph("&x;"), head), "a.docx")
        assert "秘密" not in str(caught.value)


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        (["../../outside.xml"], "leads out of the file"),
        (["/etc/passwd"], "leads out of the file"),
        (["word\\..\\..\\x.xml"], "leads out of the file"),
        (["C:/x.xml"], "leads out of the file"),
        (["word/extra.xml", "word/extra.xml"], "two parts named"),
        (["WORD/DOCUMENT.XML"], "two parts named"),
    ],
)
def test_names_that_climb_out_or_come_twice_are_refused(extra: list[str], found: str) -> None:
    data = io.BytesIO(word(paragraph("文です。")))
    with zipfile.ZipFile(data, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in extra:
            archive.writestr(path, "x")
    with pytest.raises(UnreadableFile, match=found):
        read_office(data.getvalue(), "a.docx")


def test_ten_thousand_parts_are_refused_before_they_are_listed() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for i in range(10_000):
            archive.writestr(f"{i}", "")
    with pytest.raises(UnreadableFile, match="expected up to 5000 parts"):
        read_office(data.getvalue(), "a.docx")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "cut off"),
        (b"PK\x03\x04" + b"x" * 500, "cut off"),
        (word(paragraph("文"))[:700], "cut off"),
        (OLE + b"\0" * 600, "an old office file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "one that asks for it"),
        ("これはただの文です。".encode(), "cut off"),
        (package({"word/document.xml": "<w:document"}, "word/document.xml"), "cannot be read"),
        (package({}, "word/document.xml"), "without a document"),
    ],
    ids=["empty", "noise", "cut", "old", "encrypted", "text", "broken xml", "no document"],
)
def test_what_is_no_word_file_is_refused_in_one_sentence(data: bytes, found: str) -> None:
    with pytest.raises(UnreadableFile, match=found) as caught:
        read_office(data, "a.docx")
    assert str(caught.value).startswith("a.docx: expected ")


def test_every_cut_and_every_flipped_byte_ends_in_text_or_in_a_refusal() -> None:
    whole = word("".join(paragraph(f"第{i}条　文です。") for i in range(30)))
    for cut in range(0, len(whole), 37):
        damaged = bytearray(whole)
        damaged[cut] ^= 0xFF
        for data in (whole[:cut], bytes(damaged)):
            try:
                read_office(data, "a.docx")
            except UnreadableFile as error:
                assert str(error).startswith("a.docx: ")  # noqa: PT017 - either end is right


def test_a_text_named_docx_and_a_docx_named_txt_are_told_by_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(word(paragraph("これは文書の本文です。")))
    assert read_file(tmp_path / "a.txt")[1][0].text == "これは文書の本文です。"
    (tmp_path / "c.pdf").write_bytes(word(paragraph("これも文書の本文です。")))
    (tmp_path / "b.docx").write_text("ただの文です。", encoding="utf-8")
    reading = read_folders([tmp_path])
    assert [d.document_id for d in reading.documents] == ["a", "c"]
    assert [Path(p.file).name for p in reading.skipped] == ["b.docx"]


def test_deeply_nested_xml_is_refused_without_a_crash() -> None:
    body = "<w:sdt><w:sdtContent>" * 20_000 + "</w:sdtContent></w:sdt>" * 20_000
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_office(word(body), "a.docx")


def test_tables_within_tables_within_the_parsers_depth_are_read() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 40 + paragraph("深い文です。") + "</w:tc></w:tr></w:tbl>" * 40
    (block,) = read_office(word(body + paragraph("次")), "a.docx").blocks[:1]
    assert "深い文です。" in block.text


def test_the_report_says_how_each_hostile_file_ended(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(word(paragraph("文です。")))
    (tmp_path / "b-bomb.docx").write_bytes(bomb(70))
    (tmp_path / "c-locked.xlsx").write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    (tmp_path / "d-broken.docx").write_bytes(word(paragraph("文です。"))[:-40])
    (tmp_path / "e.jtd").write_bytes(b"x")
    (tmp_path / "f.html").write_text("<html><body><div hidden>隠</div></body></html>")
    assert [(o.file, o.status) for o in read_folders([tmp_path]).outcomes] == [
        ("a.docx", "ok"),
        ("b-bomb.docx", "too_big"),
        ("c-locked.xlsx", "encrypted"),
        ("d-broken.docx", "unreadable"),
        ("f.html", "no_text"),
        ("e.jtd", "unreadable"),
    ]


_WORDS = st.text(
    st.sampled_from("協働市民団体の窓口は、公開する。第1条（目的）一二１２"), max_size=30
)


@settings(deadline=None, max_examples=40)
@given(st.lists(_WORDS, min_size=1, max_size=12), st.integers(0, 3))
def test_no_word_of_a_document_or_a_sheet_is_lost_and_its_places_stay(
    lines: list[str], columns: int
) -> None:
    made = [read_office(word("".join(map(paragraph, lines))), "a.docx")] * 2
    if columns:
        rows = [lines[i : i + columns] for i in range(0, len(lines), columns)]
        cells = "".join(
            f"<w:tr>{''.join(f'<w:tc>{paragraph(t)}</w:tc>' for t in row)}</w:tr>" for row in rows
        )
        made += [read_office(word(f"<w:tbl>{cells}</w:tbl>"), "a.docx")]
    for content in made:
        whole = content.title + "|".join(
            "|".join((b.text, b.locator, *b.headings)) for b in content.blocks
        )
        plain = "".join(whole.split())
        for line in lines:
            words = re.sub(r"^(?:第1条|[（(]目的[）)]|[一二12１２]+)+", "", "".join(line.split()))
            assert words in plain
    assert made[0].blocks == read_office(word("".join(map(paragraph, lines))), "a.docx").blocks
