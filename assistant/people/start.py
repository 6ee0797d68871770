"""Whether the server may be opened to more than this machine."""

from __future__ import annotations

import ipaddress

from assistant.errors import AssistantError
from assistant.people.accounts import all_accounts
from assistant.people.settings import Reached, SignIn
from assistant.state import State


class NotClosedError(AssistantError):
    """The server would be open to people of whom nobody knows who they are."""


def check_entry(host: str, reached: Reached, sign_in: SignIn, state: State) -> None:
    """Let the server start only where it is known who comes.

    Args:
        host: the address it will listen on.
        reached: the addresses that people type.
        sign_in: how they sign in.
        state: the office's records.

    Raises:
        NotClosedError: it would be open to other machines without a sign-in, or nobody could
            sign in.
    """
    if sign_in.mode == "off":
        _only_here(host, reached)
    elif not _someone_sees_to_people(sign_in, state):
        with_password = " with a password" if sign_in.mode == "accounts" else ""
        raise NotClosedError(
            f"Expected an owner who can sign in{with_password}, found none; add one: "
            "kyodo people add LOGIN --name NAME --role owner"
        )


def sends_in_the_clear(host: str, reached: Reached, sign_in: SignIn) -> bool:
    """Whether passwords would pass through the network for everybody on it to read."""
    away = not is_this_machine(host) or reached.public
    return sign_in.mode == "accounts" and bool(away) and not reached.public.startswith("https://")


def is_this_machine(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _only_here(host: str, reached: Reached) -> None:
    if not is_this_machine(host):
        found = f"the address {host}"
    elif reached.public or reached.names:
        found = f"the public name {reached.public or reached.names[0]}"
    else:
        return
    raise NotClosedError(
        f"Expected sign-in to be set up before other machines are let in, found {found} and "
        'sign-in off; set [sign_in] mode = "accounts" in kyodo.toml and add an owner with '
        'kyodo people add LOGIN --name NAME --role owner, or mode = "header" behind a proxy '
        "that signs people in."
    )


def _someone_sees_to_people(sign_in: SignIn, state: State) -> bool:
    owners = [a for a in all_accounts(state) if a.role == "owner" and not a.locked]
    return any(a.password or sign_in.mode == "header" for a in owners)
