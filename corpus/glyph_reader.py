"""The characters of a PDF page as pdfium gives them: which they are, where, and who sees them."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium

from corpus.drawn import Drawn, Quad
from corpus.glyphs import Glyph

_BREAKS = frozenset({0x0A, 0x0D})
_SPACE = 0x20
_LIGATURES = {unicodedata.normalize("NFKC", c): c for c in "ﬀﬁﬂﬃﬄﬅﬆ"}
_HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})
_UNKNOWN = "\ufffd"
_SAMPLES = 60
_UNREADABLE = 2.0
"""Points below which nobody reads a character."""
_UNSEEN = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})


def unseen(things: Sequence[Drawn], text: Any) -> frozenset[int]:
    """The characters, by number, that are drawn in a way that shows nothing.

    Args:
        things: what is drawn on the page.
        text: its ``pypdfium2.PdfTextPage``.
    """
    modes = (
        pdfium.FPDFTextObj_GetTextRenderMode(thing.raw)
        for thing in things
        if thing.kind == pdfium.FPDF_PAGEOBJ_TEXT
    )
    if not any(mode in _UNSEEN for mode in modes):
        return frozenset()
    return frozenset(i for i in range(text.count_chars()) if _mode(text, i) in _UNSEEN)


def _mode(text: Any, number: int) -> int:
    thing = pdfium.FPDFText_GetTextObject(text, number)
    return int(pdfium.FPDFTextObj_GetTextRenderMode(thing)) if thing else -1


def read_glyphs(
    page: Any, most: int, bounds: Quad, unseen: frozenset[int] = frozenset()
) -> list[Glyph]:
    """The characters of a page in the order in which they were drawn, but for generated ones.

    Args:
        page: a ``pypdfium2.PdfTextPage``.
        most: the most characters that a page may hold.
        bounds: the page's box; what lies outside of it is hidden.
        unseen: characters that are hidden, by number.

    Raises:
        OverflowError: where it holds more.
    """
    count = page.count_chars()
    if count > most:
        raise OverflowError(f"expected at most {most} characters on a page, found {count}")
    rectangle = pdfium.FS_RECTF()
    reference = ctypes.byref(rectangle)
    glyphs: list[Glyph] = []
    high, spaced = 0, False
    for i in range(count):
        code = pdfium.FPDFText_GetUnicode(page, i)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0xFFFD
        high = 0
        if code in _BREAKS or not pdfium.FPDFText_GetLooseCharBox(page, i, reference):
            continue
        left, right = rectangle.left, rectangle.right
        bottom, top = rectangle.bottom, rectangle.top
        if right - left > 0 or top - bottom > 0:
            box = (left, bottom, right, top)
            hidden = i in unseen or _is_hidden(box, bounds)
            glyph = Glyph(_character(code), *box, spaced, hidden)
            glyphs.append(_with_ligature(glyphs, glyph))
            spaced = False
        else:
            spaced = code == _SPACE
    return glyphs


def _with_ligature(before: list[Glyph], glyph: Glyph) -> Glyph:
    """A ligature that pdfium took apart, whole again: its letters come with one and the same box.

    The glyph before it is taken away where it is part of the ligature.
    """
    if before and before[-1][1:5] == glyph[1:5]:
        letters = unicodedata.normalize("NFKC", before[-1].text) + glyph.text
        if letters in _LIGATURES:
            return glyph._replace(text=_LIGATURES[letters], spaced=before.pop().spaced)
    return glyph


def _is_hidden(box: Quad, bounds: Quad) -> bool:
    """Whether a character is too small to be read, or lies outside of the page."""
    x0, y0, x1, y1 = box
    small = y1 - y0 < _UNREADABLE and x1 - x0 < _UNREADABLE
    return small or x1 < bounds[0] or x0 > bounds[2] or y1 < bounds[1] or y0 > bounds[3]


def _character(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    return chr(code) if code >= 0x20 else _UNKNOWN


def way_up(page: Any) -> int:
    """How far most of a page's characters are turned: 0, 90, 180 or 270 degrees clockwise."""
    count = page.count_chars()
    turns: Counter[int] = Counter()
    for i in range(0, count, max(1, count // _SAMPLES)):
        if pdfium.FPDFText_GetUnicode(page, i) > _SPACE:
            angle = math.degrees(pdfium.FPDFText_GetCharAngle(page, i))
            turns[round(angle / 90) % 4 * 90] += 1
    return turns.most_common(1)[0][0] if turns else 0


def set_up(box: Quad, turned: int, width: float, height: float) -> Quad:
    """A box of a page whose characters are turned, on the page turned back upright.

    Args:
        box: x0, y0, x1, y1.
        turned: as ``way_up`` says.
        width: of the page before it is turned back, in points.
        height: likewise.
    """
    x0, y0, x1, y1 = box
    if turned == 90:
        return height - y1, x0, height - y0, x1
    if turned == 180:
        return width - x1, height - y1, width - x0, height - y0
    if turned == 270:
        return y0, width - x1, y1, width - x0
    return box
