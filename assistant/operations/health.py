"""Whether it is well (``/healthz``), ready for people (``/readyz``), and its figures."""

from __future__ import annotations

import hmac
import ipaddress
import sqlite3
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from assistant.audit.log import AuditError, audit_file, head
from assistant.operations.watch import Watch
from assistant.pages import Surroundings
from assistant.seen import collections_of
from assistant.service import Service, writer_of
from assistant.state import Schema, State

SCHEMA = Schema(
    "operations",
    ("CREATE TABLE readiness (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL);",),
)
_COUNT = (
    "INSERT INTO readiness VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET count = (count + 1) % 1000"
)
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Health:
    """How a server is. ``around`` is None where it serves the conversation alone."""

    service: Service
    watch: Watch
    around: Surroundings | None

    def well(self, collections: frozenset[str] | None) -> dict[str, Any]:
        """The answer to ``/healthz``: degraded where the newest index does not answer, or the
        audit log did not take an entry.

        Args:
            collections: what who asks may see; what is wrong with the index is for whoever may
                see all of it.
        """
        now, faults = self.service.snapshot().seen_by(collections), self.faults()
        if "index" in faults and collections is not None:
            faults["index"] = "the newest index does not answer"
        return {
            "status": "degraded" if faults else "ok",
            "index": now.fingerprint,
            "documents": len(now.documents()),
            "fault": " ".join(faults.values()) or None,
            **({"engine": "llm"} if writer_of(now) else {}),
        }

    def faults(self) -> dict[str, str]:
        """What does not work as it should, by part, a sentence each."""
        found = {"index": self.service.fault, "audit": self._audit_fault()}
        for part, fault in found.items():
            self.watch.figures.fault(part, bool(fault))
        return {part: fault for part, fault in found.items() if fault}

    def ready(self) -> dict[str, bool]:
        """Whether each part is ready for people."""
        checks = {"index": _answers(self.service), "running": not self.watch.stopping}
        if self.around is not None:
            checks["state"] = _can_write(self.around.state)
            checks["audit"] = _has_head(self.around.state)
        return checks

    def _audit_fault(self) -> str:
        if missed := self.watch.entries_missed:
            return f"The audit log did not take {missed} entries since the start: see the logs."
        if self.around is not None and not _has_head(self.around.state):
            return "The audit log cannot be read: see `kyodo audit verify`."
        return ""


def add_routes(app: FastAPI, health: Health) -> None:
    """Add ``/healthz``, ``/readyz`` and ``/metrics`` to an app."""

    @app.get("/healthz")
    def healthz(request: Request) -> dict[str, Any]:
        return health.well(collections_of(request))

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        checks = health.ready()
        ready = all(checks.values())
        return JSONResponse({"ready": ready, **checks}, 200 if ready else 503)

    @app.get("/metrics")
    def metrics(request: Request) -> Response:
        if not _may_see_figures(request, health.around):
            return PlainTextResponse(
                "The figures are for this machine, or for who sends the metrics token.", 403
            )
        health.faults()
        return Response(health.watch.figures.written(), media_type=_TEXT)


def _may_see_figures(request: Request, around: Surroundings | None) -> bool:
    """Whoever shows the token; where none is set, this machine, unless a proxy makes everybody
    look like it."""
    token = around.settings.running.metrics_token.reveal() if around is not None else ""
    if token:
        given = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {token}".encode())
    if around is not None and around.proxied:
        return False
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _answers(service: Service) -> bool:
    return bool(service.snapshot().fingerprint)


def _can_write(state: State) -> bool:
    try:
        with state.writing() as rows:
            rows.execute(_COUNT)
    except (OSError, sqlite3.Error):
        return False
    return True


def _has_head(state: State) -> bool:
    try:
        head(audit_file(state))
    except AuditError:
        return False
    return True
