"""The Documents page: which address leads to which view, and what may be done there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import parse_qsl

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from assistant.documents_page.actions import Sent, add, back, correct, remove, restore
from assistant.documents_page.change_views import history_view, index_view, remove_view
from assistant.documents_page.document_view import document_view
from assistant.documents_page.limits import page_limits
from assistant.documents_page.list_view import list_view, state_view
from assistant.documents_page.page_view import page_view, picture_view
from assistant.documents_page.view import (
    OWN,
    PATH,
    WORDS,
    View,
    ViewError,
    page_link,
    shown,
    view_of,
)
from assistant.frame import render_failure
from assistant.pages import Page, Surroundings
from assistant.words import read_text
from corpus.child import Children
from corpus.errors import CorpusError
from index import SearchIndexError

_log = logging.getLogger(__name__)
_DRAWN_AT_ONCE = 2
_FORM_BYTES = 100_000
Endpoint = Callable[[Request], Awaitable[Response]]


def page() -> Page:
    """The page, for the entry-point group ``kyodo.pages``."""
    bodies = {f"{PATH}/{OWN}/add": page_limits().upload_bytes}
    return Page(page_link(), routes, bodies, changes="editor")


def routes(around: Surroundings) -> tuple[BaseRoute, ...]:
    """Every route of the page. Looking is GET and changes nothing; doing is POST."""
    views: dict[str, Callable[[View], Response]] = {
        "": list_view,
        f"/{OWN}/state": state_view,
        f"/{OWN}/index": index_view,
        f"/{OWN}/page.css": partial(_file, "page.css", "text/css"),
        f"/{OWN}/page.js": partial(_file, "page.js", "text/javascript"),
        "/{document}": document_view,
        "/{document}/history": history_view,
        "/{document}/remove": remove_view,
        "/{document}/page/{number:int}": page_view,
        "/{document}/picture/{number:int}.png": picture_view,
    }
    actions: dict[str, Callable[[View], Response]] = {
        f"/{OWN}/back": back,
        "/{document}/correct": correct,
        "/{document}/remove": remove,
        "/{document}/restore": restore,
    }
    children = Children(_DRAWN_AT_ONCE)
    look, do = partial(_looking, around, children), partial(_doing, around, children)
    return (
        Route(f"{PATH}/{OWN}/add", _adding(around, children), methods=["POST"]),
        *(Route(PATH + place, do(action), methods=["POST"]) for place, action in actions.items()),
        *(Route(PATH + place, look(show)) for place, show in views.items()),
    )


def _looking(
    around: Surroundings, children: Children, show: Callable[[View], Response]
) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        view = view_of(request, around, children)
        answer = partial(_in_sight, show, view)
        return await anyio.to_thread.run_sync(partial(_safely, view, answer))

    return endpoint


def _doing(around: Surroundings, children: Children, act: Callable[[View], Response]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = (await request.body())[:_FORM_BYTES].decode("utf-8", "replace")
        fields = dict(parse_qsl(body, keep_blank_values=True)[:50])
        view = view_of(request, around, children, fields)
        return await anyio.to_thread.run_sync(partial(_safely, view, partial(_owner, act, view)))

    return endpoint


def _adding(around: Surroundings, children: Children) -> Endpoint:
    """Files come as they are: they are kept on disk while they come, not in memory."""

    async def endpoint(request: Request) -> Response:
        view = view_of(request, around, children)
        if not await anyio.to_thread.run_sync(lambda: view.may_change):
            return await anyio.to_thread.run_sync(
                partial(_safely, view, partial(_owner, add, view))
            )
        try:
            async with request.form(max_files=page_limits().upload_files, max_fields=10) as form:
                collection = form.get("collection")
                given = [f for f in form.getlist("files") if not isinstance(f, str)]
                sent: Sent = [(f.filename, f.file) for f in given if f.filename]
                named = collection.strip() if isinstance(collection, str) else ""
                act = partial(add, view, sent, named)
                return await anyio.to_thread.run_sync(partial(_safely, view, act))
        except HTTPException:
            act = partial(list_view, view, view.words("add.not_read"), 400)
            return await anyio.to_thread.run_sync(partial(_safely, view, act))

    return endpoint


def _in_sight(show: Callable[[View], Response], view: View) -> Response:
    """Show something to who may see it; a document that they may not see does not exist."""
    named = view.place.get("document")
    if named and not view.sees_all and named not in {row.document_id for row in view.documents}:
        raise ViewError(view.words("error.no_document"))
    return show(view)


def _owner(act: Callable[[View], Response], view: View) -> Response:
    """Do something for the person at this machine; raises ViewError for anybody else."""
    if not view.may_change:
        raise ViewError(view.why_not, 403)
    return act(view)


def _safely(view: View, answer: Callable[[], Response]) -> Response:
    """An answer, or a page that says in a sentence why there is none."""
    words = view.words
    try:
        return answer()
    except ViewError as error:
        sentence, status = str(error), error.status
    except (CorpusError, SearchIndexError, OSError) as error:
        told = words("error.other", message=str(error))
        sentence, status = told if view.sees_all else words("error.unforeseen"), 500
    except Exception:
        _log.exception("A view of the documents failed for a reason that nobody foresaw.")
        sentence, status = words("error.unforeseen"), 500
    told = render_failure(words, sentence, view.link())
    return shown(view, words("error.heading"), [told], status)


def _file(name: str, kind: str, view: View) -> Response:
    del view
    return Response(read_text(WORDS / name), media_type=kind)
