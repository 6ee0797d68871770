"""Whether a case counts: the verdict and the points it rests on, as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from assistant.datatypes import Answer
from assistant.markup import html, join
from assistant.render_sources import locator_of, source_id, title_of
from assistant.verdict import shown
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
    rows = join(_criterion(c, known, exchange, words) for c in shown(verdict.get("criteria", ())))
    return html(
        '<div class="k-verdict k-verdict-{value}"><h3>{heading}</h3>'
        '<p class="k-verdict-value">{word}</p>{said}<p class="k-caution">{caution}</p>'
        "{table}{precedents}{steps}</div>",
        value=value,
        heading=verdict.get("heading") or words("verdict.heading"),
        said=_paragraph("k-verdict-words", verdict.get("words")),
        steps=_steps(verdict, known, exchange, words),
        word=words(f"verdict.{value}"),
        caution=words("verdict.caution"),
        table=_table(rows, words) if rows else _NOTHING,
        precedents=_precedents(answer, verdict, exchange, words),
    )


def _table(rows: Markup, words: Words) -> Markup:
    return html(
        '<table class="k-criteria"><thead><tr><th scope="col">{criterion}</th>'
        '<th scope="col">{state}</th><th scope="col">{sources}</th></tr></thead>'
        '<tbody>{rows}</tbody></table><p class="k-caution">{correct}</p>',
        correct=words("verdict.correct"),
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
        '<tr><th scope="row">{name}</th><td class="k-state-{state}">{word}{said}</td>'
        "<td>{links}</td></tr>",
        said=_own_words(criterion.get("words"), words),
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
        '<h4>{heading}</h4><p class="k-caution">{label}</p><ul class="k-precedents">{items}</ul>',
        label=words("verdict.examples"),
        heading=words("verdict.precedents"),
        items=items,
    )


def _paragraph(kind: str, text: Any) -> Markup:
    return html('<p class="{kind}">{text}</p>', kind=kind, text=text) if text else _NOTHING


def _own_words(said: Any, words: Words) -> Markup:
    """The clerk's own words that a state rests on."""
    if not said:
        return _NOTHING
    return html(
        '<p class="k-said">{label}: <q>{said}</q></p>', label=words("verdict.your"), said=said
    )


def _steps(verdict: Mapping[str, Any], known: set[int], exchange: int, words: Words) -> Markup:
    """What to do next: who, when and with which paper."""
    columns = ("what", "who", "when", "paper")
    rows = join(
        html(
            "<tr>{cells}<td>{links}</td></tr>",
            cells=join(html("<td>{text}</td>", text=step.get(c, "")) for c in columns),
            links=_links(step.get("citations", ()), known, exchange),
        )
        for step in verdict.get("steps", ())
    )
    if not rows:
        return _NOTHING
    names = (*(words(f"verdict.{c}") for c in columns), words("verdict.sources"))
    return html(
        '<h4>{heading}</h4><table class="k-criteria k-steps"><thead><tr>{names}</tr></thead>'
        "<tbody>{rows}</tbody></table>",
        heading=words("verdict.steps"),
        names=join(html('<th scope="col">{name}</th>', name=n) for n in names),
        rows=rows,
    )
