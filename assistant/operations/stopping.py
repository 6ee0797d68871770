"""Stopping so that nobody loses an answer that is under way."""

from __future__ import annotations

import time
from types import FrameType
from typing import Any

import uvicorn

from assistant.operations.watch import Watch

_LAST_WORDS_S = 2
"""Seconds in which the last sentences reach the browser; then open tabs are let go."""


class GracefulServer(uvicorn.Server):
    """A server that, told to stop, takes up no further question and lets those that are being
    answered finish; told twice, it stops at once. Its process then ends as it would by itself."""

    def __init__(self, config: uvicorn.Config, watch: Watch, grace_s: float) -> None:
        """``grace_s``: seconds that the answers under way are given at most."""
        super().__init__(config)
        config.timeout_graceful_shutdown = _LAST_WORDS_S
        self._watch, self._grace_s, self._until = watch, grace_s, 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        if self._watch.stopping:
            self.should_exit = self.force_exit = True
            return
        self._until = time.monotonic() + self._grace_s
        self._watch.stop()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether it is time to end."""
        ended: Any = await super().on_tick(counter)
        over = not self._watch.running or time.monotonic() > self._until
        return bool(ended) or (self._watch.stopping and over)
