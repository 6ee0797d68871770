"""Which decision guide a conversation is about, by the guides' own question wordings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.case import Case, read_case, read_turn, says
from assistant.clauses import fold, split_clauses
from assistant.phrasebook import load_table
from assistant.understand import kind_of, language_of
from assistant.verdict import to_ask, value_of
from corpus.guides import Guide, Target
from corpus.sentences import split_sentences
from index.encoder import Encoder, Vectors

_PLAIN = 0.8
"""Cosine from which a wording serves a question that names nothing of the guide's."""
_TAIL = 0.06
"""What a part that begins in the middle of a question counts less."""
_AGAIN = 40
_SHORT = 6
"""Characters up to which a question says too little by itself."""


@dataclass(frozen=True)
class Thread:
    """A conversation on one guide: the case so far, the targets asked about, and how often we
    have asked back (``rounds``, before this answer). ``said``: the clerk's turns, "" for those
    that belong to another case."""

    guide: Guide
    targets: tuple[Target, ...]
    case: Case
    rounds: int
    said: tuple[str, ...]


def follow(
    turns: Sequence[str],
    guides: Sequence[Guide],
    encoder: Encoder,
    known: Callable[[str], float],
) -> Thread | None:
    """The guide's thread that the last of the clerk's turns belongs to, None where no guide
    serves it.

    Args:
        turns: the clerk's turns, oldest first, the question last.
        guides: those of the index.
        encoder: the index's model.
        known: likeness (cosine) of a turn to the nearest question that a passage is known to
            answer; a guide no nearer than that does not serve, unless it is near anyway.
    """
    guide: Guide | None = None
    targets: tuple[Target, ...] = ()
    asked: list[tuple[str, ...]] = []
    rounds = begins = 0
    for number, turn in enumerate(turns):
        asks = any(c.question for c in split_clauses(turn))
        serving, near = None, 0.0
        if asks or guide is None:
            near = known(turn)
            serving = _serving(turn, tuple(guides), encoder, near)
        if serving is not None:
            if asks and _is_another_case(turn, turns[begins:number], guides):
                guide, begins = None, number
                asked = [()] * number
            rounds = rounds if serving == guide else 0
            named = _targets(turn, serving)
            targets = named or (targets if serving == guide else serving.targets[:1])
            guide = serving
        elif guide is not None and not _continues(turn, guide, encoder, near):
            guide, rounds = None, 0
        elif guide is not None and asks:
            targets = _targets(turn, guide) or targets
        if guide is None:
            asked.append(())
            continue
        asked_before = [(), *asked][: number + 1]
        said = tuple("" if i < begins else t for i, t in enumerate(turns[: number + 1]))
        case = read_case(said, guide, encoder, asked_before)
        target = best_target(targets, guide, case)
        asked.append(tuple(c.criterion_id for c in to_ask(guide, target, case)))
        rounds += bool(asked[-1]) if number + 1 < len(turns) else 0
    if guide is None:
        return None
    return Thread(guide, targets, case, rounds, said)


def best_target(targets: Sequence[Target], guide: Guide, case: Case) -> Target:
    """Of the things asked about, the one that the case fits best; the first where none does."""
    order = {"likely": 0, "depends": 1, "unlikely": 2}
    return min(targets, key=lambda t: order[value_of(guide, t, case)])


@lru_cache(maxsize=4096)
def _serving(turn: str, guides: tuple[Guide, ...], encoder: Encoder, known: float) -> Guide | None:
    """The guide whose question wordings a turn is nearest to; kept for the turns of late.

    None where no wording is near enough, or one that a guide leaves alone or a known question
    (``known``: the cosine of the nearest) is nearer.
    """
    table = load_table("case")["nearness"]
    kind = kind_of(turn, language_of(turn)).name
    left = tuple(text for guide in guides for text in guide.leaves.all)
    best: tuple[float, Guide | None] = (float(table["guide"]), None)
    told = {g.name: _told(turn, g, encoder) for g in guides if g.kind == kind or _named(turn, g)}
    parts = [
        (encoder.encode_queries([text])[0], less, is_open)
        for text, less, is_open in _asking_parts(turn, guides)
    ]
    aways = [max(_nearness(vector, is_open, left, encoder)) for vector, _, is_open in parts]
    away = max(aways, default=0.0) + float(table["leaves"])
    for vector, less, is_open in parts:
        for guide in guides:
            like, unlike = _nearness(vector, is_open, guide.serves.all, encoder)
            near = max(like, unlike)
            bonus = float(table["kind_bonus"]) if kind == guide.kind else 0.0
            if like > unlike and _named(turn, guide):
                bonus += float(table["named_bonus"])
                bonus += float(table["name_bonus"]) * any(
                    fold(w) in fold(turn) for w in guide.names.all
                )
            bonus += float(table["told_bonus"]) * min(told.get(guide.name, 0), 2)
            sure = near >= float(table["sure"])
            clear = kind == guide.kind or told.get(guide.name) or sure
            fits = (
                clear
                and (sure or near > known)
                and near + bonus / 2 > away
                and (bonus or near > _PLAIN)
            )
            if fits and near + bonus - less > best[0]:
                best = (near + bonus - less, guide)
    return best[1]


def _told(turn: str, guide: Guide, encoder: Encoder) -> int:
    """How many criteria of a guide a turn says something of, apart from its question."""
    cuts = [w for target in guide.targets for w in target.words.ja]
    clauses = [c for c in split_clauses(turn, cuts) if not c.question]
    return len(read_turn(clauses, guide, encoder, 0))


def _nearness(
    vector: Vectors, is_open: bool, wordings: Sequence[str], encoder: Encoder
) -> tuple[float, float]:
    """The best cosine to a wording as open as the question (what, how ... or yes or no), and
    to one that is not, which counts for less."""
    less = float(load_table("case")["nearness"]["unlike"])
    like = tuple(text for text in wordings if _is_open(text) == is_open)
    unlike = tuple(text for text in wordings if _is_open(text) != is_open)
    return _best(vector, like, encoder), _best(vector, unlike, encoder) - less


def _best(vector: Vectors, wordings: tuple[str, ...], encoder: Encoder) -> float:
    return float((_wordings(encoder, wordings) @ vector).max()) if wordings else 0.0


@cache
def _is_open(text: str) -> bool:
    plain = fold(text).rstrip("。. ") + "?"
    table = load_table("case")["open"]
    english = any(re.search(rf"\b{word}\b", plain) for word in table["en"])
    return english or any(word in plain for word in table["ja"])


def _asking_parts(turn: str, guides: Sequence[Guide]) -> list[tuple[str, float, bool]]:
    """The parts of a turn that ask, how much less each counts, and whether it is open.

    Its question clauses, the sentences that hold them, what stands from the name of a target
    on, and a short turn as a whole.
    """
    clauses = split_clauses(turn)
    asking = [c.text for c in clauses if c.question]
    sentences = [turn[s:e] for s, e in split_sentences(turn)]
    parts = [text for text in asking if len(text) > _SHORT]
    parts += [s for s in sentences if any(c.question for c in split_clauses(s))]
    if not asking and len(sentences) == 1 and len(clauses) <= 2:
        parts = [clauses[-1].text] if clauses else []
    tails = [_from_name(fold(text), guides, first=True) for text in asking]
    named = [t for s in sentences[:-1] if (t := _from_name(fold(s), guides, first=False))]
    if asking and named:
        tails.append(f"{named[-1]} {fold(sentences[-1])}")
    is_open = any(map(_is_open, asking or parts))
    rows = {text: _TAIL for text in tails if text and not is_open} | dict.fromkeys(parts, 0.0)
    return [(text, less, is_open) for text, less in rows.items()]


def _from_name(text: str, guides: Sequence[Guide], first: bool) -> str:
    """A text from the first, or the last, name of a target on; "" where none stands in it, or
    where the name only says what another word is about (a policy on collaboration)."""
    names = [fold(w) for g in guides for t in g.targets for w in t.words.all]
    places = [text.find(n) if first else text.rfind(n) for n in names if n in text]
    if not places:
        return ""
    place = min(places) if first else max(places)
    before = text[:place].split()
    only_about = bool(before) and before[-1] in load_table("case")["about"]["en"]
    return "" if only_about else text[place:]


def _continues(turn: str, guide: Guide, encoder: Encoder, known: float) -> bool:
    """Whether a turn tells more of the case: it says something of a criterion, asks nothing,
    or asks the same of something else (では大学はどうですか), and is not near a known question
    (``known``: the cosine of the nearest)."""
    clauses = split_clauses(turn)
    asking = [c.text for c in clauses if c.question]
    if not asking:
        return True
    table = load_table("case")["again"]
    plain = fold(turn)
    if len(plain) <= _AGAIN and any(w in plain for w in (*table["ja"], *table["en"])):
        return True
    leans = any(word in plain for word in load_table("case")["carries"]["ja"])
    if known >= float(load_table("case")["nearness"]["known"]) and not leans:
        return False
    is_open = any(map(_is_open, asking))
    if _targets(turn, guide) and not is_open:
        return True
    told = [c for c in clauses if not c.question] if is_open else clauses
    return bool(read_turn(told, guide, encoder, 0))


def _is_another_case(turn: str, before: Sequence[str], guides: Sequence[Guide]) -> bool:
    """Whether a question begins a case of its own: it names a partner, none that was spoken of
    so far, and does not say that it belongs to what went before (では, that ...)."""
    table, plain = load_table("case")["carries"], fold(turn)
    if plain.startswith((*table["opens_ja"], *(f"{w} " for w in table["opens_en"]))):
        return False
    if any(w in plain for w in table["ja"]) or any(f" {w} " in f" {plain} " for w in table["en"]):
        return False
    named = _partners(turn, guides)
    return bool(named) and bool(before) and not named & _partners(" ".join(before), guides)


def _partners(text: str, guides: Sequence[Guide]) -> frozenset[str]:
    """The kinds of partners named in a text; a guide's own name (相手) is none."""
    words, plain = load_table("case")["facts"]["partner"], fold(text)
    general = {fold(w) for guide in guides for w in guide.names.all}
    return frozenset(w for w in map(fold, words["ja"] + words["en"]) if says(plain, w)) - general


def _named(turn: str, guide: Guide) -> bool:
    """Whether a turn names what the guide is about."""
    plain = fold(turn)
    return any(fold(w) in plain for w in guide.names.all) or bool(_targets(turn, guide))


def _targets(turn: str, guide: Guide) -> tuple[Target, ...]:
    """The targets that a question names; the longer word wins over one that stands in it."""
    asking = [fold(c.text) for c in split_clauses(turn) if c.question] or [fold(turn)]
    for text in (" ".join(asking), fold(turn)):
        left, named = text, []
        words = [(fold(w), t) for t in guide.targets for w in t.words.all]
        for word, target in sorted(words, key=lambda pair: -len(pair[0])):
            if word in left:
                left = left.replace(word, " ")
                named.append(target)
        if named:
            return tuple(t for t in guide.targets if t in named)
    return ()


@cache
def _wordings(encoder: Encoder, texts: tuple[str, ...]) -> Vectors:
    return encoder.encode_queries(list(texts))
