"""One result: whether it is good enough, its figures and plots, and ways to its questions."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from assistant.markup import html, join
from eval.agreement import says_right
from eval.report import about_part, curves_part, judged_of, summary_part
from eval.report_figures import figures_part, slices_part
from eval.web.exports import EXPORTS
from eval.web.questions_view import order_for
from eval.web.view import View, crumbs, shown, when


def run_view(view: View) -> Response:
    """The result that the address names."""
    words, run, state = view.words, view.finished(), view.run()
    values = run.metrics["questions"]
    failed = sum(not says_right(o, values.get(o.question.question_id, {})) for o in run.outcomes)
    judged = judged_of(run)
    title = words("report.title", started=when(state.started))

    def link(metric: str, kind: str = "", group: str = "") -> str:
        chosen = {kind: group} if kind else {}
        return view.link("questions", run=state.run_id, measure=order_for(metric), **chosen)

    body = [
        crumbs(view, (title, "")),
        html("<h1>{t}</h1>", t=title),
        Markup(summary_part(run, judged, failed)),
        _ways(view, state.run_id),
        Markup(figures_part(run.metrics, judged, link)),
        html('<p class="e-quiet">{n}</p>', n=words("report.figures_note")),
        Markup(slices_part(run, link)),
        html('<p class="e-quiet">{n}</p>', n=words("report.slices_note")),
        Markup(curves_part(run)),
        Markup(about_part(run.info)),
        _exports(view, state.run_id),
    ]
    return shown(view, title, body)


def _ways(view: View, run_id: str) -> Markup:
    ways = [
        ("questions", "questions", "k-primary"),
        ("marks", "marks", ""),
        ("compare", "compare", ""),
    ]
    links = join(
        html(
            '<a class="k-button {css}" href="{a}">{t}</a>',
            css=css,
            a=view.link(path, **({"after": run_id} if path == "compare" else {"run": run_id})),
            t=view.words(f"report.{word}"),
        )
        for path, word, css in ways
    )
    return html('<p class="k-tools">{links}</p>', links=links)


def _exports(view: View, run_id: str) -> Markup:
    items = join(
        html(
            '<li><a href="{a}" download>{t}</a></li>',
            a=view.link("export", run=run_id, what=name),
            t=view.words(f"report.{name}"),
        )
        for name in EXPORTS
    )
    return html(
        '<section aria-labelledby="e-save"><h2 id="e-save">{h}</h2><ul class="e-links">{i}</ul>'
        "</section>",
        h=view.words("report.exports"),
        i=items,
    )
