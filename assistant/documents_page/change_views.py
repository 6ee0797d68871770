"""Looking back and taking away: versions of a document, removal, earlier indexes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from markupsafe import Markup
from starlette.responses import Response

from assistant.documents_page.document_view import listed
from assistant.documents_page.list_view import dates
from assistant.documents_page.report_view import changes_part
from assistant.documents_page.view import (
    OWN,
    View,
    ViewError,
    button,
    crumbs,
    facts,
    link_button,
    local_time,
    notice,
    shown,
)
from assistant.documents_report import Done
from assistant.markup import html, join
from corpus.versions import Entry, LibraryError, Version
from index.contents import GenerationInfo

_NOTHING = Markup("")


def history_view(view: View) -> Response:
    """The versions of a document, newest first, and what each changed."""
    words = view.words
    try:
        entry, steps = view.store.history(view.document_id)
    except LibraryError as error:
        raise ViewError(words("error.no_document")) from error
    title = entry.version.title or entry.document_id
    rows = zip(reversed(entry.versions), reversed(steps), strict=True)
    body = [
        crumbs(view, (title, view.link(entry.document_id)), (words("history.title"), "")),
        html("<h1>{t}</h1><p>{l}</p>", t=words("history.of", title=title), l=words("history.lead")),
        *(_version(view, entry, version, step) for version, step in rows),
    ]
    return shown(view, words("history.title"), body)


def _version(view: View, entry: Entry, version: Version, step: Done) -> Markup:
    words, current = view.words, version.number == entry.current
    guides: list[Mapping[str, object]] = [asdict(g) for g in step.guides]
    changed = changes_part(view, list(step.changes), guides)
    if not step.changes:
        changed = html("<p>{t}</p>", t=words("history.first"))
    restore = _NOTHING
    if not current and view.may_change:
        label = words("history.restore", number=version.number)
        restore = button(view.link(entry.document_id, "restore"), label, version=version.number)
    return html(
        '<section class="d-card {css}"><h2>{h}</h2>{facts}{changed}{restore}</section>',
        css="d-now" if current else "",
        h=words("history.now" if current else "history.number", number=version.number),
        facts=facts(
            [
                (words("about.added"), local_time(version.added)),
                (words("about.file"), version.file),
                (words("list.dates"), dates(view, version.effective_from, version.effective_until)),
            ]
        ),
        changed=changed,
        restore=restore,
    )


def remove_view(view: View) -> Response:
    """What would go, and the button that takes it away."""
    words, row = view.words, listed(view)
    if not row.own or row.status == "earlier":
        raise ViewError(words("about.bundled"), 409)
    told = words("remove.lead", title=row.title, versions=row.versions, passages=row.passages)
    body = [
        crumbs(view, (row.title, view.link(row.document_id)), (words("remove.open"), "")),
        html("<h1>{h}</h1>", h=words("remove.title")),
        notice(told, "k-warning"),
        html(
            '<div class="k-tools">{stay}{go}</div>',
            go=button(view.link(row.document_id, "remove"), words("remove.go"), "d-danger"),
            stay=link_button(view.link(row.document_id), words("remove.stay")),
        )
        if view.may_change
        else notice(view.why_not),
    ]
    return shown(view, words("remove.title"), body)


def index_view(view: View, problem: str = "", status: int = 200) -> Response:
    """The indexes on disk, and the way back to the one before.

    Raises:
        ViewError: who asks does not see all of what they hold.
    """
    if not view.sees_all:
        raise ViewError(view.words("index.only_all"), 403)
    words, found = view.words, view.store.generations()
    now = next((i for i, g in enumerate(found) if g.current), len(found))
    earlier = any(not g.problem for g in found[now + 1 :])
    ways = _NOTHING
    if earlier and view.may_change:
        ways = html(
            "<p>{t}</p>{b}",
            t=words("index.back_lead"),
            b=button(view.link(OWN, "back"), words("index.back")),
        )
    elif not earlier:
        ways = notice(words("index.none_before"))
    body = [
        crumbs(view, (words("index.title"), "")),
        html("<h1>{t}</h1><p>{l}</p>", t=words("index.title"), l=words("index.lead")),
        html('<p class="k-notice k-warning" role="alert">{p}</p>', p=problem)
        if problem
        else _NOTHING,
        join(_generation(view, g) for g in found),
        ways,
    ]
    return shown(view, words("index.title"), body, status)


def _generation(view: View, info: GenerationInfo) -> Markup:
    words = view.words
    rows: list[tuple[str, object]] = [
        (words("index.documents"), info.documents),
        (words("list.passages"), info.passages),
        (words("index.mark"), info.fingerprint[:12]),
    ]
    if info.problem:
        rows = [(words("index.problem"), info.problem)]
    return html(
        '<section class="d-card {css}"><h2>{h}</h2>{rows}</section>',
        css="d-now" if info.current else "",
        h=words("index.now" if info.current else "index.of", when=local_time(info.created)),
        rows=facts(rows),
    )
