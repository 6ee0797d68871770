"""One answer as it was given, with its quotes, and what can be made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from assistant.markup import html, join, safe_url
from assistant.records.sheet_words import dates_of, locator_of, title_of, weight_of
from assistant.records.view import View, notice
from assistant.render_sources import VIEWS, day

_NOTHING = Markup("")


def render_answer(view: View, content: Mapping[str, Any]) -> Markup:
    """The content of an evidence sheet, as HTML.

    Args:
        view: the request.
        content: as ``content_of`` makes it.
    """
    anchor = f"a-{content['answer_id']}"
    parts = [
        notice(view.words("answer.as_of", date=day(content["as_of"], view.chat)), "r-as-of"),
        _paragraph(content["clarifying_question"]),
        _verdict(view, content["verdict"]),
        _paragraph(content["text"])
        if content["text"] != content["clarifying_question"]
        else _NOTHING,
        join(
            _statements(view, role, list(rows), anchor)
            for role, rows in groupby(content["statements"], lambda s: str(s["role"]))
        ),
        _handover(view, content["handover"]),
        _quotes(view, content, anchor),
        _notes(view, content["notes"]),
    ]
    return html('<div lang="{lang}">{parts}</div>', lang=content["language"], parts=join(parts))


def hidden_from(view: View, kept: Mapping[str, Any]) -> bool:
    """Whether an answer shows a document that the person may not see now.

    Either the document stands in the index, and not in what they see of it; or it was of a
    collection, when it answered, that is not theirs.
    """
    mine = view.person.collections
    if mine is None:
        return False
    shown = {d["document_id"] for d in kept["documents"]}
    seen = {d.document_id for d in view.seen.documents()}
    there = {d.document_id for d in view.around.service.documents()}
    return bool(shown & (there - seen)) or not mine.issuperset(kept.get("collections", ()))


def _paragraph(text: str | None) -> Markup:
    return html('<p class="r-text">{t}</p>', t=text) if text else _NOTHING


def _statements(view: View, role: str, rows: Sequence[Mapping[str, Any]], anchor: str) -> Markup:
    return html(
        '<h4>{role}</h4><ul class="r-statements">{items}</ul>',
        role=view.chat(f"role.{role}"),
        items=join(_statement(view, row, anchor) for row in rows),
    )


def _statement(view: View, row: Mapping[str, Any], anchor: str) -> Markup:
    marks = _marks(row["citations"], anchor)
    if row["verified"]:
        return html("<li>{text} {marks}</li>", text=row["text"], marks=marks)
    reason = row["reason"] or view.words("sheet.struck_no_reason")
    return html(
        '<li><span class="r-struck">{label}</span> <s>{text}</s> {marks}'
        '<br><span class="r-quiet">{reason}</span></li>',
        label=view.words("sheet.struck"),
        text=row["text"],
        marks=marks,
        reason=view.words("sheet.struck_reason", reason=reason),
    )


def _marks(numbers: Sequence[int], anchor: str) -> Markup:
    return join(
        (html('<a href="#{a}-{n}">[{n}]</a>', a=anchor, n=number) for number in numbers), " "
    )


def _verdict(view: View, verdict: Mapping[str, Any] | None) -> Markup:
    if not verdict:
        return _NOTHING
    chat = view.chat
    heading = verdict["heading"] or chat("verdict.heading")
    rows = join(
        html(
            '<tr><th scope="row">{name}</th><td>{state}</td><td>{words}</td></tr>',
            name=row["name"],
            state=chat(f"verdict.{row['state']}"),
            words=row["words"],
        )
        for row in verdict["criteria"]
    )
    return html(
        '<p class="r-verdict">{value}</p>{said}<p class="r-quiet">{caution}</p>{table}',
        value=view.words(
            "sheet.verdict", heading=heading, value=chat(f"verdict.{verdict['value']}")
        ),
        said=_paragraph(verdict["words"]),
        caution=chat("verdict.caution"),
        table=html(
            '<table class="r-criteria"><thead><tr><th scope="col">{a}</th><th scope="col">{b}</th>'
            '<th scope="col">{c}</th></tr></thead><tbody>{rows}</tbody></table>',
            a=chat("verdict.criterion"),
            b=chat("verdict.state"),
            c=view.words("sheet.said"),
            rows=rows,
        )
        if rows
        else _NOTHING,
    )


def _handover(view: View, handover: Mapping[str, Any] | None) -> Markup:
    if not handover:
        return _NOTHING
    return html(
        "<h4>{h}</h4><p>{section}</p>{contact}",
        h=view.chat("handover.heading"),
        section=handover["section"],
        contact=_paragraph(handover["contact"]),
    )


def _quotes(view: View, content: Mapping[str, Any], anchor: str) -> Markup:
    quotes, nearest = content["quotes"], content["nearest"]
    shown = [_quote(view, q, q["quote"], q["number"], anchor) for q in quotes]
    heading = view.words("answer.quotes", count=len(quotes))
    if nearest and not quotes:
        shown = [_quote(view, n, n["text"], 0, anchor) for n in nearest]
        heading = view.words("sheet.nearest")
    if not shown:
        return _NOTHING
    return html(
        '<details class="r-quotes"{open}><summary>{h}</summary><ol>{items}</ol></details>',
        open=Markup(" open"),
        h=heading,
        items=join(shown),
    )


def _quote(view: View, place: Mapping[str, Any], text: str, number: int, anchor: str) -> Markup:
    source = place["source"]
    address = safe_url(source)
    return html(
        '<li{id}><p class="r-title">{number}{title} {locator}</p>'
        '<blockquote lang="{lang}">{text}</blockquote><p class="r-quiet">{weight}{view} ｜ {dates}'
        "</p>{source}</li>",
        id=html(' id="{a}-{n}"', a=anchor, n=number) if number else _NOTHING,
        number=f"[{number}] " if number else "",
        title=title_of(place, view.words),
        locator=locator_of(place, view.words),
        lang=place["language"],
        text=text,
        weight=weight_of(place, view.words),
        view=f" ｜ {view.words('sheet.views')}" if place["standing"] in VIEWS else "",
        dates=dates_of(place, view.words),
        source=html(
            '<p><a href="{a}" target="_blank" rel="noopener noreferrer">{t}'
            '<span class="k-hidden">{note}</span></a></p>',
            a=address,
            t=view.chat("source.official"),
            note=view.chat("nav.new_tab"),
        )
        if address
        else _NOTHING,
    )


def _notes(view: View, notes: Sequence[str]) -> Markup:
    if not notes:
        return _NOTHING
    return html(
        '<h4>{h}</h4><ul class="r-notes">{items}</ul>',
        h=view.chat("turn.notes"),
        items=join(html("<li>{n}</li>", n=note) for note in notes),
    )
