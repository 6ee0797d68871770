"""Whose each tab of the conversation is, so that nobody goes on with somebody else's.

A tab names itself by a random word. Who uses it first is the only one who may: at a shared
computer the next person begins a conversation of their own.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.types import Receive, Scope

from assistant.people.checked import beginning

_JOIN = frozenset({"/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/reset"})
_DATA = "/gradio_api/queue/data"
_HEARTBEAT = "/gradio_api/heartbeat/"
_MOST = 20_000


@dataclass(frozen=True)
class Tabs:
    """Tabs and the person_id of whose they are, those used last. It changes as it is used."""

    owners: OrderedDict[str, str] = field(default_factory=OrderedDict)

    async def belongs(self, scope: Scope, receive: Receive, person: str) -> tuple[bool, Receive]:
        """Whether the tab that a request names is the person's, or nobody's yet.

        Args:
            scope: the request's.
            receive: where its body comes from.
            person: the person_id of who makes it.

        Returns:
            That, and a ``receive`` that gives the whole body.
        """
        path, tab = scope["path"], ""
        if path in _JOIN:
            head, receive = await beginning(receive)
            found = _named_in(head)
            if found is None:
                return False, receive
            tab = found
        elif path == _DATA:
            tab = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[-1]
        elif path.startswith(_HEARTBEAT):
            tab = path.removeprefix(_HEARTBEAT)
        return (not tab or self._take(tab, person)), receive

    def _take(self, tab: str, person: str) -> bool:
        owner = self.owners.setdefault(tab, person)
        self.owners.move_to_end(tab)
        if len(self.owners) > _MOST:
            self.owners.popitem(last=False)
        return owner == person


def _named_in(body: bytes) -> str | None:
    """The tab that a JSON body names, "" where it names none; None where it cannot be read."""
    try:
        held = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return str(held.get("session_hash") or "") if isinstance(held, dict) else None
