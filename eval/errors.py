"""What can go wrong when answers are measured."""

from __future__ import annotations

from assistant.errors import AssistantError


class EvalError(AssistantError):
    """A question set or a run that cannot be used, in one sentence that names the file."""


class RunBusyError(EvalError):
    """Another process is writing the run, or another run is under way."""
