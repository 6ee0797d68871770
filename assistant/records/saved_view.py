"""Saved answers: the list, one of them, saving and deleting, each checked when documents change."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from starlette.responses import Response

from assistant.markup import html, join, visible
from assistant.records.answer_view import hidden_from, render_answer
from assistant.records.check import Outcome
from assistant.records.delete_view import confirm
from assistant.records.recheck import checked
from assistant.records.saved import (
    TITLE_LIMIT,
    Saved,
    remove_saved,
    save,
    saved_answer,
    saved_answers,
    saved_ids,
)
from assistant.records.sheet import content_of
from assistant.records.sheet_words import moment_words
from assistant.records.store import kept
from assistant.records.view import (
    SAVED,
    View,
    ViewError,
    back,
    link_button,
    moved,
    notice,
    shown,
    tabs,
)
from assistant.render_sources import day

_NOTHING = Markup("")
_TITLE = 60
"""Characters of the question that a title begins with."""


def saved_view(view: View) -> Response:
    """The list of what the person has saved."""
    words, rows = view.words, checked(view, saved_answers(view.around.state, view.person))
    body = [
        html("<h1>{t}</h1>", t=words("page.saved")),
        tabs(view, "saved", sum(row.changed for row in rows)),
        _did(view),
        html("<p>{t}</p>", t=words("saved.lead")) if rows else notice(words("saved.none")),
        summary(view, rows),
        html('<ul class="r-saved">{i}</ul>', i=join(_item(view, row) for row in rows)),
    ]
    return shown(view, words("page.saved"), body)


def one_view(view: View) -> Response:
    """The saved answer that the address names, with what became of its quotes."""
    words, (row,) = view.words, checked(view, [_named(view)])
    hidden = hidden_from(view, row.whole)
    content = content_of(row.whole)
    body = [
        back(view, "back_saved", view.link(SAVED)),
        _did(view),
        html("<h1>{t}</h1>", t=row.title),
        html('<p class="r-quiet r-when">{m}</p>', m=_moments(view, row)),
        _results(view, row),
        html(
            '<article class="r-turn"><h2>{q}</h2>{answer}</article>',
            q=content["question"],
            answer=notice(words("answer.withheld"), "k-warning")
            if hidden
            else render_answer(view, content),
        ),
        _NOTHING if hidden else _sheets(view, row),
        html(
            '<p class="r-end">{w}</p>',
            w=link_button(
                view.link(SAVED, row.saved_id, "delete"), words("saved.delete"), "r-danger"
            ),
        ),
    ]
    return shown(view, row.title, body)


def new_view(view: View, problem: str = "") -> Response:
    """The form that saves an answer under a title."""
    words, whole = view.words, kept(view.around.state, str(view.place["answer"]), view.person)
    if whole is None:
        raise ViewError(words("error.no_answer"))
    answer_id = whole["answer_id"]
    if answer_id in saved_ids(view.around.state, view.person) and not problem:
        return moved(view.link(SAVED, saved_ids(view.around.state, view.person)[answer_id]))
    body = [
        back(view, "back", view.link()),
        html("<h1>{t}</h1><p>{l}</p>", t=words("saved.new"), l=words("saved.new_lead")),
        notice(problem, "k-warning", "alert") if problem else _NOTHING,
        html(
            '<form method="post" action="{action}" class="r-form"><label for="r-title">{label}'
            '</label><input id="r-title" name="title" required maxlength="{most}" value="{value}">'
            '<p class="r-ways"><button class="k-button k-primary">{go}</button></p></form>',
            action=view.link("a", answer_id, "save"),
            label=words("saved.name"),
            most=TITLE_LIMIT,
            value=whole["answer"]["question"][:_TITLE],
            go=words("saved.go"),
        ),
    ]
    return shown(view, words("saved.new"), body, 400 if problem else 200)


def save_answer(view: View) -> Response:
    """Save the answer that the address names."""
    title = visible(view.fields.get("title", "")).strip()[:TITLE_LIMIT]
    if not title:
        return new_view(view, view.words("saved.no_name"))
    whole = kept(view.around.state, str(view.place["answer"]), view.person)
    if whole is None:
        raise ViewError(view.words("error.no_answer"))
    identity = save(view.around.state, whole, view.person, title)
    return moved(view.link(SAVED, identity, did="did_save"))


def delete_view(view: View) -> Response:
    """Whether to delete the saved answer that the address names."""
    row = _named(view)
    return confirm(
        view,
        view.words("delete.saved"),
        html("<p>{t}</p>", t=view.words("delete.saved_count", title=row.title)),
        view.link(SAVED, row.saved_id, "delete"),
        view.link(SAVED, row.saved_id),
    )


def delete_saved(view: View) -> Response:
    """Delete the saved answer that the address names."""
    if not remove_saved(view.around.state, str(view.place["saved"]), view.person):
        raise ViewError(view.words("error.no_saved"))
    return moved(view.link(SAVED, did="did_delete"))


def summary(view: View, rows: Sequence[Saved]) -> Markup:
    """How many saved answers have sources that have changed; nothing where none is saved."""
    if not rows:
        return _NOTHING
    changed = sum(row.changed for row in rows)
    if changed:
        text = view.words("saved.some_changed", count=len(rows), changed=changed)
        return notice(text, "k-warning", "status")
    return notice(view.words("saved.all_stand", count=len(rows)), role="status")


def _named(view: View) -> Saved:
    row = saved_answer(view.around.state, str(view.place["saved"]), view.person)
    if row is None:
        raise ViewError(view.words("error.no_saved"))
    return row


def _did(view: View) -> Markup:
    did = view.query.get("did")
    if did not in ("did_save", "did_delete"):
        return _NOTHING
    return notice(view.words(f"saved.{did}"), role="status")


def _item(view: View, row: Saved) -> Markup:
    return html(
        '<li class="r-item"><a class="r-name" href="{a}">{title}</a>{badge}'
        '<span class="r-quiet r-when">{moments}</span>{changes}</li>',
        a=view.link(SAVED, row.saved_id),
        title=row.title,
        badge=_badge(view, row),
        moments=_moments(view, row),
        changes=_changes(view, [o for o in row.outcomes if o.changed], row),
    )


def _badge(view: View, row: Saved) -> Markup:
    key, sign = ("changed", "!") if row.changed else ("stands", "○")
    css = "r-bad" if row.changed else "r-good"
    if not row.outcomes:
        return _NOTHING
    return html(
        ' <span class="{css}">{sign} {t}</span> ', css=css, sign=sign, t=view.words(f"saved.{key}")
    )


def _moments(view: View, row: Saved) -> Markup:
    words = view.words
    moments = (
        words("saved.saved_at", moment=moment_words(row.at, words)),
        words("saved.checked", moment=moment_words(row.checked_at, words)),
    )
    return join((html("<span>{m}</span>", m=moment) for moment in moments), " ")


def _results(view: View, row: Saved) -> Markup:
    if not row.outcomes:
        return notice(view.words("saved.no_quotes"))
    return html(
        '<section class="r-results"><h2>{h} {badge}</h2>{list}</section>',
        h=view.words("saved.results"),
        badge=_badge(view, row),
        list=_changes(view, row.outcomes, row),
    )


def _changes(view: View, outcomes: Sequence[Outcome], row: Saved) -> Markup:
    titles = {c["number"]: c for c in row.whole["answer"]["citations"]}
    items = join(
        html(
            '<li>[{n}] {title} <strong class="{css}">{told}</strong></li>',
            css="r-bad" if outcome.changed else "r-good",
            n=outcome.number,
            title=f"{titles[outcome.number]['title']} {titles[outcome.number]['locator']}",
            told=_told(view, outcome),
        )
        for outcome in outcomes
    )
    return html('<ul class="r-outcomes">{i}</ul>', i=items) if outcomes else _NOTHING


def _told(view: View, outcome: Outcome) -> str:
    date = day(outcome.date, view.chat) if outcome.date else ""
    return view.words(f"outcome.{outcome.kind}", locator=outcome.locator, date=date)


def _sheets(view: View, row: Saved) -> Markup:
    return html(
        '<p class="r-ways">{pdf}{json}</p>',
        pdf=link_button(view.link(SAVED, row.saved_id, "sheet.pdf"), view.words("sheet.pdf")),
        json=link_button(view.link(SAVED, row.saved_id, "sheet.json"), view.words("sheet.json")),
    )
