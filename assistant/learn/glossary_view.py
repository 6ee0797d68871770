"""The glossary: terms by 五十音, searched by kana, kanji or English, each with its passage."""

from __future__ import annotations

from itertools import groupby

from markupsafe import Markup
from starlette.responses import Response

from assistant.learn import furigana
from assistant.learn.ground import Quoted
from assistant.learn.kana import hiragana, row_of, sort_key
from assistant.learn.material import GLOSSARY
from assistant.learn.view import GLOSSARY_PATH, View, notice, render_quoted, shown
from assistant.markup import html, join
from corpus.glossary import Term

_NOTHING = Markup("")
_MOST = 100
"""Characters of a search that are looked at."""


def find_terms(terms: tuple[Term, ...], asked: str) -> tuple[Term, ...]:
    """The terms that a search finds, in 五十音 order; all of them where it is empty.

    Kana of either kind, kanji, English and other words for a term find it, in any letters.
    """
    wanted = [hiragana(word) for word in asked[:_MOST].split()]
    found = (t for t in terms if all(w in _searched(t) for w in wanted))
    return tuple(sorted(found, key=lambda t: sort_key(t.reading)))


def glossary_view(view: View) -> Response:
    """The glossary, or what a search in it finds."""
    words, asked = view.words, view.query.get("q", "").strip()
    standing = [(t, view.looking.quoted(t.source)) for t in find_terms(view.material.terms, asked)]
    known = {t.term_id: t for t in view.visible_terms}
    found = [(t, quoted) for t, quoted in standing if quoted]
    body = [
        html(
            "<h1>{t}</h1><p class='l-lead'>{l}</p>",
            t=words("glossary.title"),
            l=words("glossary.lead"),
        ),
        notice(words("glossary.checking"), "k-warning") if _waiting(view) else _NOTHING,
        _search(view, asked),
        html('<p role="status">{t}</p>', t=words("glossary.count", count=len(found))),
        _rows(view, found) if found and not asked else _NOTHING,
        _list(view, found, known),
    ]
    return shown(view, words("glossary.title"), body)


def _waiting(view: View) -> bool:
    return bool(view.seen_of(view.changes.get(GLOSSARY, ())))


def _searched(term: Term) -> str:
    return hiragana("\n".join((term.term, term.reading, term.english, *term.also)))


def _search(view: View, asked: str) -> Markup:
    words = view.words
    return html(
        '<form method="get" action="{a}" role="search" class="l-search">'
        '<label for="l-q">{label}</label><div><input id="l-q" name="q" type="search" '
        'maxlength="100" value="{q}"><button class="k-button k-primary">{go}</button>{all}</div>'
        "</form>",
        a=view.link_to(GLOSSARY_PATH),
        label=words("glossary.search"),
        q=asked,
        go=words("glossary.go"),
        all=html(
            '<a class="k-button" href="{a}">{t}</a>',
            a=view.link_to(GLOSSARY_PATH),
            t=words("glossary.all"),
        )
        if asked
        else _NOTHING,
    )


def _rows(view: View, found: list[tuple[Term, Quoted]]) -> Markup:
    """The ways to the rows of the list."""
    rows = list(dict.fromkeys(row_of(term.reading) for term, _ in found))
    links = join(
        html('<li><a href="#r-{n}">{t}</a></li>', n=n, t=_row_name(view, row))
        for n, row in enumerate(rows)
    )
    return html(
        '<nav class="l-rows" aria-label="{label}"><ul>{links}</ul></nav>',
        label=view.words("glossary.rows"),
        links=links,
    )


def _row_name(view: View, row: str) -> str:
    return view.words("glossary.row", row=row) if row else view.words("glossary.other")


def _list(view: View, found: list[tuple[Term, Quoted]], known: dict[str, Term]) -> Markup:
    grouped = groupby(found, key=lambda pair: row_of(pair[0].reading))
    parts = []
    for n, (row, pairs) in enumerate(grouped):
        items = join(_term(view, term, quoted, known) for term, quoted in pairs)
        parts.append(
            html('<h2 id="r-{n}">{t}</h2>{items}', n=n, t=_row_name(view, row), items=items)
        )
    return join(parts)


def _term(view: View, term: Term, quoted: Quoted, known: dict[str, Term]) -> Markup:
    words = view.words
    return html(
        '<article class="l-term" id="t-{id}"><div><h3>{name} '
        '<span class="l-reading">{reading}</span> '
        '<span class="l-english" lang="en">{english}</span></h3>{also}'
        '<p class="l-text">{meaning}</p>{related}</div>'
        '<div><p class="l-where">{where}</p>{card}</div></article>',
        id=term.term_id,
        name=html('<span lang="ja">{t}</span>', t=term.term),
        reading=term.reading if _has_kanji(term) else "",
        english=term.english,
        also=_also(view, term),
        meaning=term.meaning.of(view.language),
        where=words("glossary.defined" if term.defined else "glossary.used"),
        card=render_quoted(view, quoted, 0),
        related=_related(view, term, known),
    )


def _has_kanji(term: Term) -> bool:
    return bool(furigana.readings_of([term])) and hiragana(term.term) != hiragana(term.reading)


def _also(view: View, term: Term) -> Markup:
    if not term.also:
        return _NOTHING
    return html(
        '<p class="l-also">{t}</p>', t=view.words("glossary.also", words="、".join(term.also))
    )


def _related(view: View, term: Term, known: dict[str, Term]) -> Markup:
    links = [
        html(
            '<li><a href="{a}#t-{id}" lang="ja">{t}</a></li>',
            a=view.link_to(GLOSSARY_PATH),
            id=name,
            t=known[name].term,
        )
        for name in term.related
        if name in known
    ]
    if not links:
        return _NOTHING
    return html(
        '<div class="l-related"><span>{h}</span><ul>{links}</ul></div>',
        h=view.words("glossary.related"),
        links=join(links),
    )
