"""Where a passage stands: locators as staff cite them, from headings and articles."""

from __future__ import annotations

import re

from corpus.numerals import NUMERAL, normalise_numbers

SEPARATOR = " › "
_ARTICLE = re.compile(rf"^(?:附則)?第({NUMERAL})条((?:の{NUMERAL})*)(?=[\s　（(]|$)")
_ARTICLE_EN = re.compile(r"^Article \d+(?=:|$)")


def locator(headings: tuple[str, ...]) -> str:
    """The locator of what stands under these headings, outermost first.

    An article is cited by itself, without its chapter (第5条 › 3つの原則); anything else by
    the whole chain of headings (第3章 … › ①目的の共有).
    """
    start = 0
    for i, heading in enumerate(headings):
        if _ARTICLE.match(heading) or _ARTICLE_EN.match(heading):
            start = i
    parts = [article_number(h) for h in headings[start:]]
    return SEPARATOR.join(p for p in parts if p)


def article_number(heading: str) -> str:
    """第十二条の二 自治 → 第12条の2 for the heading of an article; others as they are."""
    match = _ARTICLE.match(heading)
    if match:
        return normalise_numbers(match.group())
    english = _ARTICLE_EN.match(heading)
    return english.group() if english else heading.strip()


def slug(place: str) -> str:
    """The numbers of a locator, for a passage id: 第3条第4号 → 3-4; "p" where it has none."""
    numbers = re.findall(r"\d+", re.sub(NUMERAL, _safe_number, place))
    return "-".join(numbers[:4]) or "p"


def _safe_number(match: re.Match[str]) -> str:
    text = match.group()
    return normalise_numbers(text) if re.fullmatch(r"[0-9０-９]+", text) else text
