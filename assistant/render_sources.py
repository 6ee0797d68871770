"""The sources panel: one card per passage, opened by its number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from markupsafe import Markup

from assistant.datatypes import Reference
from assistant.evidence import Source
from assistant.markup import html, join, mark_span, safe_url
from assistant.render_copies import copies_of
from assistant.render_page_link import page_link
from assistant.render_standing import standing_word
from assistant.words import Words
from corpus.datatypes import Document, Passage

VIEWS = frozenset({"opinion", "remark", "hypothesis", "inferred", "gap"})
"""Standings that are nobody's rule: an opinion is never shown like the city's position."""

_NOTHING = Markup("")


def source_id(exchange: int, number: int) -> str:
    """The id of a source's card in the page."""
    return f"k-s-{exchange}-{number}"


def weight(passage: Passage) -> str:
    """How much a passage weighs, for its shape: ``binding``, ``view`` or ``plain``."""
    if passage.standing in VIEWS:
        return "view"
    return "binding" if passage.binding else "plain"


def weight_word(passage: Passage, words: Words) -> str:
    """The word beside a source number: the standing of a view, else the authority."""
    if passage.standing in VIEWS:
        return standing_word(passage, words)
    return words(f"authority.{passage.authority}")


def title_of(document: Document, words: Words) -> tuple[str, str]:
    """A document's title in the page's language where it has one, and that language."""
    if words.language == "en" and document.title_en:
        return document.title_en, "en"
    return document.title, document.language


def locator_of(passage: Passage, words: Words) -> tuple[str, str]:
    """Where the passage stands, as staff cite it, and the language it is said in."""
    if words.language == "en" and passage.locator_en:
        return passage.locator_en, "en"
    return passage.locator, passage.document.language


def day(value: str, words: Words) -> str:
    """An ISO date as people write it; anything else as it is."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value)
    if not found:
        return value
    year, month, date = (int(part) for part in found.groups())
    names = words("date.months").split()
    if not 1 <= month <= len(names):
        return value
    return words("date.day", year=year, month=names[month - 1], day=date)


def render_source(
    source: Source, number: int, exchange: int, as_of: str, words: Words, root: str = ""
) -> Markup:
    """One card, shut.

    Args:
        source: the passage and what belongs to it.
        number: its number in the answer from 1, 0 for a passage that is only near.
        exchange: the number of the question in the conversation.
        as_of: ISO date of the answer, to say whether the passage is in force.
        words: the words of the page.
        root: what leads from the page shown to the conversation's, "" from there.
    """
    passage = source.passage
    identity = source_id(exchange, number) if number else ""
    return html(
        '<details class="k-source k-is-{weight}" {identity}><summary>'
        '<span class="k-source-line">{number}<span class="k-source-name">'
        '<span class="k-title" lang="{title_lang}">{title}</span> '
        '<span class="k-locator" lang="{place_lang}">{place}</span></span></span>'
        '{badges}</summary><div class="k-source-body">{body}</div></details>',
        weight=weight(passage),
        identity=html('id="{id}"', id=identity) if identity else _NOTHING,
        number=html('<span class="k-number">[{n}]</span>', n=number) if number else _NOTHING,
        title=title_of(passage.document, words)[0],
        title_lang=title_of(passage.document, words)[1],
        place=locator_of(passage, words)[0],
        place_lang=locator_of(passage, words)[1],
        badges=_badges(passage, as_of, words),
        body=_body(source, exchange, words, root),
    )


def ocr_mark(passage: Passage, words: Words) -> str:
    """That OCR read the passage, and how sure it is of its characters, in percent."""
    return words("source.ocr", percent=round(100 * (passage.ocr_confidence or 0.0)))


def _badges(passage: Passage, as_of: str, words: Words) -> Markup:
    """What the passage is worth, in words; the style adds a shape to each."""
    binding = "binding" if passage.binding else "not_binding"
    badges = [
        ("authority", words(f"authority.{passage.authority}")),
        (binding, words(f"source.{binding}")),
        (passage.document.edition, words(f"source.{passage.document.edition}")),
    ]
    if passage.standing != "provision":
        kind = "view" if passage.standing in VIEWS else "standing"
        badges.append((kind, standing_word(passage, words)))
    if passage.ocr_confidence is not None:
        badges.append(("warning", ocr_mark(passage, words)))
    if passage.effective_until and passage.effective_until < as_of:
        badges.append(("warning", words("source.expired")))
    if passage.effective_from and passage.effective_from > as_of:
        badges.append(("warning", words("source.not_yet")))
    return html(
        '<span class="k-badges">{badges}</span>',
        badges=join(
            (html('<span class="k-badge k-badge-{kind}">{text}</span>', kind=k, text=t))
            for k, t in badges
        ),
    )


def _body(source: Source, exchange: int, words: Words, root: str) -> Markup:
    passage = source.passage
    return join(
        (
            _headings(passage, words),
            html(
                '<blockquote class="k-passage" lang="{lang}" aria-label="{label}">'
                "{text}</blockquote>",
                lang=passage.language,
                label=words("source.passage"),
                text=_text(source, words),
            ),
            _more(source.original, words("source.japanese"), words, "k-original"),
            _official(passage, words),
            page_link(passage, source.citation, words, root),
            _facts(passage, words),
            copies_of(source, words, locator_of),
            _more(source.previous, words("source.previous"), words, "k-neighbour"),
            _more(source.next, words("source.next"), words, "k-neighbour"),
            _back(source, exchange, words),
        )
    )


def _text(source: Source, words: Words) -> Markup:
    citation = source.citation
    if citation is None:
        return html("{text}", text=source.passage.text)
    return mark_span(
        source.passage.text,
        citation.start,
        citation.end,
        words("source.mark_start"),
        words("source.mark_end"),
    )


def _headings(passage: Passage, words: Words) -> Markup:
    """The headings above the passage, unless its place names them all."""
    place = locator_of(passage, words)[0]
    if all(heading in place for heading in passage.headings):
        return _NOTHING
    return html(
        '<ol class="k-headings" lang="{lang}" aria-label="{label}">{items}</ol>',
        lang=passage.language,
        label=words("source.place"),
        items=join(html("<li>{heading}</li>", heading=h) for h in passage.headings),
    )


def _more(passage: Passage | None, label: str, words: Words, kind: str) -> Markup:
    """Another passage, one click away."""
    if passage is None:
        return _NOTHING
    place, place_lang = locator_of(passage, words)
    return html(
        '<details class="k-more {kind}"><summary>{label} '
        '<span class="k-locator" lang="{place_lang}">{place}</span></summary>'
        '<blockquote class="k-passage" lang="{lang}">{text}</blockquote></details>',
        kind=kind,
        label=label,
        place=place,
        place_lang=place_lang,
        lang=passage.language,
        text=passage.text,
    )


def _official(passage: Passage, words: Words) -> Markup:
    """The link to the official page, with the warning that a digest needs."""
    source = passage.source or passage.document.source
    address = safe_url(passage.source) or safe_url(passage.document.source)
    note = Markup("")
    if passage.document.edition == "digest":
        key = "source.digest_note" if address else "source.digest_note_no_page"
        note = html('<p class="k-digest-note">{note}</p>', note=words(key))
    if address is None:
        if not source or ":" in source:
            return note
        name = PurePosixPath(source).name if PurePosixPath(source).suffix else source
        return note + html('<p class="k-file">{file}</p>', file=words("source.file", name=name))
    return note + html(
        '<p><a class="k-official" href="{address}" target="_blank" '
        'rel="noopener noreferrer" title="{note}">{label}'
        '<span class="k-outside" aria-hidden="true"> ↗</span>'
        '<span class="k-hidden"> ({note})</span></a></p>',
        address=address,
        label=words("source.official"),
        note=words("source.official_note"),
    )


def dates_of(passage: Passage, words: Words) -> str:
    """From when to when the passage is in force, in words."""
    parts = []
    if passage.effective_from:
        parts.append(words("source.from", date=day(passage.effective_from, words)))
    if passage.effective_until:
        parts.append(words("source.until", date=day(passage.effective_until, words)))
    return " ".join(parts) if parts else words("source.no_dates")


def _facts(passage: Passage, words: Words) -> Markup:
    document = passage.document
    english = words.language == "en"
    rows = [(words("source.dates"), dates_of(passage, words))]
    if passage.page is not None:
        rows.append((words("source.place"), words("source.page", page=passage.page)))
    issuer = (document.issuer_en if english else "") or document.issuer
    section = (document.section_en if english else "") or document.section
    if issuer:
        rows.append((words("source.issuer"), issuer))
    if section:
        rows.append((words("source.section"), section))
    items = (html("<div><dt>{name}</dt><dd>{value}</dd></div>", name=n, value=v) for n, v in rows)
    return html('<dl class="k-facts">{items}</dl>', items=join(items))


def _back(source: Source, exchange: int, words: Words) -> Markup:
    if source.citation is None:
        return _NOTHING
    return html(
        '<button type="button" class="k-quiet" data-back="{id}">{label}</button>',
        id=source_id(exchange, source.citation.number),
        label=words("source.back"),
    )


def render_references(references: Sequence[Reference], words: Words) -> Markup:
    """The provisions that the sources point to, one step on."""
    items = join(
        _more(r.passage, words("source.points_to", number=r.citation, words=r.words), words, "")
        for r in references
    )
    if not items:
        return _NOTHING
    return html(
        '<div class="k-references"><h3>{heading}</h3>{items}</div>',
        heading=words("source.references"),
        items=items,
    )


def render_set_aside(passages: Sequence[Passage], as_of: str, words: Words) -> Markup:
    """Passages that are not in force on the day, greyed, each with the reason."""
    items = join(
        html(
            '<li><span lang="{lang}">{title} {place}</span>: {reason} ({dates})</li>',
            lang=title_of(p.document, words)[1],
            title=title_of(p.document, words)[0],
            place=locator_of(p, words)[0],
            reason=words("source.not_yet" if _is_ahead(p, as_of) else "source.expired"),
            dates=dates_of(p, words),
        )
        for p in passages
    )
    if not items:
        return _NOTHING
    return html(
        '<div class="k-set-aside"><h3>{heading}</h3><ul>{items}</ul></div>',
        heading=words("source.set_aside", date=day(as_of, words)),
        items=items,
    )


def _is_ahead(passage: Passage, as_of: str) -> bool:
    return passage.effective_from is not None and passage.effective_from > as_of
