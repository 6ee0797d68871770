"""Typing slips in English questions, mended by the words that the documents know."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

from index.tokenization import english_stems

_WORD = re.compile(r"[A-Za-z]{5,}")
_ALIKE = 0.88
_ENDINGS = ("e", "s", "ing", "ion", "al", "ment")


def mend(question: str, vocabulary: Collection[str]) -> str:
    """The question with unknown English words replaced by a word of the stem they nearly are.

    Args:
        question: as typed.
        vocabulary: the stems that are known.
    """
    known = [w for w in vocabulary if w.isascii() and w.isalpha() and len(w) >= 4]
    known_set = set(known)

    def replacement(match: re.Match[str]) -> str:
        stems = english_stems(match.group())
        if not stems or stems[0] in known_set:
            return match.group()
        same_letter = [w for w in known if w[0] == stems[0][0] and abs(len(w) - len(stems[0])) <= 2]
        close = get_close_matches(stems[0], same_letter, n=1, cutoff=_ALIKE)
        return _word_of(close[0], match.group(), stems[0]) if close else match.group()

    return _WORD.sub(replacement, question)


def _word_of(stem: str, typed: str, typed_stem: str) -> str:
    """A word of a stem, with the ending that was typed where it has one (colabor-ation).

    A stem is no word that the model knows, and may itself have a shorter one (provision,
    provis): what stands in the question must lead back to this stem.
    """
    typed = typed.lower()
    own = typed[len(typed_stem) :] if typed.startswith(typed_stem) else ""
    return next((stem + e for e in (own, "", *_ENDINGS) if english_stems(stem + e) == [stem]), stem)
