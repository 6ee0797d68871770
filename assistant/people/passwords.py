"""Passwords: which are good enough, and how they are kept (argon2id)."""

from __future__ import annotations

import secrets
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.people.errors import PeopleError
from assistant.words import read_text

SHORTEST, LONGEST = 12, 256
"""Characters that a password has."""
_OWN_LEFT = 8
"""Characters that must be left of a password without the words that anybody would try first."""
_WORDS_FROM = 3
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""Of passwords that we make: without letters that are taken for others (l, o, 0, 1)."""


def normalise(password: str) -> str:
    """A password as it is hashed: the same whichever keyboard it was typed on (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, login: str, name: str = "") -> str:
    """The password, normalised, if it is good enough.

    Length is what counts: no rule asks for digits or signs.

    Raises:
        PeopleError: it is too short or long, one of those that everybody tries, or little more
            than the login name.
    """
    plain = normalise(password)
    if len(plain) < SHORTEST:
        raise PeopleError("short")
    if len(plain) > LONGEST:
        raise PeopleError("long")
    bare = _bare(plain)
    if _is_pattern(bare) or bare in _common():
        raise PeopleError("common")
    own = [_bare(word) for word in (login, name, *login.replace("@", ".").split("."))]
    if len(_without(bare, own)) < _OWN_LEFT:
        raise PeopleError("similar")
    if len(_without(bare, _tried_first())) < _OWN_LEFT:
        raise PeopleError("common")
    return plain


def make_password() -> str:
    """A password to be used once: 16 characters in groups of four, about 80 random bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


@dataclass(frozen=True)
class Hashing:
    """How passwords are hashed and checked. ``stand_in`` is a hash that no password fits: where
    nobody has the login name typed, checking against it is the same work."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    stand_in: str = ""

    def hash(self, password: str) -> str:
        """The hash of a normalised password."""
        return self.hasher.hash(password)

    def fits(self, kept: str, password: str) -> bool:
        """Whether a password is the one of a hash; "" stands for somebody who has none.

        It takes the same work either way.
        """
        given = normalise(password)
        known = kept if len(given) <= LONGEST else ""
        try:
            right = self.hasher.verify(known or self.stand_in, given[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return right and bool(known)

    def is_old(self, kept: str) -> bool:
        """Whether a hash was made with less work than is usual now."""
        return self.hasher.check_needs_rehash(kept)


def open_hashing(hasher: PasswordHasher | None = None) -> Hashing:
    """Hashing as it is done here; ``hasher``: with another amount of work."""
    made = hasher or PasswordHasher()
    return Hashing(made, made.hash(secrets.token_urlsafe(32)))


def _bare(text: str) -> str:
    return "".join(c for c in normalise(text).casefold() if c.isalnum())


def _is_pattern(bare: str) -> bool:
    """One short piece over and over, or a walk along the keyboard."""
    repeats = any(bare == (bare[:n] * len(bare))[: len(bare)] for n in range(1, 5))
    rows = _table()["rows"]
    walks = any(bare in (row * 3) or bare in (row * 3)[::-1] for row in rows)
    return not bare or repeats or walks


def _without(text: str, words: list[str]) -> str:
    """A text without the words in it, forwards or backwards, long ones first."""
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _WORDS_FROM:
            text = text.replace(word, "").replace(word[::-1], "")
    return text


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads(read_text(Path(__file__).parent / "passwords.toml"))


@cache
def _common() -> frozenset[str]:
    return frozenset(map(_bare, _table()["common"]))


def _tried_first() -> list[str]:
    return [_bare(word) for word in _table()["words"]]
