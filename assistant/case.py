"""The case in a conversation: what speaks for or against each criterion, in the clerk's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import numpy as np

from assistant.clauses import NOT, ONLY, Clause, fold, mark, split_clauses
from assistant.phrasebook import load_table
from corpus.guides import Criterion, Guide
from index.encoder import Encoder

State = Literal["met", "not_met", "unknown"]
_SHORT = 30
_TELLING = 5


@dataclass(frozen=True)
class Finding:
    """What the clerk has said on a criterion: ``words`` are the clerk's own, verbatim from the
    turn of that number (0 is the first user turn)."""

    criterion: str
    state: State
    words: str
    turn: int


@dataclass(frozen=True)
class Case:
    """What is known of a case; a later turn corrects an earlier one."""

    findings: dict[str, Finding]
    facts: dict[str, str]

    def state(self, criterion: Criterion) -> State:
        """The state of a criterion; "unknown" where the case is silent."""
        found = self.findings.get(criterion.criterion_id)
        return found.state if found else "unknown"


def read_case(
    turns: Sequence[str], guide: Guide, encoder: Encoder, asked: Sequence[Sequence[str]] = ()
) -> Case:
    """Read a case out of what the clerk has said.

    Args:
        turns: the clerk's turns, oldest first.
        guide: whose criteria are looked for.
        encoder: the index's model.
        asked: for each turn the ids of the criteria asked about just before it, so that a
            bare yes or no is understood.
    """
    findings: dict[str, Finding] = {}
    facts: dict[str, str] = {}
    cuts = [w for target in guide.targets for w in target.words.ja]
    for number, turn in enumerate(turns):
        clauses = split_clauses(turn, cuts)
        found = read_turn(clauses, guide, encoder, number)
        before = asked[number] if number < len(asked) else ()
        for name in before:
            reply = _reply(turn, name, number)
            if reply and name not in found and not found:
                findings[name] = reply
        findings.update(found)
        facts.update(_facts(clauses))
    return Case(findings, facts)


def read_turn(
    clauses: Sequence[Clause], guide: Guide, encoder: Encoder, number: int
) -> dict[str, Finding]:
    """The findings of one turn; within a turn what speaks against outweighs what speaks for."""
    said = _said(tuple(clauses), guide, encoder)
    return {name: Finding(name, state, text, number) for name, (state, text) in said.items()}


@lru_cache(maxsize=4096)
def _said(
    clauses: tuple[Clause, ...], guide: Guide, encoder: Encoder
) -> Mapping[str, tuple[State, str]]:
    """Of each criterion of which a turn says something its state and the words; not to be
    changed: a conversation reads its earlier turns again at every step."""
    rank = {"not_met": 2, "met": 1, "unknown": 0}
    found: dict[str, tuple[State, str]] = {}
    for clause in clauses:
        near = _nearness(clause, guide, encoder)
        for criterion in guide.criteria:
            if clause.question and not criterion.in_questions:
                continue
            state = _by_words(clause, criterion) or _by_examples(clause, criterion, near)
            known = found.get(criterion.criterion_id)
            if state and (known is None or rank[state] > rank[known[0]]):
                found[criterion.criterion_id] = state, clause.text
    return found


def _by_words(clause: Clause, criterion: Criterion) -> State | None:
    """The state by the guide's words and the denials of the clause; None: they say nothing."""
    about = not criterion.about.all or _says_any(clause.marked, criterion.about.all)
    against = _holds(clause, criterion.words_against.all, about)
    if against is not None:
        return _settled(clause, "not_met" if against else "met")
    favour = _holds(clause, criterion.words_for.all, about)
    if favour is not None:
        return _settled(clause, "met" if favour else "not_met")
    if criterion.about.all and about and clause.denied and not clause.question:
        return _settled(clause, "not_met")
    return None


def _settled(clause: Clause, state: State) -> State:
    return "unknown" if clause.pending else state


def _holds(clause: Clause, signs: Sequence[str], about: bool) -> bool | None:
    """True: a sign stands in the clause as it is; False: denied; None: no sign stands in it."""
    denied = False
    for sign in signs:
        parts, parity = _sign(sign)
        if not about and len(parts) < 2:
            continue
        if parts and all(says(clause.marked, p) for p in parts):
            if (clause.marked.count(NOT) % 2 == 1) == parity:
                return True
            denied = denied or not parity or all(map(_is_telling, parts))
    return False if denied else None


def _is_telling(part: str) -> bool:
    """Whether a part of a sign says something without the denial that belongs to it."""
    return len(part) >= (_TELLING if part.isascii() else 2)


@cache
def _sign(sign: str) -> tuple[tuple[str, ...], bool]:
    """The parts of a sign (joined by +), and whether it denies."""
    marked = [mark(part) for part in sign.split("+")]
    parity = sum(part.count(NOT) for part in marked) % 2 == 1
    parts = [p.strip() for m in marked for p in m.replace(NOT, "+").split("+")]
    return tuple(p for p in parts if p), parity


def _says_any(marked: str, words: Sequence[str]) -> bool:
    return any(says(marked, fold(word)) for word in words)


def says(marked: str, word: str) -> bool:
    """Whether a folded text holds a folded word; an English one only where a word begins."""
    if not word.isascii():
        return all(part in marked for part in word.split(" "))
    return bool(_word(word).search(marked))


@cache
def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){re.escape(word)}")


def _nearness(clause: Clause, guide: Guide, encoder: Encoder) -> dict[str, tuple[float, float]]:
    """For each criterion the best cosine to an example for and to one against it.

    An example that denies while the clause does not, or the other way round, speaks for the
    other side; one that limits says nothing of a clause that does not.
    """
    rows = _examples(guide)
    if not rows:
        return {}
    vector = encoder.encode_queries([clause.text])[0]
    cosines = _vectors(encoder, guide.name, tuple(r[2] for r in rows)) @ vector
    best: dict[str, list[float]] = {}
    for (name, favours, text), cosine in zip(rows, cosines, strict=True):
        if ONLY in mark(text) and ONLY not in clause.marked:
            continue
        turned = (mark(text).count(NOT) % 2 == 1) != clause.denied
        side = 0 if favours != turned else 1
        pair = best.setdefault(name, [0.0, 0.0])
        pair[side] = max(pair[side], float(cosine))
    return {name: (pair[0], pair[1]) for name, pair in best.items()}


def _by_examples(
    clause: Clause, criterion: Criterion, near: dict[str, tuple[float, float]]
) -> State | None:
    """The state by likeness to the guide's example sentences; None: too far, or undecided."""
    if criterion.about.all and not _says_any(clause.marked, criterion.about.all):
        return None
    table = load_table("case")["nearness"]
    favour, against = near.get(criterion.criterion_id, (0.0, 0.0))
    weighty = against > favour and criterion.part in ("decides", "doubts", "both")
    floor = float(table["example_decides" if weighty else "example"])
    if max(favour, against) < floor or clause.question:
        return None
    nearest = max(max(pair) for pair in near.values())
    if max(favour, against) < nearest - float(table["behind"]):
        return None
    if len(clause.text) < int(table["shortest"]):
        return None
    if abs(favour - against) < float(table["margin"]):
        return None
    return _settled(clause, "met" if favour > against else "not_met")


def _examples(guide: Guide) -> list[tuple[str, bool, str]]:
    rows = [(c.criterion_id, True, t) for c in guide.criteria for t in c.speaks_for.all]
    return rows + [(c.criterion_id, False, t) for c in guide.criteria for t in c.speaks_against.all]


@cache
def _vectors(encoder: Encoder, name: str, texts: tuple[str, ...]) -> np.ndarray:
    return encoder.encode_queries(list(texts))


def _reply(turn: str, criterion: str, number: int) -> Finding | None:
    """A bare yes or no to what was asked."""
    plain = fold(turn).strip("。.!、, ")
    if len(plain) > _SHORT:
        return None
    table = load_table("case")["replies"]
    for name, state in (("unknown", "unknown"), ("no", "not_met"), ("yes", "met")):
        forms = (*table[f"{name}_ja"], *table[f"{name}_en"])
        if any(re.match(rf"{re.escape(f)}(?![a-z])", plain) for f in forms):
            return Finding(criterion, state, turn.strip(), number)  # type: ignore[arg-type]
    return None


def _facts(clauses: Sequence[Clause]) -> dict[str, str]:
    """The clerk's words on partner, money, selection and benefit."""
    facts: dict[str, str] = {}
    for name, words in load_table("case")["facts"].items():
        for clause in clauses:
            if not clause.question and _says_any(fold(clause.text), (*words["ja"], *words["en"])):
                facts.setdefault(name, clause.text)
    return facts
