"""The page of unanswered questions: which address leads to which view."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute

from assistant.pages import Page, Surroundings
from assistant.plain_page import View, asset, doing, file, looking
from assistant.unanswered.exports import as_csv, as_json_lines
from assistant.unanswered.group_view import (
    check_action,
    group_view,
    merge_action,
    split_action,
    state_action,
)
from assistant.unanswered.list_view import check_all, grouped, list_view, wanted_of
from assistant.unanswered.store import chosen
from assistant.unanswered.view import PLACE


def page() -> Page:
    """The page, for the entry-point group ``kyodo.pages``."""
    return Page(PLACE.link(), routes, role="editor")


def routes(around: Surroundings) -> Sequence[BaseRoute]:
    """Every route of the page."""
    views = {"": list_view, "/group": group_view, "/export": _export}
    actions = {
        "/state": state_action,
        "/check": check_action,
        "/check-all": check_all,
        "/split": split_action,
        "/merge": merge_action,
    }
    return (
        *(looking(PLACE, around, step, show) for step, show in views.items()),
        *(doing(PLACE, around, step, act) for step, act in actions.items()),
        asset(PLACE, "page.css"),
    )


def _export(view: View) -> Response:
    """The groups that the address asks for, as a file."""
    groups = chosen(grouped(view), wanted_of(view))
    if view.query.get("format") == "jsonl":
        return file(as_json_lines(groups), "kyodo-unanswered.jsonl", "application/x-ndjson")
    return file(as_csv(groups, view.words), "kyodo-unanswered.csv", "text/csv")
