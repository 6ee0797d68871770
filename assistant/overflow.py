"""More questions at once than can wait: a sentence in words that people here use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_JOIN = "/gradio_api/queue/join"
_FULL = 503


@dataclass(frozen=True)
class Overflow:
    """An ASGI app whose full queue answers 503 with ``sentence``, and when to come again.

    ``told`` is called for each.
    """

    app: ASGIApp
    sentence: str
    retry_after_s: int = 10
    told: Callable[[], None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a refusal by the queue is said in our words."""
        if scope["type"] != "http" or scope["path"] != _JOIN:
            await self.app(scope, receive, send)
            return
        full = False

        async def watched(message: Message) -> None:
            nonlocal full
            if message["type"] == "http.response.start" and message["status"] == _FULL:
                full = True
            if not full:
                await send(message)

        await self.app(scope, receive, watched)
        if full:
            self.told()
            headers = {"retry-after": str(self.retry_after_s)}
            refusal = JSONResponse({"detail": self.sentence}, _FULL, headers)
            await refusal(scope, receive, send)
