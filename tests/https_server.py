"""A small HTTPS server on this machine, with a certificate authority of its own."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme


@dataclass
class Site:
    """What a server answers by path, and what it was asked: path, time and headers."""

    port: int = 0
    pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)
    verify: ssl.SSLContext | None = None

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


def page(
    body: bytes,
    kind: str = "text/html; charset=utf-8",
    status: int = 200,
    **headers: str,
) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer; ``_`` in the names of headers stands for ``-``."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        etag = headers.get("etag")
        if etag and handler.headers.get("if-none-match") == etag:
            handler.send_response(304)
            handler.end_headers()
            return
        handler.send_response(status)
        handler.send_header("content-type", kind)
        for name, value in {"content_length": str(len(body)), **headers}.items():
            if value:
                handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


class QuietServer(ThreadingHTTPServer):
    """A client that hangs up in the middle of an answer is what some tests are about."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


@contextmanager
def https_site() -> Iterator[Site]:
    """Serve on 127.0.0.1 and localhost for as long as the block runs."""
    authority, site = trustme.CA(), Site()
    certificate = authority.issue_cert("localhost", "127.0.0.1")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, time.monotonic(), dict(self.headers.items())))
            self.close_connection = True
            site.pages.get(self.path, page(b"nothing here", "text/plain", 404))(self)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    site.verify = ssl.create_default_context()
    authority.configure_trust(site.verify)
    server = QuietServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
