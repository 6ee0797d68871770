"""An answer, and the turn of the conversation it belongs to, as HTML that is safe to show."""

from __future__ import annotations

from markupsafe import Markup

from assistant.conversation import Exchange
from assistant.datatypes import Answer
from assistant.export import to_markdown, to_plain
from assistant.markup import html, join
from assistant.render_engine import render_draft, render_engine
from assistant.render_sources import render_references, render_set_aside, render_source
from assistant.render_statements import (
    render_confidence,
    render_gate,
    render_statements,
)
from assistant.render_verdict import render_verdict
from assistant.words import Words

_NOTHING = Markup("")


def render_turn(
    exchange: Exchange, words: Words, *, newest: bool, beside: Markup = _NOTHING
) -> Markup:
    """A question, its answer and its sources.

    Args:
        exchange: the question and what came of it so far.
        words: the words of the page.
        newest: whether it is the last of the conversation: only that one can be asked
            again and offers follow-up questions.
        beside: what other pages put under the answer.
    """
    as_of = (
        html(
            '<p class="k-as-of">{text}</p>',
            text=words("turn.as_of", date=exchange.as_of),
        )
        if exchange.as_of
        else _NOTHING
    )
    return html(
        '<article class="k-turn" id="k-turn-{number}" data-number="{number}" data-state="{state}" '
        'aria-labelledby="k-q-{number}"><header class="k-question">'
        '<h2 id="k-q-{number}"><span class="k-hidden">{label}: </span>{question}</h2>{as_of}'
        '</header><div class="k-columns"><section class="k-answer" aria-label="{answer_label}" '
        'aria-live="polite" aria-busy="{busy}">{answer}</section>{sources}</div>{follow_ups}'
        "</article>",
        number=exchange.number,
        state=exchange.state,
        label=words("turn.question"),
        question=exchange.question,
        as_of=as_of,
        answer_label=words("turn.answer"),
        busy="true" if exchange.state == "working" else "false",
        answer=_answer(exchange, words, newest) + beside,
        sources=_sources(exchange, words),
        follow_ups=_follow_ups(exchange, words) if newest else _NOTHING,
    )


def _answer(exchange: Exchange, words: Words, newest: bool) -> Markup:
    """The left column, by what came of the question."""
    parts: list[Markup] = []
    answer = exchange.answer
    if answer is not None:
        parts += _answered(answer, exchange, words)
    if exchange.state == "working":
        parts.append(html('<p class="k-working">{text}</p>', text=words("turn.working")))
        parts.append(render_draft(exchange, words))
    elif exchange.state == "stopped":
        key = "turn.stopped" if answer else "turn.stopped_early"
        parts.append(html('<p class="k-notice">{text}</p>', text=words(key)))
    elif exchange.state == "failed":
        text = exchange.error or words("turn.failed")
        parts.append(html('<p class="k-notice k-warning" role="alert">{text}</p>', text=text))
    if exchange.state != "working":
        parts.append(_actions(exchange, words, newest))
    return join(parts)


def _answered(answer: Answer, exchange: Exchange, words: Words) -> list[Markup]:
    parts = [_status(answer, words)]
    if answer.clarifying_question:
        parts.append(_clarify(answer.clarifying_question, answer, words))
    if answer.verdict:
        parts.append(render_verdict(answer, exchange.number, words))
    parts.append(render_statements(answer, exchange, words))
    if exchange.state != "working":
        parts.append(render_gate(answer.statements, words) + render_confidence(answer, words))
        parts.append(render_engine(answer, words))
        parts += _ending(answer, words)
    return parts


def _status(answer: Answer, words: Words) -> Markup:
    if answer.status == "no_answer":
        return html(
            '<p class="k-notice k-no_answer" lang="{lang}">{text}</p>',
            lang=answer.query.language,
            text=answer.text,
        )
    if answer.status == "partial":
        return html('<p class="k-notice k-partial">{text}</p>', text=words("status.partial"))
    return _NOTHING


def _clarify(question: str, answer: Answer, words: Words) -> Markup:
    return html(
        '<div class="k-clarify"><h3>{heading}</h3><p lang="{lang}">{question}</p></div>',
        heading=words("status.clarify"),
        lang=answer.query.language,
        question=question,
    )


def _ending(answer: Answer, words: Words) -> list[Markup]:
    """Whom to ask, and what the assistant has to add."""
    parts: list[Markup] = []
    if answer.handover:
        handover = answer.handover
        contact = (
            html("<p>{label}: {contact}</p>", label=words("handover.contact"), contact=c)
            if (c := handover.contact)
            else _NOTHING
        )
        parts.append(
            html(
                '<div class="k-handover"><h3>{heading}</h3><p class="k-section">{section}</p>'
                '{contact}<h4>{draft_label}</h4><pre class="k-draft" data-copied>{draft}</pre>'
                '<button type="button" class="k-button" data-copy-draft>{copy}</button></div>',
                heading=words("handover.heading"),
                section=handover.section,
                contact=contact,
                draft_label=words("handover.draft"),
                draft=handover.draft,
                copy=words("handover.copy"),
            )
        )
    unsaid = answer.engine == "llm" and answer.writing is None
    notes = [*answer.notes, *([words("turn.llm")] if unsaid else [])]
    if notes:
        items = join(html("<li>{note}</li>", note=n) for n in notes)
        parts.append(
            html(
                '<ul class="k-notes" aria-label="{l}">{i}</ul>',
                l=words("turn.notes"),
                i=items,
            )
        )
    return parts


def _actions(exchange: Exchange, words: Words, newest: bool) -> Markup:
    copy = (
        html(
            '<button type="button" class="k-button" data-copy-turn>{label}</button>',
            label=words("turn.copy" if exchange.answer.citations else "turn.copy_answer"),
        )
        if exchange.answer and (exchange.shown or exchange.answer.handover)
        else _NOTHING
    )
    retry = (
        html(
            '<button type="button" class="k-button" data-retry>{label}</button>',
            label=words("turn.retry"),
        )
        if newest
        else _NOTHING
    )
    return html(
        '<div class="k-actions">{copy}{retry}</div>'
        '<pre hidden class="k-plain">{plain}</pre><pre hidden class="k-markdown">{markdown}</pre>',
        copy=copy,
        retry=retry,
        plain=to_plain(exchange, words),
        markdown=to_markdown(exchange, words),
    )


def _follow_ups(exchange: Exchange, words: Words) -> Markup:
    answer = exchange.answer
    if answer is None or not answer.follow_ups or exchange.state != "done":
        return _NOTHING
    return html(
        '<div class="k-follow-ups"><h3>{heading}</h3><ul class="k-questions">{items}</ul></div>',
        heading=words("turn.choices" if answer.status == "clarify" else "turn.follow_ups"),
        items=ask_buttons(answer.follow_ups),
    )


def ask_buttons(questions: tuple[str, ...]) -> Markup:
    """Questions as list items with a button that asks them."""
    return join(
        html('<li><button type="button" class="k-ask" data-ask>{q}</button></li>', q=q)
        for q in questions
    )


def _sources(exchange: Exchange, words: Words) -> Markup:
    """The right column: the sources, or the nearest passages where nothing answers."""
    answer = exchange.answer
    if answer is None:
        return _NOTHING
    cited, near = exchange.evidence.sources, exchange.evidence.nearest
    if answer.status == "clarify" and not cited and not near:
        return _NOTHING
    as_of = answer.query.as_of
    number = exchange.number
    if cited:
        heading = words("source.heading", count=len(cited))
        cards = join(
            render_source(s, s.citation.number, number, as_of, words) for s in cited if s.citation
        )
    else:
        heading = words("nearest.heading")
        cards = join(render_source(s, 0, number, as_of, words) for s in near)
        cards = cards or html("<p>{text}</p>", text=words("nearest.empty"))
    return html(
        '<aside class="k-sources" aria-label="{heading}"><h3>{heading}</h3>{cards}{more}</aside>',
        heading=heading,
        cards=cards,
        more=render_references(answer.references, words)
        + render_set_aside(answer.set_aside, as_of, words),
    )
