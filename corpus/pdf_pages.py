"""The pages of a PDF, once chosen, to the lines of one document."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus import marks
from corpus.blocks import lowest
from corpus.furniture import PageLines, without_furniture
from corpus.layout import PlacedLine
from corpus.page_tables import continued_tables, lines_of_table, row_as_text
from corpus.structure import Line
from corpus.wrapping import goes_on, join_lines, unwrap

__all__ = ["PageLines", "document_lines", "lines_of_text", "placed_lines"]

_GLYPH_FORMS = re.compile(r"[\u2e80-\u2fdf\ufe10-\ufe19\ufe30-\ufe4f]")
_SENTENCE = re.compile(r".*?[。！？]")
_LONGEST_HEADING = 60
_LARGER = 1.15
"""How much larger than the body's characters those of a heading are."""
_DEEPEST = 5
_REACH = 2.2
"""Characters by which a line may fall short of an edge that it reaches."""
_NOWHERE = 1000.0


@dataclass
class _Open:
    """A line of the document while others may still be joined to it."""

    line: PlacedLine
    page: int
    text: str
    confidence: float | None


def placed_lines(number: int, row: Mapping[str, Any]) -> PageLines:
    """The lines of a page as the process that read it with places wrote them."""
    lines = []
    for text, x0, y0, x1, y1, size, left, right, cells in row["lines"]:
        table = tuple(tuple((readable(t), copy) for t, copy in r) for r in cells)
        lines.append(PlacedLine(readable(text), x0, y0, x1, y1, size, left, right, table))
    return PageLines(number, tuple(lines), row["height"], row["vertical"])


def lines_of_text(number: int, text: str, height: float) -> PageLines:
    """The lines of a page that came as text alone: placed one below the other, none broken."""
    written = unwrap([line for line in text.split("\n") if line.strip()])
    step = height / max(len(written), 1)
    lines = [
        PlacedLine(
            readable(line), 0.0, height - (i + 1) * step, 1.0, height - i * step, 10.0, 0.0, 1000.0
        )
        for i, line in enumerate(written)
    ]
    return PageLines(number, tuple(lines), height)


def readable(text: str) -> str:
    """A text with forms that only fonts know (radicals, characters for columns) made ordinary.

    Other compatibility characters are the author's own: ㈱, ①, ﬁ stay as they are.
    """
    return _GLYPH_FORMS.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)


def document_lines(pages: Sequence[PageLines]) -> tuple[str, list[Line]]:
    """The title of a document, "" where no larger line opens it, and its lines in order."""
    bodies = continued_tables(without_furniture(pages))
    bodies = _with_common_margins(bodies, [page.vertical for page in pages])
    levels = _levels(bodies, _body_size(bodies))
    lines: list[Line] = []
    last: _Open | None = None
    for page, body in zip(pages, bodies, strict=True):
        for line in body:
            if len(line.cells) > 1:
                _close(lines, last, levels)
                last = None
                lines += lines_of_table(line, page.number, lines)
            else:
                text = row_as_text(line) if line.cells else line
                last = _add(lines, last, text, page.number, levels)
    _close(lines, last, levels)
    return _take_title(lines)


def _add(
    lines: list[Line],
    last: _Open | None,
    line: PlacedLine,
    page: int,
    levels: Mapping[float, int],
) -> _Open:
    """Join a line to the one before it, or close that one and open another."""
    if last and goes_on(last.line, line):
        rest = line.text
        last.confidence = lowest(last.confidence, line.confidence)
        if page != last.page:
            # what is quoted stands on the page that is named, to the sentence's end
            end = _SENTENCE.match(line.text)
            cut = end.end() if end else len(line.text)
            joined, rest = line.text[:cut], line.text[cut:].strip()
            last.text = join_lines(last.text, joined)
            if not rest:
                last.line = line
                return last
            _close(lines, last, levels)
            return _Open(line, page, rest, line.confidence)
        last.text, last.line = join_lines(last.text, rest), line
        return last
    _close(lines, last, levels)
    return _Open(line, page, line.text, line.confidence)


def _close(lines: list[Line], last: _Open | None, levels: Mapping[float, int]) -> None:
    if last and last.text.strip():
        level = levels.get(_rounded(last.line.size), 0)
        heading = level if _may_be_heading(last.text) else 0
        lines.append(Line(last.text.strip(), last.page, heading, ocr_confidence=last.confidence))


def _may_be_heading(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and not text.endswith(("。", "、"))


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _body_size(pages: Sequence[Sequence[PlacedLine]]) -> float:
    """The size of most of a document's characters."""
    sizes: Counter[float] = Counter()
    for line in (line for page in pages for line in page if not line.cells):
        sizes[_rounded(line.size)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _levels(pages: Sequence[Sequence[PlacedLine]], body: float) -> dict[float, int]:
    """The level of a heading by its size: 1 for the largest."""
    larger = {
        _rounded(line.size)
        for page in pages
        for line in page
        if not line.cells and line.size >= _LARGER * body and _may_be_heading(line.text)
    }
    return {size: min(i, _DEEPEST) for i, size in enumerate(sorted(larger, reverse=True), 1)}


def _with_common_margins(
    pages: list[list[PlacedLine]], vertical: Sequence[bool]
) -> list[list[PlacedLine]]:
    """Pages of one column get the widest right edge of them all: a short page breaks no line.

    An edge that a single line reaches is none: the last line of a page then goes on nowhere.
    """
    single = [len({(x.left, x.right) for x in page}) == 1 for page in pages]
    edges = {False: 0.0, True: 0.0}
    for page, one, way in zip(pages, single, vertical, strict=True):
        if one:
            edges[way] = max(edges[way], page[0].right)
    reaching: Counter[bool] = Counter()
    for page, one, way in zip(pages, single, vertical, strict=True):
        if one:
            reaching[way] += sum(edges[way] - line.x1 < _REACH * line.size for line in page)
    return [
        _with_margin(page, edges[way], reaching[way] > 1) if one else page
        for page, one, way in zip(pages, single, vertical, strict=True)
    ]


def _with_margin(page: list[PlacedLine], right: float, firm: bool) -> list[PlacedLine]:
    moved = [replace(line, right=right) for line in page]
    if not firm:
        moved[-1] = replace(moved[-1], right=right + _NOWHERE)
    return moved


def _take_title(lines: list[Line]) -> tuple[str, list[Line]]:
    """The first line is the title where it is the largest of the document."""
    if lines and lines[0].level == 1 and not marks.part_level(lines[0].text):
        others = [line for line in lines[1:] if line.level == 1]
        if not others and not marks.article(lines[0].text):
            return lines[0].text, lines[1:]
    return "", lines
