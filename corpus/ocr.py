"""Characters of a scanned page through Tesseract, where it is installed, with its confidence.

pdfium draws the page in a process of its own; Tesseract gets nothing but the grey picture.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

from corpus import marks
from corpus.child import Children, Limits
from corpus.furniture import PageLines
from corpus.glyphs import space_between
from corpus.layout import PlacedLine
from corpus.numerals import NUMERAL
from corpus.pdf_limits import PdfLimits

_LANGUAGES = ("jpn", "eng")
_DOWNWARDS = "jpn_vert"
_COLUMNS = 12
_WORD = "5"
_ARTICLE = re.compile(rf"第{NUMERAL}条(?:の{NUMERAL})*(?=[^\s　第各及又か(（])")
_HEAD_GAP = 0.45
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class _Word:
    """A word as Tesseract gives it: its line, its box in pixels from the top left, its sureness."""

    line: tuple[str, ...]
    text: str
    left: int
    top: int
    width: int
    height: int
    confidence: float


@cache
def ocr_languages() -> frozenset[str]:
    """The languages that Tesseract can read here; none where it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return frozenset()
    answer = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False
    )
    return frozenset(re.findall(r"^(\w+)$", answer.stdout, re.MULTILINE))


def can_read_scans() -> bool:
    """Whether a Japanese scan can be read here."""
    return _LANGUAGES[0] in ocr_languages()


def read_scan(path: Path, number: int, children: Children, limits: PdfLimits) -> PageLines | None:
    """The lines of a scanned page, each with Tesseract's confidence in it, from 0 to 1.

    Args:
        path: the PDF.
        number: the page, from 1.
        children: processes to draw it in.
        limits: ``dots_per_inch``, ``ocr_seconds`` and ``ocr_confidence`` are used.

    Returns:
        None where no character is found, or Tesseract does not end in time.

    Raises:
        UnreadableFile: where the page cannot be drawn.
    """
    options = {"page": number, **asdict(limits)}
    answer = children.run("corpus.pdf_picture:draw", path, options, Limits())
    (drawn,) = answer.rows
    picture, height = base64.b64decode(drawn["picture"]), float(drawn["height"])
    languages = "+".join(name for name in _LANGUAGES if name in ocr_languages())
    best: PageLines | None = None
    for language, mode in ((languages, "3"), (_DOWNWARDS, "5")):
        downwards = language == _DOWNWARDS
        if downwards and (_DOWNWARDS not in ocr_languages() or _is_sure(best, limits)):
            continue
        words = _recognise(picture, language, mode, limits)
        page = _page(number, words, height, float(drawn["points"]), downwards)
        if page and (best is None or _confidence(page) > _confidence(best)):
            best = page
    return best


def _recognise(picture: bytes, language: str, mode: str, limits: PdfLimits) -> list[_Word]:
    command = ["tesseract", "stdin", "stdout", "-l", language, "--psm", mode]
    command += ["--dpi", str(limits.dots_per_inch), "tsv"]
    try:
        answer = subprocess.run(
            command,
            input=picture,
            capture_output=True,
            timeout=limits.ocr_seconds,
            env={**os.environ, **_ENVIRONMENT},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return []
    return list(_words(answer.stdout.decode("utf-8", "replace"), limits.ocr_confidence))


def _words(table: str, least: float) -> Iterator[_Word]:
    """The words of Tesseract's table that it is sure enough of."""
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD or not cells[11].strip():
            continue
        confidence = float(cells[10]) / 100
        if confidence >= least:
            left, top, width, height = (int(value) for value in cells[6:10])
            line, text = tuple(cells[1:5]), cells[11].strip()
            yield _Word(line, text, left, top, width, height, confidence)


def _page(
    number: int, words: list[_Word], height: float, point: float, downwards: bool
) -> PageLines | None:
    lines: dict[tuple[str, ...], list[_Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    placed = [_line(found, height, point, downwards) for found in lines.values()]
    right = max((line.x1 for line in placed), default=0.0)
    left = min((line.x0 for line in placed), default=0.0)
    whole = tuple(replace(line, left=left, right=right) for line in placed if len(line.text) > 1)
    return PageLines(number, whole, height, downwards) if whole else None


def _line(words: list[_Word], height: float, point: float, downwards: bool) -> PlacedLine:
    """Words of one line, in points from the bottom left (``point`` to a pixel), turned if down."""
    text = _joined(words, downwards)
    left, top = min(w.left for w in words) * point, min(w.top for w in words) * point
    right = max(w.left + w.width for w in words) * point
    foot = max(w.top + w.height for w in words) * point
    box = (left, height - foot, right, height - top)
    if downwards:
        box = (top, left, foot, right)
    sure = sum(w.confidence * len(w.text) for w in words) / sum(len(w.text) for w in words)
    size = box[3] - box[1]
    return PlacedLine(text, *box, size, box[0], box[2], confidence=round(sure, 3))


def _joined(words: list[_Word], downwards: bool) -> str:
    """The words of one line; the gap behind a mark such as 第1条 at its head is kept.

    Elsewhere Tesseract's boxes are too tight to tell a gap from the room beside a small character.
    """
    size = max(w.width if downwards else w.height for w in words)
    text = words[0].text
    for before, word in zip(words, words[1:], strict=False):
        gap = word.left - before.left - before.width
        if downwards:
            gap = word.top - before.top - before.height
        wide = gap > _HEAD_GAP * size and marks.is_bare_mark(text)
        text += ("　" if wide else space_between(text, word.text, 0.5)) + word.text
    return _with_gap(text)


def _with_gap(text: str) -> str:
    """第2条市は, where OCR has lost the gap, → 第2条　市は; a line that only refers stays."""
    found = _ARTICLE.match(text)
    if not found:
        return text
    apart = f"{found.group()}　{text[found.end() :]}"
    return apart if marks.article(apart) else text


def _confidence(page: PageLines) -> float:
    """The mean over a page's characters."""
    count = sum(len(line.text) for line in page.lines)
    return sum((line.confidence or 0.0) * len(line.text) for line in page.lines) / max(count, 1)


def _is_sure(page: PageLines | None, limits: PdfLimits) -> bool:
    return page is not None and _confidence(page) >= limits.ocr_sure
