"""Whatever somebody takes away as a file is written down before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.audit.log import record
from assistant.person import SCOPE_KEY, Person
from assistant.state import State

_FILE = "content-disposition"


@dataclass(frozen=True)
class Exports:
    """An ASGI app whose answers that are files to keep stand in the audit log.

    It stands where it is known who asks. A file that cannot be written down is not sent: the
    error goes to whoever called.
    """

    app: ASGIApp
    state: State

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                disposition = Headers(raw=message.get("headers", [])).get(_FILE, "")
                if disposition.startswith("attachment"):
                    await anyio.to_thread.run_sync(partial(self._record, scope, disposition))
            await send(message)

        await self.app(scope, receive, watched)

    def _record(self, scope: Scope, disposition: str) -> None:
        person = scope.get(SCOPE_KEY)
        who = person if isinstance(person, Person) else ""
        details = {
            "address": scope["path"],
            "query": scope.get("query_string", b"").decode("latin-1"),
            "file": disposition.partition("filename=")[2].split(";")[0].strip('"'),
        }
        record(self.state, who, "records.export", details)
