"""Which of two readings of a page to take.

pypdf gives wrong Japanese without an error for several predefined CMaps, and pdfium gives
wrong right-to-left text: characters are compared, the better text is taken, and a page where
they differ is recorded.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Literal

from corpus.pdf_limits import PdfLimits

Choice = Literal["first", "second", "neither"]

_SHORTEST = 6
"""Characters below which two texts of a page are too short to tell that they differ."""
_RIGHT_TO_LEFT = 0.2
"""Share of such characters over which pdfium's order, made for lines to the right, is wrong."""
_BROKEN = frozenset({"Cc", "Co", "Cn", "Cs"})


def choose(first: str | None, second: str | None, limits: PdfLimits) -> tuple[Choice, bool]:
    """Which text of a page to take, and whether the two are in conflict.

    Args:
        first: pypdf's text, None where it could not read the page.
        second: pdfium's.
        limits: ``agreement`` and ``broken`` are used.

    Returns:
        "neither" where no text is left, or only broken characters.
    """
    left, right = bare(first or ""), bare(second or "")
    usable = {
        "first": bool(left) and broken_share(left) <= limits.broken,
        "second": bool(right) and broken_share(right) <= limits.broken,
    }
    if not usable["second"]:
        return ("first" if usable["first"] else "neither"), False
    if not usable["first"]:
        return "second", False
    if right_to_left_share(left) > _RIGHT_TO_LEFT:
        return "first", False
    conflict = max(len(left), len(right)) >= _SHORTEST and similarity(left, right) < (
        limits.agreement
    )
    better = conflict and broken_share(left) + 0.05 < broken_share(right)
    return ("first" if better else "second"), conflict


def bare(text: str) -> str:
    """A text for comparing: NFKC, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def similarity(one: str, other: str) -> float:
    """How far two texts hold the same characters, whatever their order, from 0 to 1."""
    both = sum((Counter(one) & Counter(other)).values())
    return 2 * both / max(len(one) + len(other), 1)


def right_to_left_share(text: str) -> float:
    """The share of characters of scripts that are written from the right."""
    return sum(unicodedata.bidirectional(c) in ("R", "AL") for c in text) / max(len(text), 1)


def broken_share(text: str) -> float:
    """The share of characters that stand for none: U+FFFD, controls, private and unassigned."""
    broken = sum(c == "\ufffd" or unicodedata.category(c) in _BROKEN for c in text)
    return broken / max(len(text), 1)
