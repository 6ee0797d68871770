"""The order of an English statement's words, which tells who does what to whom."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.llm.segments import opening_of
from assistant.phrasebook import load_table
from assistant.wording import any_wording, is_framing
from index.tokenization import words

_PASSIVE = re.compile(
    r"\bby\b|\b(?:is|are|was|were|be|been|being) (?:\w+ )?"
    r"(?:\w+ed|\w+en|\w+wn|made|held|set|put|run|kept|paid|lent|sent|built|done|met|led)\b"
)
_OWNED = re.compile(r"\b(\w+)['’]s (\w+)")
_ADJUNCT = re.compile(
    r"^(?:(?:and|but|while) )?(?:in|at|for|under|on|with) ((?:(?!,).)*?)"
    r"(?:,| (?=(?:the|a|an|it|there|they|no) ))"
)
_LEADS = re.compile(r"^(?:in|at|for|under|on|with|as|according to) ")


def reordered(said: str, source: str) -> bool:
    """Whether a statement's words stand in another order than in its source.

    What it opens with ("In fiscal 2022,") may stand anywhere. Where one of the two is in the
    passive and the other is not, the order counts only where somebody acts.
    """
    said, source = (_OWNED.sub(r"\2 of \1", text) for text in (said, source))
    own, known = _without_opening(said, source), words(source)
    if bool(_PASSIVE.search(said)) != bool(_PASSIVE.search(source)):
        return bool(_actors() & set(own)) and _out_of_order(own, known)
    return _out_of_order(own, known)


def _out_of_order(own: Sequence[str], known: Sequence[str]) -> bool:
    place = -1
    for word in own:
        later = [i for i, w in enumerate(known) if i > place and any_wording(word, {w})]
        if later:
            place = later[0]
        elif any(any_wording(word, {w}) for w in known):
            return True
    return False


def leading_of(said: str) -> str:
    """The phrase that an English sentence leads in with ("In fiscal 2022,"), "" without one."""
    return opening_of(said) if _LEADS.match(said) else ""


def _without_opening(said: str, source: str) -> list[str]:
    """A statement's words without what either sentence leads in with, which stands anywhere."""
    kept: Sequence[str] = words(said[len(leading_of(said)) :])
    match = _ADJUNCT.match(source)
    aside = set(words(match.group(1))) if match else set()
    return [
        w
        for w in dict.fromkeys(kept)
        if not is_framing(w) and w not in _joining() and w not in aside
    ]


def _actors() -> set[str]:
    return {w for entry in load_table("gate")["actors"]["words"] for w in words(entry)}


def _joining() -> frozenset[str]:
    return frozenset(load_table("gate")["negation"]["words"])
