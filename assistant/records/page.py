"""The history in the navigation: which address leads to which view, and what may be done there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import parse_qsl

import anyio.to_thread
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from assistant.datatypes import Language
from assistant.frame import render_failure
from assistant.markup import html
from assistant.pages import Page, Surroundings
from assistant.records.conversation_view import conversation_view
from assistant.records.delete_view import (
    delete_all,
    delete_all_view,
    delete_one,
    delete_one_view,
)
from assistant.records.history_view import history_view
from assistant.records.saved_view import (
    delete_saved,
    delete_view,
    new_view,
    one_view,
    save_answer,
    saved_view,
)
from assistant.records.sheet_view import json_view, pdf_view
from assistant.records.view import PATH, SAVED, WORDS, View, ViewError, page_link, shown, view_of
from assistant.words import load_words, read_text

_log = logging.getLogger(__name__)
_FORM_BYTES = 20_000
_FIELDS = 20
Endpoint = Callable[[Request], Awaitable[Response]]
_VIEWS: dict[str, Callable[[View], Response]] = {
    "": history_view,
    "/delete": delete_all_view,
    "/c/{conversation}": conversation_view,
    "/c/{conversation}/delete": delete_one_view,
    "/a/{answer}/sheet.pdf": pdf_view,
    "/a/{answer}/sheet.json": json_view,
    "/a/{answer}/save": new_view,
    f"/{SAVED}": saved_view,
    f"/{SAVED}/{{saved}}": one_view,
    f"/{SAVED}/{{saved}}/delete": delete_view,
    f"/{SAVED}/{{saved}}/sheet.pdf": pdf_view,
    f"/{SAVED}/{{saved}}/sheet.json": json_view,
}
_ACTIONS: dict[str, Callable[[View], Response]] = {
    "/delete": delete_all,
    "/c/{conversation}/delete": delete_one,
    "/a/{answer}/save": save_answer,
    f"/{SAVED}/{{saved}}/delete": delete_saved,
}


def page() -> Page:
    """The page, for the entry-point group ``kyodo.pages``."""
    return Page(page_link(), routes, beside=beside)


def routes(around: Surroundings) -> tuple[BaseRoute, ...]:
    """Every route of the page. Looking is GET and deletes nothing; doing is POST."""
    return (
        Route(f"{PATH}/page.css", _style),
        *(Route(PATH + at, _doing(around, act), methods=["POST"]) for at, act in _ACTIONS.items()),
        *(Route(PATH + at, _looking(around, show)) for at, show in _VIEWS.items()),
    )


def beside(answer_id: str, language: Language, base: str) -> Markup:
    """What can be made of an answer of the conversation; the conversation itself stays open."""
    words = load_words(language, WORDS)
    start = f"{base}{PATH}/a/{answer_id}"
    return html(
        '<p class="k-records"><a class="k-button" href="{a}/sheet.pdf" download>{pdf}</a> '
        '<a class="k-button" href="{a}/sheet.json" download>{json}</a> '
        '<a class="k-button" href="{a}/save" target="_blank" rel="noopener">{save}'
        '<span class="k-hidden">{note}</span></a></p>',
        a=start,
        pdf=words("sheet.pdf"),
        json=words("sheet.json"),
        save=words("answer.save"),
        note=load_words(language)("nav.new_tab"),
    )


def _looking(around: Surroundings, show: Callable[[View], Response]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        view = view_of(request, around)
        return await anyio.to_thread.run_sync(partial(_safely, view, partial(show, view)))

    return endpoint


def _doing(around: Surroundings, act: Callable[[View], Response]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = (await request.body())[:_FORM_BYTES].decode("utf-8", "replace")
        fields = dict(parse_qsl(body, keep_blank_values=True)[:_FIELDS])
        view = view_of(request, around, fields)
        return await anyio.to_thread.run_sync(partial(_safely, view, partial(act, view)))

    return endpoint


def _safely(view: View, answer: Callable[[], Response]) -> Response:
    """An answer, or a page that says in a sentence why there is none."""
    words = view.words
    try:
        return answer()
    except ViewError as error:
        sentence, status = str(error), error.status
    except Exception:
        _log.exception("A view of the records failed for a reason that nobody foresaw.")
        sentence, status = words("error.unforeseen"), 500
    told = render_failure(words, sentence, view.link())
    return shown(view, words("error.heading"), [told], status)


async def _style(request: Request) -> Response:
    del request
    return Response(read_text(WORDS / "page.css"), media_type="text/css")
