"""Where a request comes from, and where somebody is sent after signing in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from assistant.guard import FORWARDED_KEY
from assistant.people.settings import SignIn

_LONGEST = 1000


def peer_of(scope: Mapping[str, Any]) -> str:
    """The address at the other end of the connection, "" where there is none."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def counted_address(scope: Mapping[str, Any], sign_in: SignIn, proxied: bool) -> str:
    """The address that failed sign-ins are counted for; "" where it cannot be told.

    Behind a proxy everybody comes from its address: then it is the last one that the proxy added
    to ``X-Forwarded-For``, and nobody else's word for it is taken.
    """
    peer = peer_of(scope)
    if not proxied or not sign_in.trusts(peer):
        return peer
    told = [part.strip() for part in str(scope.get(FORWARDED_KEY, "")).split(",")]
    return next((part for part in reversed(told) if part and not sign_in.trusts(part)), "")


def safe_next(given: str, base: str) -> str:
    """A place of ours to go on to; the conversation where it is none of ours.

    Args:
        given: what the address of the sign-in page asked for; anybody may have written it.
        base: what stands before every path.
    """
    home = f"{base}/"
    plain = given.isprintable() and "\\" not in given and len(given) <= _LONGEST
    if not (plain and given.startswith(home) and not given.startswith("//")):
        return home
    try:
        parts = urlsplit(given)
    except ValueError:
        return home
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or "//" in parts.path:
        return home
    path = quote(parts.path, safe="/:@!$&'()*+,;=~-._%")
    return f"{path}?{quote(parts.query, safe='/:@!$&()*+,;=~-._%?')}" if parts.query else path
