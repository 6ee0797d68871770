"""The head of every page: its name, the ways to the other pages, the switch of language."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.markup import html, join
from assistant.pages import Link
from assistant.words import Words

_NOTHING = Markup("")


def render_nav(links: Sequence[Link], here: Link, words: Words, *, apart: bool = False) -> Markup:
    """The ways between the pages; nothing where there is only one.

    Args:
        links: all pages.
        here: the page shown.
        words: the words of the page.
        apart: open the others in a new tab, since what is on this page would be lost.
    """
    if len(links) < 2:
        return _NOTHING
    items = join(_item(link, link == here, words, apart) for link in links)
    return html(
        '<nav class="k-nav" aria-label="{label}"><ul>{items}</ul></nav>',
        label=words("nav.label"),
        items=items,
    )


def _item(link: Link, current: bool, words: Words, apart: bool) -> Markup:
    title = link.titles[words.language]
    if current:
        template = '<li><a href="{path}" aria-current="page">{title}</a></li>'
    elif apart:
        template = (
            '<li><a href="{path}" target="_blank" rel="noopener">{title}'
            '<span class="k-hidden">{note}</span></a></li>'
        )
    else:
        template = '<li><a href="{path}">{title}</a></li>'
    return html(template, path=link.path, title=title, note=words("nav.new_tab"))
