"""Hard and hostile PDFs: each ends in the report as it should, and the next file is read."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PIL import Image

import corpus.pdf
from assistant.cli import main
from corpus import FileOutcome, Passage, read_folders
from corpus.pdf_limits import pdf_limits
from index import build_index, load_index
from tests.pdf_bytes import assemble, latin, one_font, stream
from tests.test_corpus_pdf import make_pdf

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "pdfs"
KANA = "あいうえお日本語"


@pytest.fixture(autouse=True)
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without Tesseract."""
    monkeypatch.setattr(corpus.pdf, "can_read_scans", lambda: False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good file, that comes last in the order of names."""
    made = tmp_path / "documents"
    made.mkdir()
    (made / "z.txt").write_text("協働の手引きです。\n", encoding="utf-8")
    return made


def outcome_of(folder: Path, name: str, data: bytes) -> tuple[FileOutcome, list[Passage]]:
    """How the reading of a file ends beside a good one, which must be read in any case."""
    (folder / name).write_bytes(data)
    reading = read_folders([folder])
    first, last = reading.outcomes
    assert (first.file, last.file, last.status) == (name, "z.txt", "ok")
    return first, [p for p in reading.passages if p.document.document_id != "z"]


def encrypted(user: str, algorithm: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(make_pdf([["協働の手引きです。"]])))
    writer.encrypt(user, "owner", algorithm=algorithm)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.mark.parametrize("algorithm", ["AES-256", "AES-128", "RC4-128"])
def test_a_file_that_opens_without_a_password_is_read(folder: Path, algorithm: str) -> None:
    outcome, found = outcome_of(folder, "a.pdf", encrypted("", algorithm))
    assert outcome.status == "ok"
    assert [p.text for p in found] == ["協働の手引きです。"]


@pytest.mark.parametrize("algorithm", ["AES-256", "RC4-128"])
def test_a_file_that_asks_for_a_password_is_listed(folder: Path, algorithm: str) -> None:
    outcome, found = outcome_of(folder, "a.pdf", encrypted("secret", algorithm))
    assert (outcome.status, found) == ("encrypted", [])
    assert outcome.detail == "a.pdf: the PDF asks for a password; save it without one."


def test_an_unknown_kind_of_protection_is_listed(folder: Path) -> None:
    plain = make_pdf([["協働です。"]])
    kind = b"/Root 1 0 R /Encrypt << /Filter /Unheard.Of /V 4 /R 4 /P -4 /O (x) /U (y) >>"
    outcome, found = outcome_of(folder, "a.pdf", plain.replace(b"/Root 1 0 R", kind))
    assert (outcome.status, found) == ("encrypted", [])


def test_a_scan_needs_ocr_and_nothing_is_indexed(folder: Path) -> None:
    scan = io.BytesIO()
    Image.new("1", (600, 800), 1).save(scan, "PDF")
    outcome, found = outcome_of(folder, "a.pdf", scan.getvalue())
    assert (outcome.status, found) == ("no_text", [])
    assert (outcome.pages, outcome.pages_needing_ocr) == (1, (1,))
    assert "needs OCR" in outcome.detail


@pytest.mark.parametrize(
    ("cmap", "coding"),
    [
        ("90ms-RKSJ-H", "cp932"),
        ("90ms-RKSJ-V", "cp932"),
        ("EUC-H", "euc_jp"),
        ("EUC-V", "euc_jp"),
        ("UniJIS-UTF16-H", "utf-16-be"),
        ("UniJIS-UCS2-H", "utf-16-be"),
        ("90pv-RKSJ-H", "shift_jis"),
    ],
)
def test_japanese_under_a_predefined_cmap_is_read_right(
    folder: Path, cmap: str, coding: str
) -> None:
    _, found = outcome_of(folder, "a.pdf", one_font(cmap, KANA.encode(coding)))
    assert "".join("".join(p.text for p in found).split()) == KANA


@pytest.mark.parametrize("cmap", ["H", "V"])
def test_plain_jis_is_read_right_and_the_conflict_is_recorded(folder: Path, cmap: str) -> None:
    shown = bytes(byte & 0x7F for byte in KANA.encode("euc_jp"))
    outcome, found = outcome_of(folder, "a.pdf", one_font(cmap, shown))
    assert "".join("".join(p.text for p in found).split()) == KANA
    assert (outcome.status, outcome.pages_in_conflict) == ("text_conflict", (1,))


def test_glyph_numbers_of_japan1_are_read_right(folder: Path) -> None:
    shown = b"".join(n.to_bytes(2, "big") for n in (843, 845, 847, 849, 851))
    _, found = outcome_of(folder, "a.pdf", one_font("Identity-H", shown))
    assert [p.text for p in found] == ["あいうえお"]


def test_an_authors_own_forms_stay_in_the_quote(folder: Path) -> None:
    shown = "ﬁnanceのﾊﾝｶｸと３０と①と㈱"
    _, found = outcome_of(folder, "a.pdf", make_pdf([[shown]]))
    assert [p.text for p in found] == [shown]


@pytest.mark.parametrize("query", ["finance", "ハンカク", "30", "(株)"])
def test_a_question_in_ordinary_forms_finds_an_authors_own(folder: Path, query: str) -> None:
    shown = "ﬁnanceのﾊﾝｶｸと３０と①と㈱です。"
    pages = [["会場の予約は、窓口で受け付けます。"], [shown], ["相談は、平日に限ります。"]]
    (folder / "a.pdf").write_bytes(make_pdf(pages))
    build_index(folder.parent / "index", [folder])
    hit = load_index(folder.parent / "index").search(query, 1).hits[0]
    assert (hit.passage.page, hit.passage.text) == (2, shown)


def test_forms_that_only_fonts_know_are_made_ordinary(folder: Path) -> None:
    _, found = outcome_of(folder, "a.pdf", make_pdf([["第⼀条　⽬的を定める。"]]))
    assert found[0].text.endswith("目的を定める。")


@pytest.mark.parametrize(("drawn", "seconds"), [(b"/X Do", 5), (b"/X Do /X Do", 20)])
def test_a_form_that_draws_itself_ends(folder: Path, drawn: bytes, seconds: int) -> None:
    """Drawn twice it doubles at every turn, until pdfium's process is out of memory."""
    names = "/Resources << /Font << /F1 3 0 R >> /XObject << /X 6 0 R >> >>"
    data = latin([stream(b"BT /F1 12 Tf 50 700 Td (before) Tj ET /X Do")])
    data = data.replace(b"/Resources << /Font << /F1 3 0 R >> >>", names.encode())
    form = stream(drawn, f"/Type /XObject /Subtype /Form /BBox [0 0 99 99] {names}")
    cut = data.index(b"xref\n")
    data = data[:cut] + b"6 0 obj\n" + form + b"\nendobj\n" + data[cut:]
    started = time.monotonic()
    outcome, found = outcome_of(folder, "a.pdf", data)
    assert time.monotonic() - started < seconds
    assert (outcome.status, [p.text for p in found]) == ("ok", ["before"])


def test_a_tree_of_pages_that_holds_itself_ends(folder: Path) -> None:
    data = assemble(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>",
            "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
        ]
    )
    started = time.monotonic()
    outcome, found = outcome_of(folder, "a.pdf", data)
    assert time.monotonic() - started < 5
    assert (outcome.is_problem, found) == (True, [])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n".ljust(184, b" "),
        bytes(range(256)) * 40,
        b"<html><body>page</body></html>",
        make_pdf([["協働の手引きです。"] * 9])[:1200],
    ],
    ids=["empty", "184 bytes", "noise", "web page", "cut in half"],
)
def test_what_is_no_pdf_is_unreadable_at_once(folder: Path, data: bytes) -> None:
    (folder / "a.pdf").write_bytes(data)
    started = time.monotonic()
    outcome, found = outcome_of(folder, "a.pdf", data)
    assert time.monotonic() - started < 1
    assert (outcome.status, found) == ("unreadable", [])


def test_a_stream_that_unpacks_to_too_much_is_too_big(folder: Path) -> None:
    bomb = zlib.compress(b" " * 60_000_000, 9)
    assert len(bomb) < 100_000
    outcome, found = outcome_of(folder, "a.pdf", latin([stream(bomb, "/Filter /FlateDecode")]))
    assert (outcome.status, found) == ("too_big", [])


@pytest.fixture
def without_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No limit but that of the clock, and that one at half a second."""
    lax = replace(
        pdf_limits(), seconds=0.5, characters_per_page=10**8, parsing_steps=10**8, pages=10**6
    )
    monkeypatch.setattr(corpus.pdf, "pdf_limits", lambda: lax)
    return


def flood(pages: int, operators: int) -> bytes:
    """Pages of so many operators, packed to a few kilobytes."""
    shown = zlib.compress(b"BT /F1 12 Tf 50 700 Td " + b"(a) Tj " * operators + b"ET", 9)
    return latin([stream(shown, "/Filter /FlateDecode")] * pages)


@pytest.mark.parametrize(("pages", "operators"), [(1, 990_000), (20, 100_000)])
def test_a_flood_is_stopped_at_the_limit_of_the_clock(
    folder: Path, without_limits: None, pages: int, operators: int
) -> None:
    started = time.monotonic()
    outcome, found = outcome_of(folder, "a.pdf", flood(pages, operators))
    assert time.monotonic() - started < 6
    assert (outcome.status, found) == ("timeout", [])


def test_a_flood_is_refused_long_before_the_limit_of_the_clock(folder: Path) -> None:
    outcome, found = outcome_of(folder, "a.pdf", flood(1, 990_000))
    assert (outcome.status, found) == ("too_big", [])


def test_a_reader_that_crashes_leaves_the_other_readers_text(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = ("tests.child_tasks:die", corpus.pdf._READERS[1])
    monkeypatch.setattr(corpus.pdf, "_READERS", readers)
    outcome, found = outcome_of(folder, "a.pdf", make_pdf([["協働の手引きです。"]]))
    assert [p.text for p in found] == ["協働の手引きです。"]
    assert outcome.warnings == ("one_reader:1:pypdf: crashed",)


def test_readers_that_crash_end_in_the_report_and_the_exit_status(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(corpus.pdf, "_READERS", ("tests.child_tasks:die",) * 2)
    (folder / "a.pdf").write_bytes(make_pdf([["協働の手引きです。"]]))
    root = folder.parent / "index"
    status = main(["index", "build", "--documents", str(folder), "--index", str(root), "--json"])
    printed = capsys.readouterr()
    assert status == 3
    report = {row["file"]: row["status"] for row in json.loads(printed.out)["report"]}
    assert report == {"a.pdf": "crashed", "z.txt": "ok"}
    assert "kyodo: crashed: a.pdf: its reader ended without an answer (signal 11)" in printed.err
    assert "kyodo: 2 files read: 1 ok, 1 crashed" in printed.err


SHARED_ENDS = {
    "pdfminer__contrib_issue-1113-evil-xobjects.pdf": ("ok", "Hello world"),
    "pdfminer__contrib_issue-449-vertical.pdf": ("ok", "Vertical"),
    "pdfminer__jo.pdf": ("text_conflict", "わたくしといふ現象は\n假定された有機交流電燈の"),
    "pdfminer__simple3.pdf": ("ok", "あいうえお"),
    "pdfminer__zen_of_python_corrupted.pdf": ("ok", "Explicit is better than implicit."),
    "pypdf__encrypted_doc_no_id.pdf": ("no_text", ""),
    "pypdf__encryption_r2-empty-password.pdf": ("ok", "pdf encryption test"),
    "pypdf__encryption_r6-empty-password.pdf": ("ok", "pdf encryption test"),
    "pypdf__encryption_r6-user-password.pdf": ("encrypted", ""),
    "samplefiles__007-imagemagick-images_imagemagick-CCITTFaxDecode.pdf": ("no_text", ""),
    "samplefiles__015-arabic_habibi.pdf": ("ok", "habibi"),
    "samplefiles__026-latex-multicolumn_multicolumn.pdf": (
        "ok",
        "Lorem ipsum dolor sit amet, consectetuer adipiscing elit.",
    ),
    "bombs/flate_200MB.pdf": ("too_big", ""),
    "bombs/flate_70MB_spaces.pdf": ("ok", "end"),
    "bombs/pages_20x100k.pdf": ("too_big", ""),
    "bombs/tj_1500k.pdf": ("too_big", ""),
    "bombs/tj_600k.pdf": ("too_big", ""),
    "bombs/tj_990k.pdf": ("too_big", ""),
    "bombs/tm_300k.pdf": ("ok", "ab"),
}


READ_EACH = """
import json, re, sys, time
from pathlib import Path
import corpus.pdf
from corpus import CorpusError
from corpus.child import Children
from corpus.folder import read_content
corpus.pdf.can_read_scans = lambda: False
ends = {}
with Children() as children:
    for path in sorted(Path(sys.argv[1]).rglob("*.pdf")):
        started = time.monotonic()
        try:
            _, passages, content = read_content(path, children)
            status, text = content.findings.status, "".join(p.text for p in passages)
        except CorpusError as error:
            status, text = error.status, ""
        ends[path.relative_to(sys.argv[1]).as_posix()] = [status, text, time.monotonic() - started]
# VmHWM, and not ru_maxrss: that one remembers the process that this one was forked from.
with open("/proc/self/status") as status:
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read())[1]) / 1024
print(json.dumps({"ends": ends, "peak_mib": peak}))
"""


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared hard files are not here")
def test_every_shared_file_ends_as_it_should_and_this_process_stays_small() -> None:
    command = [sys.executable, "-c", READ_EACH, str(SHARED)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    found = json.loads(run.stdout)
    assert set(found["ends"]) == set(SHARED_ENDS)
    for file, (status, words) in SHARED_ENDS.items():
        ended, text, seconds = found["ends"][file]
        assert (file, ended) == (file, status)
        assert words in text
        assert seconds < 30, file
    assert found["peak_mib"] < 120
