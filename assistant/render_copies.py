"""The other documents in which a cited passage stands too: named once, not cited again."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from assistant.evidence import Source
from assistant.markup import html, join
from assistant.words import Words
from corpus.datatypes import Passage

Place = Callable[[Passage, Words], tuple[str, str]]


def copies_of(source: Source, words: Words, place_of: Place) -> Markup:
    """A list of the documents that say the same; nothing where there is none.

    Args:
        source: the source cited.
        words: the page's words.
        place_of: the place of a passage in words, and their language.
    """
    if not source.copies:
        return Markup("")
    rows = []
    for passage in source.copies:
        place, language = place_of(passage, words)
        label = _age(passage, source.passage, words)
        rows.append(
            html(
                '<li>{label}<cite>{title}</cite> <span lang="{language}">{place}</span></li>',
                label=f"{label} " if label else "",
                title=passage.document.title,
                language=language,
                place=place,
            )
        )
    return html(
        '<div class="k-copies">{note}<p>{label}</p><ul>{rows}</ul></div>',
        note=_note(source, words),
        label=words("source.copies"),
        rows=join(rows),
    )


def _age(passage: Passage, cited: Passage, words: Words) -> str:
    """Whether a copy is of an older or a newer version than what is cited; "" where of none."""
    if passage.superseded != cited.superseded:
        return words("source.older" if passage.superseded else "source.newer")
    return ""


def _note(source: Source, words: Words) -> Markup:
    """What stands first: that this is the newest version held here, or that it is not."""
    if source.passage.superseded:
        return html("<p>{note}</p>", note=words("source.not_newest"))
    if any(passage.superseded for passage in source.copies):
        return html("<p>{note}</p>", note=words("source.newest"))
    return Markup("")
