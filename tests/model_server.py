"""A real HTTP server that speaks the protocol of language models, with scripted models.

Each script gets the messages of a request and answers as it likes. It finds the passages by
the prompt's own delimiters, as a model would.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from corpus.sentences import split_sentences

_PASSAGE = re.compile(r"<<<passage ([0-9a-f]+) [^\n]*>>>\n(.*?)\n<<<end \1>>>", re.DOTALL)
_QUESTION = re.compile(r"<<<question \w+>>>\n(.*?)\n<<<end", re.DOTALL)
Messages = list[dict[str, str]]


@dataclass
class Reply:
    """What a script sends: text in pieces, or a status with a raw body."""

    pieces: Iterator[str] | list[str] = field(default_factory=list)
    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    pause_s: float = 0.0
    ends: bool = True
    """Whether the stream ends as the protocol has it, or just breaks off."""


Script = Callable[[Messages, dict[str, Any]], Reply]


def passages_of(messages: Messages) -> list[tuple[str, str]]:
    """Id and text of every passage in a prompt, in order."""
    return _PASSAGE.findall("\n".join(m["content"] for m in messages))


def first_sentences(text: str, count: int = 1) -> str:
    spans = split_sentences(text)[:count]
    return text[spans[0][0] : spans[-1][1]] if spans else text


def statements(*rows: tuple[str, str, str]) -> Reply:
    """A reply with statements (text, id, quote), in many small pieces."""
    held = [{"text": t, "id": i, "quote": q} for t, i, q in rows]
    text = json.dumps({"statements": held}, ensure_ascii=False)
    return Reply([text[i : i + 12] for i in range(0, len(text), 12)])


@dataclass
class ModelServer:
    """A running server: where it listens and what it was asked."""

    base_url: str
    requests: list[dict[str, Any]]
    headers: list[dict[str, str]]

    @property
    def prompts(self) -> list[str]:
        return ["\n".join(m["content"] for m in r["messages"]) for r in self.requests]


@contextmanager
def model_server(script: Script) -> Iterator[ModelServer]:
    """Serve a script on a free port of this machine."""
    asked: list[dict[str, Any]] = []
    headers: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            request = json.loads(self.rfile.read(length))
            asked.append(request)
            headers.append({k.lower(): v for k, v in self.headers.items()})
            _send(self, script(request["messages"], request))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield ModelServer(f"http://127.0.0.1:{server.server_port}/v1", asked, headers)
    finally:
        server.shutdown()
        server.server_close()


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    try:
        if reply.body is not None:
            _send_body(handler, reply)
        else:
            _send_stream(handler, reply)
    except (BrokenPipeError, ConnectionResetError):
        handler.close_connection = True


def _send_body(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    assert reply.body is not None
    handler.send_response(reply.status)
    for name, value in {"content-type": "application/json", **reply.headers}.items():
        handler.send_header(name, value)
    handler.send_header("content-length", str(len(reply.body)))
    handler.end_headers()
    handler.wfile.write(reply.body)


def _send_stream(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.send_response(reply.status)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("connection", "close")
    handler.end_headers()
    handler.close_connection = True
    for piece in reply.pieces:
        _event(handler, {"content": piece}, None)
        time.sleep(reply.pause_s)
    if reply.ends:
        _event(handler, {}, "stop")
        handler.wfile.write(b"data: [DONE]\n\n")


def _event(handler: BaseHTTPRequestHandler, delta: dict[str, str], reason: str | None) -> None:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    data = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": [choice],
    }
    handler.wfile.write(f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode())
    handler.wfile.flush()


def good(messages: Messages, request: dict[str, Any]) -> Reply:
    """Says the first sentences of the best passages, in its own order of words or none."""
    rows = []
    for own, text in passages_of(messages)[:3]:
        sentence = first_sentences(text)
        rows.append((sentence, own, sentence))
    return statements(*rows)


def choosing(messages: Messages, request: dict[str, Any]) -> Reply:
    """Like ``good``, of the passages whose sentences share most with the question."""
    asked = _QUESTION.search("\n".join(m["content"] for m in messages))
    wanted = _pairs(asked.group(1)) if asked else set()
    rows = []
    for own, text in passages_of(messages):
        spans = split_sentences(text)
        scored = [(len(_pairs(text[s:e]) & wanted), text[s:e]) for s, e in spans]
        best = max(scored, default=(0, text))
        rows.append((best[0], own, best[1]))
    most = max((score for score, _, _ in rows), default=0)
    kept = [(text, own, text) for score, own, text in rows if score >= 0.8 * most]
    return statements(*kept[:3])


def _pairs(text: str) -> set[str]:
    plain = text.lower()
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
