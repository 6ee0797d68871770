"""A page of a document as a picture, its passages outlined and the quote marked on it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from starlette.responses import Response

from assistant.documents_page.document_view import passage_item
from assistant.documents_page.shown_page import ShownPage, picture_of, shown_page
from assistant.documents_page.view import View, ViewError, crumbs, link_button, notice, shown
from assistant.markup import html, join, mark_span
from assistant.words import load_words
from corpus.datatypes import Passage
from corpus.errors import UnreadableFile
from corpus.page_text import Box
from index.contents import read_document

_NOTHING = Markup("")
Quote = tuple[Passage, int, int]


def page_view(view: View) -> Response:
    """The page that the address names."""
    number = int(view.place["number"])
    held = read_document(view.around.index, view.document_id)
    if held is None:
        raise ViewError(view.words("error.no_document"))
    document, every = held
    on_page = [p for p in every if p.page == number and not p.rendering]
    quote = _quote(view, every)
    name = view.words("page.number", page=number)
    body = [
        crumbs(view, (document.title, view.link(document.document_id)), (name, "")),
        html("<h1>{t} <span>{n}</span></h1>", t=document.title, n=name),
        _drawn(view, number, on_page, quote),
        _list(view, on_page, quote),
    ]
    return shown(view, f"{document.title} {name}", body)


def picture_view(view: View) -> Response:
    """The picture alone, as PNG."""
    path = view.file(view.document_id)
    if path is None:
        raise ViewError(view.words("page.no_file"))
    try:
        data = picture_of(path, int(view.place["number"]), view.children)
    except UnreadableFile as error:
        raise ViewError(view.words("page.not_drawn", reason=str(error))) from error
    return Response(data, media_type="image/png")


def _quote(view: View, passages: Sequence[Passage]) -> Quote | None:
    """The passage that the address names, and what of it is quoted; None where it is not there."""
    found = [p for p in passages if p.passage_id == view.query.get("passage")]
    if not found:
        return None
    length = len(found[0].text)
    asked = (view.query.get("start", "0"), view.query.get("end", str(length)))
    start, end = (int(a) if a.isascii() and a.isdigit() and len(a) < 9 else -1 for a in asked)
    return (found[0], start, end) if 0 <= start < end <= length else (found[0], 0, length)


def _drawn(view: View, number: int, on_page: Sequence[Passage], quote: Quote | None) -> Markup:
    """The picture with what stands on it, or a sentence that says why there is none."""
    path = view.file(view.document_id)
    if path is None:
        return notice(view.words("page.no_file"))
    try:
        page = shown_page(path, number, on_page, quote, view.children)
    except UnreadableFile as error:
        return notice(view.words("page.not_drawn", reason=str(error)), "k-warning")
    told = _told(view, page, on_page, quote)
    picture = html(
        '<figure class="d-figure"><div class="d-paper"><img src="{src}" width="{w}" height="{h}" '
        'alt="{alt}"><svg viewBox="0 0 {w} {h}" aria-hidden="true">{boxes}</svg></div></figure>',
        src=view.link(view.document_id, "picture", f"{number}.png"),
        w=round(page.width * 2),
        h=round(page.height * 2),
        alt=view.words("page.alt", page=number),
        boxes=join([*_outlines(page), *_marks(page)]),
    )
    return told + _turning(view, number, page.pages) + picture


def _told(view: View, page: ShownPage, on_page: Sequence[Passage], quote: Quote | None) -> Markup:
    """What is marked, or that it could not be."""
    words = view.words
    if view.query.get("passage") and quote is None:
        return notice(words("page.passage_gone"), "k-warning")
    lost = sum(not page.passages.get(p.passage_id) for p in on_page)
    some = (
        html('<p class="d-quiet">{t}</p>', t=words("page.lost", count=lost)) if lost else _NOTHING
    )
    if quote is None:
        return html("<p>{t}</p>", t=words("page.outlined")) + some
    if not page.quote:
        by_ocr = quote[0].ocr_confidence is not None
        return notice(words("page.not_marked_ocr" if by_ocr else "page.not_marked"), "k-warning")
    return html('<p class="d-key"><mark>{t}</mark></p>', t=words("page.marked")) + some


def _turning(view: View, number: int, pages: int) -> Markup:
    words, name = view.words, view.document_id
    ways = []
    if number > 1:
        ways.append(link_button(view.link(name, "page", number - 1), words("page.before")))
    ways.append(html("<span>{t}</span>", t=words("page.of", page=number, pages=pages)))
    if number < pages:
        ways.append(link_button(view.link(name, "page", number + 1), words("page.after")))
    return html('<p class="d-turning">{w}</p>', w=join(ways))


def _outlines(page: ShownPage) -> list[Markup]:
    return [_rect(page, b, "d-outline", 4) for boxes in page.passages.values() for b in boxes]


def _marks(page: ShownPage) -> list[Markup]:
    rows = [_rect(page, box, "d-mark", 2) for box in page.quote]
    return [html('<g id="quote">{rows}</g>', rows=join(rows))] if rows else []


def _rect(page: ShownPage, box: Box, css: str, wider: int) -> Markup:
    wide, high = page.width * 2, page.height * 2
    return html(
        '<rect class="{css}" x="{x}" y="{y}" width="{w}" height="{h}" rx="3"/>',
        css=css,
        x=round(box[0] * wide - wider, 1),
        y=round(box[1] * high - wider, 1),
        w=round((box[2] - box[0]) * wide + 2 * wider, 1),
        h=round((box[3] - box[1]) * high + 2 * wider, 1),
    )


def _list(view: View, on_page: Sequence[Passage], quote: Quote | None) -> Markup:
    """The passages of the page as text: what the picture cannot tell to everybody."""
    chat = load_words(view.words.language)
    rows = list(on_page)
    if quote is not None and quote[0] not in rows:
        rows.insert(0, quote[0])
    if not rows:
        return notice(view.words("page.none"))
    items = [
        passage_item(
            view,
            passage,
            mark_span(
                passage.text,
                quote[1],
                quote[2],
                chat("source.mark_start"),
                chat("source.mark_end"),
            )
            if quote is not None and passage == quote[0]
            else None,
        )
        for passage in rows
    ]
    return html(
        '<section class="d-passages"><h2>{h}</h2><ol>{i}</ol></section>',
        h=view.words("page.passages"),
        i=join(items),
    )
