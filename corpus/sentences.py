"""Sentences of Japanese and English text, as offsets into it."""

from __future__ import annotations

import re

_END = re.compile(r"[。!?！？]+[」』）)]*|\.(?=\s|$)[\"”’)]*|\n+")
_OPEN, _CLOSE = "「『（(", "」』）)"
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|cf|No|Art|approx|Mr|Ms|Dr|St|vs|p|pp)\.$")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, in order, without the white space around it.

    A full stop inside brackets does not end a sentence, nor does one after an abbreviation.
    Each line is at least one sentence. Nothing but white space is left out.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match.end() <= start:
            continue
        newline = match.group()[0] == "\n"
        piece = text[start : match.end()]
        if not newline and (_inside_brackets(piece) or _ABBREVIATION.search(piece)):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _inside_brackets(piece: str) -> bool:
    opened = sum(piece.count(c) for c in _OPEN)
    return opened > sum(piece.count(c) for c in _CLOSE)


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + piece.index(stripped[0])
        spans.append((begin, begin + len(stripped)))
