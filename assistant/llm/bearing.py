"""What a statement must share with its source word for word: figures, limits, scope, names.

These are vetoes: whatever a statement's wording, it is not carried where one of them says no.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from assistant.agreement import count_negations, found_in, modality_counts, opposes
from assistant.phrasebook import load_table
from assistant.quantities import dates, limits_meet, quantities, units_meet, values
from assistant.wording import any_wording, unsupported_words
from index.tokenization import words

_PAREN = re.compile(r"\((?!\d+\))[^()]*\)")
_ANY = re.compile(r"\bany\b")
_LISTS = re.compile(r"は、|:|\b(?:is|are) ")
_KANJI = re.compile(r"[一-鿿]{2,}")
_RANGE = re.compile(r"(\d[^\s\d]{0,2}) ?[~〜～–] ?(第?\d+[^\s\d)、。]{0,2})")
_ITEMS = re.compile(r"と?、|, (?:and )?|; | and ")


def vetoed(said: str, sources: Sequence[str], named: str) -> str:
    """Why a sentence is not carried by the sentences of its source, "" where nothing forbids it.

    Args:
        said: the sentence, NFKC-folded, in lower case.
        sources: the sentences of the source, folded likewise.
        named: the title and headings of the source, folded likewise.

    Returns:
        "", "numbers", "limits", "modality" or "unsupported".
    """
    carried = " ".join(sources)
    reason = figures_differ(ranges_spelled(said), ranges_spelled(f"{carried}\n{named}"), sources)
    if reason:
        return reason
    if _scopes(said) - found_in(carried, "scope") - found_in(carried, "scope_held"):
        return "limits"
    near = _PAREN.sub("", nearest(said, sources))
    if found_in(near, "kept") - found_in(said, "kept") - found_in(said, "kept_told"):
        return "modality"
    if modality_counts(said) - modality_counts(carried):
        return "modality"
    if opposes(said, near) or lacking(said, carried, named):
        return "unsupported"
    return ""


def figures_differ(said: str, carried: str, sources: Sequence[str]) -> str:
    """Why the figures of a statement are not its source's: "", "numbers" or "limits"."""
    stated, known = quantities(said), quantities(carried)
    counts = Counter(values(known))
    for value in values(stated):
        if counts[value] < 1 and not _counts_items(value, said, sources):
            return "numbers"
    if dates(stated) - dates(known):
        return "numbers"
    for quantity in stated:
        same = [k for k in known if k.value == quantity.value]
        if same and not any(units_meet(k, quantity) for k in same):
            return "numbers"
        loose = _near_limits(said) & _near_limits(carried)
        if same and not any(limits_meet(quantity.limits - loose, k.limits - loose) for k in same):
            return "limits"
    return ""


def without_counts(said: str, carried: str) -> str:
    """A sentence without the numbers that its source does not have: they count what it lists."""
    known = {q.value for q in quantities(ranges_spelled(carried))}
    for quantity in reversed(quantities(said)):
        if quantity.value not in known:
            said = said[: quantity.start] + said[quantity.end :]
    return said


def _near_limits(text: str) -> frozenset[str]:
    """The limits of which a text holds a word that may stand apart from its number (上限)."""
    forms = load_table("gate")["limits"]["near"]
    return frozenset(name for name, row in forms.items() if any(f in text for f in row))


def _counts_items(value: str, said: str, sources: Sequence[str]) -> bool:
    """Whether a number counts the items that the source's sentence lists (3つ).

    Never where the source counts anything itself.
    """
    counted = any(q.value == value and q.unit == "thing" and not q.limits for q in quantities(said))
    listed = _LISTS.split(nearest(said, sources))[-1]
    silent = not any(quantities(source) for source in sources)
    return counted and silent and value == str(len(_ITEMS.split(listed)))


def _scopes(said: str) -> set[str]:
    """The scopes that a sentence claims; "any" of a denial claims none."""
    text = _ANY.sub("", said) if count_negations(said) else said
    return found_in(text, "scope")


def ranges_spelled(text: str) -> str:
    """A text in which 第1条~第5条 reads 第1条から第5条まで."""
    return _RANGE.sub(r"\1から\2まで", text)


def nearest(said: str, sources: Sequence[str]) -> str:
    """The source sentence that holds most of a statement's words."""
    wanted = words(said)

    def fit(source: str) -> float:
        held = set(words(source))
        return sum(any_wording(w, held) for w in wanted) - 0.01 * len(held)

    return max(sources, key=fit, default="")


def lacking(said: str, carried: str, named: str) -> list[str]:
    """The content words that neither a source nor its title and headings hold."""
    held = set(words(carried)) | set(words(named))
    light = _light()
    return [
        surface
        for surface in unsupported_words(said, f"{carried} {named}", plain=False)
        if not (_KANJI.fullmatch(surface) and surface in carried)
        and not all(w in light or any_wording(w, held) for w in words(surface))
    ]


def _light() -> Collection[str]:
    table = load_table("gate")["light"]
    return {w for key in ("words", "words_en") for e in table[key] for w in (e, *words(e))}
