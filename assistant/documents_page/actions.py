"""What the page does: each starts a change to the documents, or says why it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from starlette.responses import RedirectResponse, Response

from assistant.audit.documents import record_index
from assistant.documents_page.change_views import index_view
from assistant.documents_page.document_view import corrections, listed
from assistant.documents_page.list_view import list_view
from assistant.documents_page.upload import keep_files, names_of
from assistant.documents_page.view import OWN, View, ViewError
from assistant.documents_page.work import WorkBusyError, start_work
from index import IndexBusy, IndexMissing, describe_index

Sent = Sequence[tuple[str, BinaryIO]]


def add(view: View, sent: Sent = (), collection: str = "") -> Response:
    """Take in the files sent, into a collection where one is named."""
    if not sent:
        return list_view(view, view.words("add.none"), 400)
    files = names_of([name for name, _ in sent])
    given = {"files": files, "collection": collection or None}
    return _start(view, "add", given, lambda folder: _keep(folder, sent))


def remove(view: View) -> Response:
    """Take a document away with all its versions."""
    return _start(view, "remove", {"id": _own(view)})


def restore(view: View) -> Response:
    """Let another version count; which ones there are, the store knows."""
    number = view.fields.get("version", "")
    if not (number.isascii() and number.isdigit()):
        return list_view(view, view.words("error.no_version"), 400)
    return _start(view, "restore", {"id": _own(view), "version": int(number)})


def correct(view: View) -> Response:
    """Correct what is known of a document, or confirm the dates read from its text."""
    _own(view)
    values = corrections(view)
    if not values:
        return list_view(view, view.words("correct.nothing"), 400)
    return _start(view, "correct", {"id": view.document_id, "values": values})


def back(view: View) -> Response:
    """Let the index before the present one answer again."""
    try:
        view.store.go_back()
    except IndexBusy:
        return index_view(view, view.words("work.busy"), 409)
    except IndexMissing:
        return index_view(view, view.words("index.none_before"), 409)
    record_index(
        view.around.state, view.who, "back", index=describe_index(view.store.index)["fingerprint"]
    )
    return RedirectResponse(view.link(OWN, "index"), 303)


def _own(view: View) -> str:
    """The id of the document that the address names; raises ViewError where it is not the
    office's own."""
    row = listed(view)
    if not row.own or row.status == "earlier":
        raise ViewError(view.words("about.bundled"), 409)
    return row.document_id


def _start(
    view: View,
    action: str,
    given: Mapping[str, Any],
    bring: Callable[[Path], None] = lambda folder: None,
) -> Response:
    try:
        start_work(view.store, view.around.settings.home, action, given, view.who, bring)
    except WorkBusyError:
        return list_view(view, view.words("work.busy"), 409)
    return RedirectResponse(view.link(), 303)


def _keep(folder: Path, sent: Sent) -> None:
    keep_files(folder, sent)
