"""One group: its wordings, asking it again, what became of it, and putting it right by hand."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from assistant.datatypes import Answer
from assistant.markup import html, join, visible
from assistant.plain_page import View, ViewError, button, form, notice, shown
from assistant.records.fold import fold
from assistant.unanswered.check import MOST_WORDINGS, ask, check
from assistant.unanswered.grouping import merge, split
from assistant.unanswered.list_view import grouped
from assistant.unanswered.store import (
    LONGEST,
    STATES,
    Group,
    Question,
    Wanted,
    chosen,
    find_group,
    set_state,
)
from assistant.unanswered.view import ask_link, badges, local_time

_NOTHING = Markup("")
_TOLD = ("state", "checked", "split", "merged")


def group_view(view: View) -> Response:
    """The group that the address names."""
    words, groups = view.words, grouped(view)
    group = _named(view, view.query.get("id", ""))
    told = next((name for name in _TOLD if name == view.query.get("told")), None)
    title = group.wordings[0][0].standalone
    body = [
        html('<p class="u-crumbs"><a href="{a}">{t}</a></p>', a=view.link(), t=words("list.title")),
        html("<h1>{t}</h1>", t=title),
        html('<p class="u-line">{b}</p>', b=badges(view, group)),
        notice(words(f"told.{told}")) if told else _NOTHING,
        _wordings(view, group),
        _now(view, group),
        _state(view, group),
        _by_hand(view, group, groups),
    ]
    return shown(view, title, body, dropped=("told",))


def state_action(view: View) -> Response:
    """Keep what became of a group."""
    group = _named(view, view.said("id"))
    note = visible(view.said("note"))
    if len(note) > LONGEST:
        sentence = view.words("error.too_long", most=f"{LONGEST:,}", found=f"{len(note):,}")
        raise ViewError(sentence, 400)
    set_state(view.around.state, group.group_id, view.said("state"), note, view.person)
    return _back(view, group.group_id, "state")


def check_action(view: View) -> Response:
    """Ask a group's questions again."""
    group = _named(view, view.said("id"))
    check(view.around.state, view.around.service, [group])
    return _back(view, group.group_id, "checked")


def split_action(view: View) -> Response:
    """Put a wording, however often it was asked, into a group of its own."""
    group = _named(view, view.said("id"))
    chosen_one = next((q for q in group.questions if q.question_id == view.said("question")), None)
    if chosen_one is None or len(group.wordings) < 2:
        raise ViewError(view.words("error.gone"))
    text = fold(chosen_one.standalone)
    same = [q.question_id for q in group.questions if fold(q.standalone) == text]
    split(view.around.state, same)
    return _back(view, group.group_id, "split")


def merge_action(view: View) -> Response:
    """Put a group's questions into another group."""
    group, into = _named(view, view.said("id")), _named(view, view.said("into"))
    if not merge(view.around.state, group.group_id, into.group_id):
        raise ViewError(view.words("error.gone"))
    return _back(view, into.group_id, "merged")


def _back(view: View, group_id: str, told: str) -> Response:
    return RedirectResponse(view.link("group", id=group_id, told=told), 303)


def _named(view: View, group_id: str) -> Group:
    group = find_group(view.around.state, group_id)
    if group is None:
        raise ViewError(view.words("error.gone"))
    return group


def _wordings(view: View, group: Group) -> Markup:
    words = view.words
    several = len(group.wordings) > 1
    rows = join(
        _wording(view, group, question, count, several) for question, count in group.wordings
    )
    return html(
        '<section><h2>{h}</h2><ul class="u-wordings">{rows}</ul></section>',
        h=words("group.wordings", count=group.size),
        rows=rows,
    )


def _wording(view: View, group: Group, question: Question, count: int, several: bool) -> Markup:
    words = view.words
    apart = (
        form(
            view.link("split"),
            button(words("group.split"), "u-small"),
            "u-inline",
            id=group.group_id,
            question=question.question_id,
        )
        if several
        else _NOTHING
    )
    asked = (
        html('<p class="u-quiet">{t}</p>', t=words("group.typed", text=question.question))
        if question.question != question.standalone
        else _NOTHING
    )
    return html(
        '<li><p lang="{lang}">{text}</p>{asked}<p class="u-line u-quiet">{about} {link}</p>{apart}'
        "</li>",
        lang=question.language,
        text=question.standalone,
        asked=asked,
        about=words(
            "group.wording_about",
            count=count,
            when=local_time(question.at),
            status=words(f"status.{question.status}"),
        ),
        link=ask_link(view, question),
        apart=apart,
    )


def _now(view: View, group: Group) -> Markup:
    """What the documents answer now; the answer itself is made anew for who looks."""
    words = view.words
    found = _NOTHING
    if group.now_at:
        now = view.around.service.seen_by(view.person.collections).snapshot()
        wordings = [q for q, _ in group.wordings][:MOST_WORDINGS]
        rows = join(
            _answer(view, q, ask(now, q.standalone, q.language)) for q in wordings if q.now_status
        )
        found = html(
            '<p class="u-quiet">{at}</p><ul class="u-wordings">{rows}</ul>',
            at=words("now.at", when=local_time(group.now_at)),
            rows=rows,
        )
    go = button(words("now.go"), "k-primary")
    return html(
        '<section><h2>{h}</h2><p class="u-quiet">{lead}</p>{found}{form}</section>',
        h=words("now.title"),
        lead=words("now.lead"),
        found=found,
        form=form(view.link("check"), go, id=group.group_id),
    )


def _answer(view: View, question: Question, answer: Answer) -> Markup:
    words = view.words
    places = "、".join(
        dict.fromkeys(f"{c.passage.document.title} {c.passage.locator}" for c in answer.citations)
    )
    answered = answer.status in ("answered", "partial") and answer.citations
    return html(
        '<li><p lang="{lang}">{q}</p><p class="u-line"><span class="u-badge u-now-{css}">{status}'
        "</span></p>{text}{places}</li>",
        lang=question.language,
        q=question.standalone,
        css="all" if answer.status == "answered" else "some" if answered else "none",
        status=words(f"now_status.{answer.status}"),
        text=html('<p class="u-answer" lang="{l}">{t}</p>', l=question.language, t=answer.text)
        if answered
        else _NOTHING,
        places=html('<p class="u-quiet">{t}</p>', t=words("now.places", places=places))
        if answered
        else _NOTHING,
    )


def _state(view: View, group: Group) -> Markup:
    words = view.words
    choices = join(
        html(
            '<label class="u-choice"><input type="radio" name="state" value="{v}"{on}> {t}</label>',
            v=name,
            on=Markup(" checked") if name == group.state else _NOTHING,
            t=words(f"state.{name}"),
        )
        for name in STATES
    )
    changed = (
        html(
            '<p class="u-quiet">{t}</p>',
            t=words(
                "group.changed",
                who=group.changed_by or words("group.somebody"),
                when=local_time(group.changed_at),
            ),
        )
        if group.changed_at
        else _NOTHING
    )
    body = html(
        '<fieldset><legend>{legend}</legend>{choices}</fieldset><label for="u-note">{label}</label>'
        '<textarea id="u-note" name="note" rows="2" maxlength="{most}">{note}</textarea>'
        '<div class="k-tools">{go}</div>',
        legend=words("group.state"),
        choices=choices,
        label=words("group.note_label"),
        most=LONGEST,
        note=group.note,
        go=button(words("group.keep"), "k-primary"),
    )
    return html(
        "<section><h2>{h}</h2>{changed}{form}</section>",
        h=words("group.handling"),
        changed=changed,
        form=form(view.link("state"), body, "u-form", id=group.group_id),
    )


def _by_hand(view: View, group: Group, groups: tuple[Group, ...]) -> Markup:
    """Putting the group together with another one."""
    words = view.words
    others = [g for g in chosen(groups, Wanted()) if g.group_id != group.group_id]
    if not others:
        return _NOTHING
    options = join(
        html(
            '<option value="{v}">{t}</option>',
            v=other.group_id,
            t=words("group.option", text=other.wordings[0][0].standalone, count=other.size),
        )
        for other in others
    )
    body = html(
        '<label for="u-into">{label}</label><select id="u-into" name="into">{options}</select>'
        '<div class="k-tools">{go}</div>',
        label=words("group.into"),
        options=options,
        go=button(words("group.merge")),
    )
    return html(
        '<details class="u-more"><summary>{h}</summary>{form}</details>',
        h=words("group.by_hand"),
        form=form(view.link("merge"), body, "u-form", id=group.group_id),
    )
