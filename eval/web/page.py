"""The Evaluation page: which address leads to which view, and what may be done there."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import parse_qs, quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.frame import render_failure
from assistant.pages import Page, Surroundings
from eval.errors import EvalError, RunBusyError
from eval.running import resume_run, start_run, stop_run
from eval.web.compare_view import compare_view
from eval.web.exports import export
from eval.web.marks_view import keep_mark, marks_view
from eval.web.overview import overview, progress_state, question_files
from eval.web.question_view import question_view
from eval.web.questions_view import questions_view
from eval.web.run_view import run_view
from eval.web.view import PATH, View, ViewError, page_link, shown, view_of
from eval.wording import PAGE

_log = logging.getLogger(__name__)
_YEAR_S = 365 * 24 * 3600
Fields = dict[str, list[str]]
Action = Callable[[View, Fields], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def page() -> Page:
    """The page, for the entry-point group ``kyodo.pages``."""
    return Page(page_link(), routes, role="owner")


def routes(around: Surroundings) -> tuple[BaseRoute, ...]:
    """Every route of the page. Looking is GET and changes nothing; doing is POST."""
    views: dict[str, Callable[[View], Response]] = {
        "": overview,
        "/run": run_view,
        "/questions": questions_view,
        "/question": question_view,
        "/compare": compare_view,
        "/marks": marks_view,
        "/export": export,
        "/state": progress_state,
        "/page.css": _style,
        "/page.js": _script,
    }
    actions: dict[str, Action] = {
        "/start": _start,
        "/stop": _stop,
        "/resume": _resume,
        "/mark": _mark,
    }
    return (
        *(Route(PATH + place, _reading(view, around)) for place, view in views.items()),
        *(Route(PATH + p, _doing(do, around), methods=["POST"]) for p, do in actions.items()),
    )


def _reading(show: Callable[[View], Response], around: Surroundings) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        view = view_of(request, around)
        answer = partial(show, view) if show in _PLAIN else partial(_to_all_seeing, show, view)
        return await anyio.to_thread.run_sync(partial(_safely, view, answer))

    return endpoint


def _doing(do: Action, around: Surroundings) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", "replace")
        fields = parse_qs(body, keep_blank_values=True, max_num_fields=100)
        view = view_of(request, around)
        answer = partial(_to_all_seeing, lambda view: do(view, fields), view)
        return await anyio.to_thread.run_sync(partial(_safely, view, answer))

    return endpoint


def _to_all_seeing(show: Callable[[View], Response], view: View) -> Response:
    """Show what stands on all documents; raises ViewError for who may not see them all."""
    if not view.sees_all:
        raise ViewError(view.words("error.not_all"), 403)
    return show(view)


def _safely(view: View, answer: Callable[[], Response]) -> Response:
    """An answer, or a page that says in a sentence why there is none."""
    words = view.words
    try:
        return answer()
    except ViewError as error:
        sentence, status = str(error), error.status
    except EvalError as error:
        sentence, status = words("error.other", message=str(error)), 500
    except Exception:
        _log.exception("A view of the evaluation failed for a reason that nobody foresaw.")
        sentence, status = words("error.unforeseen"), 500
    told = render_failure(words, sentence, view.link())
    return shown(view, words("error.heading"), [told], status)


def _start(view: View, fields: Fields) -> Response:
    known = {file.name: file.path for file in question_files(view.home)}
    chosen = fields.get("set", [])
    if not chosen:
        return overview(view, view.words("run.none_chosen"))
    if not set(chosen) <= set(known):
        return overview(view, view.words("run.unknown_set"))
    return _running(
        view, lambda: start_run(view.home, view.around.index, [known[n] for n in chosen])
    )


def _resume(view: View, fields: Fields) -> Response:
    del fields
    run = view.run()
    if run.stage not in ("stopped", "failed"):
        return RedirectResponse(view.link(), 303)
    return _running(view, lambda: resume_run(view.home, view.around.index, run))


def _running(view: View, start: Callable[[], str]) -> Response:
    try:
        start()
    except RunBusyError:
        return overview(view, view.words("run.busy"))
    return RedirectResponse(view.link(), 303)


def _stop(view: View, fields: Fields) -> Response:
    del fields
    stop_run(view.run())
    return RedirectResponse(view.link(), 303)


def _mark(view: View, fields: Fields) -> Response:
    verdict, who, note = (_one(fields, name) for name in ("verdict", "who", "note"))
    answer = keep_mark(view, verdict, who, note)
    answer.set_cookie(
        "kyodo_marker", quote(who.strip()[:60]), max_age=_YEAR_S, httponly=True, samesite="strict"
    )
    return answer


def _one(fields: Fields, name: str) -> str:
    return fields.get(name, [""])[0]


def _style(view: View) -> Response:
    del view
    text = "".join((PAGE / name).read_text(encoding="utf-8") for name in ("parts.css", "page.css"))
    return Response(text, media_type="text/css")


def _script(view: View) -> Response:
    del view
    return Response((PAGE / "page.js").read_text(encoding="utf-8"), media_type="text/javascript")


_PLAIN = (_style, _script)
"""What holds nothing of any document."""
