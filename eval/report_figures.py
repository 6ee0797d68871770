"""The figures of a run as HTML: the table with its floors, and the plots by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from eval.floors import Judged
from eval.plots import Row, figures_plot, text
from eval.stored import StoredRun
from eval.wording import LANGUAGES, both, plain

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
    "known@1",
    "latency_median",
    "latency_p95",
)
_NONE: Mapping[str, Any] = {"value": 0.0, "low": 0.0, "high": 0.0, "count": 0}
_SLICED = ("success@5", "key_points", "citation_precision", "refusal_right")
LinkOf = Callable[[str, str, str], str]
"""The address of the questions behind a figure: its measure, its slicing and group ("" all)."""


def figures_part(
    metrics: Mapping[str, Any], judged: Sequence[Judged], link: LinkOf | None = None
) -> str:
    """The main figures with their floors; each leads on where ``link`` gives an address."""
    rows = []
    for name in _MAIN:
        figure = metrics["all"].get(name, _NONE)
        floors = [j for j in judged if j.floor.metric == name]
        whole = [j for j in floors if not j.floor.group]
        if figure["count"] or whole:
            label = f'<th scope="row">{_linked(both(name, "metric"), link, name)}</th>'
            rows.append(_row(label, name, figure, whole[0] if whole else None))
        for one in (j for j in floors if j.floor.group):
            spans = "".join(
                f'<span class="{lang}">└ {escape(floor_name(lang, one))}</span>'
                for lang in LANGUAGES
            )
            kind, _, group = one.floor.group.partition(":")
            own = metrics.get(kind, {}).get(group, {}).get(name, {**figure, "count": 0})
            label = f'<th scope="row">{_linked(spans, link, name, kind, group)}</th>'
            rows.append(_row(label, name, own, one))
    heads = ("what", "result", "interval", "of", "floor", "judged")
    head = "".join(f'<th scope="col">{both(name)}</th>' for name in heads)
    return (
        f'<section><h2>{both("figures")}</h2><div class="scroll"><table><thead><tr>{head}</tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def floor_name(language: str, judged: Judged) -> str:
    """What a floor is of: the measure, and the group where it is of one."""
    name = plain(language, judged.floor.metric, "metric")
    kind, _, group = judged.floor.group.partition(":")
    if kind == "language":
        group = plain(language, group)
    return f"{name} ({group})" if group else name


def _row(label: str, name: str, figure: Mapping[str, Any], judged: Judged | None) -> str:
    cells = [
        amount(name, figure["value"]),
        "–".join(amount(name, figure[k]) for k in ("low", "high")),
    ]
    if not figure["count"]:
        cells = ["—", "—"]
    limit = word = ""
    if judged is not None:
        kind = "at_most" if judged.floor.at_most else "at_least"
        limit = both(kind, limit=amount(name, judged.floor.limit))
        word = both({True: "held", False: "broken", None: "unjudged"}[judged.held])
    tone = {True: "good", False: "bad", None: ""}[judged.held if judged else None]
    told = "".join(f"<td>{cell}</td>" for cell in (*cells, str(figure["count"]), limit))
    return f'<tr>{label}{told}<td class="{tone}">{word}</td></tr>'


def amount(name: str, value: float) -> str:
    """A figure to read: a share, a score from 0 to 1, or milliseconds."""
    if name.startswith("latency"):
        return f"{value:,.0f} ms"
    return f"{value:.3f}" if name in ("rr", "ndcg@10", "refusal_f1") else f"{value:.1%}"


def slices_part(run: StoredRun, link: LinkOf | None = None) -> str:
    """Plots of the main figures by group; each group leads on where ``link`` gives an address."""
    plots = []
    for name in _SLICED:
        rows: list[Row] = [(text(0, 5, "show_all", "start"), run.metrics["all"][name])]
        for kind in ("language", "kind", "set", "document"):
            held = [(g, f[name]) for g, f in run.metrics[kind].items() if f[name]["count"]]
            if held:
                rows.append((text(0, 5, kind, "start", css="head"), None))
                rows += [
                    (_linked(slice_label(kind, g, run.info), link, name, kind, g), figure)
                    for g, figure in held
                ]
        plot = figures_plot(rows, f"{plain('ja', name, 'metric')} / {plain('en', name, 'metric')}")
        opened = " open" if name == _SLICED[0] else ""
        plots.append(
            f'<details class="part"{opened}><summary>{both(name, "metric")}</summary>{plot}'
            "</details>"
        )
    return (
        f"<section><h2>{both('slices')}</h2><p>{both('slice_note')}</p>{''.join(plots)}</section>"
    )


def _linked(inner: str, link: LinkOf | None, metric: str, kind: str = "", group: str = "") -> str:
    return inner if link is None else f'<a href="{escape(link(metric, kind, group))}">{inner}</a>'


def slice_label(kind: str, group: str, info: Mapping[str, Any]) -> str:
    """The name of a group as SVG, cut where it would run into the plot."""
    if kind in ("kind", "set"):
        return text(12, 5, group, "start", f"{kind}s")
    if kind == "language":
        return text(12, 5, group, "start")
    names = info["titles"].get(group, (group, group))
    return "".join(
        f'<text class="{language}" x="12" y="5">{escape(_cut(name, most))}</text>'
        for language, name, most in zip(LANGUAGES, names, (21, 40), strict=True)
    )


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
