"""Giving, changing and withdrawing feedback, and one's own list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from assistant.consent import names_of
from assistant.feedback.datatypes import (
    LONGEST,
    VERDICTS,
    Feedback,
    Part,
    Said,
    read_parts,
)
from assistant.feedback.panel import (
    Draft,
    chat_link,
    form_panel,
    panel,
    said_list,
    withdrawn_panel,
)
from assistant.feedback.sight import sight_of
from assistant.feedback.store import all_of, give, said_by, withdraw
from assistant.feedback.view import crumbs, local_time
from assistant.markup import html, join, visible
from assistant.personal import find_personal
from assistant.plain_page import View, ViewError, shown
from assistant.records.store import kept

_DROPPED = ("withdrawn",)


def new_view(view: View) -> Response:
    """The page for one answer."""
    answer_id = view.query.get("answer", "")
    if view.query.get("withdrawn"):
        return _page(view, withdrawn_panel(view, answer_id), None)
    whole, given = _about(view, answer_id)
    return _page(view, panel(view, whole, given), whole)


def give_action(view: View) -> Response:
    """Keep what was sent, or show the form again and say why it was not kept."""
    whole, given = _about(view, view.said("answer"))
    verdict = next((v for v in VERDICTS if v == view.said("verdict")), None)
    if verdict is None:
        raise ViewError(view.words("error.verdict"), 400)
    said = Said("right") if verdict == "right" else _said(view, whole["answer"])
    draft = _problems(view, said)
    if draft.problem or draft.personal:
        return _page(view, form_panel(view, whole, draft, given), whole)
    give(view.around.state, whole, view.person, said)
    return RedirectResponse(view.link("new", answer=whole["answer_id"]), 303)


def withdraw_action(view: View) -> Response:
    """Take back what was said of an answer."""
    answer_id = view.said("answer")
    withdraw(view.around.state, answer_id, view.person)
    if view.said("back") == "mine":
        return RedirectResponse(view.link("mine"), 303)
    return RedirectResponse(view.link("new", answer=answer_id, withdrawn=1), 303)


def mine_view(view: View) -> Response:
    """What this person has said, the newest first."""
    words, title = view.words, view.words("mine.title")
    sight = sight_of(view.person, view.around.service)
    found = [f for f in all_of(view.around.state, view.person) if sight.shows(f.whole)]
    listed = join(_own(view, given) for given in found)
    body = [
        html("<h1>{t}</h1><p>{lead}</p>", t=title, lead=words("mine.lead")),
        html('<ul class="f-list">{l}</ul>', l=listed)
        if found
        else html('<p class="k-notice">{t}</p>', t=words("mine.none")),
    ]
    return shown(view, title, body)


def _own(view: View, given: Feedback) -> Markup:
    words = view.words
    change = html(
        '<a class="k-button" href="{a}">{t}</a>',
        a=view.link("new", answer=given.answer_id, said="wrong"),
        t=words("given.change"),
    )
    withdrawal = html(
        '<form method="post" action="{a}" class="f-inline"><input type="hidden" name="answer" '
        'value="{id}"><input type="hidden" name="back" value="mine">'
        '<button class="k-button">{t}</button></form>',
        a=view.link("withdraw"),
        id=given.answer_id,
        t=words("given.withdraw"),
    )
    return html(
        '<li><p class="f-line"><span class="f-badge f-is-{verdict}">{badge}</span> '
        '<span class="f-quiet">{when}　{state}</span></p><h2>{question}</h2>{said}{note}'
        '<div class="k-tools">{change}{withdrawal}</div></li>',
        verdict=given.said.verdict,
        badge=words(f"verdict.{given.said.verdict}"),
        when=local_time(given.changed_at),
        state=words(f"state.{given.state}") if given.said.verdict == "wrong" else "",
        question=given.question,
        said=said_list(view, given),
        note=html('<p class="k-notice">{t}</p>', t=words("mine.note", note=given.note))
        if given.note
        else "",
        change=change,
        withdrawal=withdrawal,
    )


def _about(view: View, answer_id: str) -> tuple[Mapping[str, Any], Feedback | None]:
    """The answer and what this person has said of it.

    Once something was said, its own copy is used: the records may have been removed since.

    Raises:
        ViewError: this person was given no such answer, or may not read it any more.
    """
    given = said_by(view.around.state, answer_id, view.person)
    whole = given.whole if given else kept(view.around.state, answer_id, view.person)
    if whole is None or not sight_of(view.person, view.around.service).shows(whole):
        raise ViewError(view.words("error.no_answer"))
    return whole, given


def _said(view: View, answer: Mapping[str, Any]) -> Said:
    parts: tuple[Part, ...] = read_parts(view.everything_said("part"), answer)
    return Said("wrong", parts, visible(view.said("comment")), visible(view.said("better")))


def _problems(view: View, said: Said) -> Draft:
    """Why what was sent is not kept as it is, if there is a reason."""
    words = view.words
    longest = max(len(said.comment), len(said.better))
    if longest > LONGEST:
        problem = words("form.too_long", most=f"{LONGEST:,}", found=f"{longest:,}")
        return Draft(said, problem)
    if said.verdict == "wrong" and not (said.parts or said.comment or said.better):
        return Draft(said, words("form.empty"))
    concerns = find_personal(f"{said.comment}\n{said.better}")
    if concerns and view.said("personal") != "keep":
        return Draft(said, personal=(names_of(concerns, words.language),))
    return Draft(said)


def _page(view: View, part: Markup, whole: Mapping[str, Any] | None) -> Response:
    title = view.words("new.title")
    asked = whole["answer"] if whole else None
    body = [
        crumbs(view, (view.words("mine.title"), view.link("mine")), (title, "")),
        html("<h1>{t}</h1>", t=title),
        html(
            '<div class="f-about"><p class="f-asked">{q}</p><p>{a}</p></div>',
            q=asked["question"],
            a=asked["answer"],
        )
        if asked
        else Markup(""),
        part,
        chat_link(view),
    ]
    return shown(view, title, body, dropped=_DROPPED)
