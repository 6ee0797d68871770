"""The head of every page: the ways to the other pages, and who is looking."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.markup import html, join
from assistant.pages import Link
from assistant.people.forms import token_field
from assistant.person import Role, Visit
from assistant.words import Words

_NOTHING = Markup("")


def render_nav(
    links: Sequence[Link], here: Link, words: Words, visit: Visit, *, apart: bool = False
) -> Markup:
    """The ways to the pages that somebody may see; nothing where there is only one.

    Args:
        links: all pages.
        here: the page shown.
        words: the words of the page.
        visit: who looks.
        apart: open the others in a new tab, since what is on this page would be lost.
    """
    open_to = [link for link in links if link.listed and may_see(link.role, visit)]
    if len(open_to) < 2:
        return _NOTHING
    items = join(_item(link, link == here, words, apart) for link in open_to)
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


def may_see(role: Role | None, visit: Visit) -> bool:
    """Whether somebody may look at what a role is needed for; None: it is for everybody."""
    return role is None or (visit.person is not None and visit.person.may(role))


def render_visit(visit: Visit, base: str, words: Words) -> Markup:
    """Who is signed in, and the button to sign out; nothing where nobody needs to sign in.

    Args:
        visit: who looks.
        base: what stands before every path.
        words: the words of the page.
    """
    if visit.person is None or not visit.person.name:
        return _NOTHING
    if not visit.leaves:
        return html(
            '<span class="k-who"><span class="k-hidden">{label}</span>{name}</span>',
            label=words("visit.label"),
            name=visit.person.name,
        )
    return html(
        '<a class="k-who" href="{account}"><span class="k-hidden">{label}</span>{name}</a>'
        '<form method="post" action="{out}">{token}'
        '<button class="k-button">{leave}</button></form>',
        account=f"{base}/account",
        label=words("visit.label"),
        name=visit.person.name,
        out=f"{base}/sign-out",
        token=token_field(visit.token),
        leave=words("visit.leave"),
    )
