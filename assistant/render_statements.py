"""The statements of an answer with their numbers, and how many passed the quote gate."""

from __future__ import annotations

import re

from markupsafe import Markup

from assistant.conversation import Exchange
from assistant.datatypes import Answer, Citation, Statement
from assistant.markup import html, join
from assistant.phrasebook import load_table, phrase
from assistant.render_sources import locator_of, source_id, title_of, weight, weight_word
from assistant.words import Words

ROLES = ("conclusion", "ground", "condition", "example", "view", "gap", "unsupported")
SAID_BY_HEADING = frozenset({"example", "gap"})
"""Parts whose heading says what a statement's own framing would only repeat."""
LONG = 140
"""Characters from which a conclusion is too long for bold type."""
_NOTHING = Markup("")
_TRAILING_MARKS = re.compile(r"(?:\s*\[\d+\])+\s*$")


def render_statements(answer: Answer, exchange: Exchange, words: Words) -> Markup:
    """The statements shown so far, under a heading for each part they play."""
    citations = {c.number: c for c in answer.citations}
    groups: list[tuple[str, list[Markup]]] = []
    for place, statement in enumerate(answer.statements[: exchange.shown]):
        role = statement.role if statement.role in ROLES else "ground"
        if not groups or groups[-1][0] != role:
            groups.append((role, []))
        chips = _chips(statement, place, citations, exchange.number, words)
        groups[-1][1].append(_statement(statement, chips, answer.query.language, words))
    return join(
        html(
            '<div class="k-role k-role-{role}"><h3>{heading}</h3>{statements}</div>',
            role=role,
            heading=words(f"role.{role}"),
            statements=join(statements),
        )
        for role, statements in groups
    )


def _statement(statement: Statement, chips: Markup, language: str, words: Words) -> Markup:
    text = _TRAILING_MARKS.sub("", statement.text)
    if not statement.verified:
        known = phrase(words.language, "reason", statement.reason) if statement.reason else ""
        said = known or statement.reason or words("gate.no_reason")
        reason = words("gate.reason", reason=said)
        return html(
            '<p class="k-statement k-struck" lang="{lang}"><span class="k-hidden">{struck} '
            '</span><del>{text}</del> {chips}<span class="k-reason">{reason}</span></p>',
            lang=language,
            struck=words("gate.struck"),
            text=text,
            chips=chips,
            reason=reason,
        )
    lead = statement.lead if statement.lead and text.startswith(statement.lead) else ""
    shown = lead if statement.role not in SAID_BY_HEADING else ""
    return html(
        '<p class="k-statement{long}" lang="{lang}">{lead}{text} {chips}{translation}</p>',
        long=" k-long" if len(text) > LONG else "",
        lang=language,
        lead=html('<span class="k-lead">{lead}</span>', lead=shown) if shown else _NOTHING,
        text=text[len(lead) :],
        chips=chips,
        translation=_translation(statement, words),
    )


def _translation(statement: Statement, words: Words) -> Markup:
    """A machine translation of the quote, marked as such; the original stands before it."""
    if not statement.translation:
        return _NOTHING
    said = phrase(words.language, "engine", "translation", text=statement.translation)
    return html('<span class="k-translation">{said}</span>', said=said)


def _chips(
    statement: Statement,
    place: int,
    citations: dict[int, Citation],
    exchange: int,
    words: Words,
) -> Markup:
    """The numbers after a statement; a number that has no source is left out."""
    known = (citations[n] for n in statement.citations if n in citations)
    return html(
        '<span class="k-chips">{chips}</span>',
        chips=join(_chip(c, f"{exchange}-{place}", exchange, words) for c in known),
    )


def _chip(citation: Citation, place: str, exchange: int, words: Words) -> Markup:
    passage = citation.passage
    return html(
        '<a class="k-cite k-is-{weight}" id="k-c-{place}-{number}" href="#{target}" '
        'data-source="{target}" title="{name}"><span class="k-cite-number">[{number}]</span>'
        '<span class="k-cite-word"> {word}</span><span class="k-hidden"> {name}</span></a>',
        weight=weight(passage),
        place=place,
        number=citation.number,
        target=source_id(exchange, citation.number),
        word=weight_word(passage, words),
        name=words(
            "source.open_label",
            number=citation.number,
            title=title_of(passage.document, words)[0],
            locator=locator_of(passage, words)[0],
        ),
    )


def render_gate(statements: tuple[Statement, ...], words: Words) -> Markup:
    """How many statements that quote passed the quote gate, never hidden."""
    gated = [s for s in statements if s.citations or not s.verified]
    if not gated:
        return _NOTHING
    verified = sum(s.verified for s in gated)
    if verified == len(gated):
        return html(
            '<p class="k-gate k-gate-all">{text}</p>',
            text=words("gate.verified", count=verified),
        )
    text = words(
        "gate.counted",
        total=len(gated),
        verified=verified,
        unverified=len(gated) - verified,
    )
    return html('<p class="k-gate k-gate-some">{text}</p>', text=text)


def render_confidence(answer: Answer, words: Words) -> Markup:
    """How sure the grounds are, in a word: a probability would say more than it knows.

    Nothing where none was weighed, or where nothing is quoted.
    """
    if answer.confidence is None or not answer.citations:
        return _NOTHING
    return html(
        '<p class="k-sure">{label} <strong>{step}</strong> {meaning}</p>',
        label=words("confidence.label"),
        step=words(f"confidence.{confidence_step(answer.confidence)}"),
        meaning=words(f"confidence.{confidence_step(answer.confidence)}_means"),
    )


def confidence_step(confidence: float) -> str:
    """The step of a confidence, 0 to 1: high, middle or low, by ``language/confidence.toml``."""
    steps = load_table("confidence")
    return next((name for name in ("high", "middle") if confidence >= steps[name]), "low")
