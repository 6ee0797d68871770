"""Running heads, running feet and page numbers: what a page repeats and no reader reads."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus import marks
from corpus.layout import PlacedLine

_MARGIN = 0.13
"""Share of a page's height, at its top and at its foot, in which running heads stand."""
_OUTERMOST = 3
_LONGEST = 80
_SAME_PLACE = 4.0
_NUMBER = re.compile(r"\d{1,4}")
_ALONE = re.compile(
    r"(?:[-–—―‐−・.(（\[p]|page|頁)*(\d{1,4})(?:[-–—―‐−・.)）\]]|/\d{1,4}|頁|ページ)*"
)
_FEWEST_FOR_HEADING = 3


@dataclass(frozen=True)
class PageLines:
    """The lines of a page in order; ``height`` in points, ``vertical`` as it is written."""

    number: int
    lines: tuple[PlacedLine, ...]
    height: float
    vertical: bool = False


@dataclass(frozen=True)
class _Edge:
    """A line near an edge of its page: its text, and how far it stands from the page's top."""

    page: int
    index: int
    text: str
    place: float
    at_top: bool


def without_furniture(pages: Sequence[PageLines]) -> list[list[PlacedLine]]:
    """The lines of every page but for those that only repeat.

    A line at the top or the foot is left out where the same words stand at the same place of
    another page, or the same words with a number that grows with the pages. A line that opens
    a provision, a form or an annex must come on three pages, and its number never counts.
    """
    edges = [edge for page in pages for edge in _edges(page)]
    away: set[tuple[int, int]] = set()
    for group in (*_same_words(edges), *_growing_numbers(edges)):
        away |= {(edge.page, edge.index) for edge in group}
    for edge in edges:
        if _is_page_number(edge, len(pages)):
            away.add((edge.page, edge.index))
    return [
        [line for i, line in enumerate(page.lines) if (page.number, i) not in away]
        for page in pages
    ]


def _edges(page: PageLines) -> list[_Edge]:
    placed = []
    for i, line in enumerate(page.lines):
        top, foot = line.y1, line.y0
        if page.vertical:
            top, foot = page.height - line.x0, page.height - line.x1
        placed.append((page.height - (top + foot) / 2, i, line))
    placed.sort(key=lambda p: p[0])
    outermost = {i for _, i, _ in (*placed[:_OUTERMOST], *placed[-_OUTERMOST:])}
    edges = []
    for place, i, line in placed:
        at_top = place < _MARGIN * page.height
        at_foot = place > (1 - _MARGIN) * page.height
        if i in outermost and (at_top or at_foot) and not line.cells and len(line.text) < _LONGEST:
            text = "".join(unicodedata.normalize("NFKC", line.text).split()).lower()
            edges.append(_Edge(page.number, i, text, place, at_top))
    return edges


def _same_words(edges: list[_Edge]) -> list[list[_Edge]]:
    groups: dict[tuple[str, bool], list[_Edge]] = defaultdict(list)
    for edge in edges:
        groups[edge.text, edge.at_top].append(edge)
    return [group for group in groups.values() if _repeats(group, _fewest(group[0].text))]


def _growing_numbers(edges: list[_Edge]) -> list[list[_Edge]]:
    groups: dict[tuple[str, int, bool], list[_Edge]] = defaultdict(list)
    for edge in edges:
        if _opens(edge.text):
            continue
        for found in _NUMBER.finditer(edge.text):
            words = f"{edge.text[: found.start()]}#{edge.text[found.end() :]}"
            groups[words, int(found.group()) - edge.page, edge.at_top].append(edge)
    return [group for group in groups.values() if _repeats(group, 2)]


def _repeats(group: list[_Edge], fewest: int) -> bool:
    pages = {edge.page for edge in group}
    places = sorted(edge.place for edge in group)
    middle = places[len(places) // 2]
    near = sum(abs(place - middle) <= _SAME_PLACE for place in places)
    return len(pages) >= fewest and near >= fewest


def _fewest(text: str) -> int:
    return _FEWEST_FOR_HEADING if _opens(text) else 2


def _opens(text: str) -> bool:
    return bool(
        marks.annex(text) or marks.article(text) or marks.part_level(text) or marks.caption(text)
    )


def _is_page_number(edge: _Edge, pages: int) -> bool:
    """Whether a line is nothing but its page's number: with dashes, or at the foot of its page."""
    found = _ALONE.fullmatch(edge.text)
    if not found:
        return False
    bare = found.group(1) == edge.text
    return int(found.group(1)) == edge.page and not (bare and edge.at_top and pages == 1)
