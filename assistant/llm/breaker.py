"""Leaves an endpoint alone after repeated failures, and tries it again later."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 3
"""Failures in a row after which an endpoint is left alone."""
REST_S = 30.0
"""Seconds until one question tries it again."""


class Breaker:
    """Closed: everyone may try. Open: nobody, until the rest is over. Half open: one may try.

    Threads share it. ``clock`` gives seconds and never goes back.
    """

    def __init__(
        self,
        failures: int = FAILURES,
        rest_s: float = REST_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = failures
        self._rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._open_until = 0.0
        self._trying = False

    def admits(self) -> bool:
        """Whether this caller may try; who is admitted must ``succeed``, ``fail`` or ``leave``."""
        with self._lock:
            if self._failed < self._most:
                return True
            if self._trying or self._clock() < self._open_until:
                return False
            self._trying = True
            return True

    def succeed(self) -> None:
        """The endpoint answered."""
        with self._lock:
            self._failed = 0
            self._trying = False

    def fail(self) -> None:
        """The endpoint did not answer."""
        with self._lock:
            self._failed += 1
            self._trying = False
            if self._failed >= self._most:
                self._open_until = self._clock() + self._rest_s

    def leave(self) -> None:
        """The try says nothing of the endpoint (the reader stopped waiting)."""
        with self._lock:
            self._trying = False
