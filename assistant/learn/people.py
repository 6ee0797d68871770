"""The other people of this installation, as far as there are accounts: who can be a mentor."""

from __future__ import annotations

from assistant.pages import Surroundings
from assistant.person import AT_THIS_MACHINE, Person


def colleagues(around: Surroundings, person: Person) -> tuple[Person, ...]:
    """Everybody else with an account; nobody where no sign-in is configured."""
    del around
    if person == AT_THIS_MACHINE:
        return ()
    return ()
