"""The quote gate: a statement is verified only if its quotes carry it.

A quote must stand in its passage after NFKC and white-space folding. Numbers and dates,
limits (以上, 未満 ...), modality (しなければならない, できる ...) and negation of the statement
must agree with the quotes. Words are in ``language/gate.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assistant.phrasebook import load_table
from corpus.numerals import to_int

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911}
_ERA = re.compile(r"(令和|平成|昭和|大正)\s*(\d+|元)\s*年")
_ERA_EN = re.compile(r"\b(reiwa|heisei|showa|shōwa|taisho)\s+(\d+)", re.IGNORECASE)
_ERAS_EN = {"reiwa": 2018, "heisei": 1988, "showa": 1925, "shōwa": 1925, "taisho": 1911}
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_KANJI_NUMBER = re.compile(
    r"([〇一二三四五六七八九十百千]+)(?=[年月日回条項号章つ件円人団体万億割倍者社区])"
)
_MARK = re.compile(r"\[\d+\]")


def check(statement: str, quotes: Sequence[str], passages: Sequence[str]) -> str:
    """Why a statement is not carried by its quotes; "" where it is.

    Args:
        statement: the sentence shown, without our own framing.
        quotes: the words quoted for it.
        passages: the text of the passage that each quote is said to come from.

    Returns:
        "" if verified, else one of "no_quote", "not_in_passage", "numbers", "limits",
        "modality", "negation", "unsupported".
    """
    if not quotes or not any(fold(q) for q in quotes):
        return "no_quote"
    for quote, passage in zip(quotes, passages, strict=True):
        if fold(quote) not in fold(passage):
            return "not_in_passage"
    said, carried = fold(_MARK.sub("", statement)), fold("\n".join(quotes))
    if said in carried or all(fold(q) in said for q in quotes) and not _beyond(said, quotes):
        return ""
    if not numbers(said) <= numbers(carried):
        return "numbers"
    for table, reason in (("limits", "limits"), ("modality", "modality")):
        if not _classes(said, table) <= _classes(carried, table):
            return reason
    if _negated(said) != _negated(carried):
        return "negation"
    return "" if _overlap(said, carried) >= 0.5 else "unsupported"


def fold(text: str) -> str:
    """Text after NFKC, with white space folded away where it does not part Latin words."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"(?<![!-~]) | (?![!-~])", "", plain)


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text in figures; years of an era also as years of the common era."""
    plain = unicodedata.normalize("NFKC", text)
    found = set()
    for era, year in _ERA.findall(plain):
        found.add(str(_ERAS[era] + (1 if year == "元" else int(year))))
    for era, year in _ERA_EN.findall(plain):
        found.add(str(_ERAS_EN[era.lower()] + int(year)))
    for kanji in _KANJI_NUMBER.findall(plain):
        found.add(str(to_int(kanji)))
    found.update(n.replace(",", "") for n in _NUMBER.findall(plain))
    return frozenset(found)


def _beyond(said: str, quotes: Sequence[str]) -> bool:
    """Whether a statement says more than its quotes, brackets and punctuation apart."""
    rest = said
    for quote in quotes:
        rest = rest.replace(fold(quote), "")
    return bool(re.sub(r"[\s「」『』“”\"'。、.,:;()（）]", "", rest))


def _classes(text: str, table: str) -> frozenset[str]:
    lower = f" {text.lower()} "
    classes = load_table("gate")[table]
    found = {name for name, forms in classes.items() if any(f in lower for f in forms)}
    if table == "modality" and "forbidden" in found:
        found -= {"may"}
    return frozenset(found)


def _negated(text: str) -> bool:
    lower = f" {text.lower()} "
    for forms in load_table("gate")["modality"]["must"]:
        lower = lower.replace(forms, "")
    return any(form in lower for form in load_table("gate")["negation"]["words"])


def _overlap(said: str, carried: str) -> float:
    """Share of the statement's character pairs that stand in the quotes."""
    pairs = {said[i : i + 2] for i in range(len(said) - 1)}
    held = {carried[i : i + 2] for i in range(len(carried) - 1)}
    return len(pairs & held) / max(len(pairs), 1)
