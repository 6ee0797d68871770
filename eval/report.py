"""A run as one page that opens offline: for a section chief first, in Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from eval.floors import Judged, judge, load_floors
from eval.plots import curve_plot, reliability_plot
from eval.report_figures import figures_part, floor_name, slices_part
from eval.report_questions import filters, question_list
from eval.stored import REPORT, StoredRun, write
from eval.wording import PAGE, both, plain

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
    judged = judged_of(run)
    listed, failed = question_list(run)
    style = "".join((PAGE / n).read_text(encoding="utf-8") for n in ("report.css", "parts.css"))
    script = (PAGE / "report.js").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(plain('ja', 'title'))} / {escape(plain('en', 'title'))}</title>"
        f'<style>{style}</style></head><body><a class="skip" href="#questions">{both("skip")}</a>'
        f"{_header(run)}<main>{summary_part(run, judged, failed)}"
        f"{figures_part(run.metrics, judged)}"
        f"{slices_part(run)}{curves_part(run)}"
        f'<section id="questions"><h2>{both("questions")}</h2><p>{both("questions_note")}</p>'
        f"{filters(run.outcomes, run.info['titles'])}"
        f'<p aria-live="polite"><output id="count">{len(run.outcomes)}</output>'
        f" / {len(run.outcomes)} {both('shown')}</p>{listed}</section>"
        f"{about_part(run.info)}</main><script>{script}</script></body></html>\n"
    )


def judged_of(run: StoredRun) -> tuple[Judged, ...]:
    """A run's figures held to the floors that lay beside its questions."""
    files = [Path(path) for path in run.info.get("floors", [])]
    floors = [floor for file in files if file.is_file() for floor in load_floors(file)]
    return judge(floors, run.metrics)


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


def summary_part(run: StoredRun, judged: Sequence[Judged], failed: int) -> str:
    """What a section chief reads first: whether the floors hold, and what was asked."""
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
        f'<section class="summary"><h2>{both("summary")}</h2>{verdict_part(judged)}'
        f'<p>{asked}</p><p>{passed}</p><p class="meta">{both("interval_note")}</p></section>'
    )


def _count(values: Mapping[str, Mapping[str, float]], name: str) -> int:
    return sum(own.get(name) == 1.0 for own in values.values())


def verdict_part(judged: Sequence[Judged]) -> str:
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
        names = comma.join(form.format(floor_name(language, j)) for j in judged)
        told = plain(language, name, "", names=names, **values)
        spans.append(f'<span class="{language}">{escape(told)}</span>')
    mark = "✕ " if kind == "bad" else ""
    return f'<p class="{"lead bad" if kind else "meta"}">{mark}{"".join(spans)}</p>'


def curves_part(run: StoredRun) -> str:
    """The curve over refusal thresholds, and whether confidence can be relied on."""
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


def about_part(info: Mapping[str, Any]) -> str:
    """What was measured with what, so that it can be repeated."""
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
