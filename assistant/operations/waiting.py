"""How many people are before somebody whose question waits to be taken up."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI


def add_waiting(app: FastAPI, page: Any) -> None:
    """Add ``/waiting?ticket=...``: ``{"before": n}``, None where that question does not wait.

    The ticket is what a tab sent with its question; nobody else knows it.

    Args:
        app: the app.
        page: Gradio's page, with its queue.
    """

    @app.get("/waiting")
    async def waiting(ticket: str = "") -> dict[str, int | None]:
        return {"before": before(page._queue, ticket) if ticket else None}


def before(queue: Any, ticket: str) -> int | None:
    """How many questions stand before that of a ticket in Gradio's queue; None where it does
    not stand there."""
    for line in queue.event_queue_per_concurrency_id.values():
        for place, event in enumerate(line.queue):
            data = getattr(event.data, "event_data", None)
            if isinstance(data, dict) and data.get("ticket") == ticket:
                return place
    return None
