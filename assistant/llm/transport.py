"""HTTP for an endpoint: no redirect is followed, and no answer may be endless."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2

from assistant.llm.errors import TooLongError

BYTES = 4 * 1024 * 1024
"""Bytes that one answer of an endpoint may have."""
CONNECT_S = 5.0
"""Seconds to open a connection."""


class _Capped(httpx2.SyncByteStream):
    """A body that ends with an error once it is too long."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        total = 0
        for part in self._body:
            total += len(part)
            if total > BYTES:
                raise TooLongError
            yield part

    def close(self) -> None:
        """Let the connection go."""
        self._body.close()


class _CappedTransport(httpx2.HTTPTransport):
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; a packed body is refused, for it may unfold to anything."""
        response = super().handle_request(request)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            response.close()
            raise TooLongError
        response.stream = _Capped(response.stream)
        return response


def capped_client() -> httpx2.Client:
    """A client for one endpoint. It goes there directly: through no proxy of the environment,
    but with the environment's own certificates (``SSL_CERT_FILE``)."""
    return httpx2.Client(
        transport=_CappedTransport(trust_env=True), follow_redirects=False, trust_env=False
    )


def time_limits(seconds: float) -> httpx2.Timeout:
    """Limits for a request that may take so many seconds in all."""
    return httpx2.Timeout(seconds, connect=min(CONNECT_S, seconds))
