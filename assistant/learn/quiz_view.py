"""The quiz of a unit: one question a page, and after the answer why each option is right or not."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from assistant.learn import store
from assistant.learn.lesson import Lesson, score
from assistant.learn.store import Answered
from assistant.learn.unit_view import checking_notice, step_link
from assistant.learn.view import (
    View,
    ViewError,
    button,
    crumbs,
    form,
    go,
    link_button,
    notice,
    render_quoted,
    shown,
)
from assistant.markup import html, join
from corpus.units import Option, Question

_NOTHING = Markup("")


def quiz_view(view: View) -> Response:
    """A question, or what came of it."""
    lesson, question = view.lesson, _question(view)
    answered = view.of(lesson).answers.get(question.question_id)
    if answered is None or "again" in view.query or not _fits(answered, question):
        return _page(view, lesson, [_asked(view, question)])
    return _page(view, lesson, _told(view, lesson, question, answered))


def answer(view: View) -> Response:
    """Keep an answer, and show what came of it."""
    lesson, question = view.lesson, _question(view)
    places = [p for p in view.fields.get("choice", ()) if p.isascii() and p.isdigit()]
    chosen = frozenset(int(p) for p in places if int(p) < len(question.options))
    if not chosen or (len(chosen) > 1 and not question.several):
        warning = notice(view.words("quiz.nothing"), "k-warning")
        return _page(view, lesson, [warning, _asked(view, question)], 400)
    store.keep_answer(
        view.around.state,
        view.person.person_id,
        lesson.unit.unit_id,
        question.question_id,
        chosen,
        chosen == question.right,
        lesson.question_ids,
    )
    return go(view.link(lesson.unit.unit_id, "quiz", int(view.place["number"])) + "#told")


def end_view(view: View) -> Response:
    """The end of a unit: every question with its outcome, and the way on."""
    lesson, words = view.lesson, view.words
    right, total = score(lesson, view.of(lesson))
    done = bool(view.of(lesson).done_at)
    heading = words("end.done") if done else words("end.not_yet")
    lead = words("end.score", right=right, total=total) if total else ""
    rows = join(_outcome(view, lesson, n, q) for n, q in enumerate(lesson.questions, 1))
    body = [
        crumbs(view, _here(view, lesson), (words("end.title"), "")),
        html("<h1>{t}</h1><p class='l-lead'>{l}</p>", t=heading, l=lead),
        checking_notice(view, lesson),
        html('<ol class="l-outcomes">{rows}</ol>', rows=rows),
        _onward(view, lesson),
    ]
    return shown(view, f"{words('end.title')} - {lesson.unit.title.of(view.language)}", body)


def _question(view: View) -> Question:
    number = int(view.place["number"])
    questions = view.lesson.questions
    if not 1 <= number <= len(questions):
        raise ViewError(view.words("error.no_question"))
    return questions[number - 1]


def _fits(answered: Answered, question: Question) -> bool:
    """Whether an answer was given to the options that the question offers now."""
    return all(place < len(question.options) for place in answered.chosen)


def _here(view: View, lesson: Lesson) -> tuple[str, str]:
    return lesson.unit.title.of(view.language), view.link(lesson.unit.unit_id)


def _page(view: View, lesson: Lesson, parts: list[Markup], status: int = 200) -> Response:
    number, total = int(view.place["number"]), len(lesson.questions)
    name = view.words("quiz.number", number=number, total=total)
    body = [
        crumbs(view, _here(view, lesson), (name, "")),
        html('<h1 class="l-quiz-number">{t}</h1>', t=name),
        checking_notice(view, lesson),
        *parts,
    ]
    return shown(view, f"{name} - {lesson.unit.title.of(view.language)}", body, status)


def _asked(view: View, question: Question) -> Markup:
    """The form."""
    words, kind = view.words, "checkbox" if question.several else "radio"
    options = join(
        html(
            '<label class="l-option"><input type="{kind}" name="choice" value="{n}">'
            "<span>{t}</span></label>",
            kind=kind,
            n=n,
            t=option.text.of(view.language),
        )
        for n, option in enumerate(question.options)
    )
    inner = html(
        '<fieldset class="l-question"><legend>{q}</legend><p class="l-hint">{hint}</p>{options}'
        '</fieldset><button class="k-button k-primary">{send}</button>',
        q=question.text.of(view.language),
        hint=words("quiz.several" if question.several else "quiz.one"),
        options=options,
        send=words("quiz.send"),
    )
    return form(view, view.link(view.lesson.unit.unit_id, "quiz", view.place["number"]), inner)


def _told(view: View, lesson: Lesson, question: Question, answered: Answered) -> list[Markup]:
    """What came of an answer."""
    words, number = view.words, int(view.place["number"])
    options = join(
        _explained(view, n, option, n in answered.chosen)
        for n, option in enumerate(question.options)
    )
    last = number == len(lesson.questions)
    return [
        html('<h2 class="l-asked-again">{q}</h2>', q=question.text.of(view.language)),
        html(
            '<p class="k-notice l-verdict l-is-{kind}" id="told" role="status">{t}</p>',
            kind="right" if answered.right else "wrong",
            t=words(_verdict(question, answered)),
        ),
        html('<ol class="l-explained">{o}</ol>', o=options),
        html(
            '<div class="l-on">{next} {again}</div>',
            next=link_button(
                step_link(view, lesson, number + 1),
                words("quiz.end" if last else "quiz.next"),
                "k-primary",
            ),
            again=link_button(
                view.link(lesson.unit.unit_id, "quiz", number, again=1), words("quiz.again")
            ),
        ),
    ]


def _verdict(question: Question, answered: Answered) -> str:
    if answered.right:
        return "quiz.right"
    return "quiz.partly" if answered.chosen & question.right else "quiz.wrong"


def _explained(view: View, place: int, option: Option, chosen: bool) -> Markup:
    """An option with its explanation and the passage that carries it."""
    words = view.words
    carried = view.looking.carried(option.why)
    marks = [("l-mark-right", "quiz.is_right") if option.right else ("l-mark-not", "quiz.is_not")]
    if chosen:
        marks.append(("l-mark-own", "quiz.own"))
    return html(
        '<li class="l-option-told{own}"><p class="l-marks">{marks}</p>'
        '<p class="l-option-text">{t}</p><div class="l-said"><p class="l-text">{why}</p>{card}'
        "</div></li>",
        own=" l-own" if chosen else "",
        marks=join(html('<span class="{c}">{t}</span>', c=c, t=words(k)) for c, k in marks),
        t=option.text.of(view.language),
        why=option.why.text.of(view.language),
        card=render_quoted(view, carried.quoted, place + 1) if carried else _NOTHING,
    )


def _outcome(view: View, lesson: Lesson, number: int, question: Question) -> Markup:
    answered = view.of(lesson).answers.get(question.question_id)
    state = "open" if answered is None else "right" if answered.right else "wrong"
    return html(
        '<li class="l-outcome l-is-{state}"><strong>{said}</strong> <a href="{a}">{q}</a></li>',
        state=state,
        said=view.words(f"end.{state}"),
        a=view.link(lesson.unit.unit_id, "quiz", number),
        q=question.text.of(view.language),
    )


def _onward(view: View, lesson: Lesson) -> Markup:
    """The next unit that is not done, and the way back."""
    words = view.words
    after = view.lessons[view.lessons.index(lesson) + 1 :]
    ahead = [x for x in (*after, *view.lessons) if x != lesson and not view.of(x).done_at]
    ways = [link_button(view.link(), words("end.back"))]
    if ahead:
        label = words("end.next", title=ahead[0].unit.title.of(view.language))
        ways.insert(0, button(view, view.link(ahead[0].unit.unit_id, "open"), label, "k-primary"))
    return html('<div class="l-on">{w}</div>', w=join(ways, " "))
