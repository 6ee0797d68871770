"""The page where owners see to people: which address does what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from assistant.audit.log import record
from assistant.pages import Page, Surroundings
from assistant.people.accounts import (
    Account,
    account_of,
    add_account,
    change_account,
    checked_collections,
    checked_name,
    checked_role,
    find_account,
)
from assistant.people.attempts import forget_failures
from assistant.people.errors import PeopleError
from assistant.people.leaving import leave_for_good
from assistant.people.passwords import Hashing, open_hashing
from assistant.people.people_views import list_view, password_view, person_view, removing_view
from assistant.people.sign_in_page import HASHED_AT_ONCE, with_accounts
from assistant.people.signing import one_time_password
from assistant.people.view import PEOPLE, fields_of, link_of
from assistant.person import person_of

Fields = Mapping[str, str]


def people_page() -> Page:
    """The page, for the entry-point group ``kyodo.pages``."""
    return Page(
        link_of(PEOPLE, "people.nav"),
        _routes,
        role="owner",
        when=lambda settings: settings.sign_in.mode != "off",
    )


def _routes(around: Surroundings) -> tuple[BaseRoute, ...]:
    office = _Office(around, open_hashing(), anyio.CapacityLimiter(HASHED_AT_ONCE))
    actions: dict[str, Callable[[Request, Account, Fields], Response]] = {
        "save": office.save,
        "lock": partial(office.lock, locked=True),
        "unlock": partial(office.lock, locked=False),
        "remove": office.remove,
    }
    if with_accounts(around.settings):
        actions["password"] = office.new_password
    one = f"{PEOPLE}/{{person_id}}"
    return (
        Route(PEOPLE, office.list),
        Route(f"{PEOPLE}/add", office.add, methods=["POST"]),
        Route(one, office.show),
        Route(f"{one}/remove", office.ask),
        *(
            Route(f"{one}/{name}", partial(office.act, act), methods=["POST"])
            for name, act in actions.items()
        ),
    )


@dataclass(frozen=True)
class _Office:
    around: Surroundings
    hashing: Hashing
    limiter: anyio.CapacityLimiter

    async def list(self, request: Request) -> Response:
        """Everybody, and the form for one more."""
        return await self._threaded(request, lambda: list_view(request, self.around))

    async def show(self, request: Request) -> Response:
        """One person, and what may be changed."""
        return await self._threaded(
            request, lambda: person_view(request, self.around, self._account(request))
        )

    async def ask(self, request: Request) -> Response:
        """Whether somebody is really to be removed."""
        return await self._threaded(
            request, lambda: removing_view(request, self.around, self._account(request))
        )

    async def add(self, request: Request) -> Response:
        """Let somebody in; their first password is shown once."""
        fields = await fields_of(request)
        return await self._threaded(request, lambda: self._add(request, fields))

    async def act(
        self, do: Callable[[Request, Account, Fields], Response], request: Request
    ) -> Response:
        """Change something of one person, and show them as they are then."""
        fields = await fields_of(request)

        def work() -> Response:
            account = self._account(request)
            try:
                return do(request, account, fields)
            except PeopleError as error:
                if error.problem == "gone":
                    raise
                return person_view(request, self.around, account, error.problem, 409)

        return await self._threaded(request, work)

    def save(self, request: Request, account: Account, fields: Fields) -> Response:
        """Keep what the form says."""
        changed = replace(
            account,
            name=checked_name(fields.get("name", ""), "bad_name") or account.login,
            role=checked_role(fields.get("role", "")),
            section=checked_name(fields.get("section", ""), "bad_section"),
            collections=given_collections(fields),
        )
        if changed != account:
            change_account(self.around.state, changed)
            self._record(request, "change", account, differences(account, changed))
        return self._back(account)

    def lock(self, request: Request, account: Account, fields: Fields, *, locked: bool) -> Response:
        """Keep somebody out, or let them in again, at once."""
        del fields
        change_account(self.around.state, replace(account, locked=locked))
        forget_failures(self.around.state, account.login)
        self._record(request, "lock" if locked else "unlock", account)
        return self._back(account)

    def new_password(self, request: Request, account: Account, fields: Fields) -> Response:
        """A password to be used once, in place of one that was forgotten."""
        del fields
        changed, password = one_time_password(self.hashing, account)
        change_account(self.around.state, changed)
        forget_failures(self.around.state, account.login)
        self._record(request, "password", account, {"one_time": True})
        return password_view(request, self.around, changed, password)

    def remove(self, request: Request, account: Account, fields: Fields) -> Response:
        """Take somebody away."""
        del fields
        leave_for_good(self.around.state, account.person_id)
        self._record(request, "remove", account)
        return RedirectResponse(f"{self.around.base}{PEOPLE}", 303)

    def _add(self, request: Request, fields: Fields) -> Response:
        try:
            account = account_of(
                fields.get("login", ""),
                fields.get("name", ""),
                fields.get("role", ""),
                fields.get("section", ""),
                given_collections(fields),
            )
            password = ""
            if with_accounts(self.around.settings):
                account, password = one_time_password(self.hashing, account)
            add_account(self.around.state, account)
        except PeopleError as error:
            return list_view(request, self.around, fields, error.problem, 400)
        details = {"role": account.role, "collections": _listed(account)}
        self._record(request, "add", account, details)
        return password_view(request, self.around, account, password)

    def _account(self, request: Request) -> Account:
        found = find_account(self.around.state, person_id=str(request.path_params["person_id"]))
        if found is None:
            raise PeopleError("gone")
        return found

    def _back(self, account: Account) -> Response:
        there = f"{self.around.base}{PEOPLE}/{account.person_id}?done=1"
        return RedirectResponse(there, 303)

    def _record(
        self,
        request: Request,
        verb: str,
        account: Account,
        more: Mapping[str, object] | None = None,
    ) -> None:
        details = {"login": account.login, **(more or {})}
        record(self.around.state, person_of(request), f"people.{verb}", details)

    async def _threaded(self, request: Request, work: Callable[[], Response]) -> Response:
        """The answer of something that reads or writes; a list with the problem where it fails."""

        def safely() -> Response:
            try:
                return work()
            except PeopleError as error:
                return list_view(request, self.around, {}, error.problem, 404)

        return await anyio.to_thread.run_sync(safely, limiter=self.limiter)


def given_collections(fields: Fields) -> frozenset[str] | None:
    """The collections that a form names; None where it says all of them."""
    if fields.get("all_collections") == "1":
        return None
    named = fields.get("collections", "").replace("、", ",").replace("，", ",")
    return checked_collections(named.split(","))


def differences(before: Account, after: Account) -> dict[str, object]:
    """What of an account was changed, to what."""
    pairs = {
        "name": (before.name, after.name),
        "role": (before.role, after.role),
        "section": (before.section, after.section),
        "collections": (_listed(before), _listed(after)),
    }
    return {name: new for name, (old, new) in pairs.items() if old != new}


def _listed(account: Account) -> list[str] | None:
    return None if account.collections is None else sorted(account.collections)
