"""A unit to read: its sentences with their passages, cases to try, terms, and the way on."""

from __future__ import annotations

from itertools import count

from markupsafe import Markup
from starlette.responses import Response

from assistant.learn import store
from assistant.learn.lesson import Carried, Lesson, next_step
from assistant.learn.view import (
    GLOSSARY_PATH,
    View,
    button,
    crumbs,
    go,
    notice,
    render_carried,
    shown,
)
from assistant.markup import html, join
from corpus.glossary import Term
from corpus.units import Case

_NOTHING = Markup("")


def open_unit(view: View) -> Response:
    """Take down that the unit was opened, and go to where the person left off."""
    lesson = view.lesson
    store.open_unit(view.around.state, view.person.person_id, lesson.unit.unit_id)
    return go(step_link(view, lesson, next_step(lesson, view.of(lesson))))


def mark_read(view: View) -> Response:
    """Take down that the unit was read, and go to the first open question."""
    lesson = view.lesson
    store.mark_read(
        view.around.state, view.person.person_id, lesson.unit.unit_id, not lesson.questions
    )
    done = bool(view.of(lesson).done_at) or not lesson.questions
    return go(step_link(view, lesson, 1 if done else max(1, next_step(lesson, view.of(lesson)))))


def step_link(view: View, lesson: Lesson, step: int) -> str:
    """The address of a step of a unit; see ``next_step``."""
    name = lesson.unit.unit_id
    if step == 0:
        return view.link(name)
    return view.link(name, "end") if step > len(lesson.questions) else view.link(name, "quiz", step)


def unit_view(view: View) -> Response:
    """The unit."""
    lesson, words = view.lesson, view.words
    unit = lesson.unit
    title, numbers = unit.title.of(view.language), count(1)
    body = [
        crumbs(view, (title, "")),
        html("<h1>{t}</h1>", t=title),
        html(
            '<p class="l-aim"><strong>{h}</strong> {t}</p><p class="l-state">{m}</p>',
            h=words("unit.aim"),
            t=unit.aim.of(view.language),
            m=words("path.minutes", minutes=unit.minutes),
        ),
        checking_notice(view, lesson),
        html('<p class="l-hint">{t}</p>', t=words("unit.hint")),
        join(_carried(view, c, next(numbers)) for c in lesson.sentences),
        _notes(view, lesson, numbers),
        _cases(view, lesson, numbers),
        _terms(view, lesson),
        _on(view, lesson),
    ]
    return shown(view, title, body)


def checking_notice(view: View, lesson: Lesson) -> Markup:
    """That a passage has changed since the unit was written; nothing where none has."""
    if not lesson.checking:
        return _NOTHING
    said = view.words("unit.checking_long")
    if lesson.left_out:
        said += view.words("unit.left_out", count=lesson.left_out)
    return notice(said, "k-warning")


def _carried(view: View, carried: Carried, number: int) -> Markup:
    return render_carried(view, carried.said.text.of(view.language), carried.quoted, number)


def _notes(view: View, lesson: Lesson, numbers: count[int]) -> Markup:
    if not lesson.notes or view.start is None:
        return _NOTHING
    return html(
        '<section class="l-notes"><h2>{h}</h2>{notes}</section>',
        h=view.words("unit.notes", name=view.start.name.of(view.language)),
        notes=join(_carried(view, c, next(numbers)) for c in lesson.notes),
    )


def _cases(view: View, lesson: Lesson, numbers: count[int]) -> Markup:
    return html(
        '<section class="l-cases"><h2>{h}</h2><p>{t}</p>{cases}</section>',
        h=view.words("unit.cases"),
        t=view.words("unit.cases_lead"),
        cases=join(_case(view, case, why, numbers) for case, why in lesson.cases),
    )


def _case(view: View, case: Case, why: Carried | None, numbers: count[int]) -> Markup:
    asked = case.ask.of(view.language)
    return html(
        '<div class="l-case"><p>{situation}</p><p class="l-asked" lang="{lang}">{asked}</p>'
        '<p><a class="k-button" href="{a}" target="_blank" rel="noopener">{label}'
        '<span class="k-hidden">{note}</span></a></p>{why}</div>',
        situation=case.situation.of(view.language),
        lang=view.language,
        asked=asked,
        a=view.link_to("/", q=asked),
        label=view.words("unit.try"),
        note=view.words("page.new_tab"),
        why=_carried(view, why, next(numbers)) if why else _NOTHING,
    )


def terms_in(text: str, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The terms that a text names, in its order; a longer term hides those inside it."""
    found = []
    left = text
    for term in sorted(terms, key=lambda t: len(t.term), reverse=True):
        if term.term in left:
            found.append((text.index(term.term), term))
            left = left.replace(term.term, "\n" * len(term.term))
    return tuple(term for _, term in sorted(found, key=lambda pair: pair[0]))


def _terms(view: View, lesson: Lesson) -> Markup:
    """The terms that the unit names, each with its way into the glossary."""
    text = "".join(c.said.text.ja for c in (*lesson.sentences, *lesson.notes))
    named = terms_in(text, view.visible_terms)
    if not named:
        return _NOTHING
    english = view.language == "en"
    items = [
        html(
            '<li><a href="{a}">{t}</a></li>',
            a=f"{view.link_to(GLOSSARY_PATH)}#t-{term.term_id}",
            t=f"{term.english} ({term.term})" if english else term.term,
        )
        for term in named
    ]
    return html(
        '<section class="l-terms"><h2>{h}</h2><ul>{items}</ul></section>',
        h=view.words("unit.terms"),
        items=join(items),
    )


def _on(view: View, lesson: Lesson) -> Markup:
    key = "unit.to_quiz" if lesson.questions else "unit.read"
    label = view.words(key, count=len(lesson.questions))
    action = view.link(lesson.unit.unit_id, "read")
    return html('<div class="l-on">{b}</div>', b=button(view, action, label, "k-primary"))
