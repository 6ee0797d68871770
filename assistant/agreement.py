"""Whether one sentence says no more than the sentences quoted for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from assistant.phrasebook import load_table
from assistant.polarity import polarity_differs
from assistant.wording import any_wording, unsupported_words
from index.tokenization import words

_JAPANESE = re.compile(r"[぀-ヺー-ヿ一-鿿]")
_CLAUSE_END = re.compile(
    r"(?<=[、。;:\n])|(?<=,)(?!\d)| (?=and |but |while )|(?<=ますが)|(?<=ですが)"
)
_RUNS_ON = re.compile(r"(?:[はもにでへをのやとが]|[一-鿿ァ-ヿー)」a-z0-9])[、,]?$")
_LEADS_IN = re.compile(r"^\s*(?:in|for|under|at|on|as|with|by|to|of|from|according)\b")
_TOPIC = re.compile(r"^(.*?)(?:は|が)")
_MONTH_MAY = re.compile(r"\b(?:in|by|until|from|since|of|to|early|late|on|\d+) may\b|\bmay \d+")
_NOUN = r"([一-鿿ァ-ヿa-z0-9ー]{1,20})"
_CLAUSE_EN = re.compile(r"[,;:]| that ")
_PASSIVE = re.compile(r"[らさかたまわな]れ[るたてまな、]|により|によって|\bby\b")
_ENGLISH_TOPIC = 8


def sentence_disagreement(said: str, sources: Sequence[str]) -> str:
    """Why a sentence is not carried by the sentences quoted; "" where it is.

    All are NFKC-folded and in lower case. Returns "", "limits", "modality", "negation",
    "roles" or "unsupported".
    """
    source, topics = _with_topics(said, sources)
    carried = f"{topics} {source}"
    if bool(_JAPANESE.search(said)) != bool(_JAPANESE.search(source)):
        return "unsupported"
    if _found(said, "scope") - _found(carried, "scope") - _found(carried, "scope_held"):
        return "limits"
    if _found(source, "kept") - _found(said, "kept"):
        return "modality"
    reason = _clauses_disagree(said, source)
    if reason:
        return reason
    if _opposes(said, carried):
        return "unsupported"
    if _roles_swapped(said, source) or _reordered_steps(said, source):
        return "roles"
    return "unsupported" if unsupported_words(said, carried) else ""


def _with_topics(said: str, sources: Sequence[str]) -> tuple[str, str]:
    """The source that holds most of a sentence's words, and the topics that run on into it.

    A sentence may take its topic from those before it, never from one after it.
    """
    wanted = words(said)
    best = max(range(len(sources)), key=lambda i: _held(wanted, sources[i]), default=None)
    if best is None:
        return "", ""
    return sources[best], " ".join(_topic(source) for source in sources[:best])


def _held(wanted: Sequence[str], source: str) -> float:
    held = set(words(source))
    return sum(any_wording(w, held) for w in wanted) - 0.01 * len(held)


def _topic(sentence: str) -> str:
    if not _JAPANESE.search(sentence):
        return " ".join(sentence.split()[:_ENGLISH_TOPIC])
    match = _TOPIC.match(sentence)
    return match.group(1) if match else ""


def _clauses_disagree(said: str, source: str) -> str:
    """Why the clauses of a sentence differ from the source's clauses nearest to them.

    Returns "", "modality", "negation" or "limits".
    """
    known = _clauses(source)
    whole = _modalities(source)
    for clause in _clauses(said):
        wanted = words(clause)
        near = max(known, key=lambda c: _held(wanted, c), default="")
        if not near or not wanted:
            continue
        stated, carried = _modalities(clause), _modalities(near)
        if set(stated) - set(carried) and not _elsewhere(stated, carried, whole, near, source):
            return "modality"
        if any(_speaks_of(clause, carried[name]) for name in set(carried) - set(_modalities(said))):
            return "modality"
        if _denies_otherwise(clause, near, source):
            return "negation"
        if _drops(near, clause, said):
            return "limits"
    return ""


def _denies_otherwise(clause: str, near: str, source: str) -> bool:
    """Whether a clause denies what its source does not; two that both deny may deny the same
    in clauses that are cut otherwise."""
    own, theirs = _negations(clause), _negations(near)
    if own % 2 == theirs % 2:
        return False
    return not (own and _negations(source)) or polarity_differs(clause, source)


def _drops(near: str, clause: str, said: str) -> bool:
    """Whether a clause leaves out an "only" or "in principle" of what it repeats."""
    kept = {n for table in ("kept_before", "kept_after") for n in _found(said, table)}
    kept |= _found(said, "scope")
    near = _without_apart(near)
    for table in ("kept_before", "kept_after"):
        for name, forms in load_table("gate")[table].items():
            for match in (_pattern(f).search(near) for f in forms if name not in kept):
                if match is None:
                    continue
                if all(_speaks_of(clause, word) for word in _beside(near, match, table)):
                    return True
    return False


def _beside(near: str, match: re.Match[str], table: str) -> list[str]:
    """The word that an "only" or "in principle" is said of; of a figure also whose it is."""
    before, rest = words(near[: match.start()])[-1:], near[match.end() :].lstrip()
    if table == "kept_before":
        return before
    return words(rest)[:1] + (before if rest[:1].isdigit() else [])


def _elsewhere(
    stated: dict[str, str], carried: dict[str, str], whole: dict[str, str], near: str, source: str
) -> bool:
    """Whether a clause's modality stands at the end of the sentence that the source is."""
    return not carried and set(stated) <= set(whole) and near != _clauses(source)[-1]


def _speaks_of(clause: str, anchor: str) -> bool:
    return not anchor or any_wording(anchor, set(words(clause)))


def _clauses(text: str) -> list[str]:
    """The clauses of a sentence; a part without a predicate runs on into the next."""
    merged: list[str] = []
    held = ""
    for part in _CLAUSE_END.split(text):
        held += part
        japanese = bool(_JAPANESE.search(held))
        runs_on = _RUNS_ON.search(held.rstrip()) if japanese else _LEADS_IN.match(part)
        if not runs_on and words(held):
            merged.append(held)
            held = ""
    return [*merged, held] if words(held) else merged


def modalities(text: str) -> frozenset[str]:
    """What a text demands, allows or forbids: names of ``[modality]`` in ``gate.toml``."""
    return frozenset(_modalities(text))


def scopes(text: str) -> frozenset[str]:
    """Words over a whole sentence (all, only, some) that a text holds, by their names."""
    return frozenset(_found(text, "scope"))


def found_in(text: str, table: str) -> set[str]:
    """The names of a table of ``gate.toml`` of which a text holds a word."""
    return _found(text, table)


def count_negations(text: str) -> int:
    """How often a text denies, apart from the denials that belong to what must or may not be."""
    return _negations(text)


def _modalities(text: str) -> dict[str, str]:
    """What a text demands, allows or forbids, each with the word that it is said of.

    The word is "" for an effort: it is said of the whole.
    """
    table = load_table("gate")["modality"]
    text = _without_lookalikes(text)
    found: dict[str, str] = {}
    for name in ("forbidden", "must", "should", "effort", "may"):
        for form in _longest_first(table[name]):
            match = _pattern(form).search(text)
            if match:
                anchor = "" if name == "effort" else _anchor(text, match, form)
                found.setdefault(name, anchor)
                text = _pattern(form).sub(" ", text)
    return found


def _without_lookalikes(text: str) -> str:
    """A text without the month of May and without できた for what came into being."""
    for form in load_table("gate")["modality"]["made"]:
        text = text.replace(form, " ")
    return _MONTH_MAY.sub(" ", text)


def _anchor(text: str, match: re.Match[str], form: str) -> str:
    around = words(text[match.end() :])[:1] if form.isascii() else words(text[: match.start()])[-1:]
    return around[0] if around else ""


def _negations(text: str) -> int:
    """How often a text denies, apart from the denials that belong to its modality."""
    table = load_table("gate")
    modal = [*table["modality"]["must"], *table["modality"]["forbidden"]]
    for form in _longest_first([*modal, *table["negation"]["apart"]]):
        text = _pattern(form).sub(" ", text)
    count = 0
    for form in _longest_first(table["negation"]["words"]):
        text, hits = _pattern(form).subn(" ", text)
        count += hits
    return count


def _without_apart(text: str) -> str:
    for form in _longest_first(load_table("gate")["negation"]["apart"]):
        text = _pattern(form).sub(" ", text)
    return text


def _found(text: str, table: str) -> set[str]:
    text = _without_apart(text)
    rows = load_table("gate")[table]
    return {name for name, forms in rows.items() if any(_pattern(f).search(text) for f in forms)}


def _longest_first(forms: Sequence[str]) -> list[str]:
    return sorted(forms, key=len, reverse=True)


@cache
def _pattern(form: str) -> re.Pattern[str]:
    if not form.isascii():
        return re.compile(re.escape(form))
    start = "" if form == "n't" else r"\b"
    return re.compile(rf"{start}{re.escape(form)}\b")


def _reordered_steps(said: str, source: str) -> bool:
    """Whether what is said to come in an order comes in another."""
    if not any(_pattern(form).search(said) for form in load_table("gate")["ordered"]["words"]):
        return False
    known = list(dict.fromkeys(words(source)))
    places = [known.index(w) for w in dict.fromkeys(words(said)) if w in known]
    return places != sorted(places)


def _opposes(said: str, carried: str) -> bool:
    """Whether a statement uses one word of a pair of opposites, its source only the other."""
    for pair in load_table("gate")["opposites"]["pairs"]:
        for one, other in (pair, pair[::-1]):
            spoken = _pattern(one).search(said) and not _pattern(one).search(carried)
            if spoken and _pattern(other).search(carried):
                return True
    return False


def _roles_swapped(said: str, source: str) -> bool:
    """Whether who does and to whom have changed places."""
    if not _JAPANESE.search(said):
        return _other_actor(said, source)
    if bool(_PASSIVE.search(said)) != bool(_PASSIVE.search(source)):
        return False
    doers, others = _roles(said)
    known_doers, known_others = _roles(source)
    return any(
        doer in known_others - known_doers and other in known_doers - known_others
        for doer in doers
        for other in others
    )


def _roles(text: str) -> tuple[set[str], set[str]]:
    doers = set(re.findall(_NOUN + r"[はが]", text))
    return doers, set(re.findall(_NOUN + r"(?:に(?!よ)|へ|から|を|の)", text))


def _other_actor(said: str, source: str) -> bool:
    """Whether an English verb has another actor before it than in the source."""
    known = _acts(source)
    return any(
        verb in {v for _, v in known} and (actor, verb) not in known for actor, verb in _acts(said)
    )


def _acts(text: str) -> set[tuple[str, str]]:
    actors = {w for entry in load_table("gate")["actors"]["words"] for w in words(entry)}
    parts = [words(part) for part in _CLAUSE_EN.split(text)]
    return {
        (one, other)
        for stems in parts
        for one, other in zip(stems, stems[1:], strict=False)
        if one in actors and other not in actors
    }
