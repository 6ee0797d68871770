"""The page on which the owner makes questions for the evaluation of what people said."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute

from assistant.pages import Page, Surroundings
from assistant.plain_page import asset, doing, looking
from eval.office.views import PLACE, add_action, list_view, new_view


def page() -> Page:
    """The page, for the entry-point group ``kyodo.pages``. Other pages lead to it."""
    return Page(PLACE.link(), routes, role="owner", listed=False)


def routes(around: Surroundings) -> Sequence[BaseRoute]:
    """Every route of the page."""
    return (
        looking(PLACE, around, "", list_view),
        looking(PLACE, around, "/new", new_view),
        doing(PLACE, around, "/add", add_action),
        asset(PLACE, "page.css"),
    )
