"""Readings above terms (ふりがな), which are seen and never copied.

``rt`` is kept out of the clipboard by ``user-select: none`` in the style sheet, so that a quote
that is copied stays verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from markupsafe import Markup

from assistant.learn.kana import hiragana
from assistant.markup import html, join
from corpus.glossary import Term

COOKIE = "kyodo_furigana"
_PART = re.compile(r"(<[^>]*>)")
_TAG = re.compile(r"<(/?)([a-zA-Z0-9]+)")
_PLAIN_INSIDE = frozenset({"ruby", "option", "select", "textarea", "title", "script", "style"})
_KANJI = re.compile(r"[\u3005\u3007\u3400-\u9fff\uf900-\ufaff]")


def wanted(cookies: Mapping[str, str]) -> bool:
    """Whether the cookies of a request switch readings on."""
    return cookies.get(COOKIE) == "1"


def readings_of(terms: Iterable[Term]) -> dict[str, str]:
    """The readings of terms that hold kanji, by term."""
    return {t.term: t.reading for t in terms if _KANJI.search(t.term)}


def with_ruby(text: Markup | str, readings: Mapping[str, str]) -> Markup:
    """HTML with every known term under its reading; a longer term goes before a shorter one.

    Tags, attributes, form fields and what has a reading already stay as they are.

    Args:
        text: HTML, or plain text, which is escaped.
        readings: readings in hiragana, by term.
    """
    whole = text if isinstance(text, Markup) else html("{t}", t=text)
    if not readings:
        return whole
    pattern, ruby = _prepared(tuple(sorted(readings.items())))
    inside, done = 0, []
    for part in _PART.split(whole):
        tag = _TAG.match(part)
        if tag and tag.group(2).lower() in _PLAIN_INSIDE:
            inside = max(0, inside + (-1 if tag.group(1) else 1))
        elif not part.startswith("<") and not inside:
            part = pattern.sub(lambda found: ruby[found.group()], part)
        done.append(part)
    return Markup("".join(done))


@lru_cache(maxsize=8)
def _prepared(readings: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    words = sorted((word for word, _ in readings), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, words)))
    return pattern, {word: str(ruby_of(word, reading)) for word, reading in readings}


def ruby_of(term: str, reading: str) -> Markup:
    """A term under its reading; see ``split_reading``."""
    return join(_ruby(below, above) for below, above in split_reading(term, reading))


def split_reading(term: str, reading: str) -> tuple[tuple[str, str], ...]:
    """The pieces of a term, each with what stands above it; "" above what is no kanji.

    Where the kana of the two do not fit together, the whole term is one piece.
    """
    pieces = re.findall(r"[ぁ-ゖァ-ヶー・]+|[^ぁ-ゖァ-ヶー・]+", term)
    pattern = "".join(
        re.escape(hiragana(p)) if _is_kana(p) else "(.+?)" if _KANJI.search(p) else "(.*?)"
        for p in pieces
    )
    found = re.fullmatch(pattern, hiragana(reading))
    if found is None:
        return ((term, reading),)
    above = iter(found.groups())
    parts = ((p, "" if _is_kana(p) else next(above)) for p in pieces)
    return tuple((below, reading if _KANJI.search(below) else "") for below, reading in parts)


def _ruby(below: str, above: str) -> Markup:
    if not above:
        return html("{below}", below=below)
    return html("<ruby>{below}<rt>{above}</rt></ruby>", below=below, above=above)


def _is_kana(piece: str) -> bool:
    return re.fullmatch(r"[ぁ-ゖァ-ヶー・]+", piece) is not None
