"""Typing slips in English questions, mended by the words that the documents know."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

from index.tokenization import english_stems

_WORD = re.compile(r"[A-Za-z]{5,}")
_ALIKE = 0.88


def mend(question: str, vocabulary: Collection[str]) -> str:
    """The question with unknown English words replaced by the stem they nearly are.

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
        return close[0] if close else match.group()

    return _WORD.sub(replacement, question)
