"""The page about oneself: what is known, the password, signing out everywhere."""

from __future__ import annotations

import time
from dataclasses import dataclass

import anyio
import anyio.to_thread
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.audit.log import record
from assistant.markup import html, join
from assistant.pages import Page, Surroundings
from assistant.people.accounts import Account, find_account
from assistant.people.addresses import counted_address
from assistant.people.attempts import Attempt, note_failure, wait_s
from assistant.people.cookies import Cookies, cookies_for
from assistant.people.errors import PeopleError
from assistant.people.passwords import SHORTEST, Hashing, open_hashing
from assistant.people.sessions import begin_session, end_sessions, lifetime_of
from assistant.people.sign_in_page import HASHED_AT_ONCE, with_accounts
from assistant.people.signing import change_password
from assistant.people.view import (
    ACCOUNT,
    SIGN_IN,
    button_form,
    fields_of,
    link_of,
    password_field,
    shown,
    told,
    words_for,
)
from assistant.person import person_of
from assistant.words import Words

_EVERYWHERE = f"{ACCOUNT}/sign-out"


def account_page() -> Page:
    """The page, for the entry-point group ``kyodo.pages``."""
    return Page(link_of(ACCOUNT, "account.title"), _routes, listed=False, when=with_accounts)


def _routes(around: Surroundings) -> tuple[BaseRoute, ...]:
    cookies = cookies_for(around.settings.reached)
    desk = _Desk(around, cookies, open_hashing(), anyio.CapacityLimiter(HASHED_AT_ONCE))
    return (
        Route(ACCOUNT, desk.show),
        Route(ACCOUNT, desk.change, methods=["POST"]),
        Route(_EVERYWHERE, desk.leave_everywhere, methods=["POST"]),
    )


@dataclass(frozen=True)
class _Desk:
    around: Surroundings
    cookies: Cookies
    hashing: Hashing
    limiter: anyio.CapacityLimiter

    async def show(self, request: Request) -> Response:
        """What is known of oneself."""
        account = await self._account(request)
        return self._page(request, account, request.query_params.get("done", "") == "1", "", 200)

    async def change(self, request: Request) -> Response:
        """Take a new password; every other session ends, this one is made anew."""
        fields = await fields_of(request)
        account = await self._account(request)

        def work() -> str:
            attempt = self._attempt(request, account)
            self._check_present(attempt, account, fields.get("present", ""))
            if fields.get("password", "") != fields.get("again", ""):
                raise PeopleError("mismatch")
            given = fields.get("password", "")
            change_password(self.around.state, self.hashing, account, given, account.person)
            lifetime = lifetime_of(self.around.settings.sign_in)
            return begin_session(self.around.state, account.person_id, time.time(), lifetime)

        try:
            token = await anyio.to_thread.run_sync(work, limiter=self.limiter)
        except PeopleError as error:
            sentence = words_for(request)(f"problem.{error.problem}")
            return self._page(request, account, False, sentence, 400)
        answer = RedirectResponse(f"{self.around.base}{ACCOUNT}?done=1", 303)
        answer.headers.append("set-cookie", self.cookies.setting(self.cookies.session, token))
        return answer

    async def leave_everywhere(self, request: Request) -> Response:
        """End every session of one's own."""
        state, who = self.around.state, person_of(request)
        await anyio.to_thread.run_sync(end_sessions, state, who.person_id)
        await anyio.to_thread.run_sync(record, state, who, "people.sign_out_everywhere")
        answer = RedirectResponse(f"{self.around.base}{SIGN_IN}?out=1", 303)
        answer.headers.append("set-cookie", self.cookies.setting(self.cookies.session, ""))
        return answer

    async def _account(self, request: Request) -> Account:
        who = person_of(request).person_id

        def find() -> Account:
            found = find_account(self.around.state, person_id=who)
            if found is None:
                raise PeopleError("gone")
            return found

        return await anyio.to_thread.run_sync(find)

    def _attempt(self, request: Request, account: Account) -> Attempt:
        settings = self.around.settings.sign_in
        address = counted_address(request.scope, settings, self.around.proxied)
        return Attempt(account.login, address)

    def _check_present(self, attempt: Attempt, account: Account, password: str) -> None:
        """Whoever finds a screen unlocked has not got the account."""
        if wait_s(self.around.state, attempt, time.time()) > 0:
            raise PeopleError("wait")
        if not self.hashing.fits(account.password, password):
            note_failure(self.around.state, attempt, time.time())
            raise PeopleError("bad_present")

    def _page(
        self, request: Request, account: Account, done: bool, problem: str, status: int
    ) -> Response:
        words = words_for(request)
        title = words("account.title")
        first = account.must_change and not done
        body = [
            html("<h1>{t}</h1>", t=title),
            told(problem),
            told(words("account.done"), "") if done else Markup(""),
            told(words("account.must_change"), "") if first and not problem else Markup(""),
            _password_form(words, account),
        ]
        if not first:
            body += [_facts(words, account), _leaving(words, self.around.base)]
        return shown(request, self.around, ACCOUNT, title, body, status)


def _password_form(words: Words, account: Account) -> Markup:
    return html(
        '<section class="p-card p-narrow" aria-labelledby="p-change"><h2 id="p-change">{h}</h2>'
        '<form method="post"><input type="hidden" name="login" value="{login}" '
        'autocomplete="username">{present}{new}{again}'
        '<button class="k-button k-primary">{go}</button></form></section>',
        h=words("account.change"),
        login=account.login,
        present=password_field("present", words("account.present"), "current-password"),
        new=password_field(
            "password",
            words("account.new"),
            "new-password",
            words("account.rule", shortest=SHORTEST),
        ),
        again=password_field("again", words("account.again"), "new-password"),
        go=words("account.go"),
    )


def _facts(words: Words, account: Account) -> Markup:
    rows = [
        (words("people.name"), account.name),
        (words("people.login"), account.login),
        (words("people.role"), words(f"role.{account.role}")),
        (words("people.section"), account.section or words("people.none")),
        (words("people.collections"), collections_text(words, account)),
    ]
    items = join(html("<div><dt>{n}</dt><dd>{v}</dd></div>", n=n, v=v) for n, v in rows)
    return html(
        '<section aria-labelledby="p-known"><h2 id="p-known">{h}</h2><dl class="p-facts">{i}</dl>'
        '<p class="p-hint">{note}</p></section>',
        h=words("account.known"),
        i=items,
        note=words("account.known_note"),
    )


def collections_text(words: Words, account: Account) -> str:
    """Which collections somebody may see, as a line."""
    if account.collections is None:
        return words("people.all_collections")
    return words("people.comma").join(sorted(account.collections)) or words("people.no_collections")


def _leaving(words: Words, base: str) -> Markup:
    return html(
        '<section aria-labelledby="p-leave"><h2 id="p-leave">{h}</h2><p>{t}</p>{b}</section>',
        h=words("account.everywhere"),
        t=words("account.everywhere_note"),
        b=button_form(f"{base}{_EVERYWHERE}", words("account.everywhere_go")),
    )
