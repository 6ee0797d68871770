"""The other people of this installation, as far as there are accounts: who can be a mentor."""

from __future__ import annotations

from assistant.pages import Surroundings
from assistant.people.accounts import all_accounts
from assistant.person import Person


def colleagues(around: Surroundings, person: Person) -> tuple[Person, ...]:
    """Everybody else with an account, by login name; nobody where people do not sign in."""
    if around.settings.sign_in.mode == "off":
        return ()
    accounts = (a for a in all_accounts(around.state) if not a.locked)
    return tuple(a.person for a in accounts if a.person_id != person.person_id)
