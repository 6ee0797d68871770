"""What a question is about: its concepts, each with the words that may stand for it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from index.terms import TermList
from index.tokenization import words

_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_HAN = re.compile(r"[一-鿿々]")


@dataclass(frozen=True)
class Concept:
    """One thing that a question speaks of.

    ``alternatives`` are ways to say it, each the words that must all stand in a passage; the
    first is the question's own. ``category`` is the term's in the term list, "" for a word
    that is not in it.
    """

    surface: str
    alternatives: tuple[tuple[str, ...], ...]
    category: str = ""
    official: str = ""


def find_concepts(text: str, terms: TermList) -> list[Concept]:
    """The concepts of a question: the field's terms first, then the words that are left."""
    concepts: dict[str, Concept] = {}
    used: set[str] = set()
    for match in terms.find(text):
        own = match.words
        if not own:
            continue
        used.update(own)
        others = [tuple(words(s)) for s in (match.term.ja, *match.term.en)]
        known = concepts.get(match.surface)
        before = known.alternatives if known else (own,)
        alternatives = tuple(dict.fromkeys((*before, *(o for o in others if o))))
        concepts[match.surface] = Concept(
            match.surface,
            alternatives,
            known.category if known else match.term.category,
            known.official if known else match.term.ja,
        )
    for word in words(text):
        if word not in used:
            concepts.setdefault(word, Concept(word, ((word,),)))
    return list(concepts.values())


def expansion(concepts: list[Concept]) -> list[str]:
    """The words that a question's concepts add to its own, each once."""
    added = [w for c in concepts for alternative in c.alternatives[1:] for w in alternative]
    own = {w for c in concepts for w in c.alternatives[0]}
    return [w for w in dict.fromkeys(added) if w not in own]


def expansion_text(concepts: list[Concept], language: str) -> str:
    """The official terms of a question in the other language, for the dense search."""
    if language == "en":
        return " ".join(dict.fromkeys(c.official for c in concepts if c.official))
    return ""


def is_english(text: str) -> bool:
    """Whether a question is asked in English: it has English words and hardly any kana.

    A Japanese term in an English sentence, or NPO in a Japanese one, does not change that.
    """
    plain = unicodedata.normalize("NFKC", text)
    latin = len(_LATIN_WORD.findall(plain))
    kana, han = len(_KANA.findall(plain)), len(_HAN.findall(plain))
    if kana + han == 0:
        return latin > 0
    return latin >= 2 and kana + han <= latin * 2 and kana <= latin
