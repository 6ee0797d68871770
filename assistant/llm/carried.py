"""Whether the sentences quoted from a passage carry a model's statement.

Three things are asked of each sentence. What may never differ: figures, limits, scope, what is
demanded, names that stand nowhere. Whether its words hang together, and deny and demand, as in
the source (``fit``). And what else speaks against it (``doubts``): with no doubt the words may
be put more freely, with slight doubts they must hang together all but as in the source.
How freely is told in ``language/carried.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from assistant.gate import fold, one_of_spelled, sentences
from assistant.llm.bearing import vetoed, without_counts
from assistant.llm.doubts import REASONS, doubts
from assistant.llm.fit import Source, as_source, fit
from assistant.llm.segments import with_subjects
from assistant.phrasebook import load_table
from assistant.polarity import spelled_out
from index.tokenization import words

_PAREN = re.compile(r"\((?!\d+\))[^()]*\)")
_GLOSS = re.compile(r"\s?[(（](?:[12]\d{3}年度?|[A-Za-z' ŌōŪūĀāĒē-]+)[)）]")


def without_glosses(quote: str) -> str:
    """A quote without the years and readings that only say the word before them again."""
    return _GLOSS.sub("", quote)


def disagreement(text: str, quote: str, named: str) -> str:
    """Why a quote does not carry a statement in its language; "" where it does.

    Args:
        text: the statement.
        quote: whole sentences of a passage.
        named: the passage's title and headings, which say what "the ordinance" is.

    Returns:
        "", "numbers", "limits", "modality", "negation", "condition", "roles" or "unsupported".
    """
    named = fold(named).lower()
    source = _source(quote, named)
    own = sentences(spelled_out(quote))
    plain = with_subjects(sentences(spelled_out(_PAREN.sub("", quote))))
    for said in sentences(one_of_spelled(spelled_out(text))):
        reason = vetoed(said, own, named)
        if not reason:
            uncounted = without_counts(said, "\n".join([*own, named]))
            reason = _hangs_otherwise(uncounted, source, own, plain, named)
        if reason:
            return reason
    return ""


@lru_cache(maxsize=64)
def _source(quote: str, named: str) -> Source:
    told = with_subjects(sentences(spelled_out(without_glosses(quote))))
    return as_source(told, words(named))


def _hangs_otherwise(
    said: str, source: Source, own: list[str], plain: list[str], named: str
) -> str:
    pairing = fit(said, source)
    found = doubts(said, own, plain, named)
    found |= {
        n for n, is_so in (("marks", pairing.differing), ("turned", pairing.swapped)) if is_so
    }
    name = _forbidding(found) or (min(found, default="") if pairing.cost > 0 else "")
    most = _allowed(found, len(pairing.pairs))
    if _forbidding(found) or pairing.cost > most:
        return REASONS.get(name, "roles")
    return ""


def _allowed(found: Collection[str], size: int) -> float:
    """How far a sentence of so many phrases may hang together otherwise than its source."""
    table = load_table("carried")
    limits = table["limits"]
    most: float = min(limits["most"], max(limits["least"], limits["per_phrase"] * size))
    for name in found:
        most = min(most, table["doubts"].get(name, most))
        most = min(most, table["doubts_per_phrase"].get(name, most) * size)
    return most


def _forbidding(found: Collection[str]) -> str:
    """A doubt among those found that forbids by itself or with another, "" for none."""
    table = load_table("carried")
    known = {*table["doubts"], *table["doubts_per_phrase"]}
    alone = [name for name in sorted(found) if name not in known]
    pairs = [pair for pair in table["together"]["grave"] if set(pair) <= set(found)]
    return alone[0] if alone else pairs[0][0] if pairs else ""
