"""Which decision guide a conversation is about, by the guides' own question wordings."""

from __future__ import annotations

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

_SHORT = 12


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
        before = asked[-1] if asked and guide is not None else ()
        if guide is None:
            asked.append(())
            continue
        asked_before = [(), *asked][: number + 1]
        case = read_case(turns[: number + 1], guide, encoder, asked_before)
        target = best_target(targets, guide, case)
        asked.append(tuple(c.criterion_id for c in to_ask(guide, target, case)))
        rounds += bool(asked[-1]) if number + 1 < len(turns) else 0
        del before
    if guide is None:
        return None
    return Thread(guide, targets, case, rounds, tuple(turns))


def best_target(targets: Sequence[Target], guide: Guide, case: Case) -> Target:
    """Of the things asked about, the one that the case fits best; the first where none does."""
    order = {"likely": 0, "depends": 1, "unlikely": 2}
    return min(targets, key=lambda t: order[value_of(guide, t, case)])


def _serving(turn: str, guides: Sequence[Guide], encoder: Encoder) -> Guide | None:
    """The guide whose question wordings a turn is nearest to, if near enough and nearer than
    to any wording that a guide leaves alone."""
    parts = _asking_parts(turn)
    if not parts or not guides:
        return None
    table = load_table("case")["nearness"]
    kind = kind_of(turn, language_of(turn)).name
    vectors = encoder.encode_queries(parts)
    scores = []
    for guide in guides:
        near = float((vectors @ _wordings(encoder, guide.serves.all).T).max())
        scores.append((near + (float(table["kind_bonus"]) if kind == guide.kind else 0.0), guide))
    score, best = max(scores, key=lambda pair: pair[0])
    left = [t for guide in guides for t in guide.leaves.all]
    away = float((vectors @ _wordings(encoder, tuple(left)).T).max()) if left else 0.0
    if score < float(table["guide"]) or away > score - float(table["leaves"]):
        return None
    return best


def _asking_parts(turn: str) -> list[str]:
    """The parts of a turn that ask: its question clauses, the sentences that hold them, and a
    short turn as a whole."""
    clauses = split_clauses(turn)
    parts = [c.text for c in clauses if c.question and len(c.text) > _SHORT // 2]
    sentences = [turn[s:e] for s, e in split_sentences(turn)]
    parts += [s for s in sentences if any(c.question for c in split_clauses(s))]
    if not parts and len(sentences) == 1 and len(clauses) <= 2:
        parts = [clauses[-1].text] if clauses else []
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
