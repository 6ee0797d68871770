"""Clauses of what a clerk says, with what each denies and limits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.phrasebook import load_table
from corpus.sentences import split_sentences

NOT, ONLY = "¬", "§"
_CUT = "\x00"
_JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
_POLITE = re.compile(r"(?<=ます|です)が|(?<=ました|でした|ません)が")
_BLANK = re.compile(r"(?<=[぀-ヿ一-鿿])\s+(?=[぀-ヿ一-鿿A-Za-z])")
_ASKS = re.compile(
    r"[?？]\s*[!！]*\s*$|(?:か|でしょう|ください|教えて(?:くれ)?|教えろ|答えて(?:くれ)?|答えろ|はっきりしろ|ほしいです|知りたいです|判断したいです|にしたいです|迷っています|は|って|かな|かしら|っけ)[。．!！]*[」』]?\s*$"
    r"|(?:だれ|誰|何|なに|どこ|どの|どれ|どう|どんな|いつ|いくら|なぜ)[^。]*(?:の|んだ|んだろう|だろう|のかな)[。．!！]*\s*$"
)
_ENGLISH_CUT = re.compile(r"[,;]|\s[-–—]+\s|\(|\)")


@dataclass(frozen=True)
class Clause:
    """A stretch of a turn.

    ``text`` is as said; ``marked`` is folded, with ¬ for every denial and § for every limit;
    ``question``: whether it asks.
    """

    text: str
    marked: str
    question: bool

    @property
    def denied(self) -> bool:
        """Whether it denies what it names (two denials make none)."""
        return self.marked.count(NOT) % 2 == 1

    @property
    def pending(self) -> bool:
        """Whether it tells of something still to be settled."""
        plain = fold(self.text)
        table = load_table("case")["pending"]
        return any(form in plain for form in (*table["ja"], *table["en"]))


def fold(text: str) -> str:
    """Text as signs are looked for in it: NFKC, lower case, white space and quotes folded."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return " ".join(plain.split())


def split_clauses(turn: str, cuts: Sequence[str] = ()) -> tuple[Clause, ...]:
    """The clauses of a turn, in order.

    Args:
        turn: what was said, in Japanese or English.
        cuts: words that begin the question proper (協働と言えますか); what stands before
            them in a question that denies or limits something is told, not asked.
    """
    return _clauses(turn, tuple(cuts))


@lru_cache(maxsize=8_192)
def _clauses(turn: str, cuts: tuple[str, ...]) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    for start, end in split_sentences(turn):
        sentence = turn[start:end]
        if _JAPANESE.search(sentence):
            clauses += _japanese(sentence, cuts)
        else:
            clauses += _english(sentence)
    return tuple(c for c in clauses if c.text)


@lru_cache(maxsize=65_536)
def mark(text: str) -> str:
    """Text folded, with its denials and limits marked."""
    plain = fold(text)
    table = load_table("case")
    if _JAPANESE.search(plain):
        for form in table["apart"]["ja"]:
            plain = plain.replace(form, "")
        counted = plain.count("しか")
        plain = _ja_forms("negation").sub(NOT, plain)
        plain = _ja_forms("only").sub(ONLY, plain)
        for _ in range(counted):
            plain = plain.replace(NOT, "", 1)
    for form in table["apart"]["en"]:
        plain = plain.replace(form, " ")
    plain = _en_negation().sub(f" {NOT} ", plain)
    return " ".join(_en_only().sub(f" {ONLY} ", plain).split())


def _japanese(sentence: str, cuts: Sequence[str]) -> list[Clause]:
    asks = bool(_ASKS.search(sentence))
    parts: list[str] = []
    for piece in _BLANK.split(sentence):
        parts += _joined(_cut_japanese(piece))
    clauses = [Clause(p, mark(p), False) for p in parts]
    if asks and clauses:
        last = clauses[-1].text
        told, asked = _told_and_asked(last, cuts)
        tail = [Clause(asked, mark(asked), True)]
        clauses[-1:] = ([Clause(told, mark(told), False)] if told else []) + tail
    return clauses


def _told_and_asked(clause: str, cuts: Sequence[str]) -> tuple[str, str]:
    """What a question tells before it asks, where that denies or limits something."""
    plain = fold(clause)
    if len(plain) != len(clause):
        return "", clause
    places = [plain.find(fold(cut)) for cut in cuts if plain.find(fold(cut)) > 3]
    if not places:
        return "", clause
    told = clause[: min(places)]
    return (told, clause[min(places) :]) if set(mark(told)) & {NOT, ONLY} else ("", clause)


def _cut_japanese(piece: str) -> list[str]:
    for form in load_table("case")["clauses"]["ja_cut"]:
        piece = piece.replace(form, f"{form}{_CUT}")
    piece = _POLITE.sub(f"が{_CUT}", piece)
    return [p for p in re.split(rf"(?<=[、,，{_CUT}])(?![、,，{_CUT}])", piece) if p.strip()]


def _joined(parts: list[str]) -> list[str]:
    """Clauses; a part that has no predicate of its own belongs to the next."""
    joined: list[str] = []
    held = ""
    for part in parts:
        held += part
        if not _unfinished(part.strip(f"、,，{_CUT} ")):
            joined.append(held)
            held = ""
    kept = [part.replace(_CUT, "").strip("、,， ") for part in [*joined, held]]
    return [part for part in kept if part]


def _unfinished(part: str) -> bool:
    if re.search(r"(?:です|ます|した|せん|だ)が$", part):
        return False
    opens = tuple(load_table("case")["clauses"]["ja_open"])
    return part.endswith(opens) or not re.search(r"[ぁ-ん]$|[。?？!！」）)]$", part)


def _english(sentence: str) -> list[Clause]:
    asks = sentence.rstrip("\"' )").endswith("?")
    pieces = [p for part in _ENGLISH_CUT.split(sentence) for p in _en_cut().split(part)]
    kept = [p.strip(' .!"') for p in pieces if p and p.strip(' .!?"')]
    return [Clause(p.strip("? "), mark(p), asks and _asks_english(p, len(kept))) for p in kept]


def _asks_english(part: str, parts: int) -> bool:
    first = fold(part).split(" ")
    return parts == 1 or part.rstrip().endswith("?") or first[0] in _asking()


@cache
def _asking() -> frozenset[str]:
    return frozenset(load_table("case")["clauses"]["en_asks"])


@cache
def _ja_forms(name: str) -> re.Pattern[str]:
    forms = sorted(load_table("case")[name]["ja"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, forms)))


@cache
def _en_negation() -> re.Pattern[str]:
    table = load_table("case")["negation"]
    forms = sorted(table["en"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b(?!-)|(?<=[a-z])n't\b")


@cache
def _en_only() -> re.Pattern[str]:
    forms = load_table("case")["only"]["en"]
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b|-only\b")


@cache
def _en_cut() -> re.Pattern[str]:
    forms = sorted(load_table("case")["clauses"]["en_cut"], key=len, reverse=True)
    return re.compile(rf"\s(?=(?:{'|'.join(map(re.escape, forms))})\s)")
