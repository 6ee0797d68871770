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
        older = passage.superseded and not source.passage.superseded
        rows.append(
            html(
                '<li>{label}<cite>{title}</cite> <span lang="{language}">{place}</span></li>',
                label=words("source.older") + " " if older else "",
                title=passage.document.title,
                language=language,
                place=place,
            )
        )
    return html(
        '<div class="k-copies"><p>{label}</p><ul>{rows}</ul></div>',
        label=words("source.copies"),
        rows=join(rows),
    )
