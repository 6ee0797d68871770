"""Pages beside the conversation, in one frame: packages above this one offer them.

An entry point of the group ``kyodo.pages`` names a ``Page``; the server asks it for its routes
and puts its title into the navigation of all pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from assistant.datatypes import Language
from assistant.person import Role
from assistant.service import Service
from assistant.settings import Settings
from assistant.state import State

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

PLUGINS = "kyodo.pages"
"""Entry-point group through which packages above this one add pages."""


@dataclass(frozen=True)
class Link:
    """A page as the navigation shows it: its path from the root, its title by language.

    ``role`` is who sees it, None for everybody; with ``listed`` false it is a page that the
    navigation does not name.
    """

    path: str
    titles: Mapping[Language, str]
    role: Role | None = "reader"
    listed: bool = True


@dataclass(frozen=True)
class Surroundings:
    """What a page is given of the server that it stands in.

    Attributes:
        settings: those in force.
        index: the folder of the index that answers come from.
        service: what answers.
        state: where the office's records are kept.
        links: all pages, the conversation first.
        base: what stands before every path where a proxy serves under a folder, else "".
        proxied: whether a proxy stands in front, so that everybody seems to be this machine.
    """

    settings: Settings
    index: Path
    service: Service
    state: State
    links: tuple[Link, ...] = ()
    base: str = ""
    proxied: bool = False


@dataclass(frozen=True)
class Page:
    """A page: its place in the navigation, and its routes, all at or below ``link.path``.

    Who may use which route is kept before the request reaches it (``assistant/people/gate.py``):
    whoever has not signed in is sent to the sign-in page, and whoever may not is told so.

    Attributes:
        link: its place in the navigation.
        routes: makes them; they have the server's surroundings.
        bodies: the paths that take more than the guard lets in elsewhere, with the most bytes.
        beside: makes what the page puts under an answer of the conversation, from the answer's
            id, the language of the page, and what stands before every path
            (see ``Surroundings.base``).
        assets: paths of the style sheets (``.css``) and scripts (``.js``) that the conversation
            loads for ``beside``.
        role: who may look at it, and is shown its link; None: even those who have not signed in.
        changes: who may do more than look (anything but GET); None: the same.
        roles: of single places below, longest path first; they count in place of ``role`` and
            ``changes``, for every method.
        listed: whether the navigation names it.
        when: whether there is such a page under the settings in force.
    """

    link: Link
    routes: Callable[[Surroundings], Sequence[BaseRoute]]
    bodies: Mapping[str, int] = field(default_factory=dict)
    beside: Callable[[str, Language, str], Markup] | None = None
    assets: tuple[str, ...] = ()
    role: Role | None = "reader"
    changes: Role | None = None
    roles: Mapping[str, Role | None] = field(default_factory=dict)
    listed: bool = True
    when: Callable[[Settings], bool] = lambda settings: True


def find_pages() -> tuple[Page, ...]:
    """The pages that the installed packages offer, by the name of their entry point."""
    found = sorted(entry_points(group=PLUGINS), key=lambda point: point.name)
    return tuple(point.load()() for point in found)
