"""Reads the token that a form carries, and leaves the body for the page as it came."""

from __future__ import annotations

import hmac
import re
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from assistant.people.forms import FIELD, HEADER

_MOST = 64 * 1024
"""Bytes in which the token must stand: it is the first field of every form of ours."""
_BOUNDARY = re.compile(r'multipart/form-data\s*;.*?boundary="?([^";,]+)"?', re.IGNORECASE)


async def carries_token(headers: Headers, receive: Receive, token: str) -> tuple[bool, Receive]:
    """Whether a request carries a token, and a ``receive`` that gives its whole body.

    Args:
        headers: the request's.
        receive: where its body comes from.
        token: the right one.
    """
    sent = headers.get(HEADER)
    if sent is not None:
        return _same(sent, token), receive
    kind = headers.get("content-type", "")
    head, receive = await beginning(receive)
    return _same(_token_in(kind, head), token), receive


def _token_in(kind: str, head: bytes) -> str:
    """The token in the beginning of a form's body; "" where there is none."""
    boundary = _BOUNDARY.match(kind.strip())
    if boundary:
        parts = head.split(b"--" + boundary.group(1).encode("latin-1", "replace"))
        for part in parts[1:]:
            name, _, value = part.partition(b"\r\n\r\n")
            if f'name="{FIELD}"'.encode() in name:
                return value.removesuffix(b"\r\n").decode("latin-1")
        return ""
    if not kind.lower().startswith("application/x-www-form-urlencoded"):
        return ""
    fields = parse_qsl(head.decode("latin-1"), keep_blank_values=True)
    return next((value for name, value in fields if name == FIELD), "")


async def beginning(receive: Receive) -> tuple[bytes, Receive]:
    """The first 64 KiB of a body, and a ``receive`` that gives all of it."""
    head, messages = b"", list[Message]()
    while len(head) < _MOST:
        message = await receive()
        messages.append(message)
        head += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    return head[:_MOST], _again(messages, receive)


def _again(messages: list[Message], receive: Receive) -> Receive:
    """Gives the messages once more, then what comes after them."""
    left = iter(messages)

    async def replay() -> Message:
        message = next(left, None)
        return message if message is not None else await receive()

    return replay


def _same(sent: str, token: str) -> bool:
    return bool(token) and hmac.compare_digest(sent.encode("utf-8", "replace"), token.encode())
