"""What every view of the records stands on: its words, its links, its frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assistant.frame import ViewError as ViewError
from assistant.frame import language_of_request, respond
from assistant.markup import html, join
from assistant.pages import Link, Surroundings
from assistant.person import Person, person_of
from assistant.service import Service
from assistant.words import LANGUAGES, Words, load_words

PATH = "/history"
SAVED = "saved"
WORDS = Path(__file__).parent


@dataclass(frozen=True)
class View:
    """One request: who asks, the words of their language, what the address and the form say."""

    person: Person
    words: Words
    query: QueryParams
    place: Mapping[str, Any]
    around: Surroundings
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def chat(self) -> Words:
        """The words of the conversation's page, in the same language."""
        return load_words(self.words.language)

    @property
    def seen(self) -> Service:
        """What answers, with what this person may see of the documents."""
        return self.around.service.seen_by(self.person.collections)

    def link(self, *steps: str | int, **query: str | int | None) -> str:
        """An address below the page; what is None or empty is left out of the query."""
        path = "".join(f"/{quote(str(step), safe='')}" for step in steps)
        given = {name: value for name, value in query.items() if value not in (None, "", 0)}
        asked = f"?{urlencode(given)}" if given else ""
        return f"{self.around.base}{PATH}{path}{asked}"


def view_of(
    request: Request, around: Surroundings, fields: Mapping[str, str] | None = None
) -> View:
    """The view that a request asks for."""
    words = load_words(language_of_request(request), WORDS)
    return View(
        person_of(request), words, request.query_params, request.path_params, around, fields or {}
    )


def page_link() -> Link:
    """The page's place in the navigation."""
    return Link(PATH, {language: load_words(language, WORDS)("page.nav") for language in LANGUAGES})


def shown(view: View, title: str, body: Sequence[Markup], status: int = 200) -> Response:
    """A view as a whole page."""
    return respond(
        title,
        html('<div class="r-page">{body}</div>', body=join(body)),
        view.words.language,
        view.around,
        view.link(),
        view.query,
        styles=(f"{PATH}/page.css",),
        dropped=("did",),
        status=status,
    )


def moved(address: str) -> Response:
    """On to another address, after something was done."""
    return RedirectResponse(address, 303)


def tabs(view: View, here: str, changed: int) -> Markup:
    """The two lists: what was asked, and what was saved, with how many of it to look at."""
    note = f" {view.words('saved.to_check', count=changed)}" if changed else ""
    ways = (("history", view.link(), ""), ("saved", view.link(SAVED), note))
    items = [
        html(
            '<li><a href="{a}" {current}>{t}<span class="r-bad">{note}</span></a></li>',
            a=address,
            t=view.words(f"page.{name}"),
            note=more,
            current=Markup('aria-current="page"') if name == here else Markup(""),
        )
        for name, address, more in ways
    ]
    return html(
        '<nav class="r-tabs" aria-label="{label}"><ul>{items}</ul></nav>',
        label=view.words("page.tabs"),
        items=join(items),
    )


def back(view: View, name: str, address: str) -> Markup:
    """The way back to a list."""
    return html(
        '<p class="r-back"><a href="{a}">{t}</a></p>', a=address, t=view.words(f"page.{name}")
    )


def link_button(address: str, label: str, css: str = "") -> Markup:
    """A link that looks like a button."""
    return html('<a class="k-button {css}" href="{a}">{t}</a>', css=css, a=address, t=label)


def notice(text: str, css: str = "", role: str = "") -> Markup:
    """A sentence in a box of its own; ``role`` has it read out."""
    spoken = html('role="{r}"', r=role) if role else Markup("")
    return html('<p class="k-notice {css}" {spoken}>{text}</p>', css=css, text=text, spoken=spoken)
