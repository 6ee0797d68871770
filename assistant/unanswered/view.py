"""What the views of the page of unanswered questions share."""

from __future__ import annotations

import datetime
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from assistant.markup import html
from assistant.plain_page import Place, View
from assistant.unanswered.store import Group, Question

PLACE = Place("/unanswered", Path(__file__).parent, "u-page")
_NOTHING = Markup("")


def local_time(moment: str) -> str:
    """An ISO time as this machine's date and minute."""
    return datetime.datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def badges(view: View, group: Group) -> Markup:
    """What became of a group, and what the documents answer now."""
    words = view.words
    state = html(
        '<span class="u-badge u-is-{state}">{text}</span> ',
        state=group.state,
        text=words(f"state.{group.state}"),
    )
    again = (
        html(
            '<span class="u-badge u-again">{t}</span> ',
            t=words("group.since", count=group.since),
        )
        if group.since
        else _NOTHING
    )
    return state + again + now_badge(view, group)


def now_badge(view: View, group: Group) -> Markup:
    """What the documents answered when the questions were asked again."""
    if not group.now_at:
        return _NOTHING
    name = "all" if group.now_answered == group.size else "some" if group.now_answered else "none"
    return html(
        '<span class="u-badge u-now-{name}">{t}</span> ',
        name=name,
        t=view.words(f"now.{name}", count=group.now_answered, total=group.size),
    )


def ask_link(view: View, question: Question) -> Markup:
    """The way to ask a question in the conversation."""
    return html(
        '<a href="{a}" target="_blank" rel="noopener">{t}</a>',
        a=f"{view.around.base}/?q={quote(question.standalone)}",
        t=view.words("group.ask"),
    )
