"""What a page of ours stands on that is made of forms and lists: its words, links and routes.

Looking is GET and changes nothing, doing is POST. Who may do either is said in ``Page``.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import anyio.to_thread
from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from assistant.errors import AssistantError
from assistant.frame import ViewError as ViewError
from assistant.frame import language_of_request, render_failure, respond
from assistant.markup import html, join
from assistant.pages import Link, Surroundings
from assistant.person import Person, person_of
from assistant.words import LANGUAGES, Words, load_words, read_text

FORM_BYTES = 200_000
"""Bytes of a form that are read."""
_log = logging.getLogger(__name__)
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Place:
    """Where a page stands.

    ``path`` is from the root; ``folder`` holds its ``ja.toml``, ``en.toml`` (with ``page.nav``,
    ``error.heading``, ``error.back``, ``error.other``, ``error.unforeseen``),
    style sheet and scripts; ``css`` is the class of what it shows.
    """

    path: str
    folder: Path
    css: str

    def link(self) -> Link:
        """Its place in the navigation."""
        titles = {name: load_words(name, self.folder)("page.nav") for name in LANGUAGES}
        return Link(self.path, titles)


@dataclass(frozen=True)
class View:
    """One request: where it stands, the words of its language, who makes it, what it says."""

    place: Place
    words: Words
    around: Surroundings
    person: Person
    query: QueryParams
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def link(self, step: str = "", **query: str | int | None) -> str:
        """An address below the page; what is None or empty is left out of the query."""
        path = f"{self.around.base}{self.place.path}{'/' + step if step else ''}"
        given = {name: value for name, value in query.items() if value not in (None, "")}
        return f"{path}?{urlencode(given)}" if given else path

    def said(self, name: str) -> str:
        """A field of the form that was sent, "" where it is missing; line ends are ``\\n``."""
        return self.fields.get(name, [""])[0].replace("\r\n", "\n").strip()

    def everything_said(self, name: str) -> tuple[str, ...]:
        """The values of a field that may be sent several times."""
        return tuple(self.fields.get(name, ()))


Show = Callable[[View], Response]


def looking(place: Place, around: Surroundings, step: str, show: Show) -> Route:
    """A route that shows something."""

    async def endpoint(request: Request) -> Response:
        view = _view(place, around, request)
        return await anyio.to_thread.run_sync(partial(_safely, view, show))

    return Route(place.path + step, endpoint, methods=["GET"])


def doing(place: Place, around: Surroundings, step: str, act: Show) -> Route:
    """A route that does something with the form that was sent."""

    async def endpoint(request: Request) -> Response:
        body = (await request.body())[:FORM_BYTES].decode("utf-8", "replace")
        fields = parse_qs(body, keep_blank_values=True)
        view = _view(place, around, request, fields)
        return await anyio.to_thread.run_sync(partial(_safely, view, act))

    return Route(place.path + step, endpoint, methods=["POST"])


def asset(place: Place, name: str) -> Route:
    """The route of a style sheet or a script in the page's folder."""
    kind = "text/css" if name.endswith(".css") else "text/javascript"

    def endpoint(request: Request) -> Response:
        del request
        return Response(read_text(place.folder / name), media_type=kind)

    return Route(f"{place.path}/{name}", endpoint, methods=["GET"])


def shown(
    view: View,
    title: str,
    body: Sequence[Markup],
    status: int = 200,
    scripts: Sequence[str] = (),
    dropped: Sequence[str] = (),
) -> HTMLResponse:
    """A view as a whole page.

    Args:
        view: the request.
        title: the page's own title.
        body: what it shows.
        status: the HTTP status.
        scripts: names of scripts in its folder.
        dropped: names in the query that the switch of languages does not keep.
    """
    return respond(
        title,
        html('<div class="{css}">{body}</div>', css=view.place.css, body=join(body)),
        view.words.language,
        view.around,
        view.around.base + view.place.path,
        view.query,
        styles=(f"{view.place.path}/page.css",),
        scripts=tuple(f"{view.place.path}/{name}" for name in scripts),
        dropped=dropped,
        status=status,
    )


def file(text: str, name: str, kind: str) -> Response:
    """A text to be saved under a name and not shown."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)


def form(action: str, body: Markup, css: str = "", **hidden: str) -> Markup:
    """A form that is sent by POST."""
    fields = join(
        html('<input type="hidden" name="{n}" value="{v}">', n=n, v=v) for n, v in hidden.items()
    )
    return html(
        '<form method="post" action="{action}" class="{css}">{fields}{body}</form>',
        action=action,
        css=css,
        fields=fields,
        body=body,
    )


def button(label: str, css: str = "", name: str = "", value: str = "") -> Markup:
    """A button that sends its form; with a name it says which one was pressed."""
    if not name:
        return html('<button class="k-button {css}">{label}</button>', css=css, label=label)
    return html(
        '<button class="k-button {css}" name="{name}" value="{value}">{label}</button>',
        css=css,
        name=name,
        value=value,
        label=label,
    )


def link_button(address: str, label: str, css: str = "") -> Markup:
    """A link that looks like a button."""
    return html('<a class="k-button {css}" href="{a}">{t}</a>', css=css, a=address, t=label)


def notice(text: str, css: str = "") -> Markup:
    """A sentence in a box of its own."""
    return html('<p class="k-notice {css}" role="status">{text}</p>', css=css, text=text)


def select(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> Markup:
    """A labelled choice of one of the options (value, words)."""
    items = join(
        html(
            '<option value="{v}"{s}>{t}</option>',
            v=value,
            s=Markup(" selected") if value == chosen else Markup(""),
            t=text,
        )
        for value, text in options
    )
    return html(
        '<label>{label}<select name="{name}">{items}</select></label>',
        label=label,
        name=name,
        items=items,
    )


def _view(
    place: Place,
    around: Surroundings,
    request: Request,
    fields: Mapping[str, Sequence[str]] | None = None,
) -> View:
    words = load_words(language_of_request(request), place.folder)
    return View(place, words, around, person_of(request), request.query_params, fields or {})


def _safely(view: View, answer: Show) -> Response:
    """An answer, or a page that says in a sentence why there is none."""
    words = view.words
    try:
        return answer(view)
    except ViewError as error:
        sentence, status = str(error), error.status
    except AssistantError as error:
        sentence, status = words("error.other", message=str(error)), 400
    except Exception:
        _log.exception("A view of %s failed for a reason that nobody foresaw.", view.place.path)
        sentence, status = words("error.unforeseen"), 500
    told = render_failure(words, sentence, f"{view.around.base}/")
    return shown(view, words("error.heading"), [told], status)
