"""Sign-ins that failed: after some, the next one has to wait, longer each time.

What is counted is the login name as typed and the address it came from, whether or not anybody
has that name: so the waiting tells nobody which names there are. Names are kept only as a keyed
hash, for people now and then type their password into that field.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from assistant.state import State

_FORGET_S = 24 * 3600.0
_SECRET = "failures"


@dataclass(frozen=True)
class Patience:
    """How many failures are free, how long the wait is after one more (seconds; it doubles with
    each), and the longest wait."""

    free: int
    first_s: float = 30.0
    longest_s: float = 900.0

    def wait_after(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row."""
        more = failures - self.free
        return 0.0 if more < 0 else min(self.longest_s, self.first_s * 2.0 ** min(more, 20))


LOGIN, ADDRESS = Patience(5), Patience(20)


@dataclass(frozen=True)
class Attempt:
    """A sign-in that somebody tries: the folded login name, and the address it comes from,
    "" where a proxy hides it."""

    login: str
    address: str


def wait_s(state: State, attempt: Attempt, now: float) -> float:
    """Seconds that an attempt has to wait, 0 where it may be made; ``now`` in seconds."""
    keys = [key for key, _ in _keys(state, attempt)]
    with state.reading() as rows:
        found = rows.execute(
            f"SELECT max(until) FROM people_failures WHERE who IN ({_marks(keys)})", keys
        ).fetchone()
    return max(0.0, float(found[0] or 0.0) - now)


def note_failure(state: State, attempt: Attempt, now: float) -> None:
    """Count a failure for the name and for the address."""
    keys = _keys(state, attempt)
    with state.writing() as rows:
        rows.execute("DELETE FROM people_failures WHERE last < ?", (now - _FORGET_S,))
        for key, patience in keys:
            failures = _count(rows, key) + 1
            rows.execute(
                "INSERT OR REPLACE INTO people_failures VALUES (?, ?, ?, ?)",
                (key, failures, now, now + patience.wait_after(failures)),
            )


def forget_failures(state: State, login: str) -> None:
    """Let somebody begin anew, after signing in or because an owner says so."""
    keys = [key for key, _ in _keys(state, Attempt(login, ""))]
    with state.writing() as rows:
        rows.execute(f"DELETE FROM people_failures WHERE who IN ({_marks(keys)})", keys)


def waiting(state: State, logins: Sequence[str], now: float) -> frozenset[str]:
    """Of some login names, those that have to wait now."""
    return frozenset(name for name in logins if wait_s(state, Attempt(name, ""), now) > 0)


def _count(rows: sqlite3.Connection, key: str) -> int:
    row = rows.execute("SELECT failures FROM people_failures WHERE who = ?", (key,)).fetchone()
    return int(row[0]) if row else 0


def _keys(state: State, attempt: Attempt) -> list[tuple[str, Patience]]:
    secret = _secret(state)
    given = [(f"login\0{attempt.login}", LOGIN)]
    if attempt.address:
        given.append((f"address\0{attempt.address}", ADDRESS))
    return [
        (hmac.new(secret, text.encode("utf-8", "replace"), sha256).hexdigest(), patience)
        for text, patience in given
    ]


def _secret(state: State) -> bytes:
    """The key of the hashes, made when it is first needed."""
    query = "SELECT value FROM people_secrets WHERE name = ?"
    with state.reading() as rows:
        row = rows.execute(query, (_SECRET,)).fetchone()
    if row is None:
        with state.writing() as rows:
            rows.execute(
                "INSERT OR IGNORE INTO people_secrets VALUES (?, ?)",
                (_SECRET, secrets.token_bytes(32)),
            )
            row = rows.execute(query, (_SECRET,)).fetchone()
    return bytes(row["value"])


def _marks(keys: Sequence[str]) -> str:
    return ", ".join("?" * len(keys))
