"""Who is asking, and what they may see and do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from assistant.errors import NobodyError

Role = Literal["reader", "editor", "owner"]
ROLES: tuple[Role, ...] = ("reader", "editor", "owner")
"""From the one who may do least: a reader asks and learns, an editor changes documents and
guidance, an owner sees to people, quality and records."""

SCOPE_KEY = "kyodo.person"
"""Where the ASGI scope of a request holds its ``Person``."""
VISIT_KEY = "kyodo.visit"
"""Where the ASGI scope of a request holds its ``Visit``."""


@dataclass(frozen=True)
class Person:
    """A person as the pages know them.

    Attributes:
        person_id: stable, never shown.
        name: as others see it; "" for whoever sits at this machine.
        role: what they may do.
        collections: the collections of documents that they may see beside those that everyone
            sees; None for all of them.
        section: the section they work in, "" where unknown.
    """

    person_id: str
    name: str
    role: Role
    collections: frozenset[str] | None = frozenset()
    section: str = ""

    def may(self, role: Role) -> bool:
        """Whether they may do what needs a role."""
        return ROLES.index(self.role) >= ROLES.index(role)


AT_THIS_MACHINE = Person("local", "", "owner", None)
"""Everybody, where no sign-in is configured: the page is then served on loopback only."""


class Scoped(Protocol):
    """Anything with an ASGI scope: a request of Starlette's."""

    @property
    def scope(self) -> Mapping[str, Any]:
        """The scope."""
        ...


def person_of(request: Scoped | None) -> Person:
    """Who makes a request.

    Raises:
        NobodyError: nothing has established it; then nothing is shown.
    """
    person = request.scope.get(SCOPE_KEY) if request is not None else None
    if not isinstance(person, Person):
        raise NobodyError("A request came through that nobody was established for.")
    return person


@dataclass(frozen=True)
class Visit:
    """Who looks at a page, as its frame and its forms need to know.

    Attributes:
        person: who; None for somebody who has not signed in.
        token: what every form that they send must carry, "" where none is asked for.
        leaves: whether they signed in here, so that they can sign out here.
    """

    person: Person | None = None
    token: str = ""
    leaves: bool = False


def visit_of(request: Scoped | None) -> Visit:
    """The visit that a request belongs to; of nobody, with no token, where none was set down."""
    if request is None:
        return Visit()
    visit = request.scope.get(VISIT_KEY)
    if isinstance(visit, Visit):
        return visit
    person = request.scope.get(SCOPE_KEY)
    return Visit(person if isinstance(person, Person) else None)
