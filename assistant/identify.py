"""Establishes who makes a request before anything else sees it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.person import AT_THIS_MACHINE, SCOPE_KEY


@dataclass(frozen=True)
class EveryoneHere:
    """No sign-in: whoever reaches the page, on loopback, is the person at this machine."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on with its person."""
        if scope["type"] in ("http", "websocket"):
            scope = {**scope, SCOPE_KEY: AT_THIS_MACHINE}
        await self.app(scope, receive, send)
