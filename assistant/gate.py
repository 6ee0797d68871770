"""The quote gate: a statement is verified only if its quotes carry it.

A quote must stand in its passage after NFKC and white-space folding. A statement that is not
the quote itself is held against it sentence by sentence: numbers with their units and limits
(30日以内), modality (しなければならない, できる, 努める), negation, words such as すべて or only, and
every content word must agree. What cannot be settled is refused. Words: ``language/gate.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from assistant.phrasebook import load_table
from assistant.quantities import disagreement, quantities, skeleton
from assistant.wording import unsupported_words
from corpus.sentences import split_sentences
from index.tokenization import words

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
"""Every reason, in the order in which they are looked for."""
_MARK = re.compile(r"(?:\[\d+\])+(?=[。.]?\s*$)", re.MULTILINE)
_EDGE = " 　「」『』“”\"'‘’()。、.,:;・"
_CLAUSE = re.compile(r"[、。,;:\n]| and | but | while |(?<=[しりきいち])つつ|[^でにと]ながら|(?<=ます)が")
_JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
_NOUN = r"([一-鿿ァ-ヿa-z0-9]{1,20})"
_PASSIVE = re.compile(r"[られ]れ[るたてま、]|され|により|によって|\bby\b")


def check(statement: str, quotes: Sequence[str], passages: Sequence[str]) -> str:
    """Why a statement is not carried by its quotes; "" where it is.

    Args:
        statement: the sentence shown, without our own framing.
        quotes: the words quoted for it.
        passages: the text of the passage that each quote is said to come from.

    Returns:
        "" if verified, else one of ``REASONS``.
    """
    if not quotes or not any(fold(q) for q in quotes) or not fold(statement):
        return "no_quote"
    for quote, passage in zip(quotes, passages, strict=True):
        if quote not in passage and fold(quote) not in fold(passage):
            return "not_in_passage"
    marked = any(_MARK.search(q) for q in quotes)
    said = fold(statement if marked else _MARK.sub("", statement))
    if _is_quotes(said, quotes):
        return ""
    said, carried = said.lower(), fold("\n".join(quotes)).lower()
    reason = _only_figures_differ(said, carried) or disagreement(said, carried)
    if reason:
        return reason
    sources = [fold(q[s:e]).lower() for q in quotes for s, e in split_sentences(q)]
    for start, end in split_sentences(said):
        reason = _check_sentence(said[start:end], sources)
        if reason:
            return reason
    return ""


def fold(text: str) -> str:
    """Text after NFKC, with white space folded away where it does not part Latin words."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"(?<![!-~]) | (?![!-~])", "", plain)


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text in figures; years of an era as years of the common era."""
    return frozenset(q.value for q in quantities(fold(text).lower()))


def _is_quotes(said: str, quotes: Sequence[str]) -> bool:
    """Whether a statement is nothing but its quotes, or whole sentences of them, in order."""
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
    return "numbers" if skeleton(one) == skeleton(other) and one != other else ""


def _check_sentence(said: str, sources: Sequence[str]) -> str:
    """Hold one sentence against the sentences quoted that are nearest to it."""
    cover = _cover(said, sources)
    carried = " ".join(cover)
    if not cover or bool(_JAPANESE.search(said)) != bool(_JAPANESE.search(carried)):
        return "unsupported"
    if _scopes(said, "scope") - _scopes(carried, "scope"):
        return "limits"
    if _scopes(cover[0], "kept") - _scopes(said, "kept"):
        return "modality"
    reason = _check_clauses(said, cover)
    if reason:
        return reason
    if _swapped(said, carried):
        return "roles"
    return "unsupported" if unsupported_words(said, carried) else ""


def _check_clauses(said: str, cover: Sequence[str]) -> str:
    clauses = [c for source in cover for c in _clauses(source)]
    everywhere = _modalities(" ".join(cover))
    for clause in _clauses(said):
        near = _cover(clause, clauses)
        if not near:
            continue
        stated, known = _modalities(clause), _modalities(" ".join(near))
        if stated - known and (stated - everywhere or not _same_end(clause, near)):
            return "modality"
        if _modalities(near[0]) - stated - _modalities(said):
            return "modality"
        if _negations(clause) % 2 != _negations(" ".join(near)) % 2:
            return "negation"
    return ""


def _same_end(clause: str, near: Sequence[str]) -> bool:
    return any(_modalities(clause) == _modalities(other) for other in near)


def _cover(text: str, sources: Sequence[str]) -> list[str]:
    """The fewest sources that hold as many of a text's words as can be, the nearest first."""
    wanted = set(words(text))
    left = list(sources)
    chosen: list[str] = []
    while wanted and left:
        best = max(left, key=lambda s: len(wanted & set(words(s))) - 0.01 * len(words(s)))
        held = wanted & set(words(best))
        if not held:
            break
        chosen.append(best)
        wanted -= held
        left.remove(best)
    return chosen


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if part and words(part)]


def modalities(text: str) -> frozenset[str]:
    """What a text demands, allows or forbids: names of ``[modality]`` in ``language/gate.toml``."""
    return _modalities(text)


def _modalities(text: str) -> frozenset[str]:
    """What a text demands, allows or forbids; a stronger wording hides the weaker in it."""
    table = load_table("gate")["modality"]
    found, left = set(), text
    for name in ("must", "forbidden", "should", "effort", "may"):
        for form in sorted(table[name], key=len, reverse=True):
            pattern = _pattern(form)
            if name == "must" and pattern.search(left) and _denied(left, form):
                continue
            if pattern.search(left):
                found.add(name)
                left = pattern.sub(" ", left)
    return frozenset(found)


def _denied(text: str, form: str) -> bool:
    return form.isascii() and bool(re.search(rf"\b{re.escape(form)}\s+not\b", text))


def _negations(text: str) -> int:
    """How often a text denies, apart from the denials that belong to its modality."""
    table = load_table("gate")
    forms = [*table["modality"]["must"], *table["modality"]["forbidden"], *table["negation"]["apart"]]
    for form in sorted(forms, key=len, reverse=True):
        text = _pattern(form).sub(" ", text)
    count = 0
    for form in sorted(table["negation"]["words"], key=len, reverse=True):
        text, found = _pattern(form).subn(" ", text)
        count += found
    return count


def _scopes(text: str, table: str) -> frozenset[str]:
    for form in load_table("gate")["negation"]["apart"]:
        text = _pattern(form).sub(" ", text)
    classes = load_table("gate")[table]
    return frozenset(n for n, forms in classes.items() if any(_pattern(f).search(text) for f in forms))


@cache
def _pattern(form: str) -> re.Pattern[str]:
    if not form.isascii():
        return re.compile(re.escape(form))
    start = "" if form == "n't" else r"\b"
    end = "" if form.endswith("presum") else r"\b"
    return re.compile(f"{start}{re.escape(form)}{end}")


def _swapped(said: str, carried: str) -> bool:
    """Whether who does and to whom have changed places."""
    if bool(_PASSIVE.search(said)) != bool(_PASSIVE.search(carried)):
        return False
    doers, others = _roles(said)
    known_doers, known_others = _roles(carried)
    return any(
        doer in known_others - known_doers and other in known_doers - known_others
        for doer in doers
        for other in others
    )


def _roles(text: str) -> tuple[set[str], set[str]]:
    if _JAPANESE.search(text):
        doers = set(re.findall(_NOUN + r"[はが]", text))
        return doers, set(re.findall(_NOUN + r"(?:に(?!よ)|へ|から|を)", text))
    doers, others = set[str](), set[str]()
    for clause in _clauses(text):
        stems = words(clause)
        if stems and " and " not in clause:
            doers.update(stems[:2])
        others.update(w for m in re.findall(r"\b(?:to|from|for|by) (.+)", clause) for w in words(m)[:2])
    return doers, others
