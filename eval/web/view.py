"""What every view of the Evaluation page stands on: its words, its links, its frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlencode

from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse

from assistant.datatypes import Language
from assistant.frame import language_of_request, respond
from assistant.markup import html, join
from assistant.pages import Link, Surroundings
from assistant.person import person_of
from assistant.words import Words, load_words
from eval.marks import Mark, all_marks, marks_file
from eval.running import RunState, find_run
from eval.stored import StoredRun, load_run
from eval.wording import PAGE, plain

PATH = "/evaluation"
LANGUAGES: tuple[Language, ...] = ("ja", "en")


class ViewError(Exception):
    """Something that cannot be shown, in a sentence for people, with its HTTP status."""

    def __init__(self, sentence: str, status: int = 404) -> None:
        """Keep the sentence and the status."""
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class View:
    """One request: the words of its language, what the address asks for, and where it stands.

    ``collections`` are those that who asks may see, None for all.
    """

    words: Words
    query: QueryParams
    around: Surroundings
    place: str
    who: str = ""
    collections: frozenset[str] | None = frozenset()

    @property
    def sees_all(self) -> bool:
        """Whether no document of the index is hidden from who asks."""
        now = self.around.service.snapshot()
        return len(now.seen_by(self.collections).documents()) == len(now.documents())

    @property
    def home(self) -> Path:
        """The data folder."""
        return self.around.settings.home

    def link(self, view: str = "", **query: str | None) -> str:
        """The address of a view; what is None or empty is left out."""
        path = f"{self.around.base}{PATH}{'/' + view if view else ''}"
        given = {name: value for name, value in query.items() if value}
        return f"{path}?{urlencode(given)}" if given else path

    def run(self, name: str = "run") -> RunState:
        """The run that the address names; raises ViewError where there is none."""
        state = find_run(self.home, self.query.get(name, ""))
        if state is None:
            raise ViewError(self.words("error.no_run"))
        return state

    def finished(self, name: str = "run") -> StoredRun:
        """The same, read, if it is finished; raises ViewError where it is not."""
        state = self.run(name)
        if state.stage != "done":
            raise ViewError(self.words("error.unfinished"), 409)
        return load_run(state.folder)

    def marks(self) -> tuple[Mark, ...]:
        """Every mark in the data folder."""
        return all_marks(marks_file(self.home))


def view_of(request: Request, around: Surroundings) -> View:
    """The view that a request asks for."""
    words = load_words(language_of_request(request), PAGE)
    who = unquote(request.cookies.get("kyodo_marker", ""))
    collections = person_of(request).collections
    return View(words, request.query_params, around, request.url.path, who, collections)


def page_link() -> Link:
    """The page's place in the navigation."""
    return Link(PATH, {language: load_words(language, PAGE)("page.nav") for language in LANGUAGES})


def shown(view: View, title: str, body: Sequence[Markup], status: int = 200) -> HTMLResponse:
    """A view as a whole page."""
    return respond(
        title,
        html('<div class="e-page">{body}</div>', body=join(body)),
        view.words.language,
        view.around,
        view.link(),
        view.query,
        styles=(f"{PATH}/page.css",),
        scripts=(f"{PATH}/page.js",),
        dropped=("kept",),
        status=status,
    )


def crumbs(view: View, *steps: tuple[str, str]) -> Markup:
    """The way back: the page's first view, then the steps (title, address)."""
    links = [(view.words("page.top"), view.link()), *steps]
    items = join(html('<li><a href="{a}">{t}</a></li>', a=a, t=t) for t, a in links)
    return html(
        '<nav class="e-crumbs" aria-label="{label}"><ol>{items}</ol></nav>',
        label=view.words("page.crumbs"),
        items=items,
    )


def hidden(**values: str) -> Markup:
    """Hidden fields of a form."""
    return join(
        html('<input type="hidden" name="{n}" value="{v}">', n=n, v=v) for n, v in values.items()
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[object]], css: str = "") -> Markup:
    """A table whose first column heads its rows."""
    head = join(html('<th scope="col">{h}</th>', h=h) for h in heads)
    body = join(
        html(
            '<tr><th scope="row">{first}</th>{rest}</tr>',
            first=first,
            rest=join(html("<td>{c}</td>", c=c) for c in rest),
        )
        for first, *rest in rows
    )
    return html(
        '<div class="scroll"><table class="{css}"><thead><tr>{head}</tr></thead>'
        "<tbody>{body}</tbody></table></div>",
        css=css,
        head=head,
        body=body,
    )


def when(started: str) -> str:
    """A date and time to read."""
    return started.replace("T", " ")[:19]


def select(
    name: str, label: str, options: Sequence[tuple[str, str]], chosen: str, css: str = ""
) -> Markup:
    """A labelled choice of one."""
    items = join(
        html(
            '<option value="{v}"{s}>{t}</option>',
            v=v,
            s=Markup(" selected") if v == chosen else Markup(""),
            t=t,
        )
        for v, t in options
    )
    return html(
        '<label class="{css}">{label}<select name="{name}">{items}</select></label>',
        css=css,
        label=label,
        name=name,
        items=items,
    )


def measure_name(view: View, name: str) -> str:
    """What a measure is called in the page's language."""
    return plain(view.words.language, name, "metric")
