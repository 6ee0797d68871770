"""What every view about people stands on: its words, its frame, its fields."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from assistant.frame import language_of_request, respond
from assistant.markup import html, join
from assistant.pages import Link, Surroundings
from assistant.people.errors import FOLDER
from assistant.words import LANGUAGES, Words, load_words

SIGN_IN, ACCOUNT, PEOPLE, SIGN_OUT = "/sign-in", "/account", "/people", "/sign-out"
_NOTHING = Markup("")


def words_for(request: Request) -> Words:
    """The words of these pages in the language of a request."""
    return load_words(language_of_request(request), FOLDER)


def link_of(path: str, key: str) -> Link:
    """A page's place in the navigation, by the name of its title."""
    return Link(path, {language: load_words(language, FOLDER)(key) for language in LANGUAGES})


def shown(
    request: Request,
    around: Surroundings,
    path: str,
    title: str,
    body: Sequence[Markup],
    status: int = 200,
) -> Response:
    """A view as a whole page."""
    return respond(
        title,
        html('<div class="p-page">{body}</div>', body=join(body)),
        words_for(request).language,
        around,
        around.base + path,
        request.query_params,
        styles=(f"{SIGN_IN}/page.css",),
        scripts=(f"{SIGN_IN}/page.js",),
        status=status,
    )


def told(sentence: str, css: str = "k-warning") -> Markup:
    """A sentence that is read out as soon as the page is there; nothing where it is empty."""
    if not sentence:
        return _NOTHING
    return html('<p class="k-notice {css}" role="alert">{s}</p>', css=css, s=sentence)


def text_field(name: str, label: str, value: str = "", hint: str = "", **attributes: str) -> Markup:
    """A labelled field for a line of text.

    Args:
        name: the field's name, which with ``p-`` is its id.
        label: what stands above it.
        value: what it holds.
        hint: what stands below the label.
        attributes: further ones (``type``, ``autocomplete``); ``_`` stands for ``-``.
    """
    given = {"type": "text", **attributes}
    return html(
        '<div class="p-field"><label for="p-{name}">{label}</label>{hint}'
        '<input id="p-{name}" name="{name}" value="{value}"{more}{described}></div>',
        name=name,
        label=label,
        hint=html('<p class="p-hint" id="p-{n}-hint">{h}</p>', n=name, h=hint)
        if hint
        else _NOTHING,
        value=value,
        more=join(
            html(' {n}="{v}"', n=n.replace("_", "-"), v=v) if v else html(" {n}", n=n)
            for n, v in given.items()
        ),
        described=html(' aria-describedby="p-{n}-hint"', n=name) if hint else _NOTHING,
    )


def password_field(name: str, label: str, autocomplete: str, hint: str = "") -> Markup:
    """A labelled field for a password."""
    return text_field(
        name, label, "", hint, type="password", autocomplete=autocomplete, required=""
    )


def choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> Markup:
    """A labelled choice of one."""
    items = join(
        html(
            '<option value="{v}"{s}>{t}</option>',
            v=v,
            s=Markup(" selected") if v == chosen else _NOTHING,
            t=t,
        )
        for v, t in options
    )
    return html(
        '<div class="p-field"><label for="p-{n}">{l}</label>'
        '<select id="p-{n}" name="{n}">{i}</select></div>',
        n=name,
        l=label,
        i=items,
    )


def button_form(action: str, label: str, css: str = "", **hidden: str) -> Markup:
    """A form that is nothing but a button."""
    fields = join(
        html('<input type="hidden" name="{n}" value="{v}">', n=n, v=v) for n, v in hidden.items()
    )
    return html(
        '<form method="post" action="{a}" class="p-inline">{f}'
        '<button class="k-button {css}">{l}</button></form>',
        a=action,
        f=fields,
        css=css,
        l=label,
    )


async def fields_of(request: Request) -> dict[str, str]:
    """The text fields of a form that was sent."""
    form = await request.form(max_files=0, max_fields=50)
    return {name: value for name, value in form.items() if isinstance(value, str)}
