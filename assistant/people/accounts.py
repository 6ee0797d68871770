"""The people that the office has let in, as they are kept."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from assistant.asked import new_id, now
from assistant.people.errors import PeopleError
from assistant.person import ROLES, Person, Role
from assistant.state import State
from corpus.collection import collection_name
from corpus.errors import DocumentError

_LOGIN = re.compile(r"[^\s\x00-\x1f\x7f,:/\\<>\"']{1,100}")
NAME_LIMIT = 100
"""Characters that a name, a section or the name of a collection may have."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in.

    Attributes:
        person_id: stable, never shown.
        login: what they type, folded by ``fold_login``.
        name: as others see it.
        role: what they may do.
        section: where they work, "" where unknown.
        collections: the collections that they may see beside those for everyone; None for all.
        password: the hash of their password, "" where none has been set.
        must_change: whether the password is one that somebody else has seen.
        locked: whether they are kept out for now.
    """

    person_id: str
    login: str
    name: str
    role: Role
    section: str = ""
    collections: frozenset[str] | None = frozenset()
    password: str = ""
    must_change: bool = False
    locked: bool = False

    @property
    def person(self) -> Person:
        """The person as the pages know them."""
        return Person(self.person_id, self.name, self.role, self.collections, self.section)


def fold_login(given: str) -> str:
    """A login name as it is compared: NFKC, no case, no white space around it."""
    return unicodedata.normalize("NFKC", given).casefold().strip()


def account_of(
    login: str,
    name: str,
    role: str = "reader",
    section: str = "",
    collections: Iterable[str] | None = (),
) -> Account:
    """A new account without a password.

    Raises:
        PeopleError: the login name, the role or another value cannot be.
    """
    folded = fold_login(login)
    if not _LOGIN.fullmatch(folded):
        raise PeopleError("bad_login")
    return Account(
        new_id(),
        folded,
        checked_name(name, "bad_name") or folded,
        checked_role(role),
        checked_name(section, "bad_section"),
        checked_collections(collections),
    )


def checked_role(role: str) -> Role:
    """A role; raises PeopleError where it is none."""
    for known in ROLES:
        if role == known:
            return known
    raise PeopleError("bad_role")


def checked_name(name: str, problem: str) -> str:
    """A name without what cannot be seen; raises PeopleError where it is too long."""
    plain = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs")).strip()
    if len(plain) > NAME_LIMIT:
        raise PeopleError(problem)
    return plain


def checked_collections(names: Iterable[str] | None) -> frozenset[str] | None:
    """The names of collections as documents have them, without empty ones; None stays None.

    Raises:
        PeopleError: no collection can be called so.
    """
    if names is None:
        return None
    plain = [checked_name(name, "bad_collection") for name in names]
    try:
        return frozenset(collection_name(name, "collections") for name in plain) - {""}
    except DocumentError as error:
        raise PeopleError("bad_collection") from error


def add_account(state: State, account: Account) -> None:
    """Keep a new account.

    Raises:
        PeopleError: somebody has this login name already.
    """
    row = (*_row(account), now())
    try:
        with state.writing() as rows:
            rows.execute(f"INSERT INTO people VALUES ({', '.join('?' * len(row))})", row)
    except sqlite3.IntegrityError as error:
        raise PeopleError("taken") from error


def change_account(state: State, account: Account, *, end_sessions: bool = True) -> None:
    """Keep an account as it is now; all its sessions end unless told otherwise.

    Raises:
        PeopleError: it is not there any more, or no owner would be left.
    """
    person_id, *values = _row(account)
    with state.writing() as rows, _an_owner_stays(rows):
        changed = rows.execute(
            "UPDATE people SET login = ?, name = ?, role = ?, section = ?, collections = ?,"
            " password = ?, must_change = ?, locked = ? WHERE person_id = ?",
            (*values, person_id),
        )
        if not changed.rowcount:
            raise PeopleError("gone")
        if end_sessions:
            rows.execute("DELETE FROM people_sessions WHERE person_id = ?", (person_id,))


def remove_account(state: State, person_id: str) -> None:
    """Remove an account and all its sessions.

    Raises:
        PeopleError: it is not there any more, or no owner would be left.
    """
    with state.writing() as rows, _an_owner_stays(rows):
        if not rows.execute("DELETE FROM people WHERE person_id = ?", (person_id,)).rowcount:
            raise PeopleError("gone")


def find_account(state: State, *, login: str = "", person_id: str = "") -> Account | None:
    """The account of a login name (folded) or a person; None where there is none."""
    column, value = ("login", login) if login else ("person_id", person_id)
    with state.reading() as rows:
        row = rows.execute(f"SELECT * FROM people WHERE {column} = ?", (value,)).fetchone()
    return from_row(row) if row else None


def all_accounts(state: State) -> tuple[Account, ...]:
    """Every account, by login name."""
    with state.reading() as rows:
        return tuple(map(from_row, rows.execute("SELECT * FROM people ORDER BY login")))


def from_row(row: sqlite3.Row) -> Account:
    """The account that a row of ``people`` holds."""
    kept = row["collections"]
    return Account(
        row["person_id"],
        row["login"],
        row["name"],
        checked_role(row["role"]),
        row["section"],
        None if kept is None else frozenset(json.loads(kept)),
        row["password"],
        bool(row["must_change"]),
        bool(row["locked"]),
    )


@contextmanager
def _an_owner_stays(rows: sqlite3.Connection) -> Iterator[None]:
    """What is changed may not take the last one away who could see to people."""
    query = "SELECT count(*) FROM people WHERE role = 'owner' AND NOT locked"
    before = rows.execute(query).fetchone()[0]
    yield
    if before and not rows.execute(query).fetchone()[0]:
        raise PeopleError("last_owner")


def _row(account: Account) -> tuple[object, ...]:
    kept = account.collections
    return (
        account.person_id,
        account.login,
        account.name,
        account.role,
        account.section,
        None if kept is None else json.dumps(sorted(kept), ensure_ascii=False),
        account.password,
        int(account.must_change),
        int(account.locked),
    )
