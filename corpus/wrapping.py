"""Lines as a page breaks them, put together again to the lines that were written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Protocol

from corpus import marks

_ENDS = re.compile(r"[。｡．.！？!?：:；;」』）)】…]$")
_OPENS = re.compile(r"[\s　■◆◇○●□△▲▽▼◎・※\-–—*•【（(]|[a-zA-Z0-9][.)]\s")
_HYPHEN = re.compile(r"[a-z]-$")
_FULL = 0.8
_FAR_BELOW = 1.7
_SHORTEST = 24
"""Columns that a page's longest line must have, so that its lines can be called full."""


def unwrap(lines: list[str]) -> list[str]:
    """The lines of one page, a line broken at the right margin joined with what follows it.

    A line is full if it is nearly as wide as the page's longest, and broken if it ends with no
    mark of an end while the next line opens nothing. Nothing is lost but the break.
    """
    widest = max((_columns(line) for line in lines), default=0)
    joined: list[str] = []
    broken = False
    for line in lines:
        if broken and not _opens(line):
            joined[-1] = _join(joined[-1].rstrip(), line.strip())
        else:
            joined.append(line)
        full = widest >= _SHORTEST and _columns(line) >= _FULL * widest
        broken = bool(_HYPHEN.search(line)) or (full and not _ENDS.search(line.rstrip()))
    return joined


class Placed(Protocol):
    """A line with its place on the page, in points; see ``corpus.layout.PlacedLine``."""

    @property
    def text(self) -> str:
        """Its words."""

    @property
    def x0(self) -> float:
        """Where it begins."""

    @property
    def x1(self) -> float:
        """Where it ends."""

    @property
    def y0(self) -> float:
        """Its lower edge."""

    @property
    def y1(self) -> float:
        """Its upper edge."""

    @property
    def size(self) -> float:
        """The size of its characters."""

    @property
    def left(self) -> float:
        """Where its column begins."""

    @property
    def right(self) -> float:
        """Where its column ends."""


def join_placed(lines: Sequence[Placed]) -> list[str]:
    """The lines of a cell or a stretch of a page, broken ones joined by their places."""
    joined: list[str] = []
    before: Placed | None = None
    for line in lines:
        if before is not None and goes_on(before, line):
            joined[-1] = _join(joined[-1].rstrip(), line.text.strip())
        else:
            joined.append(line.text)
        before = line
    return joined


def goes_on(line: Placed, following: Placed) -> bool:
    """Whether a line was broken at its right edge and goes on in the following one.

    It was broken if it comes within two characters of its column's end, ends with no mark of
    an end, and the following one is of the same size, not far below and opens nothing.
    """
    if _HYPHEN.search(line.text) and following.text[:1].islower():
        return True
    reach = 2.2 * line.size
    full = line.right - line.x1 < reach and line.right - line.left > 4 * line.size
    if not full or _ENDS.search(line.text.rstrip()) or _opens(following.text):
        return False
    near = line.y0 - following.y1 < _FAR_BELOW * line.size
    return near and abs(line.size - following.size) < 0.1 * line.size


def join_lines(first: str, second: str) -> str:
    """Two pieces of one line: a space between Latin words, none in Japanese."""
    return _join(first.rstrip(), second.strip())


def _columns(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line.rstrip())


def _opens(line: str) -> bool:
    text = line.strip()
    return bool(
        _OPENS.match(line)
        or marks.numbered_level(text)
        or marks.part_level(text)
        or marks.article(text)
        or marks.paragraph(text)
        or marks.item(text)
        or marks.supplement(text)
        or marks.annex(text)
        or not text
    )


def _join(first: str, second: str) -> str:
    """A space between Latin words, none in Japanese; a word divided by a hyphen is made whole."""
    if _HYPHEN.search(first) and second[:1].islower():
        return first[:-1] + second
    latin = first[-1:].isascii() and second[:1].isascii()
    return f"{first} {second}" if latin else first + second
