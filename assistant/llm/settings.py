"""Which endpoint writes answers, and what else it may be used for."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from assistant.errors import SettingsError
from assistant.secret import Secret

TIMEOUT_S = (1.0, 600.0)
"""Least and most seconds that an answer may wait for the model."""
_DEFAULT_TIMEOUT_S = 30.0
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0", "")
USES = ("rewrite", "translate", "facts")
"""Further uses of the model; each is off unless set."""


@dataclass(frozen=True)
class LlmSettings:
    """An OpenAI-compatible endpoint (``[llm]`` in ``kyodo.toml``).

    ``timeout_s`` is how long one answer waits for the model in all, retries included.
    ``rewrite``: make a follow-up stand-alone; ``translate``: translate passages that have no
    English rendering; ``facts``: read the case's facts.
    """

    base_url: str
    model: str
    api_key: Secret = Secret("")
    timeout_s: float = _DEFAULT_TIMEOUT_S
    rewrite: bool = False
    translate: bool = False
    facts: bool = False

    @property
    def host(self) -> str:
        """Host and port of the endpoint, for people; it holds no key."""
        return urlsplit(self.base_url).netloc

    @property
    def is_local(self) -> bool:
        """Whether the endpoint is on this machine by its very address."""
        name = (urlsplit(self.base_url).hostname or "").lower()
        if name == "localhost":
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False


def read_llm(values: Mapping[str, str]) -> LlmSettings | None:
    """The endpoint of the settings, None where none is configured.

    Args:
        values: settings as text, by ``llm.base_url`` and so on.

    Raises:
        SettingsError: a value that cannot be; the key itself is never in the sentence.
    """
    address = values.get("llm.base_url", "").strip()
    if not address:
        return None
    return LlmSettings(
        base_url=_address(address),
        model=_model(values.get("llm.model", "")),
        api_key=Secret(values.get("llm.api_key", "").strip()),
        timeout_s=_seconds(values.get("llm.timeout_s", "")),
        **{use: _switch(f"llm.{use}", values.get(f"llm.{use}", "")) for use in USES},
    )


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, user = parts.hostname, parts.username
    except ValueError:
        host, user, parts = None, None, urlsplit("")
    if user is not None:
        raise SettingsError(
            "llm.base_url: expected an address without a user name or password, found one; put "
            "the key into llm.api_key."
        )
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise SettingsError(
            f"llm.base_url: expected an address such as http://127.0.0.1:8080/v1, found {text!r}."
        )
    return text.rstrip("/")


def _model(text: str) -> str:
    if not text.strip():
        raise SettingsError("llm.model: expected the model's name at the endpoint, found none.")
    return text.strip()


def _seconds(text: str) -> float:
    try:
        seconds = float(text) if text.strip() else _DEFAULT_TIMEOUT_S
    except ValueError:
        seconds = float("nan")
    least, most = TIMEOUT_S
    if not least <= seconds <= most:
        raise SettingsError(
            f"llm.timeout_s: expected seconds from {least:g} to {most:g}, found {text!r}."
        )
    return seconds


def _switch(name: str, text: str) -> bool:
    plain = text.strip().lower()
    if plain not in (*_TRUE, *_FALSE):
        raise SettingsError(f"{name}: expected true or false, found {text!r}.")
    return plain in _TRUE
