"""Who makes a request: by the cookie of a session, or because the proxy says so."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from starlette.datastructures import Headers

from assistant.people.accounts import (
    Account,
    account_of,
    add_account,
    change_account,
    checked_name,
    find_account,
    fold_login,
)
from assistant.people.cookies import Cookies
from assistant.people.errors import PeopleError
from assistant.people.sessions import Lifetime, account_of_session
from assistant.people.settings import SignIn
from assistant.state import State

KEPT_S = 2.0
"""How long what was looked up is believed: so long may somebody go on who was locked out."""
_MOST = 10_000


@dataclass(frozen=True)
class Known:
    """What is known of who makes a request.

    Attributes:
        account: theirs; None for somebody who has not signed in.
        secret: the session's word, "" where there is none.
        login: the name that the proxy vouches for, "" where it is not asked.
        refused: why nobody can be let in here (a problem's name), "" where they can.
    """

    account: Account | None = None
    secret: str = ""
    login: str = ""
    refused: str = ""


class Identity(Protocol):
    """A way to know who makes a request."""

    @property
    def signs_in(self) -> bool:
        """Whether people sign in and out here, and not at the proxy."""
        ...

    def known(self, headers: Headers, address: str) -> Known:
        """Who it is; may read the state file.

        Args:
            headers: the request's.
            address: that the connection comes from.
        """
        ...


@dataclass
class Recent:
    """What was looked up a moment ago. It changes as it is used; threads may share it."""

    clock: Callable[[], float] = time.monotonic
    held: dict[str, tuple[float, Known]] = field(default_factory=dict)

    def get(self, key: str) -> Known | None:
        """What is held under a key, unless it is too old."""
        at, known = self.held.get(key, (0.0, None))
        return known if known is not None and self.clock() - at < KEPT_S else None

    def put(self, key: str, known: Known) -> Known:
        """Hold something."""
        if len(self.held) >= _MOST:
            self.held.clear()
        self.held[key] = (self.clock(), known)
        return known


@dataclass(frozen=True)
class BySession:
    """People who signed in here: the cookie tells."""

    state: State
    cookies: Cookies
    lifetime: Lifetime
    recent: Recent = field(default_factory=Recent)
    clock: Callable[[], float] = time.time
    signs_in: bool = True

    def known(self, headers: Headers, address: str) -> Known:
        """Whose session the cookie names."""
        del address
        token = self.cookies.read(headers, self.cookies.session)
        if not token:
            return Known()
        found = self.recent.get(token)
        if found is not None:
            return found
        account = account_of_session(self.state, token, self.clock(), self.lifetime)
        known = Known(account, token) if account else Known()
        return self.recent.put(token, known)


@dataclass(frozen=True)
class ByHeader:
    """People whom the proxy has signed in: its header tells, and it alone is believed."""

    state: State
    sign_in: SignIn
    recent: Recent = field(default_factory=Recent)
    signs_in: bool = False

    def known(self, headers: Headers, address: str) -> Known:
        """Whom the proxy names."""
        if not self.sign_in.trusts(address):
            return Known(refused="untrusted")
        named = headers.getlist(self.sign_in.header)
        login = fold_login(_text(named[0])) if len(named) == 1 else ""
        if not login:
            return Known(refused="unnamed")
        name, section = (
            _text(headers.get(header, "")) if header else ""
            for header in (self.sign_in.name_header, self.sign_in.section_header)
        )
        key = "\0".join((login, name, section))
        return self.recent.get(key) or self.recent.put(key, self._known(login, name, section))

    def _known(self, login: str, name: str, section: str) -> Known:
        try:
            account = self._account(login, name, section)
        except PeopleError:
            account = None
        if account is None:
            return Known(login=login, refused="unknown")
        if account.locked:
            return Known(login=login, refused="locked")
        return Known(account, "", login)

    def _account(self, login: str, name: str, section: str) -> Account | None:
        """The account of a login name, brought up to date with what the proxy says of them."""
        kept = find_account(self.state, login=login)
        if kept is None:
            if not self.sign_in.admit:
                return None
            kept = account_of(login, name, "reader", section)
            try:
                add_account(self.state, kept)
            except PeopleError:  # another request was faster
                return find_account(self.state, login=login)
            return kept
        told = replace(
            kept,
            name=checked_name(name, "bad_name") or kept.name,
            section=checked_name(section, "bad_section") or kept.section,
        )
        if told != kept:
            change_account(self.state, told, end_sessions=False)
        return told


def _text(given: str) -> str:
    """A header's value: proxies write UTF-8, which HTTP takes for Latin-1."""
    try:
        return given.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return given.strip()
