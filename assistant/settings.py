"""Settings: defaults < ``kyodo.toml`` < environment (``KYODO_...``) < flags."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SettingsError
from assistant.llm.settings import USES, LlmSettings, read_llm
from assistant.operations import settings as running
from assistant.operations.settings import Running, read_running
from assistant.people import settings as people
from assistant.people.settings import Reached, SignIn, read_reached, read_sign_in
from assistant.state import FILE as STATE_FILE

FILE = Path("kyodo.toml")
"""The settings file, in the current folder."""
_KNOWN = {
    "index.model": "KYODO_INDEX_MODEL",
    "llm.base_url": "KYODO_LLM_BASE_URL",
    "llm.model": "KYODO_LLM_MODEL",
    "llm.api_key": "KYODO_LLM_API_KEY",
    "llm.timeout_s": "KYODO_LLM_TIMEOUT_S",
    "llm.rewrite": "KYODO_LLM_REWRITE",
    "llm.translate": "KYODO_LLM_TRANSLATE",
    "llm.facts": "KYODO_LLM_FACTS",
    "records.days": "KYODO_RECORDS_DAYS",
    **running.KEYS,
    **people.KNOWN,
}
_SWITCHES = frozenset({*(f"llm.{use}" for use in USES), running.SWITCH, *people.SWITCHES})
_SECRET = frozenset({"llm.api_key", running.SECRET})
"""Settings whose value no message repeats."""
_HOME = "KYODO_HOME"
_DAYS_KEPT = 365
_MOST_DAYS = 36_500


@dataclass(frozen=True)
class Settings:
    """What can be set. ``home`` holds the index; ``model`` is None for the index's own.

    ``llm`` is the endpoint that writes answers, None where none is configured. ``records_days``
    is how many days a person's answers are kept, 0 to 36,500; at 0 for a working day only.
    ``running`` is how it is run in an office, ``sign_in`` how people sign in, ``reached`` the
    addresses that they type.
    """

    home: Path
    model: str | None = None
    llm: LlmSettings | None = None
    records_days: int = _DAYS_KEPT
    running: Running = Running()
    sign_in: SignIn = SignIn()
    reached: Reached = Reached()

    @property
    def index(self) -> Path:
        """The default index folder."""
        return self.home / "index"

    @property
    def state(self) -> Path:
        """The file with the office's records."""
        return self.home / STATE_FILE

    @property
    def documents(self) -> Path:
        """The folder of the office's own documents."""
        return self.home / "documents"


def load_settings(environment: Mapping[str, str] | None = None, file: Path = FILE) -> Settings:
    """The settings of this machine.

    Args:
        environment: the environment's variables; those of the process where None.
        file: the settings file; it need not be there.

    Raises:
        SettingsError: on an unknown key in the file or the environment, named.
    """
    environment = os.environ if environment is None else environment
    values = _from_file(file)
    for name, value in environment.items():
        if name.startswith("KYODO_") and name != _HOME:
            values[_key_of(name)] = value
    home = environment.get(_HOME) or str(Path.home() / ".local" / "share" / "kyodo")
    return Settings(
        home=Path(home).expanduser(),
        model=values.get("index.model") or None,
        llm=read_llm(values),
        records_days=_days(values),
        running=read_running(values),
        sign_in=read_sign_in(values),
        reached=read_reached(values),
    )


def _days(values: Mapping[str, str]) -> int:
    given = values.get("records.days", "").strip() or str(_DAYS_KEPT)
    if not (given.isascii() and given.isdigit() and int(given) <= _MOST_DAYS):
        raise SettingsError(
            f"records.days: expected whole days from 0 to {_MOST_DAYS:,}, found {given!r}; "
            f"leave it out for {_DAYS_KEPT}."
        )
    return int(given)


def _from_file(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{file}: expected settings in TOML, found: {error}") from error
    values: dict[str, str] = {}
    for group, table in tables.items():
        entries = table.items() if isinstance(table, dict) else [("", table)]
        for name, value in entries:
            key = f"{group}.{name}".rstrip(".")
            if key not in _KNOWN:
                raise SettingsError(
                    f"{file}: unknown setting {key}; known are {', '.join(sorted(_KNOWN))}."
                )
            if not _fits(key, value):
                found = "something else" if key in _SECRET else repr(value)
                kind = "a list of texts" if key in people.LISTS else "text or a number"
                raise SettingsError(f"{file}: expected {key} as {kind}, found {found}.")
            values[key] = _as_text(value)
    return values


def _fits(key: str, value: object) -> bool:
    if isinstance(value, bool):
        return key in _SWITCHES
    if isinstance(value, list):
        return key in people.LISTS and all(isinstance(part, str) for part in value)
    return isinstance(value, str | int | float)


def _as_text(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _key_of(variable: str) -> str:
    for key, name in _KNOWN.items():
        if name == variable:
            return key
    known = ", ".join(sorted([*_KNOWN.values(), _HOME]))
    raise SettingsError(f"environment: unknown setting {variable}; known are {known}.")
