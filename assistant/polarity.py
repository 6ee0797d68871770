"""What a text denies: for each denial the words that it is said of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assistant.phrasebook import load_table
from assistant.topics import japanese_topic
from assistant.wording import any_wording
from index.tokenization import words

_JAPANESE = re.compile(r"[぀-ヺー-ヿ一-鿿]")
_CUT = re.compile(r"[、。]")
_WINDOW = 2


def denials(text: str) -> list[tuple[str, ...]]:
    """For each denial the content words beside it, the nearest first.

    Japanese denies after what it denies, English before.

    Args:
        text: NFKC-folded, in lower case.
    """
    table = load_table("gate")["negation"]
    text = spelled_out(text)
    for form in table["apart"]:
        text = text.replace(form, " ")
    japanese = bool(_JAPANESE.search(text))
    found = []
    for match in _pattern(japanese).finditer(text):
        if japanese:
            window = tuple(reversed(_before(text[: match.start()])[-_WINDOW:]))
        else:
            window = tuple(words(text[match.end() :])[:_WINDOW])
        if window:
            found.append(window)
    return found


def _before(text: str) -> list[str]:
    """The words of the clause that ends here, its topic left out where anything else is."""
    clause = _CUT.split(text)[-1]
    spoken = words(clause)
    about = len(words(japanese_topic(clause)))
    return spoken[about:] or spoken


def spelled_out(text: str) -> str:
    """A text in which denials inside a word stand by themselves (対象外, 対象でない)."""
    for form, spelled in load_table("gate")["negation"]["spelled"]:
        text = text.replace(form, spelled)
    return text


def polarity_differs(said: str, source: str) -> bool:
    """Whether a statement denies what its source does not, or the other way round.

    One denial more than the source has may undo one of the source's own.
    """
    own, theirs = denials(said), denials(source)
    if len(own) > len(theirs) or any(not _denied(window, theirs) for window in own):
        return True
    spoken, held = words(said), words(source)
    return any(
        _told(window, theirs, spoken, held) and not _denied(window, own) for window in theirs
    )


def _told(
    window: tuple[str, ...], theirs: Sequence[tuple[str, ...]], spoken: list[str], held: list[str]
) -> bool:
    """Whether a statement speaks of what a source denies.

    A word that the source also says without denying it counts only beside its neighbour.
    """
    nearest = window[0]
    if held.count(nearest) <= sum(w[0] == nearest for w in theirs):
        return any_wording(nearest, set(spoken))
    pairs = list(zip(spoken, spoken[1:], strict=False))
    return len(window) > 1 and (window[1], window[0]) in pairs


def _denied(window: Sequence[str], others: Sequence[tuple[str, ...]]) -> bool:
    return any(any_wording(word, other) for other in others for word in window)


@cache
def _pattern(japanese: bool) -> re.Pattern[str]:
    forms = [f for f in load_table("gate")["negation"]["words"] if f.isascii() != japanese]
    forms.sort(key=len, reverse=True)
    if japanese:
        return re.compile("|".join(map(re.escape, forms)))
    bare = "|".join(re.escape(f) for f in forms if f != "n't")
    return re.compile(rf"\b(?:{bare})\b|n't\b|\b(?:cannot|can not)\b")
