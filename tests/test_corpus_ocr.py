"""Scanned pages: read by OCR where Tesseract is installed, and every quote from them says so."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from PIL import Image

import corpus.ocr
import corpus.pdf
import index.build
from assistant.datatypes import Citation, passage_to_dict
from assistant.evidence import Source
from assistant.plain import _source
from assistant.render_sources import render_source
from assistant.words import load_words
from corpus import read_folders
from corpus.ocr import can_read_scans
from corpus.pdf_limits import pdf_limits
from index import build_index, load_index
from tests.pdf_producers import reportlab
from tests.pdf_samples import samples
from tests.test_corpus_pdf import make_pdf

pytest.importorskip("reportlab", reason="ReportLab is not installed")
needs_tesseract = pytest.mark.skipif(
    not can_read_scans(), reason="Tesseract is not installed with Japanese (tesseract-ocr-jpn)"
)


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The first page of an ordinance as a scanner leaves it: grey, 200 dots per inch."""
    folder = tmp_path_factory.mktemp("scan")
    (sample,) = samples("articles", 1)
    printed = reportlab([replace(sample, fonts=1)], folder)
    page = pypdfium2.PdfDocument(printed[sample.name])[0]
    written = io.BytesIO()
    picture = page.render(scale=200 / 72, grayscale=True).to_pil()
    picture.save(written, "PDF", resolution=200)
    return written.getvalue()


@needs_tesseract
def test_a_scan_is_read_and_every_passage_says_that_it_is(tmp_path: Path, scan: bytes) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "scan.pdf").write_bytes(scan)
    manifest = build_index(tmp_path / "index", [folder])
    (outcome,) = manifest["report"]
    assert (outcome["status"], outcome["pages_by_ocr"]) == ("ok", [1])
    assert outcome["warnings"] == ["pages_by_ocr:1:page 1"]
    passages = load_index(tmp_path / "index").passages
    (sample,) = samples("articles", 1)
    right = sum(sample.provisions.get(p.locator) == p.text for p in passages)
    assert right >= 0.6 * len(sample.provisions), [(p.locator, p.text) for p in passages]
    assert all(0.3 <= (p.ocr_confidence or 0) <= 1 for p in passages)
    assert passage_to_dict(passages[0])["ocr_confidence"] == passages[0].ocr_confidence


@needs_tesseract
def test_the_card_of_a_source_shows_how_sure_ocr_is(tmp_path: Path, scan: bytes) -> None:
    (tmp_path / "scan.pdf").write_bytes(scan)
    passage = replace(read_folders([tmp_path]).passages[0], ocr_confidence=0.914)
    shown = {
        language: str(render_source(Source(passage), 1, 1, "2026-11-26", load_words(language)))
        for language in ("ja", "en")
    }
    assert "文字認識（確からしさ91%）" in shown["ja"]
    assert "Read by OCR (91% sure)" in shown["en"]
    assert "read by OCR (91% sure)" in _source(Citation(1, passage, 0, 3, 0.5), "en")
    plain = replace(passage, ocr_confidence=None)
    words = load_words("ja")
    assert "文字認識" not in str(render_source(Source(plain), 1, 1, "2026-11-26", words))


def test_without_tesseract_a_scan_needs_ocr(
    tmp_path: Path, scan: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus.pdf, "can_read_scans", lambda: False)
    (tmp_path / "scan.pdf").write_bytes(scan)
    reading = read_folders([tmp_path])
    assert reading.passages == ()
    assert reading.outcomes[0].status == "no_text"
    assert reading.outcomes[0].pages_needing_ocr == (1,)


@needs_tesseract
def test_a_picture_without_text_is_told_apart_from_a_scan(tmp_path: Path) -> None:
    written = io.BytesIO()
    Image.linear_gradient("L").resize((600, 800)).save(written, "PDF")
    (tmp_path / "a.pdf").write_bytes(written.getvalue())
    (outcome,) = read_folders([tmp_path]).outcomes
    assert (outcome.status, outcome.pages_needing_ocr) == ("no_text", ())
    assert "OCR found no characters" in outcome.detail


@needs_tesseract
def test_a_page_that_takes_too_long_is_left(
    tmp_path: Path, scan: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried = replace(pdf_limits(), ocr_seconds=0.01)
    monkeypatch.setattr(corpus.pdf, "pdf_limits", lambda: hurried)
    (tmp_path / "scan.pdf").write_bytes(scan)
    (outcome,) = read_folders([tmp_path]).outcomes
    assert outcome.status == "no_text"


@needs_tesseract
def test_a_scanned_page_is_read_once_ocr_is_there(
    tmp_path: Path, scan: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = pypdf.PdfWriter(io.BytesIO(make_pdf([["協働の手引きです。"]])))
    both.append(io.BytesIO(scan))
    folder, root = tmp_path / "documents", tmp_path / "index"
    folder.mkdir()
    both.write(folder / "both.pdf")
    with monkeypatch.context() as before:
        before.setattr(corpus.pdf, "can_read_scans", lambda: False)
        before.setattr(index.build, "can_read_scans", lambda: False)
        for _ in range(2):
            (outcome,) = build_index(root, [folder])["report"]
            assert (outcome["status"], outcome["pages_needing_ocr"]) == ("partial", [2])
            assert outcome["notes"] == [
                "both.pdf: page 2 needs OCR: a picture without a text layer."
            ]
        assert [p.page for p in load_index(root).passages] == [1]
    (outcome,) = build_index(root, [folder])["report"]
    assert (outcome["status"], outcome["pages_by_ocr"]) == ("ok", [2])
    assert {p.page: p.ocr_confidence is None for p in load_index(root).passages} == {
        1: True,
        2: False,
    }
