"""Two results side by side: what moved, whether by chance, and the questions that flipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from starlette.responses import Response

from assistant.markup import html, join
from eval.compare import Change, Comparison, Flip, compare
from eval.errors import EvalError
from eval.plots import differences_plot, text
from eval.provenance import changed
from eval.running import list_runs
from eval.stored import StoredRun
from eval.web.overview import compare_form
from eval.web.view import View, ViewError, crumbs, measure_name, shown, table
from eval.wording import plain

_NOTHING = Markup("")


def compare_view(view: View) -> Response:
    """The comparison that the address asks for, or the choice of one."""
    words, title = view.words, view.words("compare.title")
    runs = [run for run in list_runs(view.home) if run.stage == "done"]
    first, second = view.query.get("before", ""), view.query.get("after", "")
    body = [crumbs(view, (title, "")), html("<h1>{t}</h1>", t=title)]
    if runs:
        body.append(compare_form(view, runs, first, second))
    if first and second:
        if first == second:
            raise ViewError(words("compare.same"), 400)
        body += _compared(view, view.finished("before"), view.finished("after"))
    return shown(view, title, body)


def _compared(view: View, before: StoredRun, after: StoredRun) -> list[Markup]:
    words = view.words
    try:
        found = compare(before.metrics, after.metrics)
    except EvalError as error:
        raise ViewError(words("error.other", message=str(error)), 409) from error
    counts = {n: getattr(found, n) for n in ("common", "only_before", "only_after")}
    asked = {o.question.question_id: o.question.question for o in after.outcomes}
    return [
        _verdict(view, found),
        html(
            "<p>{lead} {differs}</p>",
            lead=words("compare.lead", **counts),
            differs=_differs(view, before, after),
        ),
        _plot(view, found.changes),
        _table(view, found),
        html('<p class="e-quiet">{n} {l}</p>', n=words("compare.note"), l=words("compare.latency")),
        _flips(view, "flips_worse", [f for f in reversed(found.flips) if f.gain < 0], asked),
        _flips(view, "flips_better", [f for f in found.flips if f.gain >= 0], asked),
    ]


def _verdict(view: View, found: Comparison) -> Markup:
    """What got clearly better or worse, in a sentence each."""
    parts = []
    for better, word, tone in ((False, "worse", "bad"), (True, "better", "good")):
        names = [_quoted(view, c.metric) for c in found.changes if c.better is better]
        if names:
            comma = "" if view.words.language == "ja" else ", "
            said = view.words(f"compare.{word}", names=comma.join(names))
            sign = "✕ " if tone == "bad" else "○ "
            parts.append(html('<p class="lead {tone}">{s}{t}</p>', tone=tone, s=sign, t=said))
    return join(parts) or html('<p class="lead">{t}</p>', t=view.words("compare.same_result"))


def _quoted(view: View, metric: str) -> str:
    form = "「{}」" if view.words.language == "ja" else "“{}”"
    return form.format(measure_name(view, metric))


def _differs(view: View, before: StoredRun, after: StoredRun) -> str:
    names = [plain(view.words.language, n, "about") for n in changed(before.info, after.info)]
    if not names:
        return view.words("compare.unchanged")
    comma = "、" if view.words.language == "ja" else ", "
    return view.words("compare.changed", names=comma.join(names))


def _plot(view: View, changes: Sequence[Change]) -> Markup:
    rows = [
        (text(0, 5, c.metric, "start", "metric"), c.difference.to_dict())
        for c in changes
        if c.difference.low or c.difference.high
    ]
    if not rows:
        return _NOTHING
    label = view.words("compare.plot")
    return html(
        "<figure>{p}<figcaption>{l}</figcaption></figure>",
        p=Markup(differences_plot(rows, label)),
        l=label,
    )


def _table(view: View, found: Comparison) -> Markup:
    words = view.words
    heads = ("metric", "before", "after", "difference", "p", "judged")
    told = {True: ("good", "better"), False: ("bad", "worse"), None: ("", "same")}
    rows: list[list[object]] = [
        [
            measure_name(view, c.metric),
            f"{c.before:.3f}",
            f"{c.after:.3f}",
            f"{c.difference.value:+.3f} [{c.difference.low:+.3f}, {c.difference.high:+.3f}]",
            f"{c.p:.3f}",
            html(
                '<span class="{css}">{w}</span>',
                css=told[c.better][0],
                w=words(f"compare.word_{told[c.better][1]}"),
            ),
        ]
        for c in found.changes
    ]
    rows += [
        [measure_name(view, name), f"{was:.0f} ms", f"{now:.0f} ms", f"{now - was:+.0f} ms", "", ""]
        for name, (was, now) in found.latency.items()
    ]
    return table([words(f"compare.{head}") for head in heads], rows)


def _flips(view: View, name: str, flips: Sequence[Flip], asked: Mapping[str, str]) -> Markup:
    words = view.words
    items = join(
        html(
            '<li><a class="asked" href="{link}">{asked}</a><span class="meta">{gain} {id}</span>'
            '<span class="brief">{moved}</span></li>',
            link=view.link(
                "question",
                run=view.query["after"],
                id=flip.question_id,
                against=view.query["before"],
            ),
            asked=asked.get(flip.question_id, flip.question_id),
            gain=f"{words('compare.gain')} {flip.gain:+.2f}",
            id=flip.question_id,
            moved=_moved(view, flip),
        )
        for flip in flips
    )
    listed = html('<ul class="e-questions e-flips">{i}</ul>', i=items)
    return html(
        "<section><h2>{h}</h2>{listed}</section>",
        h=words(f"compare.{name}", count=len(flips)),
        listed=listed if flips else html("<p>{t}</p>", t=words("compare.no_flips")),
    )


def _moved(view: View, flip: Flip) -> str:
    comma = "、" if view.words.language == "ja" else "; "
    return comma.join(
        f"{measure_name(view, name)} {was:.2f} → {now:.2f}"
        for name, (was, now) in flip.moved.items()
    )
