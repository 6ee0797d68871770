"""The first view: adding files, what came of the newest change, and every document."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from starlette.responses import JSONResponse, Response

from assistant.documents_list import Listed
from assistant.documents_page.limits import page_limits
from assistant.documents_page.report_view import report_part, title_of_work
from assistant.documents_page.view import (
    OWN,
    View,
    facts,
    link_button,
    local_time,
    notice,
    shown,
)
from assistant.documents_page.work import Work, work_of
from assistant.markup import html, join
from assistant.render_sources import day
from assistant.words import load_words
from corpus.warnings import sentence
from index import SearchIndexError

_NOTHING = Markup("")


def list_view(view: View, problem: str = "", status: int = 200) -> Response:
    """The list; ``problem`` says why what was asked was not done."""
    words = view.words
    work = work_of(view.around.settings.home) if view.sees_all else None
    try:
        listed, fault = view.documents, ""
    except SearchIndexError as error:
        listed, fault = (), str(error)
    own = [row for row in listed if row.own]
    bundled = [row for row in listed if not row.own]
    body = [
        html("<h1>{t}</h1><p>{lead}</p>", t=words("page.title"), lead=words("list.lead")),
        html('<p class="k-notice k-warning" role="alert">{p}</p>', p=problem)
        if problem
        else _NOTHING,
        _fault(view, fault),
        progress_part(view, work) if work and work.running else _NOTHING,
        _add_part(view, listed, running=bool(work and work.running)),
        report_part(view, work) if work and not work.running else _NOTHING,
        _group(view, "own", own),
        _group(view, "bundled", bundled),
        html(
            "<section><h2>{h}</h2><p>{t}</p><p>{way}</p></section>",
            h=words("index.title"),
            t=words("index.lead"),
            way=link_button(view.link(OWN, "index"), words("index.open")),
        )
        if view.sees_all
        else _NOTHING,
    ]
    return shown(view, words("page.title"), body, status)


def progress_part(view: View, work: Work) -> Markup:
    """How far a change is; the script follows it, a reload does too."""
    return html(
        '<section class="d-card" data-progress="{state}" aria-labelledby="d-now">'
        '<h2 id="d-now">{h}</h2><p><progress max="{total}" value="{number}">{number}</progress>'
        '</p><p role="status" data-told>{told}</p><p class="d-quiet">{note}</p></section>',
        state=view.link(OWN, "state"),
        h=title_of_work(view, work),
        total=max(work.total, 1),
        number=work.number,
        told=_told(view, work),
        note=view.words("work.note"),
    )


def state_view(view: View) -> Response:
    """How far a change is, for the script."""
    work = work_of(view.around.settings.home)
    if work is None or not view.sees_all:
        return JSONResponse({"running": False})
    return JSONResponse(
        {
            "running": work.running,
            "number": work.number,
            "total": max(work.total, 1),
            "text": _told(view, work),
        }
    )


def _told(view: View, work: Work) -> str:
    if not work.total:
        return view.words("work.starting")
    if view.who.collections is not None:
        return view.words("work.count", number=work.number, total=work.total)
    return view.words("work.at", name=work.name, number=work.number, total=work.total)


def _fault(view: View, fault: str) -> Markup:
    if not fault:
        return _NOTHING
    return notice(view.words("list.fault", reason=fault), "k-warning")


def _add_part(view: View, rows: Sequence[Listed], running: bool) -> Markup:
    words, limits = view.words, page_limits()
    if not view.may_change:
        return notice(view.why_not)
    if running:
        return _NOTHING
    return html(
        '<section class="d-card" aria-labelledby="d-add"><h2 id="d-add">{h}</h2>'
        '<form method="post" action="{action}" enctype="multipart/form-data" data-upload '
        'data-most="{most}" data-too-big="{big}" data-sending="{sending}">'
        '<label for="d-files">{label}</label>'
        '<input id="d-files" type="file" name="files" multiple required accept="{accept}" '
        'aria-describedby="d-hint"><p id="d-hint" class="d-quiet">{hint}</p>{collection}'
        '<p role="status" data-said></p>'
        '<button class="k-button k-primary">{go}</button></form></section>',
        h=words("add.title"),
        action=view.link(OWN, "add"),
        most=limits.upload_bytes,
        big=words("add.too_big", most=limits.upload_mb),
        sending=words("add.sending"),
        label=words("add.label"),
        accept=".pdf,.docx,.docm,.xlsx,.xlsm,.html,.htm,.md,.markdown,.txt,.text,.tsv,.csv",
        hint=words("add.hint", most=limits.upload_mb, files=limits.upload_files),
        collection=collection_field(view, "", words("add.collection"), rows),
        go=words("add.go"),
    )


def collection_field(view: View, value: str, hint: str, rows: Sequence[Listed]) -> Markup:
    """A field for the name of a collection, which offers those that documents listed are in."""
    names = sorted({row.collection for row in rows if row.collection})
    return html(
        '<div class="d-field"><label>{label}<input name="collection" value="{value}" '
        'maxlength="60" list="d-collections" aria-describedby="d-collection-hint" '
        'autocomplete="off"></label>'
        '<datalist id="d-collections">{names}</datalist>'
        '<p id="d-collection-hint" class="d-quiet">{hint}</p></div>',
        label=view.words("field.collection"),
        value=value,
        names=join(html('<option value="{n}"></option>', n=name) for name in names),
        hint=hint,
    )


def _group(view: View, name: str, rows: list[Listed]) -> Markup:
    words = view.words
    title = html("<h2>{h}</h2>", h=words(f"list.{name}", count=len(rows)))
    if not rows:
        return title + notice(words(f"list.no_{name}"))
    heads = join(
        html('<th scope="col">{h}</th>', h=words(f"list.{head}"))
        for head in ("document", "status", "dates", "passages")
    )
    return title + html(
        '<table class="d-documents"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>',
        heads=heads,
        rows=join(_row(view, row) for row in rows),
    )


def _row(view: View, row: Listed) -> Markup:
    words = view.words
    notes = [sentence(w, words.language) for w in row.warnings if not w.startswith("dates:")]
    if row.dates_from == "text":
        notes.insert(0, words("list.confirm"))
    told = join(html("<li>{n}</li>", n=note) for note in notes)
    detail = html('<p class="d-detail" lang="en">{d}</p>', d=row.detail) if row.detail else _NOTHING
    weight = load_words(words.language)(f"authority.{row.authority}") if row.authority else ""
    parts = (weight, row.file, _versions(view, row), _collection(view, row))
    about = [part for part in parts if part]
    return html(
        '<tr><th scope="row"><a href="{link}">{title}</a><p class="d-quiet">{about}</p></th>'
        '<td data-head="{status_head}">{badge}{detail}</td>'
        '<td data-head="{dates_head}">{dates}</td>'
        '<td data-head="{count_head}" class="d-number">{count}</td></tr>{notes}',
        link=view.link(row.document_id),
        title=row.title,
        about=" ／ ".join(about) if words.language == "ja" else ", ".join(about),
        status_head=words("list.status"),
        badge=badge(view, row.status),
        detail=detail,
        dates_head=words("list.dates"),
        dates=dates(view, row.effective_from, row.effective_until),
        count_head=words("list.passages"),
        count=row.passages,
        notes=html('<tr class="d-notes"><td colspan="4"><ul>{t}</ul></td></tr>', t=told)
        if notes
        else _NOTHING,
    )


def _versions(view: View, row: Listed) -> str:
    return view.words("list.versions", count=row.versions) if row.versions > 1 else ""


def _collection(view: View, row: Listed) -> str:
    return view.words("list.collection", name=row.collection) if row.collection else ""


def badge(view: View, status: str) -> Markup:
    """How the reading of a document ended, in a word and a sign."""
    good = status in ("ok", "earlier")
    return html(
        '<span class="d-badge {css}">{sign} {text}</span>',
        css="d-good" if good else "d-bad",
        sign="○" if good else "!",
        text=view.words(f"status.{status}"),
    )


def dates(view: View, since: str | None, until: str | None) -> str:
    """From when to when something is in force, in words."""
    chat = load_words(view.words.language)
    parts = [chat("source.from", date=day(since, chat))] if since else []
    parts += [chat("source.until", date=day(until, chat))] if until else []
    return " ".join(parts) or chat("source.no_dates")


def about(view: View, row: Listed) -> Markup:
    """What the list says of one document, for its own view."""
    words = view.words
    rows: list[tuple[str, object]] = [
        (words("list.status"), badge(view, row.status)),
        (words("list.passages"), row.passages),
        (words("list.dates"), dates(view, row.effective_from, row.effective_until)),
        (words("field.collection"), row.collection or words("about.everyone")),
    ]
    if row.file:
        rows.append((words("about.file"), row.file))
    if row.added:
        rows.append((words("about.added"), local_time(row.added)))
    return facts(rows)
