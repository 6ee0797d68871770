"""Sentences of Japanese and English text, as offsets into it."""

from __future__ import annotations

import re

_END = re.compile(
    r"[。｡！？]+"  # Japanese
    r"|(?<![0-9０-９])．(?![0-9０-９])"  # full-width full stop, but 3．5 and １．目的 go on
    r"|[!?]+(?=[\s」』）)\"”’]|$|[^\x00-\x7f])"  # not the ? of an address
    r"|\.+(?=[\"”’)]*(?:\s|$))"  # English
    r"|\n+"
)
_CLOSERS = re.compile(r"[」』）)”’]*")
_CLOSERS_LATIN = re.compile(r"[」』）)\"”’]*")
_BRACKET = re.compile(r"[「『（(」』）)\n]")
_OPENS = {"「": "「", "『": "『", "（": "(", "(": "("}
_CLOSES = {"」": "「", "』": "『", "）": "(", ")": "("}
_NEXT = re.compile(r" *(\S?)")
_GOES_ON = re.compile(r"(?:[とのをはがもへ、,]|に(?!は)|など|から|[（(]第)")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|cf|Mr|Ms|Mrs|Dr|St|vs)\.$")
_BEFORE_NUMBER = re.compile(r"\b(?:Nos?|Arts?|Secs?|Ch|Fig|para|approx|pp?)\.$")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, in order, without the white space around it.

    A full stop inside brackets does not end a sentence, nor does one after an abbreviation,
    nor a closing 。」 that the sentence goes on after (「…。」と書く). Each line is at least one
    sentence; a bracket that is not closed on its line is no bracket. Nothing but white space
    is left out.
    """
    spans: list[tuple[int, int]] = []
    inside = _bracketed(text)
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if end <= start:
            continue
        if match.group()[0] != "\n":
            end = _with_closers(text, match)
            if inside[end - 1] or _continues(text, match, end):
                continue
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, len(text))
    return spans


def _bracketed(text: str) -> bytearray:
    """1 for every character that stands inside a pair of brackets closed on its own line.

    The closing bracket of an outermost pair stands outside, so that it may end a sentence.
    """
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for match in _BRACKET.finditer(text):
        mark, i = match.group(), match.start()
        if mark == "\n":
            opened.clear()
        elif mark in _OPENS:
            opened.append(i)
        else:
            begin = _opening(text, opened, _CLOSES[mark])
            if begin is not None:
                while pairs and pairs[-1][0] > begin:
                    pairs.pop()
                pairs.append((begin, i))
    inside = bytearray(len(text))
    for begin, end in pairs:
        inside[begin:end] = b"\x01" * (end - begin)
    return inside


def _opening(text: str, opened: list[int], kind: str) -> int | None:
    """Where the bracket stands that is closed now, taken off with those forgotten inside."""
    for depth in range(1, min(len(opened), 3) + 1):
        if _OPENS[text[opened[-depth]]] == kind:
            begin = opened[-depth]
            del opened[-depth:]
            return begin
    return None


def _with_closers(text: str, match: re.Match[str]) -> int:
    """The end of a sentence with the brackets and quotation marks that close after it."""
    closers = _CLOSERS_LATIN if match.group()[0].isascii() else _CLOSERS
    found = closers.match(text, match.end())
    return found.end() if found else match.end()


def _continues(text: str, match: re.Match[str], end: int) -> bool:
    """Whether the sentence goes on behind this mark."""
    if not match.group()[0].isascii():
        return end > match.end() and bool(_GOES_ON.match(text, end))
    found = _NEXT.match(text, end)
    following = found.group(1) if found else ""
    if following.isascii() and following.islower():
        return True
    piece = text[max(0, match.start() - 10) : match.end()]
    if following.isdigit() and _BEFORE_NUMBER.search(piece):
        return True
    return bool(_ABBREVIATION.search(piece))


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        begin = start + piece.index(stripped[0])
        spans.append((begin, begin + len(stripped)))
