"""What came of the newest change: every file with its end, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from assistant.documents_page.view import View, local_time
from assistant.documents_page.work import Work
from assistant.markup import html, join
from corpus.changes import Change
from corpus.collection import in_sight
from corpus.warnings import sentence

_NOTHING = Markup("")
_MOST_CHANGES = 30
"""Changes shown of one document; more are counted."""


def title_of_work(view: View, work: Work) -> str:
    """What a change is called while it runs."""
    return view.words(f"work.{work.action}")


def report_part(view: View, work: Work) -> Markup:
    """The report of the newest change."""
    words, rows = view.words, (work.report or {}).get("done", ())
    seen = [row for row in rows if _seen(view, row)]
    if rows and not seen:
        return _NOTHING
    if work.report is None:
        said = work.failed
        text = words("report.failed", reason=said) if said else words("report.stopped")
        parts = [html('<p class="k-notice k-warning">{t}</p>', t=text)]
    else:
        parts = [_summary(view, {**work.report, "done": seen})]
        parts += [_file(view, row) for row in seen]
    return html(
        '<section class="d-card" aria-labelledby="d-report"><h2 id="d-report">{h}</h2>'
        '<p class="d-quiet">{when}</p>{parts}</section>',
        h=words("report.title"),
        when=words("report.when", what=words(f"did.{work.action}"), when=local_time(work.started)),
        parts=join(parts),
    )


def _seen(view: View, row: Mapping[str, Any]) -> bool:
    """Whether who asks may see the document: it may be gone from every list by now."""
    return in_sight(str(row.get("collection", "")), view.who.collections)


def _summary(view: View, report: Mapping[str, Any]) -> Markup:
    words, rows = view.words, report["done"]
    bad = [row for row in rows if row["result"] == "refused" or row["status"] != "ok"]
    good = len(rows) - len(bad)
    told = words("report.all_good", count=good)
    if bad:
        told = words("report.some_bad", good=good, bad=len(bad))
    css = "d-bad" if bad else "d-good"
    parts = [html('<p class="{css}" role="status">{t}</p>', css=css, t=told)]
    if report["problem"]:
        text = words("report.problem", reason=report["problem"])
        parts.append(html('<p class="k-notice k-warning">{t}</p>', t=text))
    if report["left_out"]:
        items = join(html('<li lang="en">{r}</li>', r=r) for r in report["left_out"])
        parts.append(html("<p>{t}</p><ul>{i}</ul>", t=words("report.left_out"), i=items))
    return join(parts)


def _file(view: View, row: Mapping[str, Any]) -> Markup:
    words, refused = view.words, row["result"] == "refused"
    bad = refused or row["status"] != "ok"
    notes = [words(f"reason.{row['status']}")] if bad else []
    if refused:
        notes.append(words("report.not_taken"))
    notes += [sentence(w, words.language) for w in row["warnings"]]
    detail = (
        html(
            '<details><summary>{s}</summary><p lang="en">{d}</p></details>',
            s=words("report.detail"),
            d=row["detail"],
        )
        if row["detail"]
        else _NOTHING
    )
    name = html("<b>{n}</b>", n=row["name"])
    if not refused and row["result"] != "removed":
        name = html('<a href="{a}">{n}</a>', a=view.link(row["document_id"]), n=row["name"])
    return html(
        '<div class="d-file {css}"><p>{sign} {name} <span class="d-quiet">{result}</span></p>'
        "<ul>{notes}</ul>{detail}{changes}</div>",
        css="d-is-bad" if bad else "d-is-good",
        sign="!" if bad else "○",
        name=name,
        result=words(f"result.{row['result']}", count=row["passages"]),
        notes=join(html("<li>{n}</li>", n=n) for n in notes),
        detail=detail,
        changes=changes_part(view, [Change(**c) for c in row["changes"]], row["guides"]),
    )


def changes_part(
    view: View, changes: list[Change], guides: list[Mapping[str, Any]] | tuple[()] = ()
) -> Markup:
    """What changed, provision by provision, and the guides that cite it; shut at first."""
    if not changes:
        return _NOTHING
    words = view.words
    items = join(_change(view, change) for change in changes[:_MOST_CHANGES])
    if len(changes) > _MOST_CHANGES:
        items += html("<li>{t}</li>", t=words("change.more", count=len(changes) - _MOST_CHANGES))
    relying = join(
        html(
            "<li>{t}</li>",
            t=words("change.guide", title=g["title"], places="、".join(g["locators"])),
        )
        for g in guides
    )
    return html(
        '<details class="d-changes"><summary>{s}</summary><ul>{items}</ul>{relying}</details>',
        s=words("change.title", count=len(changes)),
        items=items,
        relying=html("<p>{t}</p><ul>{r}</ul>", t=words("change.guides"), r=relying)
        if relying
        else _NOTHING,
    )


def _change(view: View, change: Change) -> Markup:
    tags = {"same": "{t}", "removed": "<del>{t}</del>", "added": "<ins>{t}</ins>"}
    wording = join(html(tags[kind], t=text) for kind, text in change.parts)
    return html(
        '<li><p><b>{place}</b> <span class="d-quiet">{kind}</span></p><p>{wording}</p></li>',
        place=change.locator,
        kind=view.words(f"change.{change.kind}"),
        wording=wording,
    )
