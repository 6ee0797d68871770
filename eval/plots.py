"""Plots as inline SVG, with no script and nothing from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from eval.wording import LANGUAGES, plain

_WIDTH, _HEIGHT = 640, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 14, 50
_ROW, _LABEL, _WIDE = 26, 300, 350
Point = tuple[float, float]
Row = tuple[str, Mapping[str, Any] | None]
"""A label as SVG placed at x = 0, and its figure; None for a heading."""


def text(
    x: float, y: float, name: str, anchor: str = "middle", group: str = "", css: str = ""
) -> str:
    """A phrase in both languages at a place."""
    return "".join(
        f'<text class="{language} {css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(plain(language, name, group))}</text>"
        for language in LANGUAGES
    )


def figures_plot(rows: Sequence[Row], label: str) -> str:
    """A dot and an interval a row, on a scale of 0 to 1.

    Args:
        rows: the labels with their figures, in order.
        label: what the plot shows, for who cannot see it.
    """
    height = _ROW * len(rows) + 34
    span = _WIDTH - _LABEL - 60
    parts = [_grid(_LABEL + span * share, 0, height - 26, share) for share in _SHARES]
    for number, (name, figure) in enumerate(rows):
        y = _ROW * number + _ROW / 2
        if figure is None:
            parts.append(f'<g transform="translate(0 {y:.1f})">{name}</g>')
            continue
        low, value, high = (_LABEL + span * figure[k] for k in ("low", "value", "high"))
        told = f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"
        parts.append(
            f'<g transform="translate(0 {y:.1f})"><title>{told}</title>{name}'
            f'<line class="span" x1="{low:.1f}" x2="{high:.1f}" y1="0" y2="0"/>'
            f'<circle class="dot" cx="{value:.1f}" cy="0" r="5"/>'
            f'<text x="{_WIDTH}" y="5" text-anchor="end">{figure["count"]}</text></g>'
        )
    return _svg("".join(parts), height, label)


def differences_plot(rows: Sequence[Row], label: str) -> str:
    """A dot and an interval a row around an upright line at no difference.

    Args:
        rows: the labels with their differences (value, low, high), in order.
        label: what the plot shows, for who cannot see it.
    """
    told = [figure for _, figure in rows if figure is not None]
    widest = max((abs(f[k]) for f in told for k in ("low", "high")), default=0.0) or 0.01
    height, span = _ROW * len(rows) + 34, _WIDTH - _WIDE - 20
    places = {share: _WIDE + span * (share + 1) / 2 for share in (-1.0, 0.0, 1.0)}
    parts = [
        f'<line class="{"mark" if share == 0 else "grid"}" x1="{x:.1f}" x2="{x:.1f}" y1="0" '
        f'y2="{height - 26}"/><text x="{x:.1f}" y="{height - 6}" text-anchor="middle">'
        f"{share * widest:+.2f}</text>"
        for share, x in places.items()
    ]
    for number, (name, figure) in enumerate(rows):
        if figure is None:
            y = _ROW * number + _ROW / 2
            parts.append(f'<g transform="translate(0 {y:.1f})">{name}</g>')
            continue
        low, value, high = (
            _WIDE + span * (figure[k] / widest + 1) / 2 for k in ("low", "value", "high")
        )
        parts.append(
            f'<g transform="translate(0 {_ROW * number + _ROW / 2:.1f})">{name}'
            f'<line class="span" x1="{low:.1f}" x2="{high:.1f}" y1="0" y2="0"/>'
            f'<circle class="dot" cx="{value:.1f}" cy="0" r="5"/></g>'
        )
    return _svg("".join(parts), height, label)


def curve_plot(curve: Mapping[str, Mapping[str, float]], threshold: float, label: str) -> str:
    """Refusal F1, precision, recall and wrong refusals over the threshold."""
    parts = [_axes("x_threshold", "y_share")]
    x = _x(threshold)
    parts.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_y(0):.1f}"/>')
    names = ("refusal_f1", "refusal_precision", "refusal_recall", "wrongly_refused")
    for number, name in enumerate(names):
        points = [(float(t), row[name]) for t, row in curve.items()]
        parts.append(f'<path class="line l{number}" d="{_path(points)}"/>')
    return _svg("".join(parts), _HEIGHT, label) + _legend(names)


def reliability_plot(curve: Mapping[str, Mapping[str, float]], label: str) -> str:
    """What came true over what was said; larger dots stand for more questions."""
    parts = [_axes("x_confidence", "y_answerable")]
    parts.append(f'<path class="mark" d="{_path([(0.0, 0.0), (1.0, 1.0)])}"/>')
    points = [(b["confidence"], b["answerable"]) for b in curve.values()]
    if points:
        parts.append(f'<path class="line l0" d="{_path(points)}"/>')
    most = max((b["count"] for b in curve.values()), default=1)
    for (x, y), row in zip(points, curve.values(), strict=True):
        size = 4 + 8 * (row["count"] / most) ** 0.5
        told = f"{x:.2f} / {y:.2f} (n = {row['count']})"
        parts.append(
            f'<circle class="dot" cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{size:.1f}">'
            f"<title>{told}</title></circle>"
        )
    return _svg("".join(parts), _HEIGHT, label)


_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def _legend(names: Sequence[str]) -> str:
    items = "".join(
        f'<li><svg width="40" height="12" aria-hidden="true">'
        f'<path class="line l{number}" d="M0 6 H40"/></svg>'
        + "".join(
            f'<span class="{lang}">{escape(plain(lang, name, "metric"))}</span>'
            for lang in LANGUAGES
        )
        + "</li>"
        for number, name in enumerate(names)
    )
    return f'<ul class="legend">{items}</ul>'


def _svg(inner: str, height: float, label: str) -> str:
    return (
        f'<div class="scroll"><svg class="plot" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(label)}">{inner}</svg></div>'
    )


def _grid(x: float, top: float, bottom: float, share: float) -> str:
    return (
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom:.1f}"/>'
        f'<text x="{x:.1f}" y="{bottom + 20:.1f}" text-anchor="middle">{share:.0%}</text>'
    )


def _axes(x_name: str, y_name: str) -> str:
    parts = [_grid(_x(share), _TOP, _y(0), share) for share in _SHARES]
    for share in _SHARES:
        y = _y(share)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_x(1):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{_LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{share:.0%}</text>'
        )
    parts.append(text(_x(0.5), _HEIGHT - 4, x_name))
    middle = _y(0.5)
    turned = f'<g transform="rotate(-90 12 {middle:.1f})">{text(12, middle, y_name)}</g>'
    return "".join(parts) + turned


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _TOP + (1 - share) * (_HEIGHT - _TOP - _BOTTOM)


def _path(points: Sequence[Point]) -> str:
    return "M" + " L".join(f"{_x(x):.1f} {_y(y):.1f}" for x, y in points)
