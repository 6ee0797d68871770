"""``kyodo people``: who may sign in, from the command line.

Imported by every command of ``kyodo``; what it works with is imported when it is used.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import AssistantError
from assistant.person import ROLES
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.people.accounts import Account
    from assistant.state import State

_ALL = "all"


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def register(commands: _Commands) -> None:
    """Add ``kyodo people add | list | set | password | unlock | remove``."""
    people = commands.add_parser("people", help="who may sign in, and what they may do")
    actions = people.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = _action(actions, "add", "let somebody in", _add)
    add.add_argument("login", metavar="LOGIN")
    add.add_argument("--name", default="", help="as others see it (the login name)")
    _with_values(add, role="reader")
    _with_password(add)
    listed = _action(actions, "list", "list everybody", _list)
    listed.add_argument("--json", action="store_true", help="print JSON")
    change = _action(actions, "set", "change a role, a name, a section, collections", _set)
    change.add_argument("login", metavar="LOGIN")
    change.add_argument("--name", help="as others see it")
    _with_values(change, role=None)
    password = _action(actions, "password", "give somebody a new password", _password)
    password.add_argument("login", metavar="LOGIN")
    _with_password(password)
    for name, help_, run in (
        ("lock", "keep somebody out, at once", _lock),
        ("unlock", "let somebody in again, and forget failed sign-ins", _unlock),
        ("remove", "remove somebody", _remove),
    ):
        _action(actions, name, help_, run).add_argument("login", metavar="LOGIN")


def _with_values(parser: argparse.ArgumentParser, role: str | None) -> None:
    parser.add_argument(
        "--role", choices=ROLES, default=role, help=f"what they may do{' (reader)' if role else ''}"
    )
    parser.add_argument("--section", help="where they work")
    parser.add_argument(
        "--collections",
        metavar="A,B",
        help=f"collections they may see beside those for everyone; {_ALL!r} for all of them, as "
        "editors and owners need (and have where nothing is said)",
    )


def _with_password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )


def _action(
    actions: _Commands,
    name: str,
    help_: str,
    run: Callable[[argparse.Namespace, Settings, State], str],
) -> argparse.ArgumentParser:
    def handler(options: argparse.Namespace, settings: Settings) -> int:
        from assistant.state import open_state

        told = run(options, settings, open_state(settings.state))
        if told:
            print(told, file=sys.stderr)
        return 0

    parser = actions.add_parser(name, help=help_)
    parser.set_defaults(handler=handler)
    return parser


def _add(options: argparse.Namespace, settings: Settings, state: State) -> str:
    from assistant.people.accounts import account_of, add_account, find_account
    from assistant.people.errors import PeopleError
    from assistant.people.passwords import check_password, open_hashing

    account = account_of(
        options.login,
        options.name,
        options.role,
        options.section or "",
        _collections(_usual(options.role) if options.collections is None else options.collections),
    )
    if find_account(state, login=account.login):
        raise PeopleError("taken")
    if settings.sign_in.mode != "header":
        plain = check_password(_ask(options), account.login, account.name)
        account = replace(account, password=open_hashing().hash(plain))
    add_account(state, account)
    _record(state, "add", account, role=account.role, collections=_listed(account))
    return f"kyodo: {account.login} may sign in as {account.role}"


def _list(options: argparse.Namespace, settings: Settings, state: State) -> str:
    del settings
    from assistant.people.accounts import all_accounts

    accounts = all_accounts(state)
    if options.json:
        print(json.dumps([_as_row(a) for a in accounts], ensure_ascii=False, indent=1))
        return ""
    for account in accounts:
        kept = _listed(account)
        row = [account.login, account.name, account.role, account.section]
        row += [_ALL if kept is None else ",".join(kept), "locked" if account.locked else ""]
        print("\t".join(row))
    return "" if accounts else "kyodo: nobody has been added yet; kyodo people add LOGIN"


def _set(options: argparse.Namespace, settings: Settings, state: State) -> str:
    del settings
    from assistant.people.accounts import change_account, checked_name, checked_role

    before = _find(state, options.login)
    after = before
    if options.name is not None:
        after = replace(after, name=checked_name(options.name, "bad_name") or before.login)
    if options.role is not None:
        after = replace(after, role=checked_role(options.role))
    if options.section is not None:
        after = replace(after, section=checked_name(options.section, "bad_section"))
    if options.collections is not None:
        after = replace(after, collections=_collections(options.collections))
    if after == before:
        return f"kyodo: nothing to change for {before.login}"
    change_account(state, after)
    changes = {"name": after.name, "role": after.role, "section": after.section}
    _record(state, "change", after, **changes, collections=_listed(after))
    return f"kyodo: {after.login} changed; they have to sign in again"


def _password(options: argparse.Namespace, settings: Settings, state: State) -> str:
    del settings
    from assistant.audit.log import at_the_shell
    from assistant.people.passwords import open_hashing
    from assistant.people.signing import change_password

    account = _find(state, options.login)
    change_password(state, open_hashing(), account, _ask(options), at_the_shell())
    return f"kyodo: {account.login} has a new password"


def _lock(options: argparse.Namespace, settings: Settings, state: State) -> str:
    del settings
    account = _locked(state, options.login, True)
    return f"kyodo: {account.login} is kept out until unlocked"


def _unlock(options: argparse.Namespace, settings: Settings, state: State) -> str:
    del settings
    account = _locked(state, options.login, False)
    return f"kyodo: {account.login} may sign in again"


def _remove(options: argparse.Namespace, settings: Settings, state: State) -> str:
    del settings
    from assistant.people.leaving import leave_for_good

    account = _find(state, options.login)
    leave_for_good(state, account.person_id)
    _record(state, "remove", account)
    return f"kyodo: {account.login} is removed"


def _locked(state: State, login: str, locked: bool) -> Account:
    from assistant.people.accounts import change_account
    from assistant.people.attempts import forget_failures

    account = replace(_find(state, login), locked=locked)
    change_account(state, account)
    forget_failures(state, account.login)
    _record(state, "lock" if locked else "unlock", account)
    return account


def _find(state: State, login: str) -> Account:
    from assistant.people.accounts import find_account, fold_login

    account = find_account(state, login=fold_login(login) or "-")
    if account is None:
        raise AssistantError(f"Expected somebody's login name, found {login!r}; kyodo people list")
    return account


def _ask(options: argparse.Namespace) -> str:
    """The password: from standard input, or asked for twice on the terminal."""
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise AssistantError(
            "Expected a terminal to ask for the password, found none; use --password-stdin."
        )
    given = getpass.getpass("Password (12 characters or more): ")
    if getpass.getpass("The same again: ") != given:
        raise AssistantError("Expected the same password twice, found two; try again.")
    return given


def _usual(role: str) -> str:
    """The collections of somebody of whom nothing is said: who changes documents, or answers for
    them, sees all of them."""
    return "" if role == "reader" else _ALL


def _collections(given: str) -> frozenset[str] | None:
    from assistant.people.accounts import checked_collections

    return None if given.strip() == _ALL else checked_collections(given.split(","))


def _listed(account: Account) -> list[str] | None:
    return None if account.collections is None else sorted(account.collections)


def _as_row(account: Account) -> dict[str, Any]:
    return {
        "login": account.login,
        "name": account.name,
        "role": account.role,
        "section": account.section,
        "collections": _listed(account),
        "locked": account.locked,
        "must_change": account.must_change,
        "has_password": bool(account.password),
    }


def _record(state: State, verb: str, account: Account, **details: object) -> None:
    from assistant.audit.log import at_the_shell, record

    record(state, at_the_shell(), f"people.{verb}", {"login": account.login, **details})
