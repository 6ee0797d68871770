"""Serves the page: Gradio inside a FastAPI app of ours, behind the guard, on one socket."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, Response
from markupsafe import Markup
from starlette.types import ASGIApp

from assistant.asked import find_listeners
from assistant.audit.exports import Exports
from assistant.audit.log import audit_file
from assistant.datatypes import Language
from assistant.errors import PortInUseError
from assistant.guard import Guard
from assistant.markup import join
from assistant.operations.health import Health, add_routes
from assistant.operations.logs import RequestLog
from assistant.operations.settings import Running
from assistant.operations.stopping import GracefulServer
from assistant.operations.waiting import add_waiting
from assistant.operations.watch import Watch
from assistant.overflow import Overflow
from assistant.pages import Link, Page, Surroundings
from assistant.people.door import behind_sign_in
from assistant.person import ROLES
from assistant.pipeline import Assistant
from assistant.service import Service
from assistant.state import State
from assistant.words import LANGUAGES, load_words, read_interface

OFFLINE = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_MCP_SERVER": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000",
}
"""Environment that keeps Gradio from calling home; set before Gradio is imported.

The last one is how many events pass between two tables of Gradio's own timings, which nobody
reads here.
"""

QUEUE_SIZE = 200
"""Questions that may wait at once: everybody's at nine in the morning."""
AT_ONCE = 16
LOCAL = ("127.0.0.1", "localhost", "::1")


def create_app(
    service: Service,
    host: str = "127.0.0.1",
    names: Sequence[str] = (),
    public: str = "",
    pages: Sequence[Page] = (),
    around: Surroundings | None = None,
    watch: Watch | None = None,
) -> RequestLog:
    """The whole web application, ready for any ASGI server.

    Args:
        service: what answers the questions.
        host: the address it will listen on; it and the machine's own names are served.
        names: further host names that people use for it.
        public: its address behind a proxy (``https://chat.city.example``), else empty.
        pages: the pages beside the conversation.
        around: what these are given; needed where there are any.
        watch: the server's account of itself.

    Raises:
        PageError: a file in ``interface/`` is missing or incomplete.
    """
    watch = watch or Watch()
    os.environ.update(OFFLINE)
    os.environ.pop("GRADIO_VIBE_MODE", None)
    from assistant.app import build_app  # Gradio: after the environment, never on import

    app = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None, lifespan=partial(_life, watch, around)
    )
    _add_style(app)
    base = urlsplit(public).path.rstrip("/")
    if around is not None:
        pages = [page for page in pages if page.when(around.settings)]
    links = _links(pages, base)
    if around is not None:
        around = replace(around, links=links, base=base, proxied=bool(public))
        app.router.routes.extend(route for page in pages for route in page.routes(around))
    add_routes(app, Health(service, watch, around))
    listeners = find_listeners(around) if around is not None else ()
    page = build_app(service, links, listeners, partial(_beside, pages, base), watch)
    page.queue(max_size=QUEUE_SIZE, default_concurrency_limit=AT_ONCE, api_open=False)
    add_waiting(app, page)
    _mount(app, page, public)
    _follow(watch, page, service)
    busy = " / ".join(load_words(language)("turn.full") for language in LANGUAGES)
    places = tuple(page.link.path for page in pages)
    hosts_served = frozenset(_hosts(host, names, public))
    bodies = {path: most for page in pages for path, most in page.bodies.items()}
    assets = tuple(path for page in pages for path in page.assets)
    overflow = Overflow(app, busy, told=partial(watch.figures.refused, "queue_full"))
    counted = overflow if around is None else Exports(overflow, around.state)
    entered = behind_sign_in(counted, pages, around)
    guard = Guard(entered, hosts_served, public, places, bodies, assets)
    return RequestLog(guard, watch.figures.responded)


@asynccontextmanager
async def _life(watch: Watch, around: Surroundings | None, app: FastAPI) -> AsyncIterator[None]:
    """What lasts as long as the server runs."""
    del app
    with ExitStack() as stack:
        stack.enter_context(watch.listening())
        if around is not None:
            stack.enter_context(around.state.kept_open())
            stack.enter_context(State(audit_file(around.state)).kept_open())
        yield


def _follow(watch: Watch, page: Any, service: Service) -> None:
    """The figures that are asked for when they are read."""
    follow = watch.figures.follow
    follow("queue_waiting", "Questions that wait to be taken up", lambda: len(page._queue))
    follow("index_documents", "Documents of the index", lambda: len(service.documents()))

    def passages() -> int:
        now = service.snapshot()
        return len(now.index.passages) if isinstance(now, Assistant) else 0

    follow("index_passages", "Passages of the index", passages)


def _beside(pages: Sequence[Page], base: str, answer_id: str, language: Language) -> Markup:
    """What the pages put under an answer."""
    return join(p.beside(answer_id, language, base) for p in pages if p.beside)


def _add_style(app: FastAPI) -> None:
    style = read_interface("style.css")

    @app.get("/style.css")
    def look() -> Response:
        return Response(style, media_type="text/css")


def _mount(app: FastAPI, page: Any, public: str) -> None:
    """Put the Gradio page at the root, with nothing open that it does not need."""
    import gradio as gr

    gr.mount_gradio_app(
        app,
        page,
        "/",
        root_path=public or None,
        show_error=False,
        max_file_size="1kb",
        allowed_paths=[],
        run_history=False,
        footer_links=[],
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        theme=gr.themes.Base(font=["Noto Sans JP", "sans-serif"], font_mono=["monospace"]),
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )


def _links(pages: Sequence[Page], base: str) -> tuple[Link, ...]:
    """The navigation: the conversation, then every other page, those for everyone first."""
    titles = {language: load_words(language)("nav.chat") for language in LANGUAGES}
    others = [
        replace(page.link, path=base + page.link.path, role=page.role, listed=page.listed)
        for page in pages
    ]
    others.sort(key=lambda link: ROLES.index(link.role) if link.role else 0)
    return (Link(f"{base}/", titles), *others)


def serve(
    service: Service,
    host: str = "127.0.0.1",
    port: int = 7860,
    names: Sequence[str] = (),
    public: str = "",
    ready: Callable[[str], None] | None = None,
    pages: Sequence[Page] = (),
    around: Surroundings | None = None,
) -> None:
    """Serve the page until the process is told to stop.

    Args:
        service: what answers the questions.
        host: address to listen on.
        port: port to listen on, 0 for any that is free.
        names: further host names that people use for it.
        public: its address behind a proxy, else empty.
        ready: called with the page's address just before the first request is taken.
        pages: the pages beside the conversation.
        around: what these are given.

    Raises:
        PortInUseError: the address cannot be opened.
        PageError: a file in ``interface/`` is missing or incomplete.
    """
    listening = open_socket(host, port)
    with tempfile.TemporaryDirectory(prefix="kyodo-") as folder, listening:
        os.environ["GRADIO_TEMP_DIR"] = folder
        watch = Watch()
        app = create_app(service, host, names, public, pages, around, watch)
        if ready is not None:
            ready(public or f"http://{_shown(host)}:{listening.getsockname()[1]}/")
        grace_s = (around.settings.running if around is not None else Running()).grace_s
        make_server(app, watch, grace_s).run(sockets=[listening])


def make_server(app: ASGIApp, watch: Watch | None = None, grace_s: float = 0.0) -> GracefulServer:
    """The HTTP server for the app: it says nothing of itself and believes no proxy.

    Args:
        app: the app.
        watch: its account of itself.
        grace_s: seconds that answers under way are given when it is told to stop.
    """
    config = uvicorn.Config(
        app,
        log_level="warning",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        access_log=False,
    )
    return GracefulServer(config, watch or Watch(), grace_s)


def open_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address.

    Raises:
        PortInUseError: another program holds it, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise PortInUseError(
            f"Expected to open port {port} on {host} for the page, found that it cannot be "
            f"opened ({reason}); stop the program that uses it or choose another --port."
        ) from error
    return listening


def _hosts(host: str, names: Sequence[str], public: str) -> set[str]:
    """The host names served: those given, this machine's own, and never just any."""
    own = {*LOCAL, host, *names, urlsplit(public).hostname or ""}
    if host in ("0.0.0.0", "::"):
        own |= {socket.gethostname(), socket.getfqdn(), *_addresses()}
    return {name.lower() for name in own if name} - {"0.0.0.0", "::"}


def _addresses() -> set[str]:
    """The machine's own addresses, as far as its name tells."""
    try:
        found = socket.getaddrinfo(socket.gethostname(), None)
    except OSError:
        return set()
    return {str(entry[4][0]) for entry in found}


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else {"0.0.0.0": "127.0.0.1"}.get(host, host)
