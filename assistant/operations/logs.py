"""Logs on stderr: a sentence for who reads along, or a line of JSON for a program.

Neither holds the text of a question, a name, a token, or what stands behind ``?`` in an
address, unless ``[log] questions`` is set; then the JSON lines hold questions.
"""

from __future__ import annotations

import contextvars
import datetime
import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.operations.settings import Running

REQUESTS = "kyodo.requests"
QUESTIONS = "kyodo.questions"
_ID = b"x-request-id"
_request: contextvars.ContextVar[str] = contextvars.ContextVar("request", default="")
_TOKEN = re.compile(r"(?=[\w-]*\d)[\w-]{16,}")
"""A step of an address that may be somebody's: long, with digits."""
_SESSION = re.compile(r"(/heartbeat/)\w+")
_log = logging.getLogger(REQUESTS)


def set_up_logs(running: Running) -> None:
    """Let every log of this process go to stderr as the settings say.

    As text: warnings and worse. As JSON: every request and question besides.
    """
    root = logging.getLogger()
    for handler in root.handlers:
        if running.log_format == "json":
            handler.setFormatter(JsonLines(running.log_questions))
            handler.setLevel(logging.INFO)
    if running.log_format == "json":
        for name in (REQUESTS, QUESTIONS):
            logging.getLogger(name).setLevel(logging.INFO)


class JsonLines(logging.Formatter):
    """A log entry as one line of JSON: ``at``, ``level``, ``logger``, ``message``, ``request``
    (the id that the answer carries in ``x-request-id``), and the facts of the entry."""

    def __init__(self, questions: bool = False) -> None:
        """``questions``: whether lines may hold questions, and what errors say of them."""
        super().__init__()
        self._questions = questions

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        row: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := _request.get():
            row["request"] = request
        facts = dict(getattr(record, "facts", {}))
        if not self._questions:
            facts.pop("question", None)
        if record.exc_info and record.exc_info[1] is not None:
            row["error"] = self._error(record.exc_info[1])
        return json.dumps({**row, **facts}, ensure_ascii=False, default=str)

    def _error(self, error: BaseException) -> dict[str, Any]:
        """Its kind and where it came from; its words may repeat a question."""
        frames = traceback.extract_tb(error.__traceback__)
        found: dict[str, Any] = {
            "type": type(error).__name__,
            "at": [f"{f.filename}:{f.lineno} {f.name}" for f in frames],
        }
        if self._questions:
            found["message"] = str(error)
        return found


@dataclass(frozen=True)
class RequestLog:
    """An ASGI app that gives each request an id, and writes down how it went.

    ``told`` is called with the status of every answer.
    """

    app: ASGIApp
    told: Callable[[int], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status, request = time.monotonic(), 0, secrets.token_hex(8)
        _request.set(request)

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (_ID, request.encode())]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self.told(status)
            facts = {
                "request": request,
                "method": scope["method"],
                "path": shown_path(scope["path"]),
                "status": status,
                "ms": round((time.monotonic() - begun) * 1000),
            }
            _log.info("A request was answered.", extra={"facts": facts})


def shown_path(path: str) -> str:
    """An address without what may be somebody's own: ids, tokens, sessions."""
    steps = _SESSION.sub(r"\1-", path).split("/")
    return "/".join("-" if _TOKEN.fullmatch(step) else step for step in steps)
