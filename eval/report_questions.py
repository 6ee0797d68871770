"""Every question of a run with its answer, what was expected, and why it needs a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from eval.outcome import Outcome, answers_at
from eval.reasons import NOTES, Reason, gravity, needs_a_look, reasons
from eval.stored import StoredRun
from eval.summary import groups_of
from eval.wording import both, plain

_FOUND = 5


Titles = Mapping[str, Sequence[str]]
"""The titles of a document, Japanese and English, by its id."""


def question_list(run: StoredRun) -> tuple[str, int]:
    """The questions as HTML, the gravest first, and how many these are."""
    values, titles = run.metrics["questions"], run.info.get("titles", {})
    told = [(o, reasons(o, values.get(o.question.question_id, {}))) for o in run.outcomes]
    told.sort(key=lambda pair: gravity(pair[1]))
    failed = sum(needs_a_look(found) for _, found in told)
    return "".join(_question(o, found, titles) for o, found in told), failed


def filters(outcomes: Sequence[Outcome], titles: Titles) -> str:
    """The controls that choose which questions are shown."""
    states = [("failed", both("show_failed")), ("ok", both("show_ok"))]
    parts = [_select("result", both("show"), [(v, _both_plain(f"show_{v}")) for v, _ in states])]
    for name in ("set", "language", "kind", "document"):
        groups = sorted({g for o in outcomes for g in groups_of(o, name)})
        options = [(g, option_text(name, g, titles)) for g in groups]
        parts.append(_select(name, both(name), options))
    parts.append(
        f'<label>{both("search")}<input type="search" id="words" autocomplete="off"></label>'
    )
    return f'<div class="filters">{"".join(parts)}</div>'


def _select(name: str, label: str, options: Sequence[tuple[str, str]]) -> str:
    held = "".join(f'<option value="{escape(v)}">{escape(t)}</option>' for v, t in options)
    every = escape(_both_plain("show_all"))
    return (
        f'<label>{label}<select data-filter="{name}"><option value="">{every}</option>'
        f"{held}</select></label>"
    )


def _both_plain(name: str, group: str = "") -> str:
    """Both languages in one line: an option holds no mark-up."""
    texts = dict.fromkeys(plain(language, name, group) for language in ("ja", "en"))
    return " / ".join(texts)


def option_text(name: str, group: str, titles: Titles, language: str = "") -> str:
    """What a group of a slicing is called, in one language or, where none is named, in both."""
    if name == "document":
        told = titles.get(group, (group,))
        return told[-1 if language == "en" else 0] if language else " / ".join(dict.fromkeys(told))
    table = {"kind": "kinds", "set": "sets"}.get(name, "")
    return plain(language, group, table) if language else _both_plain(group, table)


def _question(outcome: Outcome, found: tuple[Reason, ...], titles: Titles) -> str:
    asked = outcome.question
    result = "failed" if needs_a_look(found) else "ok"
    documents = " ".join(groups_of(outcome, "document"))
    mark = "✕" if result == "failed" else "○"
    brief = "".join(
        f'<span class="brief">{reason_text(r)}</span>' for r in found if r.name not in NOTES
    )
    return (
        f'<details class="q {result}" id="q-{escape(asked.question_id)}" data-result="{result}" '
        f'data-set="{escape(outcome.group)}" data-language="{asked.language}" '
        f'data-kind="{asked.kind}" data-document="{escape(documents)}">'
        f'<summary><span class="badge">{mark} {both(result)}</span>'
        f'<span class="asked" lang="{asked.language}">{escape(asked.question)}</span>'
        f'<span class="meta">{escape(asked.question_id)}</span>'
        f"{brief}</summary>"
        f"{question_body(outcome, found, titles)}</details>"
    )


def question_body(outcome: Outcome, found: tuple[Reason, ...], titles: Titles) -> str:
    """A question's answer and citations beside what was expected, and why it needs a look."""
    return (
        f'<div class="body">{_why(found)}<div class="columns">{given_part(outcome)}'
        f"{_expected(outcome, titles)}</div>{_found(outcome, titles)}</div>"
    )


def _why(found: tuple[Reason, ...]) -> str:
    if not found:
        return ""
    items = "".join(f"<li>{reason_text(reason)}</li>" for reason in found)
    title = "why" if needs_a_look(found) else "note"
    return f"<h4>{both(title)}</h4><ul>{items}</ul>"


def reason_text(reason: Reason) -> str:
    """A reason in both languages, as HTML."""
    return both(reason.name, "reason", detail=reason.detail)


def given_part(outcome: Outcome) -> str:
    """An answer with its citations, each marked as an answering place or not."""
    answer = outcome.answer
    status = both(str(answer.get("status", "")), "statuses") if answer else both("nothing")
    said = escape(str(answer.get("answer", ""))).replace("\n", "<br>")
    verdict = (answer.get("verdict") or {}).get("value")
    told = f"<p>{both('verdict_given')}: {both(str(verdict), 'values')}</p>" if verdict else ""
    cited = "".join(_citation(outcome, c) for c in outcome.citations)
    sure = "—" if outcome.confidence is None else f"{outcome.confidence:.2f}"
    head = f"{both('status')}: {status} · {both('confidence')}: {sure}"
    lang = escape(str(answer.get("language", "")))
    return (
        f'<section><h4>{both("given")}</h4><p class="meta">{head}</p>{told}'
        f'<p lang="{lang}">{said}</p><h4>{both("citations")}</h4>'
        + (f'<ol class="cited">{cited}</ol>' if cited else f"<p>{both('nothing')}</p>")
        + "</section>"
    )


def _citation(outcome: Outcome, citation: Mapping[str, Any]) -> str:
    asked = outcome.question
    mark = _place_mark([answers_at(p, dict(citation)) for p in (*asked.answers, *asked.supports)])
    place = f"{citation.get('title', citation['document_id'])} {citation['locator']}"
    return (
        f'<li value="{citation["number"]}">{mark} {escape(place)}'
        f"<blockquote>{escape(citation['quote'])}</blockquote></li>"
    )


def _place_mark(holds: Sequence[bool]) -> str:
    """Whether any answering place holds; "" for a question that names none."""
    if not holds:
        return ""
    right = any(holds)
    name, mark, kind = ("right_place", "○", "yes") if right else ("other_place", "△", "no")
    return f'<span class="place {kind}">{mark} {both(name)}</span>'


def _expected(outcome: Outcome, titles: Titles) -> str:
    asked = outcome.question
    parts = []
    if asked.refuse:
        parts.append(f"<p>{both('should_refuse')}</p>")
    if asked.history:
        turns = "".join(f"<li>{t.role}: {escape(t.content)}</li>" for t in asked.history)
        parts.append(f"<h5>{both('history')}</h5><ul>{turns}</ul>")
    alternatives = [
        "".join(
            f'<span class="{lang}">{escape(plain(lang, "point_or").join(group))}</span>'
            for lang in ("ja", "en")
        )
        for group in asked.key_points
    ]
    places = [_place(p.document, p.locator, titles) for p in asked.answers]
    beside = [_place(p.document, p.locator, titles) for p in asked.supports]
    must_not = [escape(form) for form in asked.must_not]
    parts += [
        _items("points", alternatives),
        _items("must_not", must_not),
        _items("verdicts", [both(v, "values") for v in asked.verdicts]),
        _items("places", places),
        _items("beside", beside),
    ]
    return f"<section><h4>{both('expected')}</h4>{''.join(parts)}</section>"


def _place(document: str, locator: str, titles: Titles) -> str:
    """A place by its document's title; a document that is not in the index by its id."""
    title = titles.get(document, (document,))[0]
    return escape(f"{title} {locator}".strip())


def _items(name: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    return f"<h5>{both(name)}</h5><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _found(outcome: Outcome, titles: Titles) -> str:
    items = "".join(
        "<li>"
        + _place_mark([p.covers(f.document, f.locator) for p in outcome.question.answers])
        + f" {_place(f.document, f.locator, titles)}</li>"
        for f in outcome.found[:_FOUND]
    )
    return f"<h4>{both('found')}</h4><ol>{items}</ol>" if items else ""
