"""One document: what is known of it, its pages or passages, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from starlette.responses import Response

from assistant.documents_list import Listed
from assistant.documents_page.list_view import about, collection_field
from assistant.documents_page.view import (
    View,
    ViewError,
    button,
    crumbs,
    facts,
    link_button,
    notice,
    shown,
)
from assistant.markup import html, join
from assistant.render_sources import day, weight_word
from assistant.words import load_words
from corpus.datatypes import AUTHORITIES, Document, Passage
from corpus.warnings import sentence
from index.contents import read_document

_NOTHING = Markup("")
_DATES = ("adopted", "effective_from", "effective_until")
_WORDS = ("title", "issuer", "section", "collection")


def document_view(view: View) -> Response:
    """The document that the address names."""
    words, row = view.words, listed(view)
    held = read_document(view.around.index, view.document_id)
    document, passages = held or (None, ())
    mine = row.own and row.status != "earlier" and view.may_change
    body = [
        crumbs(view, (row.title, "")),
        html("<h1>{t}</h1>", t=row.title),
        about(view, row),
        _notes(view, row),
        _confirm(view, document) if mine and document else _NOTHING,
        _ways(view, row) if row.own else notice(words("about.bundled")),
        _pages(view, passages),
        _passages(view, passages),
        _correct(view, document) if mine and document else _NOTHING,
    ]
    return shown(view, row.title, body)


def listed(view: View) -> Listed:
    """The document that the address names, as it is listed; raises ViewError where none is."""
    for row in view.documents:
        if row.document_id == view.document_id:
            return row
    raise ViewError(view.words("error.no_document"))


def corrections(view: View) -> dict[str, str]:
    """What a form for correcting says otherwise than the index does, by the keys of front matter.

    All dates go together: a document's dates are of one source only.

    Raises:
        ViewError: where the index does not hold the document.
    """
    held = read_document(view.around.index, view.document_id)
    if held is None:
        raise ViewError(view.words("error.no_document"))
    document, fields = held[0], view.fields
    known = {name: getattr(document, name) or "" for name in (*_WORDS, *_DATES, "authority")}
    values = {
        name: value
        for name, old in known.items()
        if (value := fields.get(name, old).strip()) != old
    }
    if "confirm" in fields or any(name in values for name in _DATES):
        values = {**{name: known[name] for name in _DATES}, **values}
        values["amended"] = document.amended or ""
    return values


def _notes(view: View, row: Listed) -> Markup:
    notes = [sentence(w, view.words.language) for w in row.warnings if not w.startswith("dates:")]
    if row.status == "waiting":
        notes.append(view.words("about.waiting"))
    if row.status not in ("ok", "earlier", "waiting"):
        notes.insert(0, view.words(f"reason.{row.status}"))
    items = join(html("<li>{n}</li>", n=n) for n in notes)
    detail = html('<p lang="en">{d}</p>', d=row.detail) if row.detail else _NOTHING
    if not notes and not row.detail:
        return _NOTHING
    return html(
        '<section><h2>{h}</h2><ul class="d-list">{i}</ul>{d}</section>',
        h=view.words("about.notes"),
        i=items,
        d=detail,
    )


def _confirm(view: View, document: Document) -> Markup:
    """The dates that were read from the text, and a button that says that they are right."""
    if document.dates_from != "text":
        return _NOTHING
    words, chat = view.words, load_words(view.words.language)
    names = (*_DATES, "amended")
    found = [(words(f"field.{n}"), getattr(document, n)) for n in names]
    return html(
        '<section class="d-card d-ask" aria-labelledby="d-confirm"><h2 id="d-confirm">{h}</h2>'
        "<p>{lead}</p>{dates}<p>{go}</p><p>{other}</p></section>",
        h=words("confirm.title"),
        lead=words("confirm.lead"),
        dates=facts([(name, day(value, chat)) for name, value in found if value]),
        go=button(view.link(document.document_id, "correct"), words("confirm.go"), confirm="1"),
        other=html('<a href="#d-correct">{t}</a>', t=words("confirm.other")),
    )


def _ways(view: View, row: Listed) -> Markup:
    name = row.document_id.partition("@v")[0] if row.status == "earlier" else row.document_id
    ways = [link_button(view.link(name, "history"), view.words("history.open"))]
    if view.may_change and row.status != "earlier":
        ways.append(link_button(view.link(name, "remove"), view.words("remove.open"), "d-danger"))
    return html('<p class="k-tools">{w}</p>', w=join(ways))


def _pages(view: View, passages: Sequence[Passage]) -> Markup:
    """The ways to the pages, where the document's file is here and has pages."""
    numbers = sorted({p.page for p in passages if p.page is not None})
    if not numbers or view.file(view.document_id) is None:
        return _NOTHING
    items = join(
        html(
            '<li><a href="{a}">{t}</a></li>',
            a=view.link(view.document_id, "page", number),
            t=view.words("page.number", page=number),
        )
        for number in numbers
    )
    return html(
        '<section><h2>{h}</h2><ol class="d-pages">{i}</ol></section>',
        h=view.words("page.pages"),
        i=items,
    )


def _passages(view: View, passages: Sequence[Passage]) -> Markup:
    own = [p for p in passages if not p.rendering]
    title = view.words("about.passages")
    return html(
        '<details class="d-passages"{open}><summary>{h}</summary><ol>{items}</ol></details>',
        open=Markup(" open") if not any(p.page for p in own) else _NOTHING,
        h=title,
        items=join(passage_item(view, p) for p in own),
    )


def passage_item(view: View, passage: Passage, mark: Markup | None = None) -> Markup:
    """A passage with its place; ``mark`` is its text with the quote marked."""
    page = (
        html(
            ' <span class="d-quiet">{t}</span>',
            t=view.words("page.number", page=passage.page),
        )
        if passage.page
        else _NOTHING
    )
    chat = load_words(view.words.language)
    return html(
        '<li><p><b lang="{lang}">{place}</b>{page} <span class="d-quiet">{weight}</span></p>'
        '<blockquote lang="{lang}">{text}</blockquote></li>',
        lang=passage.language,
        place=passage.locator,
        page=page,
        weight=weight_word(passage, chat),
        text=passage.text if mark is None else mark,
    )


def _correct(view: View, document: Document) -> Markup:
    words, chat = view.words, load_words(view.words.language)
    texts = [_field(view, name, "text", getattr(document, name) or "") for name in _WORDS]
    days = [_field(view, name, "date", getattr(document, name) or "") for name in _DATES]
    options = join(
        html(
            '<option value="{v}"{s}>{t}</option>',
            v=name,
            s=Markup(" selected") if name == document.authority else _NOTHING,
            t=chat(f"authority.{name}"),
        )
        for name in AUTHORITIES
    )
    weight = html(
        '<label>{l}<select name="authority">{o}</select></label>',
        l=words("field.authority"),
        o=options,
    )
    return html(
        '<section class="d-card" id="d-correct" aria-labelledby="d-correct-title">'
        '<h2 id="d-correct-title">{h}</h2><p>{lead}</p><form method="post" action="{action}">'
        '<div class="d-fields">{fields}</div><button class="k-button k-primary">{go}</button>'
        "</form></section>",
        h=words("correct.title"),
        lead=words("correct.lead"),
        action=view.link(document.document_id, "correct"),
        fields=join([texts[0], weight, *texts[1:], *days]),
        go=words("correct.go"),
    )


def _field(view: View, name: str, kind: str, value: str) -> Markup:
    if name == "collection":
        return collection_field(view, value, view.words("correct.collection"), view.documents)
    return html(
        '<label>{l}<input type="{kind}" name="{name}" value="{value}" maxlength="300"></label>',
        l=view.words(f"field.{name}"),
        kind=kind,
        name=name,
        value=value,
    )
