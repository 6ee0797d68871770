"""The feedback page: which address leads to which view, and who may open it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.feedback.exports import as_csv, as_json_lines
from assistant.feedback.give_views import give_action, mine_view, new_view, withdraw_action
from assistant.feedback.list_view import list_view, wanted_of
from assistant.feedback.one_view import handle_action, one_view
from assistant.feedback.panel import beside
from assistant.feedback.search import every
from assistant.feedback.sight import sight_of
from assistant.feedback.view import PLACE
from assistant.pages import Page, Surroundings
from assistant.plain_page import View, asset, doing, file, looking

_FOR_ALL = ("new", "give", "withdraw", "mine", "page.css", "beside.css", "beside.js")
"""What everybody may open who may ask; the rest is the owner's."""


def page() -> Page:
    """The page, for the entry-point group ``kyodo.pages``."""
    return Page(
        PLACE.link(),
        routes,
        beside=beside,
        assets=tuple(f"{PLACE.path}/{name}" for name in ("beside.css", "beside.js")),
        role="owner",
        roles={f"{PLACE.path}/{step}": "reader" for step in _FOR_ALL},
    )


def routes(around: Surroundings) -> Sequence[BaseRoute]:
    """Every route of the page."""
    views = {"": list_view, "/one": one_view, "/export": _export}
    views |= {"/new": new_view, "/mine": mine_view}
    actions = {"/give": give_action, "/withdraw": withdraw_action, "/handle": handle_action}
    return (
        *(looking(PLACE, around, step, show) for step, show in views.items()),
        *(doing(PLACE, around, step, act) for step, act in actions.items()),
        *(asset(PLACE, name) for name in ("page.css", "beside.css", "beside.js")),
    )


def _export(view: View) -> Response:
    """The feedback that the address asks for, as a file."""
    sight = sight_of(view.person, view.around.service)
    found = every(view.around.state, wanted_of(view), sight)
    if view.query.get("format") == "jsonl":
        return file(as_json_lines(found), "kyodo-feedback.jsonl", "application/x-ndjson")
    return file(as_csv(found, view.words), "kyodo-feedback.csv", "text/csv")
