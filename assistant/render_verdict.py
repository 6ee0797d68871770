"""Whether a case counts: the verdict and the points it rests on, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from assistant.datatypes import Answer
from assistant.markup import html, join
from assistant.render_sources import locator_of, source_id, title_of
from assistant.words import Words

VALUES = ("likely", "depends", "unlikely")
STATES = ("met", "not_met", "unknown")
_NOTHING = Markup("")


def render_verdict(answer: Answer, exchange: int, words: Words) -> Markup:
    """The verdict in words, then every criterion with its state and its sources."""
    verdict = answer.verdict or {}
    value = verdict.get("value")
    if value not in VALUES:
        return _NOTHING
    known = {c.number for c in answer.citations}
    rows = join(_criterion(c, known, exchange, words) for c in verdict.get("criteria", ()))
    return html(
        '<div class="k-verdict k-verdict-{value}"><h3>{heading}</h3>'
        '<p class="k-verdict-value">{word}</p><p class="k-caution">{caution}</p>'
        "{table}{precedents}</div>",
        value=value,
        heading=words("verdict.heading"),
        word=words(f"verdict.{value}"),
        caution=words("verdict.caution"),
        table=_table(rows, words) if rows else _NOTHING,
        precedents=_precedents(answer, verdict, exchange, words),
    )


def _table(rows: Markup, words: Words) -> Markup:
    return html(
        '<table class="k-criteria"><thead><tr><th scope="col">{criterion}</th>'
        '<th scope="col">{state}</th><th scope="col">{sources}</th></tr></thead>'
        "<tbody>{rows}</tbody></table>",
        criterion=words("verdict.criterion"),
        state=words("verdict.state"),
        sources=words("verdict.sources"),
        rows=rows,
    )


def _criterion(
    criterion: Mapping[str, Any], known: set[int], exchange: int, words: Words
) -> Markup:
    state = criterion.get("state")
    state = state if state in STATES else "unknown"
    return html(
        '<tr><th scope="row">{name}</th><td class="k-state-{state}">{word}</td>'
        "<td>{links}</td></tr>",
        name=criterion.get("name", ""),
        state=state,
        word=words(f"verdict.{state}"),
        links=_links(criterion.get("citations", ()), known, exchange),
    )


def _links(numbers: Any, known: set[int], exchange: int) -> Markup:
    return join(
        html(
            '<a class="k-cite" href="#{target}" data-source="{target}">[{number}]</a>',
            target=source_id(exchange, number),
            number=number,
        )
        for number in numbers
        if number in known
    )


def _precedents(answer: Answer, verdict: Mapping[str, Any], exchange: int, words: Words) -> Markup:
    citations = {c.number: c for c in answer.citations}
    numbers = [p.get("citation") for p in verdict.get("precedents", ())]
    cited = [citations[n] for n in numbers if n in citations]
    if not cited:
        return _NOTHING
    items = join(
        html(
            "<li>{title} {place} {link}</li>",
            title=title_of(c.passage.document, words)[0],
            place=locator_of(c.passage, words)[0],
            link=_links([c.number], {c.number}, exchange),
        )
        for c in cited
    )
    return html(
        '<h4>{heading}</h4><ul class="k-precedents">{items}</ul>',
        heading=words("verdict.precedents"),
        items=items,
    )
