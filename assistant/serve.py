"""Which decision guide a conversation is about, by the guides' own question wordings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.case import Case, read_case, read_turn
from assistant.clauses import fold, split_clauses
from assistant.phrasebook import load_table
from assistant.understand import kind_of, language_of
from assistant.verdict import to_ask, value_of
from corpus.guides import Guide, Target
from corpus.sentences import split_sentences
from index.encoder import Encoder, Vectors

_SHORT = 6
"""Characters up to which a question says too little by itself."""


@dataclass(frozen=True)
class Thread:
    """A conversation on one guide: the case so far, the targets asked about, and how often we
    have asked back (``rounds``, before this answer)."""

    guide: Guide
    targets: tuple[Target, ...]
    case: Case
    rounds: int
    said: tuple[str, ...]


def follow(turns: Sequence[str], guides: Sequence[Guide], encoder: Encoder) -> Thread | None:
    """The guide's thread that the last of the clerk's turns belongs to, None where no guide
    serves it.

    Args:
        turns: the clerk's turns, oldest first, the question last.
        guides: those of the index.
        encoder: the index's model.
    """
    guide: Guide | None = None
    targets: tuple[Target, ...] = ()
    asked: list[tuple[str, ...]] = []
    rounds = 0
    for number, turn in enumerate(turns):
        serving = _serving(turn, guides, encoder)
        if serving is not None:
            rounds = rounds if serving == guide else 0
            named = _targets(turn, serving)
            targets = named or (targets if serving == guide else serving.targets[:1])
            guide = serving
        elif guide is not None and not _continues(turn, guide, encoder):
            guide, rounds = None, 0
        if guide is None:
            asked.append(())
            continue
        asked_before = [(), *asked][: number + 1]
        case = read_case(turns[: number + 1], guide, encoder, asked_before)
        target = best_target(targets, guide, case)
        asked.append(tuple(c.criterion_id for c in to_ask(guide, target, case)))
        rounds += bool(asked[-1]) if number + 1 < len(turns) else 0
    if guide is None:
        return None
    return Thread(guide, targets, case, rounds, tuple(turns))


def best_target(targets: Sequence[Target], guide: Guide, case: Case) -> Target:
    """Of the things asked about, the one that the case fits best; the first where none does."""
    order = {"likely": 0, "depends": 1, "unlikely": 2}
    return min(targets, key=lambda t: order[value_of(guide, t, case)])


def _serving(turn: str, guides: Sequence[Guide], encoder: Encoder) -> Guide | None:
    """The guide whose question wordings a turn is nearest to.

    None where no wording is near enough, or one that a guide leaves alone is nearer.
    """
    table = load_table("case")["nearness"]
    kind = kind_of(turn, language_of(turn)).name
    left = tuple(text for guide in guides for text in guide.leaves.all)
    best: tuple[float, Guide | None] = (float(table["guide"]), None)
    for part in _asking_parts(turn, guides):
        vector = encoder.encode_queries([part])[0]
        away = _nearest(vector, part, left, encoder) + float(table["leaves"])
        for guide in guides:
            score = _nearest(vector, part, guide.serves.all, encoder)
            score += float(table["kind_bonus"]) if kind == guide.kind else 0.0
            score += float(table["named_bonus"]) if _targets(turn, guide) else 0.0
            if score > max(away, best[0]):
                best = (score, guide)
    return best[1]


def _nearest(vector: Vectors, part: str, wordings: Sequence[str], encoder: Encoder) -> float:
    """The best cosine to a wording that is as open as the part (what, how ... or yes or no)."""
    like = tuple(text for text in wordings if _is_open(text) == _is_open(part))
    return float((_wordings(encoder, like) @ vector).max()) if like else 0.0


@cache
def _is_open(text: str) -> bool:
    plain = fold(text)
    table = load_table("case")["open"]
    english = any(re.search(rf"\b{word}\b", plain) for word in table["en"])
    return english or any(word in plain for word in table["ja"])


def _asking_parts(turn: str, guides: Sequence[Guide]) -> list[str]:
    """The parts of a turn that ask: its question clauses, the sentences that hold them, what
    stands in them from the name of a target on, and a short turn as a whole."""
    clauses = split_clauses(turn)
    asking = [c.text for c in clauses if c.question]
    sentences = [turn[s:e] for s, e in split_sentences(turn)]
    parts = [text for text in asking if len(text) > _SHORT]
    parts += [s for s in sentences if any(c.question for c in split_clauses(s))]
    names = [w for g in guides for t in g.targets for w in t.words.ja]
    for text in asking:
        starts = [text.find(name) for name in names if text.find(name) > 0]
        parts += [text[min(starts) :]] if starts else []
    if not asking and len(sentences) == 1 and len(clauses) <= 2:
        parts = [clauses[-1].text] if clauses else []
    if len(sentences) > 1 and all(len(text) <= _SHORT for text in parts):
        parts.append(" ".join(sentences[-2:]))
    return list(dict.fromkeys(parts))


def _continues(turn: str, guide: Guide, encoder: Encoder) -> bool:
    """Whether a turn tells more of the case: it says something of a criterion, or asks nothing."""
    clauses = split_clauses(turn)
    if not any(c.question for c in clauses):
        return True
    return bool(read_turn(clauses, guide, encoder, 0))


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
