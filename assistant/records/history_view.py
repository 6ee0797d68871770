"""The history: a person's conversations by day, and the search in them."""

from __future__ import annotations

import datetime
from itertools import groupby

from markupsafe import Markup
from starlette.responses import Response

from assistant.markup import html, join
from assistant.records.history import Conversation, Listing, conversations
from assistant.records.recheck import count_changed
from assistant.records.sheet_words import JAPAN, in_japan
from assistant.records.store import SESSION_HOURS
from assistant.records.view import View, link_button, notice, shown, tabs
from assistant.render_sources import day

_MOST = 30
"""Conversations on one page."""
_LONGEST = 200
"""Characters of a search that are looked at."""
_NOTHING = Markup("")


def history_view(view: View) -> Response:
    """The list, or what a search has found."""
    words = view.words
    search = view.query.get("q", "")[:_LONGEST].strip()
    given = view.query.get("start", "0")
    start = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
    listing = conversations(view.around.state, view.person, search, start, _MOST)
    body = [
        html("<h1>{t}</h1>", t=words("page.title")),
        tabs(view, "history", count_changed(view)),
        _did(view),
        html("<p>{lead}</p><p>{kept}</p>", lead=words("history.lead"), kept=_kept(view)),
        _search(view, search) if listing.total or search else _NOTHING,
        _found(view, search, listing.total),
        join(_day(view, date, list(rows)) for date, rows in groupby(listing.conversations, _date)),
        _turning(view, search, start, listing),
        _delete_all(view) if listing.total and not search else _NOTHING,
    ]
    return shown(view, words("page.title"), body)


def _did(view: View) -> Markup:
    did = view.query.get("did")
    if did not in ("deleted_one", "deleted_all"):
        return _NOTHING
    return notice(view.words(f"history.{did}"), role="status")


def _kept(view: View) -> str:
    days = view.around.settings.records_days
    if not days:
        return view.words("history.kept_session", hours=SESSION_HOURS)
    return view.words("history.kept", days=f"{days:,}")


def _search(view: View, search: str) -> Markup:
    words = view.words
    return html(
        '<form class="r-search" method="get" action="{action}" role="search">'
        '<label for="r-q">{label}</label><div class="r-line">'
        '<input id="r-q" type="search" name="q" value="{value}" maxlength="{most}" '
        'aria-describedby="r-hint"><button class="k-button k-primary">{go}</button>{end}</div>'
        '<p id="r-hint" class="r-quiet">{hint}</p></form>',
        action=view.link(),
        label=words("history.search"),
        value=search,
        most=_LONGEST,
        go=words("history.search_go"),
        end=link_button(view.link(), words("history.search_end")) if search else _NOTHING,
        hint=words("history.search_hint"),
    )


def _found(view: View, search: str, total: int) -> Markup:
    words = view.words
    if search and total:
        text = words("history.found", words=search, count=total)
        return html('<p role="status">{t}</p>', t=text)
    if search:
        return notice(words("history.found_none", words=search), role="status")
    return _NOTHING if total else notice(words("history.none"))


def _date(row: Conversation) -> datetime.date:
    return in_japan(row.at).date()


def _day(view: View, date: datetime.date, rows: list[Conversation]) -> Markup:
    return html(
        '<section class="r-day"><h2>{day}</h2><ul>{items}</ul></section>',
        day=_day_words(view, date),
        items=join(_item(view, row) for row in rows),
    )


def _day_words(view: View, date: datetime.date) -> str:
    written = day(date.isoformat(), view.chat)
    age = (datetime.datetime.now(JAPAN).date() - date).days
    key = {0: "history.today", 1: "history.yesterday"}.get(age)
    return view.words(key, date=written) if key else written


def _item(view: View, row: Conversation) -> Markup:
    address = view.link("c", row.conversation_id)
    found = join(
        html(
            '<li><a href="{a}#a-{id}">{q}</a></li>',
            a=address,
            id=asking.answer_id,
            q=asking.question,
        )
        for asking in row.found
    )
    return html(
        '<li class="r-item"><a class="r-name" href="{a}">{first}</a>'
        '<span class="r-quiet">{time} {count}</span>{found}</li>',
        a=address,
        first=row.first,
        time=in_japan(row.at).strftime("%H:%M"),
        count=view.words("history.questions", count=row.questions),
        found=html('<ul class="r-found">{f}</ul>', f=found) if _is_more(row) else _NOTHING,
    )


def _is_more(row: Conversation) -> bool:
    """Whether what was found is not simply the conversation's first question."""
    return bool(row.found) and row.questions > 1


def _turning(view: View, search: str, start: int, listing: Listing) -> Markup:
    ways = []
    if start:
        address = view.link(q=search, start=max(start - _MOST, 0))
        ways.append(link_button(address, view.words("history.newer")))
    if start + len(listing.conversations) < listing.total:
        address = view.link(q=search, start=start + _MOST)
        ways.append(link_button(address, view.words("history.older")))
    if not ways:
        return _NOTHING
    return html(
        '<nav class="r-ways" aria-label="{l}">{w}</nav>',
        l=view.words("history.pages"),
        w=join(ways),
    )


def _delete_all(view: View) -> Markup:
    way = link_button(view.link("delete"), view.words("history.delete_all"), "r-danger")
    return html('<p class="r-end">{w}</p>', w=way)
