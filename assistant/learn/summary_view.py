"""One's own record of learning, to print, to take away, and to show to a mentor if one agrees."""

from __future__ import annotations

import json

from markupsafe import Markup
from starlette.responses import Response

from assistant.learn import store
from assistant.learn.people import colleagues
from assistant.learn.summary import UnitSummary, as_csv, as_rows, summarise
from assistant.learn.view import (
    OWN,
    View,
    ViewError,
    button,
    crumbs,
    form,
    go,
    link_button,
    local_time,
    notice,
    shown,
)
from assistant.markup import html, join
from assistant.person import Person

_NOTHING = Markup("")
_DASH = "－"
"""Stands for what has not been done yet."""
_NONE = Markup(' class="l-none"')


def summary_view(view: View) -> Response:
    """One's own record."""
    words = view.words
    body = [
        crumbs(view, (words("summary.title"), "")),
        html(
            "<h1>{t}</h1><p class='l-lead'>{l}</p>",
            t=words("summary.title"),
            l=words("summary.lead"),
        ),
        _table(view, _summary(view, view.person.person_id)),
        html(
            '<p class="l-ways l-no-print">{a} {b}</p><p class="l-hint l-no-print">{t}</p>',
            a=link_button(view.link(OWN, "summary.csv"), words("summary.csv")),
            b=link_button(view.link(OWN, "summary.json"), words("summary.json")),
            t=words("summary.print"),
        ),
        _mentor(view),
        _learners(view),
    ]
    return shown(view, words("summary.title"), body)


def summary_csv(view: View) -> Response:
    """The record as CSV."""
    return _download(view, as_csv(_summary(view, view.person.person_id)), "text/csv", "csv")


def summary_json(view: View) -> Response:
    """The record as JSON."""
    rows = as_rows(_summary(view, view.person.person_id))
    written = json.dumps({"units": rows}, ensure_ascii=False, indent=1)
    return _download(view, written, "application/json", "json")


def choose_mentor(view: View) -> Response:
    """Let a colleague see one's record."""
    chosen = view.field("mentor")
    if chosen not in {person.person_id for person in colleagues(view.around, view.person)}:
        raise ViewError(view.words("error.no_mentor"), 400)
    if view.field("agree") != "1":
        raise ViewError(view.words("error.not_agreed"), 400)
    store.choose_mentor(view.around.state, view.person.person_id, chosen)
    return go(view.link(OWN, "summary") + "#mentor")


def withdraw(view: View) -> Response:
    """Let nobody see one's record any more."""
    store.choose_mentor(view.around.state, view.person.person_id, "")
    return go(view.link(OWN, "summary") + "#mentor")


def learner_view(view: View) -> Response:
    """The record of somebody who lets this person see it."""
    words = view.words
    learner = _learner(view, str(view.place["learner"]))
    title = words("mentor.record", name=learner.name)
    body = [
        crumbs(view, (words("summary.title"), view.link(OWN, "summary")), (title, "")),
        html("<h1>{t}</h1>", t=title),
        _table(view, _summary(view, learner.person_id)),
    ]
    return shown(view, title, body)


def _learner(view: View, person_id: str) -> Person:
    """Somebody who agreed; raises ViewError for all others, whether they are there or not."""
    found = [p for p in _who_agreed(view) if p.person_id == person_id]
    if not found:
        raise ViewError(view.words("error.no_learner"))
    return found[0]


def _who_agreed(view: View) -> list[Person]:
    agreed = store.learners_of(view.around.state, view.person.person_id)
    return [p for p in colleagues(view.around, view.person) if p.person_id in agreed]


def _summary(view: View, person_id: str) -> tuple[UnitSummary, ...]:
    progress = store.progress_of(view.around.state, person_id)
    return summarise(view.lessons, progress, view.language)


def _download(view: View, text: str, kind: str, ending: str) -> Response:
    name = f"kyodo-learning.{ending}"
    return Response(
        text.encode(),
        media_type=f"{kind}; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _table(view: View, summary: tuple[UnitSummary, ...]) -> Markup:
    words = view.words
    columns = ("unit", "opened", "read", "quiz", "done")
    head = join(html('<th scope="col">{t}</th>', t=words(f"summary.{c}")) for c in columns)
    rows = join(_row(view, row, [words(f"summary.{c}") for c in columns]) for row in summary)
    return html(
        '<table class="l-summary"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>',
        head=head,
        rows=rows,
    )


def _row(view: View, row: UnitSummary, names: list[str]) -> Markup:
    quiz = _DASH
    if row.answered:
        quiz = view.words(
            "summary.score", right=row.right, total=row.questions, first=row.first_right
        )
    times = [local_time(t) if t else _DASH for t in (row.opened_at, row.read_at, row.done_at)]
    cells = (times[0], times[1], quiz, times[2])
    return html(
        '<tr><th scope="row">{title}</th>{cells}</tr>',
        title=row.title,
        cells=join(
            html('<td data-name="{n}"{none}>{v}</td>', n=n, v=v, none=_NONE if v == _DASH else "")
            for n, v in zip(names[1:], cells, strict=True)
        ),
    )


def _mentor(view: View) -> Markup:
    """Whom one lets see the record; without accounts, how to show it all the same."""
    words, others = view.words, colleagues(view.around, view.person)
    mentor_id, since = store.mentor_of(view.around.state, view.person.person_id)
    chosen = next((p for p in others if p.person_id == mentor_id), None)
    if chosen:
        inner = html(
            "<p>{t}</p>{b}",
            t=words("mentor.shown_to", name=chosen.name, since=local_time(since)),
            b=button(view, view.link(OWN, "withdraw"), words("mentor.withdraw")),
        )
    elif others:
        inner = _choice(view, others)
    else:
        inner = notice(words("mentor.no_accounts"))
    return html(
        '<section class="l-mentor l-no-print" id="mentor"><h2>{h}</h2>{inner}</section>',
        h=words("mentor.title"),
        inner=inner,
    )


def _choice(view: View, others: tuple[Person, ...]) -> Markup:
    words = view.words
    options = join(
        html('<option value="{id}">{n}</option>', id=p.person_id, n=_named(p)) for p in others
    )
    inner = html(
        "<p>{lead}</p><p><label for='l-mentor'>{label}</label> "
        '<select id="l-mentor" name="mentor">{options}</select></p>'
        '<label class="l-option"><input type="checkbox" name="agree" value="1" required>'
        "<span>{agree}</span></label><button class='k-button'>{send}</button>",
        lead=words("mentor.lead"),
        label=words("mentor.who"),
        options=options,
        agree=words("mentor.agree"),
        send=words("mentor.send"),
    )
    return form(view, view.link(OWN, "mentor"), inner)


def _named(person: Person) -> str:
    return f"{person.name} ({person.section})" if person.section else person.name


def _learners(view: View) -> Markup:
    """Those who let this person see their record; nothing where nobody does."""
    agreed = _who_agreed(view)
    if not agreed:
        return _NOTHING
    items = join(
        html(
            '<li><a href="{a}">{n}</a></li>', a=view.link(OWN, "learner", p.person_id), n=_named(p)
        )
        for p in agreed
    )
    return html(
        '<section class="l-learners l-no-print"><h2>{h}</h2><ul>{items}</ul></section>',
        h=view.words("mentor.learners"),
        items=items,
    )
