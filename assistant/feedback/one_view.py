"""One person's feedback in full, and dealing with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from assistant.feedback.datatypes import LONGEST, Feedback
from assistant.feedback.list_view import badges
from assistant.feedback.panel import said_list
from assistant.feedback.sight import sight_of
from assistant.feedback.store import find, handle
from assistant.feedback.view import crumbs, local_time, place_words
from assistant.markup import html, join, visible
from assistant.plain_page import View, ViewError, button, form, link_button, notice, shown
from assistant.words import load_words

EVALUATION = "/evaluation"
"""The page that makes questions, where there is one."""
_NOTHING = Markup("")


def one_view(view: View) -> Response:
    """One person's feedback with the whole answer that it is about."""
    words, given = view.words, _named(view, view.query.get("id", ""))
    title = words("one.title")
    done = notice(words("one.kept")) if view.query.get("kept") else _NOTHING
    said = said_list(view, given) or html("<p>{t}</p>", t=words(f"verdict.{given.said.verdict}"))
    body = [
        crumbs(view, (words("list.title"), view.link()), (title, "")),
        html(
            '<h1>{q}</h1><p class="f-line">{badge}</p>',
            q=given.question,
            badge=badges(view, given),
        ),
        done,
        _section(words("one.said"), said),
        _section(words("one.answer"), _answer(view, given)),
        _section(words("one.handling"), _handling(view, given)),
        _question_link(view, given),
    ]
    return shown(view, title, body, dropped=("kept",))


def handle_action(view: View) -> Response:
    """Keep whether it is dealt with, and the note."""
    note = visible(view.said("note"))
    if len(note) > LONGEST:
        sentence = view.words("form.too_long", most=f"{LONGEST:,}", found=f"{len(note):,}")
        raise ViewError(sentence, 422)
    feedback_id = _named(view, view.said("id")).feedback_id
    handle(view.around.state, feedback_id, view.said("state"), note, view.person)
    return RedirectResponse(f"{view.link('one', id=feedback_id, kept=1)}#f-handling", 303)


def _named(view: View, feedback_id: str) -> Feedback:
    given = find(view.around.state, feedback_id)
    if given is None or not sight_of(view.person, view.around.service).shows(given.whole):
        raise ViewError(view.words("error.gone"))
    return given


def _section(title: str, body: Markup) -> Markup:
    return html("<section><h2>{t}</h2>{b}</section>", t=title, b=body)


def _answer(view: View, given: Feedback) -> Markup:
    """The answer as it was shown: statements, citations with their quotes, how it was made."""
    words, answer = view.words, given.answer
    called = {str(part) for part in given.said.parts}
    text = html("<p>{t}</p>", t=answer["answer"]) if not answer["statements"] else _NOTHING
    return html(
        '{verdict}{text}{statements}{citations}<p class="f-quiet">{about}</p>',
        verdict=_verdict(view, answer, called),
        text=text,
        statements=_statements(view, answer, called),
        citations=_citations(view, answer, called),
        about=words(
            "one.about",
            index=answer["index"],
            engine=words(f"engine.{answer['engine']}"),
            as_of=answer["as_of"],
            at=local_time(str(given.whole["at"])),
        ),
    )


def _statements(view: View, answer: Mapping[str, Any], called: Collection[str]) -> Markup:
    rows = join(
        html(
            '<li class="{css}">{text}<span class="f-marks">{marks}</span></li>',
            css=_css(f"statement:{number}", called),
            text=_statement(view, s),
            marks="".join(f"[{n}]" for n in s["citations"]),
        )
        for number, s in enumerate(answer["statements"], 1)
    )
    return html('<ol class="f-statements">{rows}</ol>', rows=rows)


def _citations(view: View, answer: Mapping[str, Any], called: Collection[str]) -> Markup:
    if not answer["citations"]:
        return _NOTHING
    rows = join(
        html(
            '<li class="{css}"><p>[{n}] {place}</p>'
            '<blockquote lang="{lang}">{quote}</blockquote></li>',
            css=_css(f"citation:{c['number']}", called),
            n=c["number"],
            place=place_words(c, view.words),
            lang=c["language"],
            quote=c["quote"],
        )
        for c in answer["citations"]
    )
    return html(
        '<h3>{h}</h3><ul class="f-citations">{rows}</ul>', h=view.words("one.citations"), rows=rows
    )


def _css(part: str, called: Collection[str]) -> str:
    """Marks a part that is called wrong."""
    return "f-called" if part in called else ""


def _statement(view: View, statement: Mapping[str, Any]) -> Markup:
    """A statement; one that the gate struck out stays marked as such."""
    if statement["verified"]:
        return html("{t}", t=statement["text"])
    return html(
        "<del>{t}</del> <span>{why}</span>",
        t=statement["text"],
        why=view.words("one.struck", reason=statement["reason"]),
    )


def _verdict(view: View, answer: Mapping[str, Any], called: Collection[str]) -> Markup:
    verdict = answer.get("verdict")
    if not verdict:
        return _NOTHING
    chat = load_words(view.words.language)
    return html(
        '<p class="{css}">{label}: <strong>{value}</strong></p>',
        css=_css("verdict", called),
        label=view.words("part_kind.verdict"),
        value=chat(f"verdict.{verdict['value']}"),
    )


def _handling(view: View, given: Feedback) -> Markup:
    """The form to say that it is dealt with."""
    words = view.words
    body = html(
        '<label for="f-note">{label}</label><textarea id="f-note" name="note" rows="2" '
        'maxlength="{most}">{note}</textarea><div class="k-tools">{done}{open}</div>',
        label=words("one.note"),
        most=LONGEST,
        note=given.note,
        done=button(words("one.done"), "k-primary", "state", "done"),
        open=button(words("one.open"), "", "state", "open"),
    )
    by = (
        html(
            '<p class="f-quiet">{t}</p>',
            t=words(
                "one.handled",
                state=words(f"state.{given.state}"),
                who=given.handled_by or words("one.somebody"),
                when=local_time(given.handled_at),
            ),
        )
        if given.handled_at
        else _NOTHING
    )
    handled = form(view.link("handle"), body, "f-form", id=given.feedback_id)
    return html('<div id="f-handling">{by}{form}</div>', by=by, form=handled)


def _question_link(view: View, given: Feedback) -> Markup:
    """The way to make a question of the evaluation of it, where that page is."""
    place = view.around.base + EVALUATION
    if place not in {link.path for link in view.around.links}:
        return _NOTHING
    words = view.words
    return _section(
        words("one.question"),
        html(
            "<p>{lead}</p><p>{link}</p>",
            lead=words("one.question_lead"),
            link=link_button(f"{place}/office/new?feedback={given.feedback_id}", words("one.make")),
        ),
    )
