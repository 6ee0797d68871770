"""What each part of an answer took."""

from __future__ import annotations

import time

from assistant.datatypes import Answer


def timings_of(
    started: float, understood: float, searched: float, composed: float, answer: Answer
) -> dict[str, float]:
    """What each part took, in milliseconds, until now."""
    ended = time.perf_counter()
    timings = {
        "understand": _milliseconds(started, understood),
        "search": _milliseconds(understood, searched),
        "compose": _milliseconds(searched, composed),
        "total": _milliseconds(started, ended),
    }
    if answer.writing is not None:
        timings["write"] = _milliseconds(composed, ended)
    return timings


def _milliseconds(start: float, end: float) -> float:
    return round((end - start) * 1000, 2)
