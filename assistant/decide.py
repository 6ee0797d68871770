"""A case weighed by a decision guide: verdict, criteria with sources, precedents, next steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.compose import answer_text, statement_of
from assistant.datatypes import Answer, Citation, Handover, Query, Statement
from assistant.phrasebook import phrase
from assistant.places import Places
from assistant.select import Piece
from assistant.serve import Thread, best_target
from assistant.verdict import criteria_of, to_ask, value_of
from corpus.datatypes import AUTHORITIES
from corpus.guides import Criterion, Place, Target
from index.search import Index

ROUNDS = 3
"""How often we ask back before answering with what is known."""
_PRECEDENTS = 2
_VIEWS = ("opinion", "hypothesis")
_ORDER = ("ground", "example", "view", "gap")


@dataclass(frozen=True)
class _Line:
    """A statement in the making: a piece, its role, and what it is introduced by.

    What is not ``said`` is only cited: it stands in the table and among the sources.
    """

    piece: Piece
    role: str
    names: tuple[str, ...]
    said: bool

    @property
    def key(self) -> tuple[str, int]:
        return self.piece.passage.unit, self.piece.start


def decide(thread: Thread, query: Query, index: Index, extra: Sequence[Piece] = ()) -> Answer:
    """The answer to a conversation that a guide serves.

    Args:
        thread: the guide and the case so far.
        query: the question as understood.
        index: where the guide's passages stand.
        extra: what the ordinary search found beside them, best first.
    """
    target = best_target(thread.targets, thread.guide, thread.case)
    places = Places(index, query)
    lines = _lines(thread, target, places, query, extra)
    statements, citations, numbers = _statements(lines, query, index)
    asked = to_ask(thread.guide, target, thread.case) if thread.rounds < ROUNDS else ()
    question = _question(asked, query, bool(thread.case.findings))
    verdict = _verdict(thread, target, places, query, numbers)
    text = "\n".join([str(verdict["words"]), answer_text(statements)])
    return Answer(
        query=query,
        status="clarify" if question and thread.guide.kind == "counts" else "answered",
        text=text,
        statements=statements,
        citations=citations,
        clarifying_question=question or None,
        handover=_handover(thread, target, query),
        verdict=verdict,
        index=index.fingerprint,
        set_aside=places.not_in_force(thread.guide),
    )


def _lines(
    thread: Thread, target: Target, places: Places, query: Query, extra: Sequence[Piece]
) -> list[_Line]:
    guide, language = thread.guide, query.language
    lines: dict[tuple[str, int], _Line] = {}
    for criterion in criteria_of(guide, target):
        said = _is_said(criterion, thread)
        for piece in places.pieces(criterion.sources, wanted_of(criterion, language)):
            _add(lines, piece, criterion.name.of(language), said)
            said = False
    for order, piece in enumerate(places.pieces(guide.grounds, query.standalone)):
        _add(lines, piece, "", order == 0 or piece.passage.standing in _VIEWS)
    for piece in places.nearest(guide.precedents, " ".join(thread.said), _PRECEDENTS):
        _add(lines, piece, "", True)
    for piece in places.first(guide.open_points)[:1]:
        _add(lines, piece, "", True)
    for step in guide.steps:
        for piece in places.pieces(step.sources, step.what.of(language)):
            _add(lines, piece, phrase(language, "verdict", "step"), False)
    for order, piece in enumerate(extra):
        _add(lines, piece, "", order == 0)
    return sorted(lines.values(), key=_rank)


def wanted_of(criterion: Criterion, language: str) -> str:
    """What a criterion's sentence should speak of: its name above all."""
    name = criterion.name.of(language)
    return f"{name} {name} {criterion.establish.of(language)}"


def _is_said(criterion: Criterion, thread: Thread) -> bool:
    known = thread.case.state(criterion) != "unknown"
    return known or criterion.part in ("needed", "both")


def _add(lines: dict[tuple[str, int], _Line], piece: Piece, name: str, said: bool) -> None:
    line = _Line(piece, _role(piece), (name,) if name else (), said)
    known = lines.get(line.key)
    if known is None:
        lines[line.key] = line
        return
    more = (name,) if name and name not in known.names and (said or not known.said) else ()
    lines[line.key] = _Line(known.piece, known.role, known.names + more, known.said or said)


def _role(piece: Piece) -> str:
    standing = piece.passage.standing
    if standing in _VIEWS:
        return "view"
    if standing == "gap":
        return "gap"
    return "example" if standing in ("example", "issue") else "ground"


def _rank(line: _Line) -> tuple[bool, int, int]:
    return not line.said, _ORDER.index(line.role), AUTHORITIES.index(line.piece.passage.authority)


def _statements(
    lines: Sequence[_Line], query: Query, index: Index
) -> tuple[tuple[Statement, ...], tuple[Citation, ...], dict[tuple[str, int], int]]:
    statements: list[Statement] = []
    citations: list[Citation] = []
    numbers: dict[tuple[str, int], int] = {}
    joint = phrase(query.language, "verdict", "join")
    for number, line in enumerate(lines, 1):
        piece = line.piece
        citations.append(Citation(number, piece.passage, piece.start, piece.end, piece.score))
        numbers[line.key] = number
        if not line.said:
            continue
        names = joint.join(line.names)
        before = phrase(query.language, "verdict", "named", names=names) if names else ""
        statements.append(
            statement_of(line.role, piece, number, query.language, index.terms, before)
        )
    return tuple(statements), tuple(citations), numbers


def _verdict(
    thread: Thread,
    target: Target,
    places: Places,
    query: Query,
    numbers: dict[tuple[str, int], int],
) -> dict[str, Any]:
    language, guide = query.language, thread.guide
    value = value_of(guide, target, thread.case)
    criteria = [_criterion(c, thread, places, query, numbers) for c in criteria_of(guide, target)]
    cited = places.nearest(guide.precedents, " ".join(thread.said), _PRECEDENTS)
    return {
        "value": value,
        "criteria": criteria,
        "precedents": [
            {"passage_id": p.passage.passage_id, "citation": numbers[p.passage.unit, p.start]}
            for p in cited
        ],
        "guide": guide.name,
        "heading": guide.title.of(language),
        "target": target.target_id,
        "target_name": target.name.of(language),
        "words": " ".join(
            [target.verdicts[value].of(language), *_others(thread, target, language)]
        ),
        "steps": [
            {
                "what": step.what.of(language),
                "who": step.who.of(language),
                "when": step.when.of(language),
                "paper": step.paper.of(language),
                "citations": _cited(step.sources, step.what.of(language), places, numbers),
            }
            for step in guide.steps
        ],
        "facts": thread.case.facts,
        "rounds": thread.rounds,
    }


def _criterion(
    criterion: Criterion,
    thread: Thread,
    places: Places,
    query: Query,
    numbers: dict[tuple[str, int], int],
) -> dict[str, Any]:
    language = query.language
    found = thread.case.findings.get(criterion.criterion_id)
    wanted = wanted_of(criterion, language)
    return {
        "name": criterion.name.of(language),
        "state": thread.case.state(criterion),
        "citations": _cited(criterion.sources, wanted, places, numbers),
        "id": criterion.criterion_id,
        "establish": criterion.establish.of(language),
        "words": found.words if found else "",
        "turn": found.turn if found else None,
    }


def _cited(
    sources: Sequence[Place], wanted: str, places: Places, numbers: dict[tuple[str, int], int]
) -> list[int]:
    keys = [(p.passage.unit, p.start) for p in places.pieces(sources, wanted)]
    return [numbers[key] for key in dict.fromkeys(keys) if key in numbers]


def _others(thread: Thread, target: Target, language: str) -> list[str]:
    """What else the case may be: the guide's other targets that it fits."""
    fits = [
        other.verdicts["likely"].of(language)
        for other in thread.guide.targets
        if other != target and value_of(thread.guide, other, thread.case) == "likely"
    ]
    value = value_of(thread.guide, target, thread.case)
    return (
        [phrase(language, "verdict", "other", words=w) for w in fits] if value != "likely" else []
    )


def _question(asked: Sequence[Criterion], query: Query, told: bool) -> str:
    if not asked:
        return ""
    questions = [c.ask.of(query.language) for c in asked]
    opening = phrase(query.language, "verdict", "ask_more" if told else "ask_first")
    space = " " if query.language == "en" else ""
    return space.join(part for part in (opening, *questions) if part)


def _handover(thread: Thread, target: Target, query: Query) -> Handover:
    """The section to ask, with a message that tells the case and what is open."""
    language = query.language
    criteria = criteria_of(thread.guide, target)
    rows = [
        f"- {c.name.of(language)}: {phrase(language, 'verdict', thread.case.state(c))}"
        for c in criteria
        if c.part != "aside"
    ]
    section = thread.guide.section.of(language)
    draft = phrase(
        language,
        "verdict",
        "draft",
        section=section,
        case="\n".join(thread.said),
        target=target.name.of(language),
        points="\n".join(rows),
    )
    return Handover(section, thread.guide.contact, draft)
