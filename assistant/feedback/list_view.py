"""The owner's list of all feedback: counts, filters, pages, exports."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from starlette.responses import Response

from assistant.feedback.datatypes import PART_KINDS, STATES, VERDICTS, Feedback
from assistant.feedback.search import NO_SECTION, Counts, Wanted, count, search, sections
from assistant.feedback.sight import sight_of
from assistant.feedback.view import local_time, part_words
from assistant.markup import html, join
from assistant.plain_page import View, link_button, select, shown

PER_PAGE = 30
_FILTERS = ("verdict", "part", "state", "section", "since", "until", "words")
_NOTHING = Markup("")


def wanted_of(view: View) -> Wanted:
    """What the address asks for."""
    return Wanted(**{name: view.query.get(name, "").strip() for name in _FILTERS})


def list_view(view: View) -> Response:
    """All feedback that the address asks for."""
    words, title, state = view.words, view.words("list.title"), view.around.state
    wanted, page = wanted_of(view), _page_number(view)
    sight = sight_of(view.person, view.around.service)
    counts = count(state, wanted, sight)
    found = search(state, wanted, sight, PER_PAGE, PER_PAGE * (page - 1))
    body = [
        html("<h1>{t}</h1><p>{lead}</p>", t=title, lead=words("list.lead")),
        _counts(view, counts),
        _filters(view, wanted),
        html('<ul class="f-list">{l}</ul>', l=join(_row(view, given) for given in found))
        if found
        else html('<p class="k-notice">{t}</p>', t=words("list.none")),
        _pages(view, page, counts.total),
        _exports(view),
    ]
    return shown(view, title, body, dropped=("page",))


def _asked(view: View) -> dict[str, str | int | None]:
    """The filters as the address has them, to be carried along by links."""
    return {name: view.query.get(name) for name in _FILTERS}


def _page_number(view: View) -> int:
    asked = view.query.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _counts(view: View, counts: Counts) -> Markup:
    cells = join(
        html("<div><dt>{n}</dt><dd>{v}</dd></div>", n=view.words(f"list.{name}"), v=f"{value:,}")
        for name, value in (
            ("total", counts.total),
            ("wrong", counts.wrong),
            ("right", counts.right),
            ("open", counts.open),
            ("done", counts.done),
        )
    )
    return html('<dl class="f-counts">{cells}</dl>', cells=cells)


def _filters(view: View, wanted: Wanted) -> Markup:
    words, every = view.words, ("", view.words("list.every"))
    known = [(s or NO_SECTION, s or words("list.no_section")) for s in sections(view.around.state)]
    choices = [
        select(
            "verdict",
            words("list.verdict"),
            [every, *_options(view, "verdict", VERDICTS)],
            wanted.verdict,
        ),
        select(
            "part",
            words("list.part"),
            [every, *_options(view, "part_kind", PART_KINDS)],
            wanted.part,
        ),
        select(
            "state", words("list.state"), [every, *_options(view, "state", STATES)], wanted.state
        ),
        select("section", words("list.section"), [every, *known], wanted.section),
    ]
    inputs = [
        html(
            '<label>{label}<input type="{kind}" name="{name}" value="{value}"></label>',
            label=words(f"list.{name}"),
            kind=kind,
            name=name,
            value=value,
        )
        for name, kind, value in (
            ("since", "date", wanted.since),
            ("until", "date", wanted.until),
            ("words", "search", wanted.words),
        )
    ]
    return html(
        '<form class="f-filters" method="get" role="search" aria-label="{label}" action="{action}">'
        '{fields}<div class="k-tools"><button class="k-button">{go}</button>{clear}</div></form>',
        label=words("list.filter"),
        action=view.link(),
        fields=join([*choices, *inputs]),
        go=words("list.apply"),
        clear=link_button(view.link(), words("list.clear")) if wanted != Wanted() else _NOTHING,
    )


def _options(view: View, group: str, names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, view.words(f"{group}.{name}")) for name in names]


def _row(view: View, given: Feedback) -> Markup:
    parts = [part_words(part, given.answer, view.words) for part in given.said.parts]
    told = [*parts, *([given.said.comment] if given.said.comment else [])]
    return html(
        '<li><p class="f-line">{badges}</p><h2><a href="{a}">{q}</a></h2>{told}{note}</li>',
        badges=badges(view, given),
        a=view.link("one", id=given.feedback_id),
        q=given.question,
        told=join(html('<p class="f-told">{t}</p>', t=text) for text in told),
        note=html('<p class="f-quiet">{t}</p>', t=view.words("list.note", note=given.note))
        if given.note
        else _NOTHING,
    )


def badges(view: View, given: Feedback) -> Markup:
    """What was said, what became of it, when and from where."""
    words = view.words
    state = html(
        '<span class="f-badge f-is-{state}">{s}</span> ',
        state=given.state,
        s=words(f"state.{given.state}"),
    )
    return html(
        '<span class="f-badge f-is-{verdict}">{v}</span> {state}'
        '<span class="f-quiet">{when}{section}</span>',
        verdict=given.said.verdict,
        v=words(f"verdict.{given.said.verdict}"),
        state=state if given.said.verdict == "wrong" else _NOTHING,
        when=local_time(given.changed_at),
        section=f"　{given.section}" if given.section else "",
    )


def _pages(view: View, page: int, total: int) -> Markup:
    """The ways to the pages before and after."""
    last = max(1, -(-total // PER_PAGE))
    if last == 1:
        return _NOTHING
    asked = _asked(view)
    words = view.words
    ways = (
        [link_button(view.link("", **asked, page=page - 1), words("list.newer"))]
        if page > 1
        else []
    )
    ways += [html("<span>{t}</span>", t=words("list.page", page=page, last=last))]
    if page < last:
        ways.append(link_button(view.link("", **asked, page=page + 1), words("list.older")))
    return html(
        '<nav class="k-tools" aria-label="{l}">{w}</nav>', l=words("list.pages"), w=join(ways)
    )


def _exports(view: View) -> Markup:
    asked = _asked(view)
    links = join(
        html(
            '<a class="k-button" href="{a}" download>{t}</a>',
            a=view.link("export", **asked, format=kind),
            t=view.words(f"list.{kind}"),
        )
        for kind in ("csv", "jsonl")
    )
    return html(
        '<section><h2>{h}</h2><p class="f-quiet">{lead}</p><div class="k-tools">{links}</div>'
        "</section>",
        h=view.words("list.export"),
        lead=view.words("list.export_lead"),
        links=links,
    )
