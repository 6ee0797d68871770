"""Stands before every page: knows who asks, sends nobody to sign in, and checks what forms carry.

Nothing behind it runs for somebody who may not use it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

import anyio
import anyio.to_thread
from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.frame import language_of_request
from assistant.markup import html
from assistant.pages import Surroundings
from assistant.people.addresses import peer_of
from assistant.people.checked import carries_token
from assistant.people.cookies import Cookies, new_secret
from assistant.people.errors import FOLDER
from assistant.people.forms import token_for
from assistant.people.gate import Rule, role_for
from assistant.people.identity import Identity, Known
from assistant.people.refusal import refusal
from assistant.people.tabs import Tabs
from assistant.people.view import ACCOUNT, SIGN_IN, SIGN_OUT
from assistant.person import SCOPE_KEY, VISIT_KEY, Role, Visit
from assistant.words import load_words

_AT_ONCE = 8
_LOOKS = frozenset({"GET", "HEAD"})
_GRADIO = "/gradio_api/"
"""Below it nothing is a form; the guard's check of the origin stands before it."""


@dataclass(frozen=True)
class Entry:
    """An ASGI app around the pages.

    ``rules`` say who may use which page, ``identity`` who makes a request.
    """

    app: ASGIApp
    around: Surroundings
    rules: tuple[Rule, ...]
    identity: Identity
    cookies: Cookies
    tabs: Tabs = field(default_factory=Tabs)
    limiter: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_AT_ONCE))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in with its person, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        needed = role_for(self.rules, scope["path"], scope["method"])
        headers = Headers(scope=scope)
        known = await self._known(headers, scope, needed)
        shows = needed is not None or scope["path"] == SIGN_IN
        secret, fresh = self._secret(known, headers)
        scope = _with_visit(scope, known, token_for(secret, known.login), self.identity.signs_in)
        if fresh and shows:
            send = _setting(send, self.cookies.setting(self.cookies.form, secret))
        answer = self._refuse(Request(scope), known, needed)
        if answer is None and _is_form(scope):
            right, receive = await carries_token(headers, receive, scope[VISIT_KEY].token)
            answer = None if right else self._say(Request(scope), "stale", 403)
        elif answer is None and known.account is not None:
            own, receive = await self.tabs.belongs(scope, receive, known.account.person_id)
            answer = None if own else self._say(Request(scope), "others_tab", 403)
        await (self.app if answer is None else answer)(scope, receive, send)

    async def _known(self, headers: Headers, scope: Scope, needed: Role | None) -> Known:
        """Who it is, looked up in a thread; not at all where nobody needs to be known."""
        if needed is None and not scope["path"].startswith(SIGN_IN):
            return Known()
        return await anyio.to_thread.run_sync(
            self.identity.known, headers, peer_of(scope), limiter=self.limiter
        )

    def _secret(self, known: Known, headers: Headers) -> tuple[str, bool]:
        """What the token of the forms is made from, and whether it is new to the browser."""
        secret = known.secret or self.cookies.read(headers, self.cookies.form)
        return (secret, False) if secret else (new_secret(), True)

    def _refuse(self, request: Request, known: Known, needed: Role | None) -> Response | None:
        """Why a request is not let in, None if it is."""
        if needed is None:
            return None
        if known.refused:
            return self._say(request, known.refused, 403)
        if known.account is None:
            return self._to_sign_in(request)
        here = request.scope["path"]
        if known.account.must_change and here not in (ACCOUNT, SIGN_OUT):
            if _navigates(request):
                return RedirectResponse(f"{self.around.base}{ACCOUNT}", 303)
            return self._say(request, "must_change", 403)
        if not known.account.person.may(needed):
            return self._say(request, f"needs_{needed}", 403)
        return None

    def _to_sign_in(self, request: Request) -> Response:
        """The sign-in page for a browser that opens a page, 401 for all else.

        A link on another site brings no cookie with it, even from somebody who has signed in:
        a page of ours that goes on by itself does.
        """
        if not _navigates(request):
            return self._say(request, "signed_out", 401)
        asked = request.scope["path"] + (f"?{request.url.query}" if request.url.query else "")
        there = f"{self.around.base}{SIGN_IN}?{urlencode({'next': self.around.base + asked})}"
        if request.headers.get("sec-fetch-site") == "cross-site":
            return HTMLResponse(_going_on(there))
        return RedirectResponse(there, 303)

    def _say(self, request: Request, problem: str, status: int) -> Response:
        """A sentence: as a page for a browser that opens one, else as JSON."""
        words = load_words(language_of_request(request), FOLDER)
        sentence = words(f"problem.{problem}")
        if _navigates(request) or _is_form(request.scope):
            return refusal(self.around, words, sentence, status)
        return JSONResponse({"detail": sentence}, status)


def _with_visit(scope: Scope, known: Known, token: str, signs_in: bool) -> Scope:
    person = known.account.person if known.account else None
    visit = Visit(person, token, signs_in and person is not None)
    return {**scope, VISIT_KEY: visit, **({SCOPE_KEY: person} if person else {})}


def _navigates(request: Request) -> bool:
    """Whether a browser opens a page."""
    mode = request.headers.get("sec-fetch-mode")
    if request.method not in _LOOKS:
        return False
    return mode == "navigate" or (mode is None and "text/html" in request.headers.get("accept", ""))


def _is_form(scope: Scope) -> bool:
    return scope["method"] not in _LOOKS and not scope["path"].startswith(_GRADIO)


def _setting(send: Send, cookie: str) -> Send:
    """Add a cookie to an answer."""

    async def with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = (b"set-cookie", cookie.encode("latin-1"))
            message = {**message, "headers": [*message.get("headers", []), given]}
        await send(message)

    return with_cookie


def _going_on(address: str) -> Markup:
    return html(
        '<!doctype html><html><head><meta charset="utf-8">'
        '<meta http-equiv="refresh" content="0;url={a}"><title>kyodo</title></head>'
        '<body><p><a href="{a}">kyodo</a></p></body></html>',
        a=address,
    )
