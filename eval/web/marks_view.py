"""People's marks beside the metrics: how far they agree, and where they do not."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from assistant.markup import html, join
from eval.agreement import WHOLE, Agreement, agreements, says_right
from eval.errors import EvalError
from eval.marks import (
    LONGEST_NAME,
    LONGEST_NOTE,
    Mark,
    add_mark,
    marks_file,
    newest_marks,
)
from eval.outcome import Outcome
from eval.reasons import reasons
from eval.report_questions import reason_text
from eval.sampling import Figure
from eval.stored import StoredRun
from eval.web.question_view import kept_query, named_outcome, question_view
from eval.web.questions_view import mark_word
from eval.web.view import View, crumbs, measure_name, shown, table, when


def marks_view(view: View) -> Response:
    """The agreement of the result that the address names with the marks by hand."""
    words, run, state = view.words, view.finished(), view.run()
    title = words("marks.title")
    marks = newest_marks(view.marks(), run.outcomes)
    body = [
        crumbs(view, (when(state.started), view.link("run", run=state.run_id)), (title, "")),
        html("<h1>{t}</h1>", t=title),
    ]
    if not marks:
        body.append(
            html(
                '<p class="k-notice">{t}</p><p><a class="k-button k-primary" href="{a}">{w}</a>'
                "</p>",
                t=words("marks.none"),
                a=view.link("questions", run=state.run_id),
                w=words("marks.choose"),
            )
        )
        return shown(view, title, body)
    found = agreements(run.outcomes, run.metrics["questions"], marks)
    body += [
        html("<p>{t}</p>", t=words("marks.lead", count=len(marks))),
        _table(view, found),
        html("<p>{t}</p>", t=words("marks.definition")),
        _disagreements(view, run, marks),
        html(
            '<p><a class="k-button" href="{a}" download>{t}</a></p>',
            a=view.link("export", run=state.run_id, what="marks_csv"),
            t=words("report.marks_csv"),
        ),
    ]
    return shown(view, title, body)


def keep_mark(view: View, verdict: str, who: str, note: str) -> Response:
    """Keep a mark and show the question again; it says why where it cannot be kept."""
    run, state = view.finished(), view.run()
    outcome = named_outcome(view, run)
    if not 0 < len(who.strip()) <= LONGEST_NAME:
        return question_view(view, view.words("mark.no_name", limit=LONGEST_NAME))
    if len(note.strip()) > LONGEST_NOTE:
        return question_view(view, view.words("mark.too_long", limit=f"{LONGEST_NOTE:,}"))
    try:
        add_mark(marks_file(view.home), state.run_id, outcome, verdict, who, note)
    except EvalError as error:
        return question_view(view, view.words("error.other", message=str(error)))
    asked = {"run": state.run_id, "id": outcome.question.question_id, "kept": "1"}
    return RedirectResponse(f"{view.link('question', **asked, **kept_query(view))}#mark", 303)


def _table(view: View, found: tuple[Agreement, ...]) -> Markup:
    words = view.words
    heads = (
        "what",
        "accuracy",
        "kappa",
        "both_right",
        "both_wrong",
        "only_hand",
        "only_metric",
        "count",
    )
    rows = [
        [
            words("marks.whole") if a.name == WHOLE else measure_name(view, a.name),
            _figure(a.accuracy, "{:.0%}"),
            _figure(a.kappa, "{:.2f}") if a.kappa else words("marks.undefined"),
            a.both_right,
            a.both_wrong,
            a.only_hand,
            a.only_metric,
            a.count,
        ]
        for a in found
    ]
    return table([words(f"marks.{head}") for head in heads], rows)


def _figure(figure: Figure, form: str) -> str:
    told = [form.format(value) for value in (figure.value, figure.low, figure.high)]
    return f"{told[0]} [{told[1]}, {told[2]}]"


def _disagreements(view: View, run: StoredRun, marks: Mapping[str, Mark]) -> Markup:
    words, values = view.words, run.metrics["questions"]
    apart = [
        (o, marks[o.question.question_id])
        for o in run.outcomes
        if o.question.question_id in marks
        and says_right(o, values.get(o.question.question_id, {}))
        != (marks[o.question.question_id].verdict == "right")
    ]
    heading = html("<h2>{h}</h2>", h=words("marks.disagreements"))
    if not apart:
        return heading + html("<p>{t}</p>", t=words("marks.no_disagreements"))
    listed = join(_apart(view, o, m, values.get(o.question.question_id, {})) for o, m in apart)
    return heading + html('<ul class="e-questions">{i}</ul>', i=listed)


def _apart(view: View, outcome: Outcome, mark: Mark, values: Mapping[str, float]) -> Markup:
    asked = outcome.question
    why = join(
        html('<span class="brief">{r}</span>', r=Markup(reason_text(r)))
        for r in reasons(outcome, values)
    )
    said = f"{mark.who}, {when(mark.at)}{': ' + mark.note if mark.note else ''}"
    return html(
        '<li><span class="badge">{hand}</span><a class="asked" lang="{lang}" href="{link}">{asked}'
        '</a><span class="meta">{id}</span><span class="brief">{said}</span>{why}</li>',
        hand=mark_word(view, mark.verdict),
        lang=asked.language,
        link=view.link("question", run=view.query["run"], id=asked.question_id),
        asked=asked.question,
        id=asked.question_id,
        said=said,
        why=why,
    )
