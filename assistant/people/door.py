"""Puts the way in before the pages, as the settings say."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp

from assistant.identify import EveryoneHere
from assistant.pages import Page, Surroundings
from assistant.people.cookies import cookies_for
from assistant.people.entry import Entry
from assistant.people.gate import rules_of
from assistant.people.identity import ByHeader, BySession, Identity
from assistant.people.sessions import lifetime_of


def behind_sign_in(app: ASGIApp, pages: Sequence[Page], around: Surroundings | None) -> ASGIApp:
    """The app behind its sign-in; where none is configured, for everybody at this machine.

    Args:
        app: all pages.
        pages: what they say of who may use them.
        around: the server; None for the conversation alone, without any records.
    """
    if around is None or around.settings.sign_in.mode == "off":
        return EveryoneHere(app)
    sign_in = around.settings.sign_in
    cookies = cookies_for(around.settings.reached)
    identity: Identity = ByHeader(around.state, sign_in)
    if sign_in.mode == "accounts":
        identity = BySession(around.state, cookies, lifetime_of(sign_in))
    return Entry(app, around, rules_of(pages), identity, cookies)
