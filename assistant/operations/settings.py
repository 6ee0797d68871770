"""Settings for running it: how long the audit log is kept, stopping, figures and logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.errors import SettingsError
from assistant.secret import Secret

LogFormat = Literal["text", "json"]
KEYS = {
    "audit.days": "KYODO_AUDIT_DAYS",
    "server.metrics_token": "KYODO_SERVER_METRICS_TOKEN",
    "server.grace_s": "KYODO_SERVER_GRACE_S",
    "log.format": "KYODO_LOG_FORMAT",
    "log.questions": "KYODO_LOG_QUESTIONS",
}
"""The settings and their environment variables."""
SECRET = "server.metrics_token"
SWITCH = "log.questions"
_SHORTEST_TOKEN = 16


@dataclass(frozen=True)
class Running:
    """How it is run.

    Attributes:
        audit_days: how many days an entry of the audit log is kept, at least.
        metrics_token: who shows it is given the figures from elsewhere; empty: loopback only.
        grace_s: seconds that answers under way are given when the server is told to stop.
        log_format: ``text`` for a person who reads along, ``json`` for a program.
        log_questions: whether the logs may hold the text of questions.
    """

    audit_days: int = 365
    metrics_token: Secret = Secret("")
    grace_s: int = 20
    log_format: LogFormat = "text"
    log_questions: bool = False


def read_running(values: Mapping[str, str]) -> Running:
    """The settings from their texts, by key.

    Raises:
        SettingsError: on a value that cannot be, named.
    """
    default = Running()
    token = values.get(SECRET, "")
    if token and len(token) < _SHORTEST_TOKEN:
        raise SettingsError(
            f"{SECRET}: expected {_SHORTEST_TOKEN} characters or more, found {len(token)}; "
            "make one with `openssl rand -hex 24`."
        )
    return Running(
        _number(values, "audit.days", default.audit_days, 36_500),
        Secret(token),
        _number(values, "server.grace_s", default.grace_s, 600),
        _format(values.get("log.format", default.log_format)),
        _switch(values.get(SWITCH, "false")),
    )


def _number(values: Mapping[str, str], key: str, default: int, most: int) -> int:
    given = values.get(key, str(default)).strip()
    if not (given.isascii() and given.isdigit() and int(given) <= most):
        raise SettingsError(
            f"{key}: expected a whole number from 0 to {most:,}, found {given!r}; "
            f"leave it out for {default}."
        )
    return int(given)


def _format(given: str) -> LogFormat:
    if given not in ("text", "json"):
        raise SettingsError(f"log.format: expected text or json, found {given!r}.")
    return "json" if given == "json" else "text"


def _switch(given: str) -> bool:
    found = {"true": True, "false": False}.get(given.strip().lower())
    if found is None:
        raise SettingsError(f"{SWITCH}: expected true or false, found {given!r}.")
    return found
