"""Why a model gave no answer."""

from __future__ import annotations

from typing import Literal

Fault = Literal[
    "unreachable",
    "timeout",
    "refused",
    "busy",
    "server",
    "malformed",
    "cut",
    "too_long",
    "resting",
    "stopped",
]
"""Every fault, in words for people under ``[engine]`` in the phrases.

``refused``: the key or the request was not accepted (400, 401, 403, 404); ``busy``: 429;
``server``: 5xx; ``malformed``: not the protocol, or nothing that can be read; ``cut``: it
stopped half-way; ``resting``: the breaker is open; ``stopped``: the reader did not wait.
"""
AGAIN: frozenset[Fault] = frozenset({"unreachable", "busy", "server", "malformed", "cut"})
"""Faults after which another try may help."""


class ModelError(Exception):
    """The model gave no answer that can be used.

    It carries no text of the endpoint's: that may repeat the key or the question.
    """

    def __init__(self, fault: Fault, retry_after_s: float = 0.0) -> None:
        """Args: fault: why; retry_after_s: seconds that the endpoint asks to wait."""
        super().__init__(fault)
        self.fault: Fault = fault
        self.retry_after_s = retry_after_s


class TooLongError(Exception):
    """An endpoint sent more bytes than an answer may have, or packed them."""
