"""The sign-in page, the one page for those who have not signed in; and signing out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

import anyio
import anyio.to_thread
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.audit.log import record
from assistant.markup import html
from assistant.pages import Page, Surroundings
from assistant.people.addresses import counted_address, safe_next
from assistant.people.cookies import Cookies, cookies_for
from assistant.people.errors import FOLDER, PeopleError
from assistant.people.passwords import Hashing, open_hashing
from assistant.people.sessions import end_session, lifetime_of
from assistant.people.signing import attempt_of, sign_in
from assistant.people.view import (
    SIGN_IN,
    SIGN_OUT,
    fields_of,
    link_of,
    password_field,
    shown,
    text_field,
    told,
    words_for,
)
from assistant.person import person_of, visit_of
from assistant.settings import Settings
from assistant.words import read_text

HASHED_AT_ONCE = 2
"""Passwords checked at the same time: each takes a whole core and some memory for a moment."""
_STATUS = {"wait": 429, "not_in": 403}


def with_accounts(settings: Settings) -> bool:
    """Whether people sign in here with a password."""
    return settings.sign_in.mode == "accounts"


def sign_in_page() -> Page:
    """The sign-in page, for the entry-point group ``kyodo.pages``."""
    return Page(
        link_of(SIGN_IN, "sign_in.title"),
        _sign_in_routes,
        role=None,
        listed=False,
        when=lambda settings: settings.sign_in.mode != "off",
    )


def sign_out_page() -> Page:
    """Where the sign-out button leads, for the entry-point group ``kyodo.pages``."""
    return Page(
        link_of(SIGN_OUT, "sign_out.title"), _sign_out_routes, listed=False, when=with_accounts
    )


@dataclass(frozen=True)
class _Door:
    around: Surroundings
    cookies: Cookies
    hashing: Hashing
    limiter: anyio.CapacityLimiter

    async def show(self, request: Request) -> Response:
        """The form; whoever has signed in goes on."""
        there = safe_next(request.query_params.get("next", ""), self.around.base)
        if visit_of(request).person is not None:
            return RedirectResponse(there, 303)
        return self._form(request, "", "", 200)

    async def enter(self, request: Request) -> Response:
        """Check what was typed; the browser's session before ends, whatever it was."""
        fields = await fields_of(request)
        login, password = fields.get("login", ""), fields.get("password", "")
        settings = self.around.settings.sign_in
        attempt = attempt_of(login, counted_address(request.scope, settings, self.around.proxied))
        state, old = self.around.state, self.cookies.read(request.headers, self.cookies.session)

        def work() -> str:
            token = sign_in(
                state, self.hashing, attempt, password, time.time(), lifetime_of(settings)
            )
            end_session(state, old)
            return token

        try:
            token = await anyio.to_thread.run_sync(work, limiter=self.limiter)
        except PeopleError as error:
            sentence = words_for(request)(f"problem.{error.problem}")
            return self._form(request, login, sentence, _STATUS[error.problem])
        there = safe_next(request.query_params.get("next", ""), self.around.base)
        answer = RedirectResponse(there, 303)
        answer.headers.append("set-cookie", self.cookies.setting(self.cookies.session, token))
        answer.headers.append("set-cookie", self.cookies.setting(self.cookies.form, ""))
        return answer

    async def leave(self, request: Request) -> Response:
        """End the session."""
        token = self.cookies.read(request.headers, self.cookies.session)
        state, who = self.around.state, person_of(request)
        await anyio.to_thread.run_sync(end_session, state, token)
        await anyio.to_thread.run_sync(record, state, who, "people.sign_out")
        answer = RedirectResponse(f"{self.around.base}{SIGN_IN}?out=1", 303)
        answer.headers.append("set-cookie", self.cookies.setting(self.cookies.session, ""))
        return answer

    def _form(self, request: Request, login: str, problem: str, status: int) -> Response:
        words = words_for(request)
        out = not problem and request.query_params.get("out") == "1"
        body = [
            html("<h1>{t}</h1>", t=words("sign_in.title")),
            told(problem),
            told(words("sign_out.done"), "") if out else Markup(""),
            html(
                '<form method="post" class="p-card p-narrow">{login}{password}'
                '<button class="k-button k-primary">{go}</button></form>'
                '<p class="p-hint p-narrow">{help}</p>',
                login=text_field(
                    "login",
                    words("sign_in.login"),
                    login,
                    autocomplete="username",
                    autocapitalize="none",
                    spellcheck="false",
                    required="",
                ),
                password=password_field("password", words("sign_in.password"), "current-password"),
                go=words("sign_in.go"),
                help=words("sign_in.help"),
            ),
        ]
        return shown(request, self.around, SIGN_IN, words("sign_in.title"), body, status)


def _sign_in_routes(around: Surroundings) -> tuple[BaseRoute, ...]:
    files = (("page.css", "text/css"), ("page.js", "text/javascript"))
    routes = [Route(f"{SIGN_IN}/{name}", partial(_file, name, kind)) for name, kind in files]
    if not with_accounts(around.settings):
        return tuple(routes)
    door = _door(around)
    return (
        Route(SIGN_IN, door.show),
        Route(SIGN_IN, door.enter, methods=["POST"]),
        *routes,
    )


def _sign_out_routes(around: Surroundings) -> tuple[BaseRoute, ...]:
    return (Route(SIGN_OUT, _door(around).leave, methods=["POST"]),)


def _door(around: Surroundings) -> _Door:
    cookies = cookies_for(around.settings.reached)
    return _Door(around, cookies, open_hashing(), anyio.CapacityLimiter(HASHED_AT_ONCE))


async def _file(name: str, kind: str, request: Request) -> Response:
    del request
    return Response(read_text(FOLDER / name), media_type=kind)
