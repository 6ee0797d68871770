"""Figures for Prometheus: how much is asked, how long it takes, who waits. Never what or who."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 20, 30, 60)


class Figures:
    """The figures of one server. Threads may share it."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._questions = self._counter(
            "questions", "Questions that were dealt with", "status", "engine", "language"
        )
        self._refused = self._counter(
            "questions_refused", "Questions that were not taken up", "reason"
        )
        self._responses = self._counter("http_responses", "Answers to HTTP requests", "status")
        self._seconds = Histogram(
            "kyodo_answer_seconds",
            "From taking a question up to the last sentence of its answer, without the queue",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._fault = Gauge(
            "kyodo_fault",
            "1 where a part does not work as it should",
            ["part"],
            registry=self._registry,
        )

    def answered(self, status: str, engine: str, language: str, seconds: float) -> None:
        """A question was dealt with.

        Args:
            status: of the answer, or ``failed`` or ``stopped``.
            engine: what worded it.
            language: ``ja`` or ``en``.
            seconds: from taking it up to the last sentence.
        """
        self._questions.labels(status, engine, language).inc()
        self._seconds.observe(seconds)

    def refused(self, reason: str) -> None:
        """A question was not taken up: ``queue_full``, ``stopping`` or ``not_fit``."""
        self._refused.labels(reason).inc()

    def responded(self, status: int) -> None:
        """An HTTP request was answered with a status."""
        self._responses.labels(str(status)).inc()

    def fault(self, part: str, is_there: bool) -> None:
        """Whether a part does not work as it should."""
        self._fault.labels(part).set(int(is_there))

    def follow(self, name: str, what: str, value: Callable[[], float]) -> None:
        """A gauge whose value is asked for whenever the figures are."""
        gauge = Gauge(f"kyodo_{name}", what, registry=self._registry)
        gauge.set_function(value)

    def written(self) -> bytes:
        """All of them in Prometheus's text format."""
        return generate_latest(self._registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"kyodo_{name}", what, labels, registry=self._registry)
