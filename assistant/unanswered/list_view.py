"""The list of the groups: what is missing most, for which section."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from assistant.markup import html, join
from assistant.plain_page import View, button, form, link_button, notice, select, shown
from assistant.unanswered.check import check
from assistant.unanswered.grouping import encoder_of, group_new
from assistant.unanswered.store import (
    NO_SECTION,
    ORDERS,
    STATES,
    Group,
    Wanted,
    all_groups,
    chosen,
)
from assistant.unanswered.view import badges, local_time

PER_PAGE = 30
_SHOWN = 3
_FILTERS = ("state", "section", "words", "order")
_MOST_CHECKED = 200
"""Groups that one press of the button asks again."""
_NOTHING = Markup("")


def grouped(view: View) -> tuple[Group, ...]:
    """Every group, with the questions that have come since."""
    group_new(view.around.state, encoder_of(view.around))
    return all_groups(view.around.state)


def wanted_of(view: View) -> Wanted:
    """What the address asks for: what is open, where it names no state."""
    asked = {name: view.query.get(name, "").strip() for name in _FILTERS}
    state = "" if asked["state"] == "all" else asked["state"] or "open"
    return Wanted(**{**asked, "state": state})


def list_view(view: View) -> Response:
    """The groups that the address asks for."""
    words, title, groups = view.words, view.words("list.title"), grouped(view)
    wanted, page = wanted_of(view), _page_number(view)
    found = chosen(groups, wanted)
    here = found[PER_PAGE * (page - 1) : PER_PAGE * page]
    body = [
        html("<h1>{t}</h1><p>{lead}</p>", t=title, lead=words("list.lead")),
        _checked(view, groups),
        _counts(view, groups),
        _filters(view, wanted, groups),
        html('<ol class="u-list">{l}</ol>', l=join(_row(view, group) for group in here))
        if here
        else html('<p class="k-notice">{t}</p>', t=words("list.none")),
        _pages(view, page, len(found)),
        _again(view, groups) if groups else _NOTHING,
        _exports(view),
    ]
    return shown(view, title, body, dropped=("page", "checked"))


def check_all(view: View) -> Response:
    """Ask every open group again, those first that were never or longest ago asked."""
    open_ones = chosen(grouped(view), Wanted(state="open"))
    first = sorted(open_ones, key=lambda group: group.now_at)[:_MOST_CHECKED]
    check(view.around.state, view.around.service, first)
    return RedirectResponse(
        view.link("", checked=len(first), left=len(open_ones) - len(first)), 303
    )


def _checked(view: View, groups: tuple[Group, ...]) -> Markup:
    """What came of asking again."""
    checked = view.query.get("checked", "")
    if not checked.isdigit():
        return _NOTHING
    answered = [g for g in groups if g.state == "open" and g.now_answered]
    text = view.words("list.checked", count=int(checked), answered=len(answered))
    left = view.query.get("left", "")
    if left.isdigit() and int(left):
        text += view.words("list.left", count=int(left))
    return notice(text)


def _page_number(view: View) -> int:
    asked = view.query.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _counts(view: View, groups: tuple[Group, ...]) -> Markup:
    counts = Counter(group.state for group in groups)
    answered = sum(1 for g in groups if g.state == "open" and g.now_answered)
    rows = [(view.words(f"state.{name}"), counts[name]) for name in STATES]
    rows.append((view.words("list.now_answered"), answered))
    rows.append((view.words("list.questions"), sum(group.size for group in groups)))
    cells = join(html("<div><dt>{n}</dt><dd>{v}</dd></div>", n=n, v=f"{v:,}") for n, v in rows)
    return html('<dl class="u-counts">{cells}</dl>', cells=cells)


def _filters(view: View, wanted: Wanted, groups: tuple[Group, ...]) -> Markup:
    words = view.words
    sections = sorted({group.section for group in groups})
    options = {
        "state": [
            *((name, words(f"state.{name}")) for name in STATES),
            ("all", words("list.every")),
        ],
        "section": [
            ("", words("list.every")),
            *((s or NO_SECTION, s or words("list.no_section")) for s in sections),
        ],
        "order": [(name, words(f"order.{name}")) for name in ORDERS],
    }
    picked = {
        "state": wanted.state or "all",
        "section": wanted.section,
        "order": wanted.order or ORDERS[0],
    }
    selects = join(select(n, words(f"list.{n}"), given, picked[n]) for n, given in options.items())
    return html(
        '<form class="u-filters" method="get" role="search" aria-label="{label}" action="{action}">'
        '{selects}<label>{words}<input type="search" name="words" value="{said}"></label>'
        '<div class="k-tools"><button class="k-button">{go}</button></div></form>',
        label=words("list.filter"),
        action=view.link(),
        selects=selects,
        words=words("list.words"),
        said=wanted.words,
        go=words("list.apply"),
    )


def _row(view: View, group: Group) -> Markup:
    words, wordings = view.words, group.wordings
    first, others = wordings[0][0], wordings[1:_SHOWN]
    examples = join(
        html('<li lang="{l}">{t}</li>', l=question.language, t=question.standalone)
        for question, _ in others
    )
    more = len(wordings) - 1 - len(others)
    return html(
        '<li><p class="u-count">{count}</p><div>'
        '<h2 lang="{lang}"><a href="{a}">{q}</a></h2>'
        '<p class="u-line">{badges}<span class="u-quiet">{about}</span></p>'
        '<ul class="u-others">{examples}</ul>{more}{note}</div></li>',
        count=words("group.times", count=group.size),
        lang=first.language,
        a=view.link("group", id=group.group_id),
        q=first.standalone,
        badges=badges(view, group),
        about=words(
            "group.about",
            when=local_time(group.newest),
            section=group.section or words("list.no_section"),
        ),
        examples=examples,
        more=html('<p class="u-quiet">{t}</p>', t=words("group.more", count=more))
        if more
        else _NOTHING,
        note=html('<p class="u-quiet">{t}</p>', t=words("group.note", note=group.note))
        if group.note
        else _NOTHING,
    )


def _pages(view: View, page: int, total: int) -> Markup:
    last = max(1, -(-total // PER_PAGE))
    if last == 1:
        return _NOTHING
    words, asked = view.words, _asked(view)
    ways = []
    if page > 1:
        ways.append(link_button(view.link("", **asked, page=page - 1), words("list.before")))
    ways.append(html("<span>{t}</span>", t=words("list.page", page=page, last=last)))
    if page < last:
        ways.append(link_button(view.link("", **asked, page=page + 1), words("list.after")))
    return html(
        '<nav class="k-tools" aria-label="{l}">{w}</nav>', l=words("list.pages"), w=join(ways)
    )


def _again(view: View, groups: tuple[Group, ...]) -> Markup:
    """The button that asks what is open again."""
    words = view.words
    open_ones = [g for g in groups if g.state == "open"]
    if not open_ones:
        return _NOTHING
    times = [g.now_at for g in open_ones if g.now_at]
    last = (
        html('<p class="u-quiet">{t}</p>', t=words("again.last", when=local_time(max(times))))
        if times
        else _NOTHING
    )
    return html(
        "<section><h2>{h}</h2><p>{lead}</p>{last}{form}</section>",
        h=words("again.title"),
        lead=words("again.lead"),
        last=last,
        form=form(view.link("check-all"), button(words("again.go"), "k-primary")),
    )


def _asked(view: View) -> dict[str, str | int | None]:
    return {name: view.query.get(name) for name in _FILTERS}


def _exports(view: View) -> Markup:
    links = join(
        html(
            '<a class="k-button" href="{a}" download>{t}</a>',
            a=view.link("export", **_asked(view), format=kind),
            t=view.words(f"list.{kind}"),
        )
        for kind in ("csv", "jsonl")
    )
    return html(
        '<section><h2>{h}</h2><p class="u-quiet">{lead}</p><div class="k-tools">{links}</div>'
        "</section>",
        h=view.words("list.export"),
        lead=view.words("list.export_lead"),
        links=links,
    )
