"""What every view of the learning pages stands on: words, links, frame, and who it is for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.datatypes import Citation, Language
from assistant.evidence import Source
from assistant.frame import ViewError as ViewError
from assistant.frame import language_of_request, respond
from assistant.learn import furigana, store
from assistant.learn.ground import Change, Ground, Grounds, Quoted
from assistant.learn.lesson import Lesson, Looking, lessons
from assistant.learn.material import Material, Shelf
from assistant.learn.review import changes_of
from assistant.markup import html, join
from assistant.pages import Link, Surroundings
from assistant.person import Person, person_of
from assistant.render_sources import render_source
from assistant.service import Service
from assistant.words import LANGUAGES, Words, load_words
from corpus.datatypes import Passage
from corpus.glossary import Term
from corpus.units import Start

PATH = "/learn"
GLOSSARY_PATH = "/glossary"
OWN = "-"
"""Stands where a unit's name would, before what belongs to no unit."""
WORDS = Path(__file__).parent


@dataclass(frozen=True)
class Desk:
    """What all requests share: the server, the material, and the passages it rests on."""

    around: Surroundings
    shelf: Shelf
    grounds: Grounds


@dataclass(frozen=True)
class View:
    """One request. ``path`` is the page's own; ``here`` its address with what was asked."""

    words: Words
    query: QueryParams
    place: Mapping[str, Any]
    desk: Desk
    person: Person
    path: str
    here: str
    furigana: bool
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def around(self) -> Surroundings:
        """The server."""
        return self.desk.around

    @property
    def language(self) -> Language:
        """The language of the page."""
        return self.words.language

    @cached_property
    def material(self) -> Material:
        """All that is taught."""
        return self.desk.shelf.material()

    @cached_property
    def service(self) -> Service:
        """The service over one index, as the person may see it."""
        return self.around.service.snapshot().seen_by(self.person.collections)

    @cached_property
    def ground(self) -> Ground:
        """Where the quotes stand."""
        return self.desk.grounds.ground(self.around.service, self.material)

    @cached_property
    def looking(self) -> Looking:
        """What decides on what this person is shown."""
        seen = frozenset(d.document_id for d in self.service.documents())
        return Looking(self.ground, self.language, self.sees, seen)

    @cached_property
    def changes(self) -> Mapping[str, tuple[Change, ...]]:
        """What has changed under each unit and the glossary, where anything has."""
        return changes_of(self.around.state, self.material, self.ground)

    @cached_property
    def visible_terms(self) -> tuple[Term, ...]:
        """The terms whose quote stands, and that the person may see."""
        return tuple(t for t in self.material.terms if self.looking.quoted(t.source))

    @cached_property
    def start(self) -> Start | None:
        """The start that the person chose."""
        return self.material.start(store.start_of(self.around.state, self.person.person_id))

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        """The units in the person's order."""
        checking = frozenset(p for p, changes in self.changes.items() if self.seen_of(changes))
        return lessons(self.material, self.start, self.looking, checking)

    @cached_property
    def progress(self) -> Mapping[str, store.Progress]:
        """How far the person has come."""
        return store.progress_of(self.around.state, self.person.person_id)

    @property
    def lesson(self) -> Lesson:
        """The unit that the address names; raises ViewError where there is none."""
        found = next((x for x in self.lessons if x.unit.unit_id == self.place["unit"]), None)
        if found is None:
            raise ViewError(self.words("error.no_unit"))
        return found

    def of(self, lesson: Lesson) -> store.Progress:
        """How far the person has come in a unit."""
        return self.progress.get(lesson.unit.unit_id, store.Progress())

    def sees(self, passage: Passage) -> bool:
        """Whether the person may see a passage."""
        return self.service.passage(passage.passage_id) is not None

    def link(self, *steps: str | int, **query: str | int | None) -> str:
        """An address below /learn; what is None or empty is left out of the query."""
        return self.link_to(PATH, *steps, **query)

    def link_to(self, page: str, *steps: str | int, **query: str | int | None) -> str:
        """An address below a page; what is None or empty is left out of the query."""
        path = "".join(f"/{quote(str(step), safe='')}" for step in steps)
        given = {name: value for name, value in query.items() if value not in (None, "")}
        asked = f"?{urlencode(given)}" if given else ""
        return f"{self.around.base}{page}{path}{asked}"

    def field(self, name: str) -> str:
        """What the form sent under a name, the first of several; "" for nothing."""
        return next(iter(self.fields.get(name, ())), "")

    def seen_of(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """The changes that the person may know of."""
        return tuple(
            change
            for change in changes
            if self.looking.may_know(change.source)
            and (change.passage is None or self.sees(change.passage))
        )


def view_of(
    request: Request, desk: Desk, path: str, fields: Mapping[str, Sequence[str]] | None = None
) -> View:
    """The view that a request asks for."""
    asked = urlencode([(n, v) for n, v in request.query_params.multi_items() if n != "language"])
    return View(
        words=load_words(language_of_request(request), WORDS),
        query=request.query_params,
        place=request.path_params,
        desk=desk,
        person=person_of(request),
        path=path,
        here=request.url.path + (f"?{asked}" if asked else ""),
        furigana=furigana.wanted(request.cookies),
        fields=fields or {},
    )


def nav_link(path: str, word: str) -> Link:
    """A page's place in the navigation."""
    return Link(path, {language: load_words(language, WORDS)(word) for language in LANGUAGES})


def shown(view: View, title: str, body: Sequence[Markup], status: int = 200) -> HTMLResponse:
    """A view as a whole page, with readings above its terms where these are switched on."""
    whole = join(body)
    if view.furigana:
        whole = furigana.with_ruby(whole, furigana.readings_of(view.visible_terms))
    return respond(
        title,
        html(
            '<div class="l-page{ruby}">{switch}{body}</div>',
            ruby=" l-ruby" if view.furigana else "",
            switch=_switch(view),
            body=whole,
        ),
        view.language,
        view.around,
        view.around.base + view.path,
        view.query,
        styles=(f"{PATH}/{OWN}/page.css",),
        status=status,
    )


def go(address: str) -> RedirectResponse:
    """Look at an address, after something was done."""
    return RedirectResponse(address, 303)


def render_quoted(view: View, quoted: Quoted, number: int) -> Markup:
    """The card of a passage, shut: its weight in sight, the quote marked, its neighbours inside.

    Args:
        view: the request.
        quoted: the quote.
        number: its number on the page, from 1.
    """
    passage, service = quoted.passage, view.service
    before, after = service.neighbours(passage.passage_id)
    original = service.passage(passage.counterpart or "") if passage.rendering else None
    citation = Citation(number, passage, quoted.start, quoted.end)
    source = Source(passage, citation, before, after, original)
    today = datetime.date.today().isoformat()
    root = f"{view.around.base}/"
    return render_source(source, number, 1, today, load_words(view.language), root)


def render_carried(view: View, text: str, quoted: Quoted, number: int) -> Markup:
    """A sentence, and beside it the card of the passage that carries it."""
    return html(
        '<div class="l-said"><p class="l-text">{text}</p>{card}</div>',
        text=text,
        card=render_quoted(view, quoted, number),
    )


def form(view: View, action: str, inner: Markup, css: str = "l-form") -> Markup:
    """A form of ours."""
    return html(
        '<form method="post" action="{action}" class="{css}">{inner}</form>',
        action=action,
        css=css,
        inner=inner,
    )


def button(view: View, action: str, label: str, css: str = "", **values: str | int) -> Markup:
    """A form that is nothing but a button."""
    hidden = [
        html('<input type="hidden" name="{n}" value="{v}">', n=n, v=values[n]) for n in values
    ]
    inner = html(
        '{hidden}<button class="k-button {css}">{t}</button>', hidden=join(hidden), css=css, t=label
    )
    return form(view, action, inner, "l-inline")


def link_button(address: str, label: str, css: str = "") -> Markup:
    """A link that looks like a button."""
    return html('<a class="k-button {css}" href="{a}">{t}</a>', css=css, a=address, t=label)


def notice(text: str, css: str = "") -> Markup:
    """A sentence in a box of its own."""
    return html('<p class="k-notice {css}">{text}</p>', css=css, text=text)


def crumbs(view: View, *steps: tuple[str, str]) -> Markup:
    """The way back: the path, then the steps (title, address); the last one is here."""
    links = [(view.words("path.title"), view.link()), *steps]
    items = [html('<li><a href="{a}">{t}</a></li>', a=a, t=t) for t, a in links[:-1]]
    items.append(html('<li aria-current="page">{t}</li>', t=links[-1][0]))
    return html(
        '<nav class="l-crumbs" aria-label="{label}"><ol>{items}</ol></nav>',
        label=view.words("page.crumbs"),
        items=join(items),
    )


def local_time(moment: str) -> str:
    """An ISO time as this machine's date and minute."""
    try:
        return datetime.datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return moment


def own_address(view: View, address: str) -> str:
    """An address of these pages to go back to; the path's where it is any other."""
    base, own = view.around.base, (PATH, GLOSSARY_PATH)
    path = address.partition("?")[0]
    if any(path == base + p or path.startswith(f"{base}{p}/") for p in own) and ".." not in path:
        return address
    return view.link()


def set_furigana(view: View) -> Response:
    """Switch readings on or off, and go back to where that was asked."""
    answer = go(own_address(view, view.field("back")))
    on = "1" if view.field("on") == "1" else "0"
    year = 365 * 24 * 3600
    answer.set_cookie(furigana.COOKIE, on, max_age=year, samesite="strict")
    return answer


def _switch(view: View) -> Markup:
    """The switch of readings: a button that says whether they are on."""
    inner = html(
        '<input type="hidden" name="on" value="{value}">'
        '<input type="hidden" name="back" value="{back}">'
        '<button class="k-button l-switch" aria-pressed="{pressed}">{label}'
        '<span aria-hidden="true">{state}</span></button>',
        value="0" if view.furigana else "1",
        back=view.here,
        pressed="true" if view.furigana else "false",
        label=view.words("page.furigana"),
        state=view.words("page.on" if view.furigana else "page.off"),
    )
    return form(view, view.link(OWN, "furigana"), inner, "l-inline l-tools")
