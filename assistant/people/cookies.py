"""The two cookies: of a session, and of a browser whose forms are to be told from others'."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http.cookies import SimpleCookie

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from assistant.people.settings import Reached


@dataclass(frozen=True)
class Cookies:
    """How cookies are named and set.

    ``secure``: the browser reaches the server by https; then it takes them from nobody else
    (``__Host-``) and sends them nowhere else. No script can read them, and no other site's
    request carries them.
    """

    secure: bool

    @property
    def session(self) -> str:
        """The name of the session's cookie."""
        return "__Host-kyodo" if self.secure else "kyodo_session"

    @property
    def form(self) -> str:
        """The name of the cookie that a form's token is made from before there is a session."""
        return "__Host-kyodo-form" if self.secure else "kyodo_form"

    def read(self, headers: Headers, name: str) -> str:
        """A cookie that came with a request; "" where there is none."""
        return cookie_parser(headers.get("cookie", "")).get(name, "")

    def setting(self, name: str, value: str) -> str:
        """The header that sets a cookie for as long as the browser is open; "" removes it."""
        made: SimpleCookie = SimpleCookie()
        made[name] = value
        made[name]["path"] = "/"
        made[name]["httponly"] = True
        made[name]["samesite"] = "Strict"
        if self.secure:
            made[name]["secure"] = True
        if not value:
            made[name]["max-age"] = 0
        return made[name].OutputString()


def cookies_for(reached: Reached) -> Cookies:
    """The cookies of a server that is reached so."""
    return Cookies(reached.public.startswith("https://"))


def new_secret() -> str:
    """A value that nobody guesses: 256 random bits."""
    return secrets.token_urlsafe(32)
