"""A case weighed by a decision guide: verdict, criteria with sources, precedents, next steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.compose import answer_text, statement_of
from assistant.datatypes import Answer, Citation, Handover, Query, Statement
from assistant.lines import PRECEDENTS, Bearing, Line, lines_of, wanted_of
from assistant.phrasebook import phrase
from assistant.places import Places
from assistant.select import Piece
from assistant.serve import Thread, best_target
from assistant.verdict import criteria_of, to_ask, value_of
from corpus.guides import Criterion, Guide, Place, Target, cited_places, for_target
from index.search import Index

ROUNDS = 3
"""How often we ask back before answering with what is known."""


def decide(
    thread: Thread,
    query: Query,
    index: Index,
    extra: Sequence[Piece] = (),
    ranks: Mapping[str, int] | None = None,
) -> Answer:
    """The answer to a conversation that a guide serves.

    A case that the clerk has told is answered by what bears on it; a question without a case by
    the whole guide.

    Args:
        thread: the guide and the case so far.
        query: the question as understood.
        index: where the guide's passages stand.
        extra: what the ordinary search found beside them, best first.
        ranks: the ranks of units in that search; None: not searched, everything bears on it.
    """
    target = best_target(thread.targets, thread.guide, thread.case)
    places = Places(index, query)
    set_aside = places.not_in_force(thread.guide)  # of the whole guide, for whatever target
    thread = replace(thread, guide=for_target(thread.guide, target))
    bearing = Bearing(ranks if thread.case.findings else None)
    lines = lines_of(thread, target, places, query, extra, bearing)
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
        set_aside=set_aside,
    )


def rests_on(guide: Guide, piece: Piece) -> bool:
    """Whether a piece is of a document that a guide cites."""
    documents = {place.document for place in cited_places(guide)}
    return piece.passage.document.document_id in documents


def _statements(
    lines: Sequence[Line], query: Query, index: Index
) -> tuple[tuple[Statement, ...], tuple[Citation, ...], dict[tuple[str, int], int]]:
    statements: list[Statement] = []
    citations: list[Citation] = []
    numbers: dict[tuple[str, int], int] = {}
    joint = phrase(query.language, "verdict", "join")
    for number, line in enumerate(lines, 1):
        piece = line.piece
        citations.append(Citation(number, piece.passage, piece.start, piece.end, piece.score))
        numbers.update(dict.fromkeys(line.keys, number))
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
    cited = places.nearest(guide.precedents, " ".join(thread.said), PRECEDENTS)
    return {
        "value": value,
        "criteria": criteria,
        "precedents": [
            {"passage_id": p.passage.passage_id, "citation": numbers[p.passage.unit, p.start]}
            for p in cited
            if (p.passage.unit, p.start) in numbers
        ],
        "guide": guide.name,
        "heading": guide.title.of(language),
        "target": target.target_id,
        "target_name": target.name.of(language),
        "words": " ".join(
            [target.verdicts[value].of(language), *_others(thread, target, language)]
        ),
        "steps": _steps(guide, language, places, numbers),
        "facts": thread.case.facts,
        "rounds": thread.rounds,
    }


def _steps(
    guide: Guide, language: str, places: Places, numbers: dict[tuple[str, int], int]
) -> list[dict[str, Any]]:
    """The guide's steps that a source of this answer carries."""
    steps = [
        {
            "what": step.what.of(language),
            "who": step.who.of(language),
            "when": step.when.of(language),
            "paper": step.paper.of(language),
            "citations": _cited(step.sources, step.what.of(language), places, numbers),
        }
        for step in guide.steps
    ]
    return [step for step in steps if step["citations"]]


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
