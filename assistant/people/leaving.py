"""Somebody leaves for good: with their account goes what was kept of them alone."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points

from assistant.people.accounts import remove_account
from assistant.state import State

PLUGINS = "kyodo.leavers"
"""Entry-point group of functions that forget a person, by the state and their person_id."""
Forget = Callable[[State, str], None]


def leave_for_good(state: State, person_id: str) -> None:
    """Remove an account, its sessions, and what packages keep of that person.

    Whoever is gone can no longer sign in even where something kept of them could not be removed.

    Raises:
        PeopleError: there is no such account, or no owner would be left.
    """
    remove_account(state, person_id)
    for point in sorted(entry_points(group=PLUGINS), key=lambda point: point.name):
        forget: Forget = point.load()
        forget(state, person_id)
