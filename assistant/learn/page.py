"""The learning page and the glossary: which address leads to which view."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from urllib.parse import parse_qsl

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.frame import render_failure
from assistant.learn import furigana, path_view, quiz_view, review_view, summary_view, unit_view
from assistant.learn.glossary_view import glossary_view
from assistant.learn.ground import Grounds
from assistant.learn.material import shelf
from assistant.learn.view import (
    GLOSSARY_PATH,
    OWN,
    PATH,
    WORDS,
    Desk,
    View,
    ViewError,
    nav_link,
    set_furigana,
    shown,
    view_of,
)
from assistant.pages import Page, Surroundings
from assistant.words import read_text
from corpus.errors import CorpusError
from index import SearchIndexError

_log = logging.getLogger(__name__)
_FORM_BYTES = 20_000
Show = Callable[[View], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def page() -> Page:
    """The learning page, for the entry-point group ``kyodo.pages``."""
    review, confirm = (f"{PATH}/{OWN}/{place}" for place in ("review", "confirm"))
    return Page(
        nav_link(PATH, "page.nav"),
        routes,
        assets=(f"{PATH}/{OWN}/conversation.js",),
        roles={review: "editor", confirm: "editor"},
    )


def glossary() -> Page:
    """The glossary, for the entry-point group ``kyodo.pages``."""
    return Page(nav_link(GLOSSARY_PATH, "glossary.nav"), glossary_routes)


def routes(around: Surroundings) -> tuple[BaseRoute, ...]:
    """Every route of the learning page. Looking is GET and changes nothing; doing is POST."""
    views: Mapping[str, Show] = {
        "": path_view.path_view,
        f"/{OWN}/page.css": partial(_file, "page.css", "text/css"),
        f"/{OWN}/conversation.js": partial(_file, "conversation.js", "text/javascript"),
        f"/{OWN}/readings.json": _readings,
        f"/{OWN}/summary": summary_view.summary_view,
        f"/{OWN}/summary.csv": summary_view.summary_csv,
        f"/{OWN}/summary.json": summary_view.summary_json,
        f"/{OWN}/learner/{{learner}}": summary_view.learner_view,
        f"/{OWN}/review": review_view.review_view,
        "/{unit}": unit_view.unit_view,
        "/{unit}/quiz/{number:int}": quiz_view.quiz_view,
        "/{unit}/end": quiz_view.end_view,
    }
    actions: Mapping[str, Show] = {
        f"/{OWN}/furigana": set_furigana,
        f"/{OWN}/start": path_view.choose_start,
        f"/{OWN}/mentor": summary_view.choose_mentor,
        f"/{OWN}/withdraw": summary_view.withdraw,
        f"/{OWN}/confirm": review_view.confirm_piece,
        "/{unit}/open": unit_view.open_unit,
        "/{unit}/read": unit_view.mark_read,
        "/{unit}/quiz/{number:int}": quiz_view.answer,
    }
    desk = _desk(around)
    return (
        *(Route(PATH + at, _doing(desk, act), methods=["POST"]) for at, act in actions.items()),
        *(Route(PATH + at, _looking(desk, PATH, show)) for at, show in views.items()),
    )


def glossary_routes(around: Surroundings) -> tuple[BaseRoute, ...]:
    """Every route of the glossary."""
    return (Route(GLOSSARY_PATH, _looking(_desk(around), GLOSSARY_PATH, glossary_view)),)


def _desk(around: Surroundings) -> Desk:
    return Desk(around, shelf(around.settings.documents), Grounds(around.index))


def _looking(desk: Desk, path: str, show: Show) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        view = view_of(request, desk, path)
        return await anyio.to_thread.run_sync(partial(_safely, view, show))

    return endpoint


def _doing(desk: Desk, act: Show) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = (await request.body())[:_FORM_BYTES].decode("utf-8", "replace")
        fields: dict[str, list[str]] = {}
        for name, value in parse_qsl(body, keep_blank_values=True, max_num_fields=200):
            fields.setdefault(name, []).append(value)
        view = view_of(request, desk, PATH, fields)
        return await anyio.to_thread.run_sync(partial(_safely, view, act))

    return endpoint


def _safely(view: View, answer: Show) -> Response:
    """An answer, or a page that says in a sentence why there is none."""
    words = view.words
    try:
        return answer(view)
    except ViewError as error:
        sentence, status = str(error), error.status
    except (CorpusError, SearchIndexError, OSError) as error:
        sentence, status = words("error.other", message=str(error)), 500
    except Exception:
        _log.exception("A view of the learning pages failed for a reason that nobody foresaw.")
        sentence, status = words("error.unforeseen"), 500
    told = render_failure(words, sentence, view.link())
    return shown(view, words("error.heading"), [told], status)


def _file(name: str, kind: str, view: View) -> Response:
    del view
    return Response(read_text(WORDS / name), media_type=kind)


def _readings(view: View) -> Response:
    """The terms in pieces with their readings, the longest first, for the conversation."""
    readings = furigana.readings_of(view.visible_terms)
    longest_first = sorted(readings.items(), key=lambda pair: len(pair[0]), reverse=True)
    return JSONResponse([[term, furigana.split_reading(term, r)] for term, r in longest_first])
