"""Two results side by side: what moved, whether by chance, and the questions that flipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup
from starlette.responses import Response

from assistant.markup import html, join
from eval.compare import Change, Comparison, Flip, compare
from eval.errors import EvalError
from eval.plots import Row, differences_plot, text
from eval.provenance import changed
from eval.report_figures import amount, slice_label
from eval.report_questions import option_text
from eval.running import list_runs
from eval.sampling import mean
from eval.stored import StoredRun
from eval.summary import SLICES, groups_of
from eval.web.overview import compare_form
from eval.web.view import View, ViewError, crumbs, measure_name, shown, table
from eval.wording import plain

FIRST = 20
"""Flipped questions shown at once; the others open below them."""
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
        _where(view, found, before, after),
        _table(view, found),
        _searches(view, found, after),
        html('<p class="e-quiet">{n} {l}</p>', n=words("compare.note"), l=words("compare.latency")),
        _flips(view, "flips_worse", [f for f in reversed(found.flips) if f.gain < 0], asked),
        _flips(view, "flips_better", [f for f in found.flips if f.gain >= 0], asked),
    ]


def _verdict(view: View, found: Comparison) -> Markup:
    """What got clearly worse and better, each with its figure before and after."""
    parts = []
    for better, word, tone, sign in ((False, "worse", "bad", "✕"), (True, "better", "good", "○")):
        moved = [c for c in found.changes if c.better is better]
        if moved:
            parts.append(
                html(
                    '<p class="lead {tone}">{sign} {said}</p><ul class="e-moved">{items}</ul>',
                    tone=tone,
                    sign=sign,
                    said=view.words(f"compare.{word}", count=len(moved)),
                    items=join(html("<li>{t}</li>", t=_told(view, c)) for c in moved),
                )
            )
    return join(parts) or html('<p class="lead">{t}</p>', t=view.words("compare.same_result"))


def _told(view: View, change: Change) -> str:
    was, now = (amount(change.metric, value) for value in (change.before, change.after))
    colon = "：" if view.words.language == "ja" else ": "
    return f"{measure_name(view, change.metric)}{colon}{was} → {now}"


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


def _where(view: View, found: Comparison, before: StoredRun, after: StoredRun) -> Markup:
    """How the questions of each group changed on the whole, as their flips are told."""
    gains = {flip.question_id: flip.gain for flip in found.flips}
    shared = {o.question.question_id for o in before.outcomes}
    asked = [o for o in after.outcomes if o.question.question_id in shared]
    rows: list[Row] = []
    for kind in SLICES:
        groups = sorted({g for o in asked for g in groups_of(o, kind)})
        told = []
        for group in groups:
            held = [o.question.question_id for o in asked if group in groups_of(o, kind)]
            change = mean([gains.get(question, 0.0) for question in held])
            if change.low or change.high:
                told.append((slice_label(kind, group, after.info), change.to_dict()))
        rows += [(text(0, 5, kind, "start", css="head"), None), *told] if told else []
    if not rows:
        return _NOTHING
    return html(
        "<section><h2>{h}</h2><p>{n}</p>{p}</section>",
        h=view.words("compare.where"),
        n=view.words("compare.where_note"),
        p=Markup(differences_plot(rows, view.words("compare.where"))),
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


def _searches(view: View, found: Comparison, after: StoredRun) -> Markup:
    """How many passages are no longer, or now, found by their own words, by document."""
    parts = []
    for word, passages in (("lost", found.lost), ("won", found.won)):
        if passages:
            documents = Counter(passage.partition(":")[0] for passage in passages)
            told = "、" if view.words.language == "ja" else ", "
            names = told.join(
                f"{option_text('document', d, after.info['titles'], view.words.language)} ({n})"
                for d, n in documents.most_common()
            )
            said = view.words(f"compare.{word}", count=len(passages), documents=names)
            parts.append(html("<p>{s}</p>", s=said))
    return join(parts)


def _flips(view: View, name: str, flips: Sequence[Flip], asked: Mapping[str, str]) -> Markup:
    words = view.words
    listed = [_flip(view, flip, asked) for flip in flips]
    shown_first, rest = listed[:FIRST], listed[FIRST:]
    more = html(
        '<details class="part"><summary>{t}</summary><ul class="e-questions e-flips">{i}</ul>'
        "</details>",
        t=words("compare.more", count=len(rest)),
        i=join(rest),
    )
    return html(
        '<section><h2>{h}</h2><ul class="e-questions e-flips">{listed}</ul>{more}</section>',
        h=words(f"compare.{name}", count=len(flips)),
        listed=join(shown_first) or html("<li>{t}</li>", t=words("compare.no_flips")),
        more=more if rest else _NOTHING,
    )


def _flip(view: View, flip: Flip, asked: Mapping[str, str]) -> Markup:
    return html(
        '<li><a class="asked" href="{link}">{asked}</a><span class="meta">{gain} {id}</span>'
        '<span class="brief">{moved}</span></li>',
        link=view.link(
            "question",
            run=view.query["after"],
            id=flip.question_id,
            against=view.query["before"],
        ),
        asked=asked.get(flip.question_id, flip.question_id),
        gain=f"{view.words('compare.gain')} {flip.gain:+.2f}",
        id=flip.question_id,
        moved=_moved(view, flip),
    )


def _moved(view: View, flip: Flip) -> str:
    comma = "、" if view.words.language == "ja" else "; "
    return comma.join(
        f"{measure_name(view, name)} {was:.2f} → {now:.2f}"
        for name, (was, now) in flip.moved.items()
    )
