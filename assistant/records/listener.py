"""Told of every answer, it keeps it; and it removes what has been kept for long enough."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from assistant.asked import Asked, Listener
from assistant.pages import Surroundings
from assistant.records.made_with import made_with
from assistant.records.store import keep, remove_old

HOUR_S = 3600.0


def listener(around: Surroundings) -> Listener:
    """Keeps answers, for the entry-point group ``kyodo.listeners``.

    What is too old is removed when the server starts, and by the first answer after an hour.
    """
    state, days = around.state, around.settings.records_days
    due = Due(HOUR_S)
    remove_old(state, days)

    def listen(asked: Asked) -> None:
        keep(state, asked, made_with(around.index, asked.answer.index))
        if due.now():
            threading.Thread(target=remove_old, args=(state, days), name="kyodo-records").start()

    return listen


class Due:
    """Says now and then that something is to be done. Threads may share it."""

    def __init__(self, every_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Count from now; ``clock`` tells the time in seconds."""
        self._every_s, self._clock = every_s, clock
        self._lock = threading.Lock()
        self._last = clock()

    def now(self) -> bool:
        """Whether ``every_s`` seconds have passed since it last said so, to one caller only."""
        with self._lock:
            moment = self._clock()
            if moment - self._last < self._every_s:
                return False
            self._last = moment
            return True
