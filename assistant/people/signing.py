"""Signing in with a name and a password, and changing that password."""

from __future__ import annotations

from dataclasses import replace

from assistant.audit.log import record
from assistant.people.accounts import Account, change_account, find_account, fold_login
from assistant.people.attempts import Attempt, forget_failures, note_failure, wait_s
from assistant.people.errors import PeopleError
from assistant.people.passwords import Hashing, check_password, make_password, normalise
from assistant.people.sessions import Lifetime, begin_session
from assistant.person import Person
from assistant.state import State


def attempt_of(login: str, address: str) -> Attempt:
    """A sign-in as it is counted."""
    return Attempt(fold_login(login[:1000]), address)


def sign_in(
    state: State, hashing: Hashing, attempt: Attempt, password: str, now: float, lifetime: Lifetime
) -> str:
    """Sign somebody in; the word for the cookie of their new session.

    Whether nobody has the name, the password is wrong or the account is locked: the sentence and
    the work are the same.

    Args:
        state: the office's records.
        hashing: how passwords are checked.
        attempt: who tries, and from where.
        password: as typed.
        now: seconds since 1970.
        lifetime: how long sessions last.

    Raises:
        PeopleError: ``wait`` after too many failures, ``not_in`` otherwise.
    """
    if wait_s(state, attempt, now) > 0:
        raise PeopleError("wait")
    account = find_account(state, login=attempt.login) if attempt.login else None
    right = hashing.fits(account.password if account else "", password)
    if account is None or not right or account.locked:
        note_failure(state, attempt, now)
        about = account.login if account else ""  # what else was typed may be a password
        record(state, "", "people.sign_in_failed", {"login": about, "address": attempt.address})
        raise PeopleError("not_in")
    forget_failures(state, attempt.login)
    if hashing.is_old(account.password):
        fresh = replace(account, password=hashing.hash(normalise(password)))
        change_account(state, fresh, end_sessions=False)
    token = begin_session(state, account.person_id, now, lifetime)
    record(state, account.person, "people.sign_in", {"address": attempt.address})
    return token


def change_password(
    state: State, hashing: Hashing, account: Account, password: str, by: Person
) -> Account:
    """Give somebody a password of their own; all their sessions end.

    Raises:
        PeopleError: it is not good enough, or the same as before.
    """
    plain = check_password(password, account.login, account.name)
    if account.password and hashing.fits(account.password, plain):
        raise PeopleError("same")
    changed = replace(account, password=hashing.hash(plain), must_change=False)
    change_account(state, changed)
    forget_failures(state, account.login)
    record(state, by, "people.password", {"login": account.login})
    return changed


def one_time_password(hashing: Hashing, account: Account) -> tuple[Account, str]:
    """The account with a new password that has to be changed at the first sign-in, and that."""
    password = make_password()
    return replace(account, password=hashing.hash(password), must_change=True), password
