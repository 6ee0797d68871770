"""The characters of a PDF page with their places, and runs of them.

Lengths are points (1/72 inch); x grows to the right, y upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

_SAME_LINE = 0.5
"""Share of a character by which two of one line may differ across the line."""
_BACK = -0.6
_GAP = 1.0
"""Share of a character over which a gap divides two runs."""
_CLOSE = 0.3
_WORD_GAP = 0.2
_WIDE = "\u2e80"
"""From here on characters are as wide as high, and no spaces stand between words."""
_WIDE_GAP = 0.75
_TWICE = 0.25
_FEW_TELL = 600
"""Characters at a page's beginning that tell which way it is written."""


class Glyph(NamedTuple):
    """A character and its box.

    ``spaced`` where the program that wrote it left a space before, ``hidden`` where no reader of
    the page sees it.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    spaced: bool = False
    hidden: bool = False

    @property
    def size(self) -> float:
        """Its height, or its width where that is more: a whole character's size in both ways."""
        height, width = self.y1 - self.y0, self.x1 - self.x0
        return height if height > width else width


@dataclass(frozen=True)
class Box:
    """A stretch of text (or a table, then ``cells`` holds its rows) and its box on the page."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    cells: tuple[tuple[tuple[str, str], ...], ...] = ()

    @property
    def middle(self) -> float:
        """The middle of its height."""
        return (self.y0 + self.y1) / 2

    @property
    def width(self) -> float:
        """Its width."""
        return self.x1 - self.x0


def runs(glyphs: list[Glyph]) -> tuple[list[list[Glyph]], list[list[Glyph]]]:
    """The runs that go to the right, and those that go down, in the order of drawing.

    A run is a stretch of characters drawn one beside the next; those that go against the way
    of the page must stand close. A run of one character goes the way of the page.
    """
    some = glyphs[:_FEW_TELL]
    ways = [_way(*pair, _GAP) for pair in zip(some, some[1:], strict=False)]
    downwards = ways.count(True) > ways.count(False)
    across: list[list[Glyph]] = []
    down: list[list[Glyph]] = []
    run: list[Glyph] = []
    vertical: bool | None = None
    for glyph in glyphs:
        if run and _is_twice(run[-1], glyph):
            continue
        way = _way(run[-1], glyph, _GAP) if run else None
        if way is not None and way != downwards:
            way = _way(run[-1], glyph, _CLOSE)
        if way is not None and vertical in (None, way):
            run.append(glyph)
            vertical = way
            continue
        _keep(run, down if (downwards if vertical is None else vertical) else across)
        run, vertical = [glyph], None
    _keep(run, down if (downwards if vertical is None else vertical) else across)
    return across, down


def _keep(run: list[Glyph], kept: list[list[Glyph]]) -> None:
    while run and run[-1].text.isspace():
        run = run[:-1]
    while run and run[0].text.isspace():
        run = run[1:]
    if run:
        kept.append(run)


def _is_twice(one: Glyph, other: Glyph) -> bool:
    """Whether a character is drawn again over itself, as some programs draw bold."""
    return (
        one.text == other.text
        and abs(one.x0 - other.x0) < _TWICE * (one.x1 - one.x0)
        and abs(one.y0 - other.y0) < _TWICE * (one.y1 - one.y0)
    )


def _way(one: Glyph, other: Glyph, most: float) -> bool | None:
    """False where the second stands to the right of the first, True where below, else None.

    ``most`` is the widest gap between them, in characters.
    """
    size = one.size if one.size > other.size else other.size
    if abs((one.y0 + one.y1) - (other.y0 + other.y1)) < 2 * _SAME_LINE * size:
        gap = other.x0 - one.x1
        if _BACK * size <= gap <= most * size and other.x0 > one.x0 - 0.1 * size:
            return False
    if abs((one.x0 + one.x1) - (other.x0 + other.x1)) < 2 * _SAME_LINE * size:
        gap = one.y0 - other.y1
        if _BACK * size <= gap <= most * size and other.y0 < one.y0:
            return True
    return None


def across_box(run: list[Glyph]) -> Box:
    """A run to the right as one box, spaces put where words stand apart."""
    heights = sorted(g.y1 - g.y0 for g in run)
    return _box(run, [b.x0 - a.x1 for a, b in zip(run, run[1:], strict=False)], heights)


def down_box(run: list[Glyph]) -> Box:
    """A run downwards as one box."""
    widths = sorted(g.x1 - g.x0 for g in run)
    return _box(run, [a.y0 - b.y1 for a, b in zip(run, run[1:], strict=False)], widths)


def _box(run: list[Glyph], gaps: list[float], sizes: list[float]) -> Box:
    size = max(sizes[len(sizes) // 2], 1.0)
    text = run[0].text
    for glyph, gap in zip(run[1:], gaps, strict=True):
        text += space_between(text, glyph.text, gap / size, glyph.spaced) + glyph.text
    return Box(
        text,
        min(g.x0 for g in run),
        min(g.y0 for g in run),
        max(g.x1 for g in run),
        max(g.y1 for g in run),
        size,
    )


def space_between(left: str, right: str, gap: float, spaced: bool = False) -> str:
    """What stands between two stretches of a line.

    Args:
        left: the one.
        right: the other.
        gap: between them, in characters.
        spaced: whether the program that wrote the line left a space.
    """
    if not left or not right or left[-1].isspace() or right[0].isspace():
        return ""
    if _is_narrow(left[-1]) and _is_narrow(right[0]):
        return " " if spaced or gap > _WORD_GAP else ""
    return "　" if gap > _WIDE_GAP else ""


def _is_narrow(character: str) -> bool:
    return character < _WIDE or "\ufb00" <= character <= "\ufb06"
