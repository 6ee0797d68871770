"""Who wrote an answer, what is being written, and what is asked before anything is sent."""

from __future__ import annotations

from markupsafe import Markup

from assistant.conversation import Exchange
from assistant.datatypes import Answer
from assistant.markup import html, join
from assistant.words import Words

_NOTHING = Markup("")


def render_engine(answer: Answer, words: Words) -> Markup:
    """Which engine answered, where a language model is configured."""
    writing = answer.writing
    if writing is None:
        return _NOTHING
    key = "engine.llm" if answer.engine == "llm" else "engine.extractive"
    text = words(
        key,
        model=writing.model,
        host=writing.host,
        verified=writing.verified,
        struck=writing.struck,
    )
    return html('<p class="k-engine">{text}</p>', text=text)


def render_draft(exchange: Exchange, words: Words) -> Markup:
    """What a model has written so far, marked as unverified."""
    if not exchange.draft:
        return _NOTHING
    lines = join(html("<p>{line}</p>", line=line) for line in exchange.draft.split("\n"))
    return html(
        '<div class="k-writing" aria-live="off"><p class="k-writing-note">{note}</p>{lines}</div>',
        note=words("engine.writing"),
        lines=lines,
    )


def render_consent(asked: bool, words: Words) -> Markup:
    """What may be done with a question that holds personal data; editing needs no button."""
    if not asked:
        return _NOTHING
    return html(
        '<div class="k-consent" role="group" aria-label="{label}">'
        '<button type="button" class="k-button" data-consent="keep">{keep}</button>'
        '<button type="button" class="k-button" data-consent="send">{send}</button></div>',
        label=words("personal.label"),
        keep=words("personal.keep"),
        send=words("personal.send"),
    )
