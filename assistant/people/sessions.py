"""Sessions: a random word in a cookie, of which only the hash is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

from assistant.people.accounts import Account, from_row
from assistant.people.settings import SignIn
from assistant.state import State

_SEEN_EVERY_S = 60.0
"""How often at most it is written down that a session is in use."""


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts, in seconds: without a request, and at most."""

    idle_s: float
    absolute_s: float


def lifetime_of(sign_in: SignIn) -> Lifetime:
    """The lifetime that the settings give."""
    return Lifetime(sign_in.idle_minutes * 60.0, sign_in.absolute_hours * 3600.0)


def begin_session(state: State, person_id: str, now: float, lifetime: Lifetime) -> str:
    """A new session; the word for its cookie, 256 random bits. Sessions past their time go.

    Args:
        state: the office's records.
        person_id: whose it is.
        now: seconds since 1970.
        lifetime: how long sessions last.
    """
    token = secrets.token_urlsafe(32)
    with state.writing() as rows:
        rows.execute(
            "DELETE FROM people_sessions WHERE began < ? OR seen < ?",
            (now - lifetime.absolute_s, now - lifetime.idle_s),
        )
        rows.execute(
            "INSERT INTO people_sessions VALUES (?, ?, ?, ?)", (_hash(token), person_id, now, now)
        )
    return token


def account_of_session(state: State, token: str, now: float, lifetime: Lifetime) -> Account | None:
    """Whose session a cookie's word is; None where it is none, has ended, or they are locked."""
    with state.reading() as rows:
        row = rows.execute(
            "SELECT people.*, began, seen FROM people_sessions JOIN people USING (person_id)"
            " WHERE token_hash = ? AND NOT locked",
            (_hash(token),),
        ).fetchone()
    if (
        row is None
        or now - row["seen"] > lifetime.idle_s
        or now - row["began"] > lifetime.absolute_s
    ):
        return None
    if now - row["seen"] > min(_SEEN_EVERY_S, lifetime.idle_s / 4):
        with state.writing() as rows:
            rows.execute(
                "UPDATE people_sessions SET seen = ? WHERE token_hash = ?", (now, _hash(token))
            )
    return from_row(row)


def end_session(state: State, token: str) -> None:
    """End one session."""
    with state.writing() as rows:
        rows.execute("DELETE FROM people_sessions WHERE token_hash = ?", (_hash(token),))


def end_sessions(state: State, person_id: str, but: str = "") -> None:
    """End every session of a person, but the one of a cookie's word where one is given."""
    with state.writing() as rows:
        rows.execute(
            "DELETE FROM people_sessions WHERE person_id = ? AND token_hash != ?",
            (person_id, _hash(but)),
        )


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
