"""What an evidence sheet is set from: paragraphs that break well and hold any text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from assistant.markup import visible
from assistant.records.sheet_fonts import SheetFont
from assistant.words import Words

WIDTH = 170 * mm
"""Between the margins of an A4 page."""
_LABEL = 34 * mm
_GETA = "〓"
_JAPANESE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SELECTORS = re.compile("[\ufdd0\ufdd1\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_BLANKS = re.compile(r"(?<= ) |^ ", re.MULTILINE)
_AWAY = {ord(" "): "\ufdd0", ord("\u3000"): "\ufdd1"}
_BACK = {ord(stand_in): chr(blank) for blank, stand_in in _AWAY.items()}
"""ReportLab makes one blank of several, wide ones too; in Japanese each counts. So they are
noncharacters, which no text may hold, while it reads the mark-up."""
_SHADE, _RULE, _QUIET = HexColor("#f2f2f2"), HexColor("#949494"), HexColor("#4d4d4d")
_SIZES = {"title": 18.0, "heading": 12.5, "text": 10.5, "small": 8.5}


@dataclass
class Setter:
    """Makes the parts of one sheet; ``lacking`` gathers the characters that could not be set."""

    font: SheetFont
    words: Words
    lacking: set[str] = field(default_factory=set)

    def text(self, text: str, size: str = "text", struck: bool = False, **style: Any) -> Flowable:
        """A paragraph. Line breaks stay; characters that the typeface lacks are set as 〓."""
        drawn = self.mark_up(text)
        drawn = f"<strike>{drawn}</strike>" if struck else drawn
        return self.paragraph(drawn, text, size, **style)

    def paragraph(self, drawn: str, text: str, size: str = "text", **style: Any) -> Flowable:
        """A paragraph of mark-up that ``mark_up`` has made safe.

        Args:
            drawn: the mark-up.
            text: the words alone, by which the way to break lines is chosen.
            size: a name of ``_SIZES``.
            style: further attributes of the paragraph's style.
        """
        points = _SIZES[size]
        chosen: dict[str, Any] = {
            "fontName": self.font.name,
            "fontSize": points,
            "leading": points * 1.6,
            "wordWrap": "CJK" if _JAPANESE.search(text) else None,
            "splitLongWords": 1,
        }
        made = Paragraph(drawn or "&nbsp;", ParagraphStyle("sheet", **{**chosen, **style}))
        for piece in made.frags:
            piece.text = getattr(piece, "text", "").translate(_BACK)
        return made

    def mark_up(self, text: str) -> str:
        """Text as the mark-up of a paragraph: nothing in it comes to life."""
        plain = _SELECTORS.sub("", visible(text.replace("\r\n", "\n").replace("\t", "    ")))
        set_ = "".join(c if c in "\n \u3000" or self.font.has(c) else self._lack(c) for c in plain)
        kept = escape(set_, quote=False)
        if _JAPANESE.search(plain):
            kept = kept.translate(_AWAY)
        return _BLANKS.sub("\u00a0", kept).replace("\n", "<br/>")

    def heading(self, text: str) -> Flowable:
        """The head of a part; it stays with what follows."""
        return self.text(
            text,
            "heading",
            spaceBefore=14,
            spaceAfter=6,
            borderColor=_RULE,
            borderWidth=0,
            keepWithNext=1,
        )

    def quiet(self, text: str, **style: Any) -> Flowable:
        """A small line beside the matter."""
        return self.text(text, "small", textColor=_QUIET, **style)

    def box(self, text: str) -> Flowable:
        """Words of others, on a ground of their own, over as many pages as they need."""
        return self.text(
            text,
            backColor=_SHADE,
            borderPadding=(5, 7, 5, 7),
            leftIndent=7,
            rightIndent=7,
            spaceBefore=7,
            spaceAfter=9,
        )

    def facts(self, rows: Sequence[tuple[str, str]]) -> Flowable:
        """Names and what they stand for, in two columns."""
        cells = [[self.quiet(name), self.text(value, "small")] for name, value in rows]
        return Table(
            cells,
            colWidths=[_LABEL, WIDTH - _LABEL],
            splitInRow=1,
            style=TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ]
            ),
        )

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]
    ) -> Flowable:
        """A table with lines; its head stands on every page that it comes to.

        Args:
            heads: the names of the columns.
            rows: the cells.
            shares: of the width, for each column; they add up to 1.
        """
        cells = [
            [self.quiet(h) for h in heads],
            *([self.text(c, "small") for c in r] for r in rows),
        ]
        return Table(
            cells,
            colWidths=[WIDTH * share for share in shares],
            repeatRows=1,
            splitInRow=1,
            spaceBefore=4,
            spaceAfter=8,
            style=TableStyle(
                [
                    ("GRID", (0, 0), (-1, -1), 0.5, _RULE),
                    ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ]
            ),
        )

    def _lack(self, character: str) -> str:
        self.lacking.add(character)
        return _GETA
