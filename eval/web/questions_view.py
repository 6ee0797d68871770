"""The questions of a result, narrowed down and put in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response

from assistant.markup import html, join
from eval.marks import Mark, newest_marks
from eval.metrics import LOWER_IS_BETTER, MEASURES
from eval.outcome import Outcome
from eval.questions import fold
from eval.reasons import NOTES, Reason, gravity, needs_a_look, reasons
from eval.report_questions import option_text, reason_text
from eval.retrieval import NAMES
from eval.stored import StoredRun
from eval.summary import SLICES, groups_of
from eval.web.view import View, crumbs, hidden, measure_name, select, shown, when
from eval.wording import both

ORDERS = (*NAMES, *MEASURES)
RESULTS = ("failed", "ok", "marked")
_NOTHING = Markup("")


@dataclass(frozen=True)
class Row:
    """A question in the list: why it needs a look, its value of the measure in order, its mark."""

    outcome: Outcome
    found: tuple[Reason, ...]
    value: float | None
    mark: Mark | None

    @property
    def question_id(self) -> str:
        """The question's id."""
        return self.outcome.question.question_id


def questions_view(view: View) -> Response:
    """The list that the address asks for."""
    words, run, state = view.words, view.finished(), view.run()
    rows = chosen_rows(view, run)
    title = words("questions.title")
    listed = join(_row(view, row, state.run_id) for row in rows)
    body = [
        crumbs(view, (when(state.started), view.link("run", run=state.run_id)), (title, "")),
        html("<h1>{t}</h1>", t=title),
        _filters(view, run, state.run_id),
        html(
            '<p role="status">{text}</p>',
            text=words("questions.shown", total=len(run.outcomes), count=len(rows)),
        ),
        html('<ul class="e-questions">{listed}</ul>', listed=listed)
        if rows
        else html('<p class="k-notice">{t}</p>', t=words("questions.none")),
    ]
    return shown(view, title, body)


def chosen_rows(view: View, run: StoredRun) -> list[Row]:
    """The questions that the address asks for, in its order."""
    marks = newest_marks(view.marks(), run.outcomes)
    values = run.metrics["questions"]
    measure = view.query.get("measure", "")
    rows = [_made(o, values.get(o.question.question_id, {}), measure, marks) for o in run.outcomes]
    kept = [row for row in rows if _fits(view, row, measure)]
    if measure not in ORDERS:
        return sorted(kept, key=lambda row: gravity(row.found))
    sign = -1.0 if measure in LOWER_IS_BETTER else 1.0
    return sorted(kept, key=lambda row: sign * (row.value or 0.0))


def order_for(figure: str) -> str:
    """The measure that puts the questions behind a figure in order, "" where none does."""
    if figure.startswith("refusal_"):
        return "refusal_right"
    return figure if figure in ORDERS else ""


def list_query(view: View) -> dict[str, str | None]:
    """What narrows the list down, to be carried along by links."""
    return {name: view.query.get(name) for name in ("measure", "result", "words", *SLICES)}


def _made(
    outcome: Outcome, own: Mapping[str, float], measure: str, marks: Mapping[str, Mark]
) -> Row:
    mark = marks.get(outcome.question.question_id)
    return Row(outcome, reasons(outcome, own), own.get(measure), mark)


def _fits(view: View, row: Row, measure: str) -> bool:
    query = view.query
    if measure in ORDERS and row.value is None:
        return False
    for name in SLICES:
        if query.get(name) and query[name] not in groups_of(row.outcome, name):
            return False
    failed = needs_a_look(row.found)
    result = query.get("result", "")
    if result and {"failed": not failed, "ok": failed, "marked": row.mark is None}.get(result):
        return False
    text = row.outcome.question.question + row.question_id + str(row.outcome.answer.get("answer"))
    return fold(query.get("words", "")) in fold(text)


def _row(view: View, row: Row, run_id: str) -> Markup:
    asked, failed = row.outcome.question, needs_a_look(row.found)
    why = join(
        html('<span class="brief">{r}</span>', r=Markup(reason_text(r)))
        for r in row.found
        if r.name not in NOTES
    )
    value = "" if row.value is None else f"{row.value:.2f}"
    mark = (
        html('<span class="meta">{m}</span>', m=mark_word(view, row.mark.verdict))
        if row.mark
        else _NOTHING
    )
    return html(
        '<li class="{css}"><span class="badge">{sign} {badge}</span>'
        '<a class="asked" lang="{lang}" href="{link}">{asked}</a>'
        '<span class="meta">{value} {id}</span>{mark}{why}</li>',
        css="failed" if failed else "ok",
        sign="✕" if failed else "○",
        badge=Markup(both("failed" if failed else "ok")),
        lang=asked.language,
        link=view.link("question", run=run_id, id=asked.question_id, **list_query(view)),
        asked=asked.question,
        value=value,
        id=asked.question_id,
        mark=mark,
        why=why,
    )


def mark_word(view: View, verdict: str) -> str:
    """A mark by hand in words, with a sign."""
    sign = "○" if verdict == "right" else "✕"
    return f"{view.words('marks.hand')}: {sign} {view.words(f'mark.{verdict}')}"


def _filters(view: View, run: StoredRun, run_id: str) -> Markup:
    words, query = view.words, view.query
    every = ("", words("questions.all"))
    orders = [("", words("questions.by_gravity"))]
    orders += [(name, measure_name(view, name)) for name in ORDERS]
    results = [every, *((name, words(f"questions.{name}")) for name in RESULTS)]
    parts = [
        select("result", words("questions.result"), results, query.get("result", "")),
        select("measure", words("questions.measure"), orders, query.get("measure", "")),
    ]
    for name in SLICES:
        groups = sorted({g for o in run.outcomes for g in groups_of(o, name)})
        titles = run.info.get("titles", {})
        options = [every, *((g, option_text(name, g, titles, words.language)) for g in groups)]
        parts.append(select(name, Markup(both(name)), options, query.get(name, "")))
    return html(
        '<form class="filters" method="get" role="search" aria-label="{label}" action="{action}">'
        '{hidden}{parts}<label>{words}<input type="search" name="words" value="{said}"></label>'
        '<button class="k-button">{go}</button></form>',
        label=words("questions.filter"),
        action=view.link("questions"),
        hidden=hidden(run=run_id),
        parts=join(parts),
        words=words("questions.words"),
        said=query.get("words", ""),
        go=words("questions.apply"),
    )
