"""One question of a result: its answer, what was expected, why it failed, and people's marks."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from assistant.markup import html, join
from eval.marks import LONGEST_NAME, LONGEST_NOTE, history_of
from eval.outcome import Outcome
from eval.reasons import needs_a_look, reasons
from eval.report_questions import given_part, question_body
from eval.stored import StoredRun, load_run
from eval.web.questions_view import chosen_rows, list_query
from eval.web.view import View, ViewError, crumbs, measure_name, shown, table, when
from eval.wording import both

_NOTHING = Markup("")


def question_view(view: View, error: str = "") -> Response:
    """The question that the address names."""
    words, run, state = view.words, view.finished(), view.run()
    outcome = named_outcome(view, run)
    values = run.metrics["questions"].get(outcome.question.question_id, {})
    found = reasons(outcome, values)
    asked, failed = outcome.question, needs_a_look(found)
    back = view.link("questions", run=state.run_id, **list_query(view))
    body = [
        crumbs(
            view,
            (when(state.started), view.link("run", run=state.run_id)),
            (words("questions.title"), back),
            (asked.question_id, ""),
        ),
        html(
            '<div class="{css}"><p class="badge">{sign} {badge}</p>'
            '<h1 lang="{lang}">{asked}</h1></div>',
            css="failed" if failed else "ok",
            sign="✕" if failed else "○",
            badge=Markup(both("failed" if failed else "ok")),
            lang=asked.language,
            asked=asked.question,
        ),
        Markup(question_body(outcome, found, run.info.get("titles", {}))),
        _against(view, asked.question_id),
        _mark(view, outcome, error),
        _measures(view, values),
        _around(view, run, asked.question_id, back),
    ]
    return shown(view, asked.question, body, 400 if error else 200)


def named_outcome(view: View, run: StoredRun) -> Outcome:
    """The outcome of the question that the address names; raises ViewError where it has none."""
    named = view.query.get("id", "")
    for outcome in run.outcomes:
        if outcome.question.question_id == named:
            return outcome
    raise ViewError(view.words("error.no_question"))


def _against(view: View, question_id: str) -> Markup:
    """The answer of another result, where the address names one."""
    if not view.query.get("against"):
        return _NOTHING
    state = view.run("against")
    heading = view.words("question.against", run=when(state.started))
    other = [o for o in load_run(state.folder).outcomes if o.question.question_id == question_id]
    inner = (
        Markup(f'<div class="body">{given_part(other[0])}</div>')
        if other
        else html("<p>{t}</p>", t=view.words("question.missing"))
    )
    return html("<section><h2>{h}</h2>{inner}</section>", h=heading, inner=inner)


def _mark(view: View, outcome: Outcome, error: str) -> Markup:
    words, asked = view.words, outcome.question
    marks = history_of(view.marks(), outcome)
    entries = join(
        html(
            "<li>{sign} {entry}{note}</li>",
            sign="○" if m.verdict == "right" else "✕",
            entry=words("mark.entry", verdict=words(f"mark.{m.verdict}"), who=m.who, at=when(m.at)),
            note=html("<br>{n}", n=m.note) if m.note else "",
        )
        for m in reversed(marks)
    )
    history = html("<h3>{h}</h3><ul>{e}</ul>", h=words("mark.history"), e=entries)
    kept = html('<p class="k-notice" role="status">{t}</p>', t=words("mark.kept"))
    warning = html('<p class="k-notice k-warning" role="alert">{e}</p>', e=error)
    return html(
        '<section class="e-card" id="mark" aria-labelledby="e-mark"><h2 id="e-mark">{heading}</h2>'
        '<p>{note}</p>{told}<form method="post" action="{action}">'
        '<label>{who}<input name="who" required maxlength="{name_limit}" autocomplete="name" '
        'value="{name}"></label><label>{why}<textarea name="note" rows="2" '
        'maxlength="{note_limit}"></textarea></label><div class="k-tools">'
        '<button class="k-button e-right" name="verdict" value="right">○ {right}</button>'
        '<button class="k-button e-wrong" name="verdict" value="wrong">✕ {wrong}</button></div>'
        "</form>{history}</section>",
        heading=words("mark.heading"),
        note=words("mark.note"),
        told=warning if error else kept if view.query.get("kept") else _NOTHING,
        action=view.link("mark", run=view.query["run"], id=asked.question_id, **kept_query(view)),
        who=words("mark.who"),
        name_limit=LONGEST_NAME,
        name=view.who,
        why=words("mark.why"),
        note_limit=LONGEST_NOTE,
        right=words("mark.right"),
        wrong=words("mark.wrong"),
        history=history if marks else html("<p>{t}</p>", t=words("mark.none")),
    )


def kept_query(view: View) -> dict[str, str | None]:
    """What of the address is kept over a mark: how the list was narrowed, what is compared."""
    return {**list_query(view), "against": view.query.get("against")}


def _measures(view: View, values: dict[str, float]) -> Markup:
    words = view.words
    rows = [[measure_name(view, name), f"{value:.2f}"] for name, value in values.items()]
    return html(
        "<details class='part'><summary>{h}</summary>{t}</details>",
        h=words("question.measures"),
        t=table([words("question.measure"), words("question.value")], rows),
    )


def _around(view: View, run: StoredRun, question_id: str, back: str) -> Markup:
    """The questions before and after this one in the list that it was opened from."""
    ids = [row.question_id for row in chosen_rows(view, run)]
    place = ids.index(question_id) if question_id in ids else -1
    links = [(back, view.words("question.back"))]
    for step, word in ((-1, "previous"), (1, "next")):
        if place >= 0 and 0 <= place + step < len(ids):
            query = {"run": view.query["run"], "id": ids[place + step], **list_query(view)}
            links.append((view.link("question", **query), view.words(f"question.{word}")))
    items = join(html('<a class="k-button" href="{a}">{t}</a>', a=a, t=t) for a, t in links)
    return html('<p class="k-tools">{items}</p>', items=items)
