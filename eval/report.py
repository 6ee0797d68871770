"""A run as one page that opens offline: for a section chief first, in Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from eval.floors import Judged, judge, load_floors
from eval.plots import Row, curve_plot, figures_plot, reliability_plot, text
from eval.report_questions import filters, question_list
from eval.stored import REPORT, StoredRun, write
from eval.wording import LANGUAGES, PAGE, both, plain

_MAIN = (
    "success@5",
    "success@1",
    "citation_precision",
    "citation_recall",
    "citation_recall@3",
    "key_points",
    "quotes_exact",
    "contradiction",
    "verdict",
    "wrongly_refused",
    "refusal_recall",
    "refusal_precision",
    "refusal_f1",
    "language_right",
    "verified",
    "recall@10",
    "rr",
    "ndcg@10",
    "latency_median",
    "latency_p95",
)
_SLICED = ("success@5", "key_points", "citation_precision", "refusal_right")
_ABOUT = (
    "as_of",
    "questions",
    "index",
    "search",
    "settings",
    "engine",
    "code",
    "git",
    "versions",
    "machine",
)


def write_report(run: StoredRun) -> None:
    """Write ``report.html`` into the run's folder."""
    write(run.folder / REPORT, report_html(run))


def report_html(run: StoredRun) -> str:
    """The page: words and drawings alone, its style and script inside."""
    floors = [
        f
        for path in run.info.get("floors", [])
        if Path(path).is_file()
        for f in load_floors(Path(path))
    ]
    judged = judge(floors, run.metrics)
    listed, failed = question_list(run)
    style = (PAGE / "report.css").read_text(encoding="utf-8")
    script = (PAGE / "report.js").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(plain('ja', 'title'))} / {escape(plain('en', 'title'))}</title>"
        f'<style>{style}</style></head><body><a class="skip" href="#questions">{both("skip")}</a>'
        f"{_header(run)}<main>{_summary(run, judged, failed)}{_figures(run.metrics, judged)}"
        f"{_slices(run)}{_curves(run)}"
        f'<section id="questions"><h2>{both("questions")}</h2><p>{both("questions_note")}</p>'
        f"{filters(run.outcomes, run.info['titles'])}"
        f'<p aria-live="polite"><output id="count">{len(run.outcomes)}</output>'
        f" / {len(run.outcomes)} {both('shown')}</p>{listed}</section>"
        f"{_about(run.info)}</main><script>{script}</script></body></html>\n"
    )


def _header(run: StoredRun) -> str:
    index = run.info["index"]
    told = both(
        "subtitle",
        date=run.info["as_of"],
        count=len(run.outcomes),
        documents=index["documents"],
        passages=index["passages"],
    )
    return (
        f"<header><div><h1>{both('title')}</h1><p>{told}</p></div>"
        f'<button type="button" id="switch">{both("switch")}</button></header>'
    )


def _summary(run: StoredRun, judged: Sequence[Judged], failed: int) -> str:
    refuse = [o for o in run.outcomes if o.question.refuse]
    answerable = [o for o in run.outcomes if not o.question.refuse]
    values = run.metrics["questions"]
    asked = both(
        "asked",
        answerable=len(answerable),
        placed=sum(bool(o.question.answers) for o in answerable),
        served=_count(values, "success@5"),
        refused=_count(values, "wrongly_refused"),
        refuse=len(refuse),
        caught=sum(o.refused for o in refuse),
    )
    passed = both("passed", ok=len(run.outcomes) - failed, failed=failed)
    return (
        f'<section class="summary"><h2>{both("summary")}</h2>{_verdict(judged)}'
        f'<p>{asked}</p><p>{passed}</p><p class="meta">{both("interval_note")}</p></section>'
    )


def _count(values: Mapping[str, Mapping[str, float]], name: str) -> int:
    return sum(own.get(name) == 1.0 for own in values.values())


def _verdict(judged: Sequence[Judged]) -> str:
    """Whether the floors hold, in a sentence."""
    told = [j for j in judged if j.held is not None]
    untold = [j for j in judged if j.held is None]
    broken = [j for j in told if not j.held]
    parts = []
    if not judged:
        parts.append(f"<p>{both('floors_none')}</p>")
    elif broken:
        parts.append(
            _sentence("floors_some", "bad", broken, total=len(told), held=len(told) - len(broken))
        )
    elif told:
        parts.append(f'<p class="lead good">○ {both("floors_all", total=len(told))}</p>')
    if untold:
        parts.append(_sentence("floors_unmeasured", "", untold))
    return "".join(parts)


def _sentence(name: str, kind: str, judged: Sequence[Judged], **values: int) -> str:
    spans = []
    for language, form, comma in (("ja", "「{}」", ""), ("en", "“{}”", ", ")):
        names = comma.join(form.format(_floor_name(language, j)) for j in judged)
        told = plain(language, name, "", names=names, **values)
        spans.append(f'<span class="{language}">{escape(told)}</span>')
    mark = "✕ " if kind == "bad" else ""
    return f'<p class="{"lead bad" if kind else "meta"}">{mark}{"".join(spans)}</p>'


def _floor_name(language: str, judged: Judged) -> str:
    name = plain(language, judged.floor.metric, "metric")
    kind, _, group = judged.floor.group.partition(":")
    if kind == "language":
        group = plain(language, group)
    return f"{name} ({group})" if group else name


def _figures(metrics: Mapping[str, Any], judged: Sequence[Judged]) -> str:
    rows = []
    for name in _MAIN:
        figure = metrics["all"][name]
        floors = [j for j in judged if j.floor.metric == name]
        whole = [j for j in floors if not j.floor.group]
        if figure["count"] or whole:
            label = f'<th scope="row">{both(name, "metric")}</th>'
            rows.append(_row(label, name, figure, whole[0] if whole else None))
        for one in (j for j in floors if j.floor.group):
            spans = "".join(
                f'<span class="{lang}">└ {escape(_floor_name(lang, one))}</span>'
                for lang in LANGUAGES
            )
            kind, _, group = one.floor.group.partition(":")
            own = metrics.get(kind, {}).get(group, {}).get(name, {**figure, "count": 0})
            rows.append(_row(f'<th scope="row">{spans}</th>', name, own, one))
    heads = ("what", "result", "interval", "of", "floor", "judged")
    head = "".join(f'<th scope="col">{both(name)}</th>' for name in heads)
    return (
        f'<section><h2>{both("figures")}</h2><div class="scroll"><table><thead><tr>{head}</tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def _row(label: str, name: str, figure: Mapping[str, Any], judged: Judged | None) -> str:
    cells = [
        _amount(name, figure["value"]),
        "–".join(_amount(name, figure[k]) for k in ("low", "high")),
    ]
    if not figure["count"]:
        cells = ["—", "—"]
    limit = word = ""
    if judged is not None:
        kind = "at_most" if judged.floor.at_most else "at_least"
        limit = both(kind, limit=_amount(name, judged.floor.limit))
        word = both({True: "held", False: "broken", None: "unjudged"}[judged.held])
    tone = {True: "good", False: "bad", None: ""}[judged.held if judged else None]
    told = "".join(f"<td>{cell}</td>" for cell in (*cells, str(figure["count"]), limit))
    return f'<tr>{label}{told}<td class="{tone}">{word}</td></tr>'


def _amount(name: str, value: float) -> str:
    if name.startswith("latency"):
        return f"{value:,.0f} ms"
    return f"{value:.3f}" if name in ("rr", "ndcg@10", "refusal_f1") else f"{value:.1%}"


def _slices(run: StoredRun) -> str:
    plots = []
    for name in _SLICED:
        rows: list[Row] = [(text(0, 5, "show_all", "start"), run.metrics["all"][name])]
        for kind in ("language", "kind", "set", "document"):
            held = [(g, f[name]) for g, f in run.metrics[kind].items() if f[name]["count"]]
            if held:
                rows.append((text(0, 5, kind, "start", css="head"), None))
                rows += [(_slice_label(kind, g, run.info), figure) for g, figure in held]
        plot = figures_plot(rows, f"{plain('ja', name, 'metric')} / {plain('en', name, 'metric')}")
        opened = " open" if name == _SLICED[0] else ""
        plots.append(
            f'<details class="part"{opened}><summary>{both(name, "metric")}</summary>{plot}'
            "</details>"
        )
    return (
        f"<section><h2>{both('slices')}</h2><p>{both('slice_note')}</p>{''.join(plots)}</section>"
    )


def _slice_label(kind: str, group: str, info: Mapping[str, Any]) -> str:
    """The name of a group, cut where it would run into the plot."""
    if kind == "kind":
        return text(12, 5, group, "start", "kinds")
    if kind == "language":
        return text(12, 5, group, "start")
    names = info["titles"].get(group, (group, group))
    return "".join(
        f'<text class="{language}" x="12" y="5">{escape(_cut(name, most))}</text>'
        for language, name, most in zip(LANGUAGES, names, (21, 40), strict=True)
    )


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _curves(run: StoredRun) -> str:
    threshold = run.info["settings"]["threshold"]
    curve, told = run.metrics["refusal_curve"], run.metrics["reliability"]
    labels = {n: f"{plain('ja', n)} / {plain('en', n)}" for n in ("curve", "reliability")}
    return (
        f"<section><h2>{both('curve')}</h2><p>{both('curve_note', threshold=threshold)}</p>"
        f"{curve_plot(curve, threshold, labels['curve'])}{_curve_table(curve)}</section>"
        f"<section><h2>{both('reliability')}</h2>"
        f"<p>{both('reliability_note', ece=told['ece'], brier=told['brier'])}</p>"
        f"{reliability_plot(told['curve'], labels['reliability'])}"
        f"{_curve_table(told['curve'])}</section>"
    )


def _curve_table(curve: Mapping[str, Mapping[str, float]]) -> str:
    names = list(next(iter(curve.values()), {}))
    heads = {"confidence": "x_confidence", "answerable": "y_answerable", "count": "of"}
    cells = [both(heads[n]) if n in heads else both(n, "metric") for n in names]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in cells)
    rows = "".join(
        f'<tr><th scope="row">{escape(key)}</th>'
        + "".join(f"<td>{row[n]:{'d' if n == 'count' else '.3f'}}</td>" for n in names)
        + "</tr>"
        for key, row in curve.items()
    )
    return (
        f'<details class="part"><summary>{both("table")}</summary><div class="scroll"><table>'
        f"<thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _about(info: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{both(name, "about")}</th><td>{escape(_told(value))}</td></tr>'
        for name, value in _about_rows(info)
    )
    return (
        f"<section><h2>{both('method')}</h2><p>{both('method_note')}</p>"
        f'<div class="scroll"><table class="about">{rows}</table></div></section>'
    )


def _about_rows(info: Mapping[str, Any]) -> list[tuple[str, object]]:
    """What is told of a run; folders of this machine are left to ``run.json``."""
    sets = [f"{q['set']} ({q['count']}, SHA-256 {q['sha256'][:16]})" for q in info["questions"]]
    settings = {n: v for n, v in info["settings"].items() if n != "home"}
    shown = {**info, "questions": sets, "settings": settings}
    return [(name, shown.get(name)) for name in _ABOUT]


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {_told(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(_told(v) for v in value)
    return "—" if value is None else str(value)
