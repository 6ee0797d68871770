"""Making a question of feedback, and the list of the office's own questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from assistant.consent import names_of
from assistant.feedback.datatypes import Feedback
from assistant.feedback.panel import said_list
from assistant.feedback.sight import sight_of
from assistant.feedback.store import find
from assistant.feedback.view import PLACE as FEEDBACK
from assistant.markup import html, join, visible
from assistant.personal import find_personal
from assistant.plain_page import (
    Place,
    View,
    ViewError,
    button,
    form,
    link_button,
    notice,
    select,
    shown,
)
from assistant.words import load_words
from eval.errors import EvalError
from eval.office.draft import USES, Draft, Passage, draft_of, lines_of
from eval.office.file import add_question, office_questions
from eval.questions import KINDS, VERDICTS, Question
from eval.wording import plain

PLACE = Place("/evaluation/office", Path(__file__).parent, "o-page")
_LANGUAGES = ("ja", "en")
_NOTHING = Markup("")


def list_view(view: View) -> Response:
    """The questions that there are."""
    words, title = view.words, view.words("list.title")
    try:
        questions = office_questions(view.around.settings.home)
    except EvalError as error:
        raise ViewError(words("error.other", message=str(error)), 500) from error
    added = next((q for q in questions if q.question_id == view.query.get("added")), None)
    body = [
        html("<h1>{t}</h1><p>{lead}</p>", t=title, lead=words("list.lead")),
        notice(words("list.added")) if added else _NOTHING,
        html("<p>{t}</p>", t=words("list.count", count=len(questions))),
        html('<ul class="o-list">{l}</ul>', l=join(_row(view, q) for q in reversed(questions))),
        html(
            "<p>{a} {b}</p>",
            a=link_button(f"{view.around.base}/evaluation", words("list.evaluation")),
            b=link_button(f"{view.around.base}{FEEDBACK.path}", words("list.feedback")),
        ),
    ]
    return shown(view, title, body, dropped=("added",))


def new_view(view: View) -> Response:
    """The form for a question, filled in from feedback."""
    given = _given(view, view.query.get("feedback", ""))
    return _form(view, given, draft_of(given))


def add_action(view: View) -> Response:
    """Add the question that was sent, or show the form again and say what is wrong with it."""
    given = _given(view, view.said("feedback"))
    draft = _sent(view, draft_of(given))
    problem = _problem(view, draft)
    if problem:
        return _form(view, given, draft, problem)
    try:
        add_question(view.around.settings.home, draft.to_row())
    except EvalError as error:
        return _form(view, given, draft, view.words("error.other", message=str(error)))
    return RedirectResponse(view.link("", added=draft.question_id), 303)


def _given(view: View, feedback_id: str) -> Feedback:
    given = find(view.around.state, feedback_id)
    if given is None or not sight_of(view.person, view.around.service).shows(given.whole):
        raise ViewError(view.words("error.gone"))
    return given


def _sent(view: View, draft: Draft) -> Draft:
    """The draft as it was filled in."""
    uses = [view.said(f"use{number}") for number in range(len(draft.passages))]
    passages = [
        replace(passage, use=use if use in USES else "")
        for passage, use in zip(draft.passages, uses, strict=True)
    ]
    return replace(
        draft,
        question=visible(view.said("question")),
        language=view.said("language"),
        kind=view.said("kind"),
        refuse=view.said("refuse") == "yes",
        passages=tuple(passages),
        more=visible(view.said("more")),
        key_points=visible(view.said("key_points")),
        must_not=visible(view.said("must_not")),
        verdicts=tuple(v for v in view.everything_said("verdict") if v in VERDICTS),
    )


def _problem(view: View, draft: Draft) -> str:
    """What a person would most likely have to put right; "" where there is nothing."""
    words, row = view.words, draft.to_row()
    if not draft.question:
        return words("form.no_question")
    if not (draft.refuse or row["answers"] or draft.verdicts):
        return words("form.no_answers")
    if draft.question_id in {q.question_id for q in office_questions(view.around.settings.home)}:
        return words("form.twice")
    return ""


def _row(view: View, question: Question) -> Markup:
    expected = [f"{p.document} {p.locator}".strip() for p in question.answers]
    told = view.words("list.refused") if question.refuse else " ／ ".join(expected)
    return html(
        '<li><p class="o-asked" lang="{lang}">{q}</p><p class="o-quiet">{told}</p></li>',
        lang=question.language,
        q=question.question,
        told=told,
    )


def _form(view: View, given: Feedback, draft: Draft, problem: str = "") -> Response:
    words, title = view.words, view.words("form.title")
    body = join(
        [
            _question(view, draft),
            _refusing(view, draft),
            _passages(view, draft.passages),
            *(
                _lines(view, name, getattr(draft, name))
                for name in ("more", "key_points", "must_not")
            ),
            _verdicts(view, draft) if given.answer.get("verdict") else _NOTHING,
            html('<div class="k-tools">{b}</div>', b=button(words("form.go"), "k-primary")),
        ]
    )
    parts = [
        html(
            '<p class="o-crumbs"><a href="{a}">{t}</a></p>',
            a=f"{view.around.base}{FEEDBACK.path}/one?id={given.feedback_id}",
            t=words("form.back"),
        ),
        html("<h1>{t}</h1><p>{lead}</p>", t=title, lead=words("form.lead")),
        html('<p class="k-notice k-warning" role="alert">{p}</p>', p=problem)
        if problem
        else _NOTHING,
        said_list(replace(view, words=load_words(view.words.language, FEEDBACK.folder)), given),
        form(view.link("add"), body, "o-form", feedback=given.feedback_id),
    ]
    return shown(view, title, parts)


def _question(view: View, draft: Draft) -> Markup:
    words, language = view.words, view.words.language
    concerns = find_personal(draft.question)
    personal = (
        html(
            '<p class="k-notice k-warning" role="alert">{t}</p>',
            t=words("form.personal", found=names_of(concerns, language)),
        )
        if concerns
        else _NOTHING
    )
    kinds = [(kind, plain(language, kind, "kinds")) for kind in KINDS]
    languages = [(name, words(f"language.{name}")) for name in _LANGUAGES]
    return html(
        '{personal}<label for="o-question">{label}</label>'
        '<textarea id="o-question" name="question" rows="2" required>{q}</textarea>'
        '<div class="o-pair">{language}{kind}</div>',
        personal=personal,
        label=words("form.question"),
        q=draft.question,
        language=select("language", words("form.language"), languages, draft.language),
        kind=select("kind", words("form.kind"), kinds, draft.kind),
    )


def _refusing(view: View, draft: Draft) -> Markup:
    choices = join(
        html(
            '<label class="o-choice"><input type="radio" name="refuse" value="{v}"{on}> {t}'
            "</label>",
            v=value,
            on=Markup(" checked") if draft.refuse == refuse else _NOTHING,
            t=view.words(f"form.refuse_{value}"),
        )
        for value, refuse in (("no", False), ("yes", True))
    )
    return html(
        "<fieldset><legend>{l}</legend>{c}</fieldset>", l=view.words("form.refuse"), c=choices
    )


def _passages(view: View, passages: Sequence[Passage]) -> Markup:
    if not passages:
        return _NOTHING
    words = view.words
    options = [(use, words(f"use.{use or 'none'}")) for use in USES]
    rows = join(
        html(
            "<li><p><strong>{title} {locator}</strong>{wrong}</p><blockquote>{quote}</blockquote>"
            "{select}</li>",
            title=passage.title,
            locator=passage.locator,
            wrong=html(' <span class="o-wrong">{t}</span>', t=words("form.called_wrong"))
            if passage.called_wrong
            else _NOTHING,
            quote=passage.quote,
            select=select(f"use{number}", words("form.use"), options, passage.use),
        )
        for number, passage in enumerate(passages)
    )
    return html(
        '<fieldset><legend>{l}</legend><ul class="o-passages">{rows}</ul></fieldset>',
        l=words("form.passages"),
        rows=rows,
    )


def _lines(view: View, name: str, text: str) -> Markup:
    return html(
        '<label for="o-{name}">{label}</label><textarea id="o-{name}" name="{name}" rows="{rows}" '
        'aria-describedby="o-{name}-hint">{text}</textarea><p class="o-quiet" id="o-{name}-hint">'
        "{hint}</p>",
        name=name,
        label=view.words(f"form.{name}"),
        rows=max(2, len(lines_of(text)) + 1),
        text=text,
        hint=view.words(f"form.{name}_hint"),
    )


def _verdicts(view: View, draft: Draft) -> Markup:
    chat = load_words(view.words.language)
    boxes = join(
        html(
            '<label class="o-choice"><input type="checkbox" name="verdict" value="{v}"{on}> {t}'
            "</label>",
            v=verdict,
            on=Markup(" checked") if verdict in draft.verdicts else _NOTHING,
            t=chat(f"verdict.{verdict}"),
        )
        for verdict in ("likely", "depends", "unlikely")
    )
    return html(
        "<fieldset><legend>{l}</legend>{b}</fieldset>", l=view.words("form.verdicts"), b=boxes
    )
