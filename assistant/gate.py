"""The quote gate: a statement is verified only if its quotes carry it.

A quote must stand in its passage after NFKC and white-space folding. A statement that is not
the quote itself is held against it sentence by sentence: numbers with their units and limits
(30日以内), modality (しなければならない, できる, 努める), negation, words such as すべて or only,
who does what, and every content word must agree. What cannot be settled is refused, so a
statement in another language than its quote is. The words are in ``language/gate.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assistant.agreement import sentence_disagreement
from assistant.polarity import spelled_out
from assistant.quantities import disagreement, quantities, skeleton
from corpus.sentences import split_sentences

REASONS = (
    "no_quote",
    "not_in_passage",
    "numbers",
    "limits",
    "modality",
    "negation",
    "roles",
    "unsupported",
)
"""Every reason why a statement is not carried."""
_MARK = re.compile(r"(?:\[\d+\])+(?=[。.]?\s*$)", re.MULTILINE)
_EDGE = " 「」『』“”\"'‘’()。、.,:;・"
_ONE_OF = re.compile(r"(?<=の)(?:[一1１]|ひと)つ(?=で|に|と|は|が|も|だ|。|、|$)")
_CIRCLED = re.compile(r"[①-⑳]")


def check(statement: str, quotes: Sequence[str], passages: Sequence[str]) -> str:
    """Why a statement is not carried by its quotes; "" where it is.

    Args:
        statement: the sentence shown, without our own framing.
        quotes: the words quoted for it.
        passages: the text of the passage that each quote is said to come from.

    Returns:
        "" if verified, else one of ``REASONS``.
    """
    if not any(fold(q) for q in quotes) or not fold(statement):
        return "no_quote"
    for quote, passage in zip(quotes, passages, strict=True):
        if quote not in passage and fold(quote) not in fold(passage):
            return "not_in_passage"
    if not any(_MARK.search(q) for q in quotes):
        statement = _MARK.sub("", statement)
    if _is_quotes(fold(statement), quotes):
        return ""
    statement = _one_of_spelled(spelled_out(statement))
    quotes = [spelled_out(q) for q in quotes]
    said, carried = fold(statement).lower(), fold("\n".join(quotes)).lower()
    reason = _only_figures_differ(said, carried) or disagreement(said, carried)
    if reason:
        return reason
    sources = [sentence for quote in quotes for sentence in _sentences(quote)]
    for sentence in _sentences(statement):
        reason = sentence_disagreement(sentence, sources)
        if reason:
            return reason
    return ""


def _one_of_spelled(text: str) -> str:
    """A text in which 〜の1つ, which counts nothing, is written without a figure."""
    return _ONE_OF.sub("ひとつ", text)


def fold(text: str) -> str:
    """Text after NFKC, with white space folded away where it does not part Latin words."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"(?<![!-~]) | (?![!-~])", "", plain)


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text in figures; years of an era as years of the common era."""
    return frozenset(q.value for q in quantities(fold(text).lower()))


def sentences(text: str) -> list[str]:
    """The sentences of a text, NFKC-folded and in lower case."""
    return _sentences(text)


def _sentences(text: str) -> list[str]:
    """The sentences of a text, folded, in lower case, without the ①② that head a list."""
    plain = _CIRCLED.sub("・", text)
    return [fold(plain[s:e]).lower() for s, e in split_sentences(plain)]


def is_verbatim(statement: str, quotes: Sequence[str]) -> bool:
    """Whether a statement is nothing but its quotes, or whole sentences of them."""
    return _is_quotes(fold(statement), quotes)


def _is_quotes(said: str, quotes: Sequence[str]) -> bool:
    """Whether a statement is nothing but its quotes, or whole sentences of them."""
    folded = [fold(q).strip(_EDGE) for q in quotes]
    rest = said.strip(_EDGE)
    if rest in folded:
        return True
    whole = {fold(q[s:e]).strip(_EDGE) for q in quotes for s, e in split_sentences(q)}
    parts = [said[s:e].strip(_EDGE) for s, e in split_sentences(said)]
    if parts and all(part in whole for part in parts):
        return True
    for quote in folded:
        if not quote or quote not in rest:
            return False
        rest = rest.replace(quote, "\n", 1)
    return not rest.strip(_EDGE + "\n")


def _only_figures_differ(said: str, carried: str) -> str:
    one, other = said.strip(_EDGE), carried.strip(_EDGE)
    return "numbers" if one != other and skeleton(one) == skeleton(other) else ""
