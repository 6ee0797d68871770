"""Lines as a page breaks them, put together again to the lines that were written."""

from __future__ import annotations

import re
import unicodedata

from corpus import marks

_ENDS = re.compile(r"[。｡．.！？!?：:；;」』）)】…]$")
_OPENS = re.compile(r"[\s　■◆◇○●□△▲▽▼◎・※\-–—*•【（(]|[a-zA-Z0-9][.)]\s")
_HYPHEN = re.compile(r"[a-z]-$")
_FULL = 0.8
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
