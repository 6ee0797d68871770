"""For editors: the units whose passages have changed, what changed, and a button to confirm."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from assistant.learn.ground import Change
from assistant.learn.material import GLOSSARY
from assistant.learn.review import confirm, differences
from assistant.learn.view import OWN, View, ViewError, button, crumbs, go, notice, shown
from assistant.markup import html, join

_TAGS = {"same": "span", "gone": "del", "new": "ins"}


def review_view(view: View) -> Response:
    """What has changed."""
    _editors_only(view)
    words = view.words
    pieces = {p: view.seen_of(changes) for p, changes in view.changes.items()}
    parts = [_piece(view, piece, changes) for piece, changes in pieces.items() if changes]
    body = [
        crumbs(view, (words("review.title"), "")),
        html(
            "<h1>{t}</h1><p class='l-lead'>{l}</p>", t=words("review.title"), l=words("review.lead")
        ),
        join(parts) if parts else notice(words("review.nothing")),
    ]
    return shown(view, words("review.title"), body)


def confirm_piece(view: View) -> Response:
    """Record that somebody has looked."""
    _editors_only(view)
    piece = view.field("piece")
    if piece not in view.material.pieces():
        raise ViewError(view.words("error.no_unit"), 400)
    confirm(view.around.state, view.material, view.ground, piece, view.person.person_id)
    return go(view.link(OWN, "review"))


def _editors_only(view: View) -> None:
    if not view.person.may("editor"):
        raise ViewError(view.words("error.not_editor"), 403)


def _piece(view: View, piece: str, changes: tuple[Change, ...]) -> Markup:
    words = view.words
    unit = view.material.unit(piece)
    title = unit.title.of(view.language) if unit else words("glossary.title")
    confirmable = any(change.kind == "text" for change in changes)
    return html(
        '<section class="l-review"><h2>{t}</h2><p class="l-hint">{file}</p><ul>{changes}</ul>{b}'
        "</section>",
        t=title,
        file=words("review.file", name=f"{piece}.toml" if piece != GLOSSARY else "glossary/"),
        changes=join(_change(view, change) for change in changes),
        b=button(view, view.link(OWN, "confirm"), words("review.confirm"), piece=piece)
        if confirmable
        else notice(words("review.correct_file")),
    )


def _change(view: View, change: Change) -> Markup:
    pieces = differences(change.before, change.now) if change.now else (("gone", change.before),)
    text = join(
        Markup(f"<{_TAGS[kind]}>") + html("{t}", t=piece) + Markup(f"</{_TAGS[kind]}>")
        for kind, piece in pieces
    )
    return html(
        "<li><p><strong>{kind}</strong> {document} {place}</p>"
        '<blockquote class="k-passage" lang="{lang}">{text}</blockquote></li>',
        kind=view.words(f"review.{change.kind}"),
        document=change.passage.document.title if change.passage else change.source.document,
        place=change.source.locator,
        lang=change.language,
        text=text,
    )
