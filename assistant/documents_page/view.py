"""What every view of the Documents page stands on: its words, its links, its frame."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse

from assistant.documents import DocumentStore
from assistant.documents_list import Listed
from assistant.frame import ViewError as ViewError
from assistant.frame import language_of_request, respond
from assistant.markup import html, join
from assistant.pages import Link, Surroundings
from assistant.person import Person, person_of
from assistant.words import LANGUAGES, Words, load_words
from corpus import library
from corpus.child import Children
from corpus.versions import LibraryError
from index import SearchIndexError

PATH = "/documents"
OWN = "-"
"""Stands where a document's id would, before what belongs to no document."""
WORDS = Path(__file__).parent


@dataclass(frozen=True)
class View:
    """One request: the words of its language, what its address says, and where it stands.

    ``trusted``: whether it comes from an editor (where nobody signs in: from this machine
    itself). ``children`` draw pages. ``who`` asks.
    """

    words: Words
    query: QueryParams
    place: Mapping[str, Any]
    around: Surroundings
    children: Children
    trusted: bool
    who: Person
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def store(self) -> DocumentStore:
        """The office's documents."""
        settings = self.around.settings
        return DocumentStore(settings.documents, self.around.index, settings.model)

    @cached_property
    def sees_all(self) -> bool:
        """Whether no document is hidden from who asks; where that cannot be told, it is not so."""
        try:
            return self.who.collections is None or self.documents == self._every
        except (LibraryError, SearchIndexError):
            return False

    @property
    def may_change(self) -> bool:
        """Whether who asks may change documents: a change tells of others than its own, so that
        it is for those from whom none is hidden."""
        return self.trusted and self.sees_all

    @property
    def why_not(self) -> str:
        """Why who asks may change nothing, in a sentence."""
        if self.trusted:
            return self.words("list.only_all")
        off = self.around.settings.sign_in.mode == "off"
        return self.words("list.only_here" if off else "list.only_editors")

    @cached_property
    def documents(self) -> tuple[Listed, ...]:
        """The documents that who asks may see; raises SearchIndexError on a damaged index."""
        return tuple(row for row in self._every if row.is_seen_by(self.who.collections))

    @cached_property
    def _every(self) -> tuple[Listed, ...]:
        return self.store.documents()

    @property
    def document_id(self) -> str:
        """The document that the address names."""
        return str(self.place["document"])

    def link(self, *steps: str | int, **query: str | int | None) -> str:
        """An address below the page; what is None or empty is left out of the query."""
        path = "".join(f"/{quote(str(step), safe='')}" for step in steps)
        given = {name: value for name, value in query.items() if value not in (None, "")}
        asked = f"?{urlencode(given)}" if given else ""
        return f"{self.around.base}{PATH}{path}{asked}"

    def file(self, document_id: str) -> Path | None:
        """The file of a document or of an earlier version (``id@v1``); None where the store
        holds none."""
        name, _, number = document_id.partition("@v")
        try:
            entries = library.entries(self.store.root)
            entry = next(e for e in entries if e.document_id in (document_id, name))
            if entry.document_id == document_id:
                return entry.path
            return entry.path_of(entry.of(int(number))) if number.isdigit() else None
        except (StopIteration, LibraryError):
            return None


def view_of(
    request: Request,
    around: Surroundings,
    children: Children,
    fields: Mapping[str, str] | None = None,
) -> View:
    """The view that a request asks for."""
    words = load_words(language_of_request(request), WORDS)
    who = person_of(request)
    may = who.may("editor")
    if around.settings.sign_in.mode == "off":
        may = not around.proxied and _is_this_machine(request.client.host if request.client else "")
    return View(
        words,
        request.query_params,
        request.path_params,
        around,
        children,
        may,
        who,
        fields or {},
    )


def _is_this_machine(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def page_link() -> Link:
    """The page's place in the navigation."""
    return Link(PATH, {language: load_words(language, WORDS)("page.nav") for language in LANGUAGES})


def shown(view: View, title: str, body: Sequence[Markup], status: int = 200) -> HTMLResponse:
    """A view as a whole page."""
    return respond(
        title,
        html('<div class="d-page">{body}</div>', body=join(body)),
        view.words.language,
        view.around,
        view.link(),
        view.query,
        styles=(f"{PATH}/{OWN}/page.css",),
        scripts=(f"{PATH}/{OWN}/page.js",),
        status=status,
    )


def crumbs(view: View, *steps: tuple[str, str]) -> Markup:
    """The way back: the list, then the steps (title, address); the last one is here."""
    links = [(view.words("page.title"), view.link()), *steps]
    items = [html('<li><a href="{a}">{t}</a></li>', a=a, t=t) for t, a in links[:-1]]
    items.append(html('<li aria-current="page">{t}</li>', t=links[-1][0]))
    return html(
        '<nav class="d-crumbs" aria-label="{label}"><ol>{items}</ol></nav>',
        label=view.words("page.crumbs"),
        items=join(items),
    )


def button(action: str, label: str, css: str = "", **values: str | int) -> Markup:
    """A form that is nothing but a button."""
    hidden = join(
        html('<input type="hidden" name="{n}" value="{v}">', n=n, v=v) for n, v in values.items()
    )
    return html(
        '<form method="post" action="{action}" class="d-inline">{hidden}'
        '<button class="k-button {css}">{label}</button></form>',
        action=action,
        hidden=hidden,
        css=css,
        label=label,
    )


def link_button(address: str, label: str, css: str = "") -> Markup:
    """A link that looks like a button."""
    return html('<a class="k-button {css}" href="{a}">{t}</a>', css=css, a=address, t=label)


def notice(text: str, css: str = "") -> Markup:
    """A sentence in a box of its own."""
    return html('<p class="k-notice {css}">{text}</p>', css=css, text=text)


def facts(rows: Sequence[tuple[str, object]]) -> Markup:
    """Names and what they stand for."""
    items = join(
        html("<div><dt>{n}</dt><dd>{v}</dd></div>", n=name, v=value) for name, value in rows
    )
    return html('<dl class="d-facts">{items}</dl>', items=items)


def local_time(moment: str) -> str:
    """An ISO time (of this machine where it names no zone) as this machine's date and minute."""
    try:
        found = datetime.datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return found.astimezone().strftime("%Y-%m-%d %H:%M")
