"""A conversation as it was, answer by answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from assistant.markup import html, join
from assistant.records.answer_view import hidden_from, render_answer
from assistant.records.history import conversation
from assistant.records.saved import saved_ids
from assistant.records.sheet import content_of
from assistant.records.sheet_words import in_japan, moment_words
from assistant.records.view import (
    SAVED,
    View,
    ViewError,
    back,
    link_button,
    notice,
    shown,
)
from assistant.render_sources import day


def conversation_view(view: View) -> Response:
    """The conversation that the address names."""
    identity = str(view.place["conversation"])
    answers = conversation(view.around.state, identity, view.person)
    if not answers:
        raise ViewError(view.words("error.no_conversation"))
    date = day(in_japan(answers[0]["at"]).date().isoformat(), view.chat)
    title = view.words("conversation.title", date=date)
    saved = saved_ids(view.around.state, view.person)
    body = [
        back(view, "back", view.link()),
        html("<h1>{t}</h1><p>{l}</p>", t=title, l=view.words("conversation.lead")),
        join(_turn(view, kept, saved.get(kept["answer_id"])) for kept in answers),
        html(
            '<p class="r-end">{w}</p>',
            w=link_button(
                view.link("c", identity, "delete"), view.words("conversation.delete"), "r-danger"
            ),
        ),
    ]
    return shown(view, title, body)


def _turn(view: View, kept: Mapping[str, Any], saved_id: str | None) -> Markup:
    hidden = hidden_from(view, kept)
    if hidden:
        answer = notice(view.words("answer.withheld"), "k-warning")
    else:
        answer = render_answer(view, content_of(kept))
    return html(
        '<article class="r-turn" id="a-{id}" aria-labelledby="q-{id}"><h2 id="q-{id}">{question}'
        '</h2><p class="r-quiet">{asked}</p>{answer}{ways}</article>',
        id=kept["answer_id"],
        question=kept["answer"]["question"],
        asked=view.words("answer.asked", moment=moment_words(kept["at"], view.words)),
        answer=answer,
        ways=Markup("") if hidden else answer_ways(view, kept["answer_id"], saved_id),
    )


def answer_ways(view: View, answer_id: str, saved_id: str | None) -> Markup:
    """What can be made of an answer of the history."""
    words = view.words
    keep = (
        link_button(view.link(SAVED, saved_id), words("answer.saved"))
        if saved_id
        else link_button(view.link("a", answer_id, "save"), words("answer.save"))
    )
    return html(
        '<p class="r-ways">{pdf}{json}{keep}</p>',
        pdf=link_button(view.link("a", answer_id, "sheet.pdf"), words("sheet.pdf")),
        json=link_button(view.link("a", answer_id, "sheet.json"), words("sheet.json")),
        keep=keep,
    )
