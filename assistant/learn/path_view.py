"""The path: where to go on, the starts to choose from, and every unit with how far one is."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from assistant.learn import store
from assistant.learn.lesson import Lesson, next_step, score
from assistant.learn.view import (
    GLOSSARY_PATH,
    OWN,
    View,
    ViewError,
    button,
    go,
    link_button,
    notice,
    shown,
)
from assistant.markup import html, join

_NOTHING = Markup("")


def path_view(view: View) -> Response:
    """The path of the first week."""
    words = view.words
    body = [
        html(
            "<h1>{t}</h1><p class='l-lead'>{l}</p>", t=words("path.heading"), l=words("path.lead")
        ),
        _review(view),
        _resume(view),
        _starts(view),
        html('<h2 id="units">{t}</h2>', t=words("path.units")),
        _units(view),
        _further(view),
    ]
    return shown(view, words("path.title"), body)


def choose_start(view: View) -> Response:
    """Keep the start that somebody chose."""
    chosen = view.field("start")
    if chosen and view.material.start(chosen) is None:
        raise ViewError(view.words("error.no_start"), 400)
    store.choose_start(view.around.state, view.person.person_id, chosen)
    return go(view.link() + "#units")


def _review(view: View) -> Markup:
    """For editors: that something has to be looked at."""
    count = sum(bool(view.seen_of(changes)) for changes in view.changes.values())
    if not count or not view.person.may("editor"):
        return _NOTHING
    return html(
        '<p class="k-notice k-warning">{t} <a href="{a}">{l}</a></p>',
        t=view.words("path.to_review", count=count),
        a=view.link(OWN, "review"),
        l=view.words("review.title"),
    )


def _resume(view: View) -> Markup:
    """Where the person left off, or where to begin."""
    words, all_lessons = view.words, view.lessons
    if not all_lessons:
        return notice(words("path.empty"))
    begun = [x for x in all_lessons if view.of(x).last_at and not view.of(x).done_at]
    begun.sort(key=lambda x: view.of(x).last_at)
    ahead = [x for x in all_lessons if not view.of(x).done_at]
    if not ahead:
        return notice(words("path.all_done"), "l-done")
    lesson = begun[-1] if begun else ahead[0]
    key = "path.go_on" if begun else "path.begin" if len(ahead) == len(all_lessons) else "path.next"
    return html(
        '<section class="l-resume"><h2>{h}</h2><p class="l-resume-title">{t}</p>'
        "<p>{place}</p>{button}</section>",
        h=words(key),
        t=lesson.unit.title.of(view.language),
        place=_place(view, lesson),
        button=_open(view, lesson, "k-primary"),
    )


def _place(view: View, lesson: Lesson) -> str:
    """Where in a unit the person is, in words."""
    step, words = next_step(lesson, view.of(lesson)), view.words
    if step == 0:
        return words("path.minutes", minutes=lesson.unit.minutes)
    return words("path.at_question", number=step, total=len(lesson.questions))


def _starts(view: View) -> Markup:
    """The starts to choose from; nothing where there are none."""
    starts, words = view.material.starts, view.words
    if not starts:
        return _NOTHING
    chosen = view.start.start_id if view.start else ""
    every = [("", words("path.common"), words("path.common_lead"))]
    every += [(s.start_id, s.name.of(view.language), s.lead.of(view.language)) for s in starts]
    items = [
        html(
            "<li{here}>{button}<p>{lead}</p></li>",
            here=html(' class="l-chosen"') if name == chosen else _NOTHING,
            button=button(
                view,
                view.link(OWN, "start"),
                f"{title}{words('path.chosen') if name == chosen else ''}",
                start=name,
            ),
            lead=lead,
        )
        for name, title, lead in every
    ]
    inner = html("<p>{t}</p><ul>{items}</ul>", t=words("path.starts_lead"), items=join(items))
    if not view.progress:
        return html(
            '<section class="l-starts"><h2>{h}</h2>{inner}</section>',
            h=words("path.starts"),
            inner=inner,
        )
    now = view.start.name.of(view.language) if view.start else words("path.common")
    return html(
        '<details class="l-starts"><summary>{h}</summary>{inner}</details>',
        h=words("path.starts_now", name=now),
        inner=inner,
    )


def _units(view: View) -> Markup:
    items = join(_unit(view, n, lesson) for n, lesson in enumerate(view.lessons, 1))
    return html('<ol class="l-units">{items}</ol>', items=items)


def _unit(view: View, number: int, lesson: Lesson) -> Markup:
    words, unit = view.words, lesson.unit
    flag = html('<span class="k-badge k-badge-warning">{t}</span>', t=words("unit.checking"))
    return html(
        '<li class="l-unit l-is-{state}"><div><h3><span class="l-number">{n}</span> {t}</h3>'
        '<p>{aim}</p><p class="l-state">{minutes} {said} {flag}</p>{note}</div>{button}</li>',
        state=_state(view, lesson),
        n=number,
        t=unit.title.of(view.language),
        aim=unit.aim.of(view.language),
        minutes=words("path.minutes", minutes=unit.minutes),
        said=_said(view, lesson),
        flag=flag if lesson.checking else _NOTHING,
        note=_stress(view, lesson),
        button=_open(view, lesson),
    )


def _state(view: View, lesson: Lesson) -> str:
    progress = view.of(lesson)
    return "done" if progress.done_at else "begun" if progress.last_at else "new"


def _said(view: View, lesson: Lesson) -> Markup:
    """How far the person is, in words beside a sign."""
    state, words = _state(view, lesson), view.words
    right, total = score(lesson, view.of(lesson))
    said = words(f"path.state_{state}")
    if state == "done" and total:
        said += words("path.score", right=right, total=total)
    return html('<strong class="l-said-state">{t}</strong>', t=said)


def _stress(view: View, lesson: Lesson) -> Markup:
    """That the unit holds something for the person's kind of work."""
    if view.start is None or not (lesson.notes or len(lesson.cases) > 1):
        return _NOTHING
    said = view.words("path.for_start", name=view.start.name.of(view.language))
    return html('<p class="l-for">{t}</p>', t=said)


def _open(view: View, lesson: Lesson, css: str = "") -> Markup:
    state, unit = _state(view, lesson), lesson.unit
    label = html(
        '{t}<span class="k-hidden"> {u}</span>',
        t=view.words(f"path.open_{state}"),
        u=unit.title.of(view.language),
    )
    return button(view, view.link(unit.unit_id, "open"), label, css)


def _further(view: View) -> Markup:
    words = view.words
    return html(
        '<p class="l-ways">{a} {b}</p>',
        a=link_button(view.link(OWN, "summary"), words("summary.title")),
        b=link_button(view.link_to(GLOSSARY_PATH), words("glossary.title")),
    )
