"""What stands between the network and the page: who may ask, for what, and how much.

A request passes if its Host is ours, its Origin (where it has one) is that host, its path is
one that the page needs, and its body is small. Answers carry the headers that keep a browser
from loading or sending anything elsewhere.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FORWARDED_KEY = "kyodo.forwarded_for"
"""Where the scope holds what ``X-Forwarded-For`` said, once the header is taken away."""
_log = logging.getLogger(__name__)

BODY_LIMIT = 1024 * 1024
"""Bytes that a request may hold."""

_PATHS = re.compile(
    r"/|/config|/healthz|/readyz|/metrics|/waiting|/style\.css|/theme\.css|/favicon\.ico|/robots\.txt"
    r"|/(?:assets|static)/[\w./-]+"
    r"|/gradio_api/(?:queue/(?:join|data)|cancel|reset|startup-events|heartbeat/\w+|theme\.css)"
)
_FORWARDED = frozenset(
    {b"forwarded", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-for"}
    | {b"x-forwarded-port", b"x-forwarded-prefix", b"x-original-host", b"x-direct-url"}
)
_SCRIPT = re.compile(rb"<script(?=[\s>])")
_OUTSIDE_META = re.compile(rb'<meta\s[^>]*(?:property="og:|name="twitter:)[^>]*>\s*', re.IGNORECASE)
_HEAD = b'<meta name="referrer" content="same-origin">'
"""Without it the forms under an answer come without an origin, and are refused."""
_MANIFEST = re.compile(rb'<link rel="manifest"[^>]*>\s*')
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


@dataclass(frozen=True)
class Guard:
    """An ASGI app around the page.

    ``hosts`` are the names, in lower case and without port, that the page is known by;
    ``public`` is its address where a proxy stands in front (``https://...``), else empty;
    ``places`` are the paths of further pages, each served with what lies below it; ``bodies``
    are the paths that take more than ``BODY_LIMIT``, with the most bytes; ``assets`` are the
    style sheets and scripts that those pages add to the conversation.
    """

    app: ASGIApp
    hosts: frozenset[str]
    public: str = ""
    places: tuple[str, ...] = ()
    bodies: Mapping[str, int] = field(default_factory=dict)
    assets: tuple[str, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
        scope = {**scope, FORWARDED_KEY: forwarded}
        guarded = _with_headers(send, nonce, scope)
        refusal = self._refuse(scope)
        if refusal is None:
            await _pass_on(self.app, scope, receive, guarded, nonce, self.assets)
        elif scope["type"] == "http":
            await refusal(scope, receive, guarded)

    def _refuse(self, scope: Scope) -> PlainTextResponse | None:
        """Why a request is not let in, None if it is."""
        if scope["type"] != "http":
            return PlainTextResponse("Only HTTP is served here.", 403)
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in self.hosts:
            return PlainTextResponse("This host name is not served here.", 400)
        if not _same_origin(headers, host, self.public, scope["method"]):
            return PlainTextResponse("Requests from other sites are refused.", 403)
        if "upload" in scope["path"] and not self._is_below(scope["path"]):
            return PlainTextResponse("Files cannot be sent to this page.", 403)
        if not self._is_served(scope["path"]) or ".." in scope["path"]:
            return PlainTextResponse("There is nothing here.", 404)
        if "transfer-encoding" in headers:
            return PlainTextResponse("The request must say how long it is.", 411)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.bodies.get(scope["path"], BODY_LIMIT):
            return PlainTextResponse("The request is too large.", 413)
        return None

    def _is_served(self, path: str) -> bool:
        return self._is_below(path) or _PATHS.fullmatch(path) is not None

    def _is_below(self, path: str) -> bool:
        return any(path == place or path.startswith(f"{place}/") for place in self.places)


def _name(host: str) -> str:
    """The host name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _same_origin(headers: Headers, host: str, public: str, method: str) -> bool:
    """Whether a request comes from the page itself, or from no page at all.

    From elsewhere a link may lead here, and a form may not: it would act in the reader's name.
    """
    origin = headers.get("origin")
    if origin is not None:
        return origin in (f"http://{host}", f"https://{host}") or (
            bool(public) and origin == public.rstrip("/")
        )
    site = headers.get("sec-fetch-site", "none")
    reads = method in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
    return site in ("none", "same-origin") or reads


def _policy(nonce: str) -> str:
    """The content security policy: scripts of ours only, and no address but our own.

    ``unsafe-eval`` stays because Gradio's ``HTML`` compiles its template in the browser.
    """
    return (
        "default-src 'self'; "
        f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; script-src-attr 'none'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; frame-src 'none'; frame-ancestors 'none'; form-action 'self'; "
        "base-uri 'self'; object-src 'none'"
    )


def _with_headers(send: Send, nonce: str, scope: Scope) -> Send:
    """Add our headers to an answer, and take away those that name other origins."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [n for n in headers if n.startswith("access-control-")]:
                del headers[name]
            headers["content-security-policy"] = _policy(nonce)
            for name, value in HEADERS.items():
                headers[name] = value
            if not scope.get("path", "").startswith(("/assets/", "/static/")):
                headers["cache-control"] = "no-store"
        await send(message)

    return guarded


async def _pass_on(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, nonce: str, assets: tuple[str, ...]
) -> None:
    """Hand a request to Gradio without what a caller could mislead it with."""
    drop = _FORWARDED | ({b"accept-encoding"} if scope["path"] == "/" else frozenset())
    scope = {
        **scope,
        "headers": [(n, v) for n, v in scope["headers"] if n.lower() not in drop],
    }
    started = False

    async def watched(message: Message) -> None:
        nonlocal started
        started = True
        await send(message)

    try:
        whole = scope["path"] == "/"
        await app(scope, receive, _rewriting(watched, nonce, assets) if whole else watched)
    except Exception:
        _log.exception("A request to %s failed for a reason that nobody foresaw.", scope["path"])
        if not started:
            await PlainTextResponse("This could not be done.", 500)(scope, receive, send)


def _rewriting(send: Send, nonce: str, assets: tuple[str, ...]) -> Send:
    """Hold Gradio's page back until it is whole, then take out what points elsewhere."""
    start: Message = {}
    parts: list[bytes] = []

    async def rewrite(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        parts.append(message.get("body", b""))
        if message.get("more_body"):
            return
        body = own_page(b"".join(parts), nonce, assets)
        MutableHeaders(scope=start)["content-length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})

    return rewrite


def own_page(page: bytes, nonce: str, assets: Sequence[str] = ()) -> bytes:
    """Gradio's page with our style, without link-preview tags, its scripts marked as ours.

    Args:
        page: the HTML as Gradio makes it.
        nonce: the word that the policy of this answer names.
        assets: paths of further style sheets and scripts.
    """
    page = _MANIFEST.sub(b"", _OUTSIDE_META.sub(b"", page))
    ours = "".join(map(_loaded, ("/style.css", *assets))).encode()
    page = page.replace(b"</head>", _HEAD + ours + b"</head>", 1)
    return _SCRIPT.sub(f'<script nonce="{nonce}"'.encode(), page)


def _loaded(path: str) -> str:
    """What loads a style sheet or a script; a path of ours, relative to the page."""
    if path.endswith(".css"):
        return f'<link rel="stylesheet" href=".{path}">'
    return f'<script src=".{path}" defer></script>'
