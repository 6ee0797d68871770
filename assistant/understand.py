"""What is asked: its language, its kind, and its wording when read alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from assistant.courtesy import without_courtesy
from assistant.datatypes import Kind, Language, Query, Turn
from assistant.errors import QuestionError
from assistant.followup import stand_alone
from assistant.phrasebook import load_table, phrase
from index.terms import TermList

LONGEST = 2_000
"""Characters that a question may have."""
_KANA = re.compile(r"[぀-ヿ]")
_HAN = re.compile(r"[一-鿿]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_INVISIBLE = {c for c in range(0xE0000, 0xE0080)} | set(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)


@dataclass(frozen=True)
class KindRule:
    """How a kind of question is told, what else is looked for, and how long its answer is."""

    name: Kind
    cues: tuple[str, ...]
    needs: tuple[str, ...]
    adds: tuple[str, ...]
    drops: tuple[str, ...]
    most: int


def understand(
    question: str, history: Sequence[Turn], language: str, as_of: str, terms: TermList
) -> Query:
    """The question as understood.

    Args:
        question: as typed.
        history: the turns before it, oldest first.
        language: "ja", "en", or "auto" to follow the question.
        as_of: an ISO date.
        terms: the field's term list.

    Raises:
        QuestionError: if it is empty or longer than ``LONGEST``.
    """
    clean = clean_text(question)
    spoken = language_of(clean)
    if not clean:
        raise QuestionError("empty", spoken)
    if len(clean) > LONGEST:
        raise QuestionError("too_long", spoken, limit=LONGEST, found=len(clean))
    answer_language = cast(Language, language) if language in ("ja", "en") else spoken
    asked = without_courtesy(clean)
    standalone = stand_alone(asked, history, spoken, terms)
    return Query(asked, answer_language, kind_of(standalone, spoken).name, standalone, as_of)


def clean_text(text: str) -> str:
    """A question without control, invisible and half characters, white space folded."""
    kept = (
        c if unicodedata.category(c) not in ("Cc", "Cs", "Co") else " "
        for c in text
        if ord(c) not in _INVISIBLE
    )
    return " ".join("".join(kept).split())


def language_of(text: str) -> Language:
    """The language of a question: English where it has English words and hardly any kana."""
    text = unicodedata.normalize("NFKC", text)
    latin = len(_LATIN_WORD.findall(text))
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    if latin >= 2 and kana + han <= latin * 2 and kana <= latin:
        return "en"
    return "ja" if kana or han or not latin else "en"


def kind_of(question: str, language: str) -> KindRule:
    """The first kind in ``kinds.toml`` whose words the question has; else "other"."""
    plain = f" {unicodedata.normalize('NFKC', question).lower()} "
    for rule in kind_rules(language):
        cued = any(_says(cue, plain) for cue in rule.cues)
        if cued and (not rule.needs or any(n in plain for n in rule.needs)):
            return rule
    return KindRule("other", (), (), (), (), 4)


def _says(cue: str, plain: str) -> bool:
    return bool(_pattern(cue).search(plain)) if "*" in cue else cue in plain


@cache
def _pattern(cue: str) -> re.Pattern[str]:
    """A cue with * (any words) stands at the beginning of a sentence and goes on within it."""
    parts = ("[^.?!]*").join(re.escape(part) for part in cue.split("*"))
    return re.compile(rf"(?:^|[.?!,;:])\s*{parts}")


@cache
def kind_rules(language: str) -> tuple[KindRule, ...]:
    """The kinds of question in a language, in the order in which they are tried."""
    return tuple(
        KindRule(
            row["name"],
            tuple(row.get(language, ())),
            tuple(row.get(f"needs_{language}", ())),
            tuple(row.get(f"adds_{language}", ())),
            tuple(row.get("drops", ())),
            int(row.get("most", 4)),
        )
        for row in load_table("kinds")["kind"]
    )


def standings_asked(question: str, language: str) -> frozenset[str]:
    """The standings (an audit's finding, a hypothesis) that a question asks for by name."""
    plain = f" {unicodedata.normalize('NFKC', question).lower()} "
    table = load_table("kinds")["standing"]
    return frozenset(name for name, row in table.items() if any(c in plain for c in row[language]))


def clarifying_question(kind: Kind, language: str) -> str | None:
    """What to ask back for a kind of question that came without its case, if anything."""
    return phrase(language, "clarify", kind) or None
