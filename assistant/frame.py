"""The frame of the pages that the server renders itself, without Gradio: same head, same look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from assistant.conversation import choose_language
from assistant.datatypes import Language
from assistant.markup import html, join
from assistant.pages import Link, Surroundings
from assistant.people.forms import with_tokens
from assistant.person import Visit, visit_of
from assistant.render_nav import render_nav, render_visit
from assistant.words import Words, load_words

COOKIE = "kyodo_language"
_YEAR_S = 365 * 24 * 3600


class ViewError(Exception):
    """Something that cannot be shown or done, in a sentence for people, with its HTTP status."""

    def __init__(self, sentence: str, status: int = 404) -> None:
        """Keep the sentence and the status."""
        super().__init__(sentence)
        self.status = status


def language_of_request(request: Request) -> Language:
    """The language named in the address, else the one switched to before, else the browser's."""
    asked = request.query_params.get("language")
    if asked in ("ja", "en"):
        return "en" if asked == "en" else "ja"
    headers = request.headers
    return choose_language(headers.get("cookie", ""), headers.get("accept-language", ""))


def render_frame(
    title: str,
    body: Markup,
    language: Language,
    around: Surroundings,
    here: Link,
    visit: Visit,
    *,
    switch: str,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
) -> str:
    """A whole HTML page.

    ``no-referrer`` would make a browser send its own forms without an origin, and the guard
    refuses those: hence the meta element.

    Args:
        title: the page's own title.
        body: what the page shows.
        language: the language of its words.
        around: the server it stands in.
        here: the page's place in the navigation.
        visit: who looks at it: the navigation shows what they may see, every form that is sent
            carries their token.
        switch: the address of this page in the other language.
        styles: paths of further style sheets.
        scripts: paths of scripts; inline ones would be refused.
    """
    words = load_words(language)
    other = "ja" if language == "en" else "en"
    head = [
        html('<link rel="stylesheet" href="{p}">', p=around.base + p)
        for p in ("/style.css", *styles)
    ]
    head += [html('<script src="{p}" defer></script>', p=around.base + p) for p in scripts]
    page = html(
        '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="same-origin"><title>{title} - {name}</title>{head}</head>'
        '<body class="k-body"><div class="gradio-container">'
        '<a class="k-skip" href="#k-main">{skip}</a><header class="k-head">'
        '<p class="k-title-line"><span class="k-name">{name}</span> '
        '<span class="k-tagline">{tagline}</span></p>{nav}'
        '<div class="k-tools"><a class="k-button" href="{switch}" lang="{other}">{switched}</a>'
        '{who}</div></header><main id="k-main" tabindex="-1">{body}</main></div></body></html>',
        language=language,
        title=title,
        name=words("page.name"),
        tagline=words("page.tagline"),
        head=join(head),
        skip=words("nav.skip"),
        nav=render_nav(around.links, here, words, visit),
        switch=switch,
        other=other,
        switched=words("page.switch"),
        who=render_visit(visit, around.base, words),
        body=body,
    )
    return with_tokens(page, visit.token)


class Framed(HTMLResponse):
    """A whole page that is drawn when it is sent, for then it is known who looks at it."""

    def __init__(self, draw: Callable[[Visit], str], status: int = 200) -> None:
        """Keep how it is drawn."""
        super().__init__("", status)
        self._draw = draw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Draw it for whoever asks, and send it."""
        self.body = self.render(self._draw(visit_of(Request(scope))))
        self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def respond(
    title: str,
    body: Markup,
    language: Language,
    around: Surroundings,
    path: str,
    query: QueryParams,
    *,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    dropped: Sequence[str] = (),
    status: int = 200,
) -> HTMLResponse:
    """A whole page as an answer; a language named in the address is kept for the next page.

    Forms in ``body`` need no token of their own: ``<form method="post" ...>`` is given one.

    Args:
        title: the page's own title.
        body: what the page shows.
        language: the language of its words.
        around: the server it stands in.
        path: the page's place in the navigation.
        query: what was asked with; the switch of languages keeps it.
        styles: paths of further style sheets.
        scripts: paths of scripts.
        dropped: names in the query that the switch does not keep.
        status: the HTTP status.
    """
    other = "ja" if language == "en" else "en"
    kept = [(n, v) for n, v in query.multi_items() if n not in ("language", *dropped)]
    here = next(link for link in around.links if link.path == path)
    switch = "?" + urlencode([*kept, ("language", other)])

    def draw(visit: Visit) -> str:
        more = {"styles": styles, "scripts": scripts}
        return render_frame(title, body, language, around, here, visit, switch=switch, **more)

    answer = Framed(draw, status)
    if "language" in query:
        answer.set_cookie(COOKIE, language, max_age=_YEAR_S, samesite="strict")
    return answer


def render_failure(words: Words, sentence: str, back: str) -> Markup:
    """Why a page cannot be shown, and the way back.

    Args:
        words: of the page: ``error.heading`` and ``error.back``.
        sentence: the reason.
        back: the address to go on from.
    """
    return html(
        '<h1>{h}</h1><p class="k-notice k-warning" role="alert">{s}</p>'
        '<p><a class="k-button" href="{a}">{b}</a></p>',
        h=words("error.heading"),
        s=sentence,
        a=back,
        b=words("error.back"),
    )
