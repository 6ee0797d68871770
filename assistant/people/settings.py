"""How people sign in, and how the server is reached: ``[sign_in]`` and ``[server]``."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn, get_args
from urllib.parse import urlsplit

from assistant.errors import SettingsError

Mode = Literal["off", "accounts", "header"]
MODES: tuple[Mode, ...] = get_args(Mode)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LISTS = frozenset({"sign_in.trusted", "server.names"})
"""Settings that hold several values: a list in the file, parted by commas elsewhere."""
SWITCHES = frozenset({"sign_in.admit"})
KNOWN = {
    "sign_in.mode": "KYODO_SIGN_IN_MODE",
    "sign_in.header": "KYODO_SIGN_IN_HEADER",
    "sign_in.name_header": "KYODO_SIGN_IN_NAME_HEADER",
    "sign_in.section_header": "KYODO_SIGN_IN_SECTION_HEADER",
    "sign_in.trusted": "KYODO_SIGN_IN_TRUSTED",
    "sign_in.admit": "KYODO_SIGN_IN_ADMIT",
    "sign_in.idle_minutes": "KYODO_SIGN_IN_IDLE_MINUTES",
    "sign_in.absolute_hours": "KYODO_SIGN_IN_ABSOLUTE_HOURS",
    "server.public": "KYODO_SERVER_PUBLIC",
    "server.names": "KYODO_SERVER_NAMES",
}
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_NAME = re.compile(r"[A-Za-z0-9.:_-]+")
_MOST_MINUTES, _MOST_HOURS = 24 * 60, 7 * 24


@dataclass(frozen=True)
class SignIn:
    """How it is known who somebody is.

    Attributes:
        mode: ``off``: everybody is the person at this machine; ``accounts``: name and password;
            ``header``: a proxy that has signed people in names them.
        header: the proxy's header with the login name.
        name_header: that with the person's name, "" for none.
        section_header: that with their section, "" for none.
        trusted: the addresses that the proxy comes from; nobody else is believed.
        admit: let in whom the proxy names and nobody has added, as a reader.
        idle_minutes: how long a session lasts without a request, 1 to 1,440.
        absolute_hours: how long it lasts at most, 1 to 168.
    """

    mode: Mode = "off"
    header: str = "X-Remote-User"
    name_header: str = ""
    section_header: str = ""
    trusted: tuple[Network, ...] = (
        ipaddress.IPv4Network("127.0.0.1/32"),
        ipaddress.IPv6Network("::1/128"),
    )
    admit: bool = False
    idle_minutes: int = 60
    absolute_hours: int = 12

    def trusts(self, address: str) -> bool:
        """Whether an address is the proxy's."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        plain = getattr(found, "ipv4_mapped", None) or found
        return any(plain in network for network in self.trusted)


@dataclass(frozen=True)
class Reached:
    """How people reach the server: its address behind a proxy (``https://...``), "" for none,
    and the host names that it is known by beside the machine's own."""

    public: str = ""
    names: tuple[str, ...] = ()


def read_sign_in(values: Mapping[str, str]) -> SignIn:
    """The settings of ``[sign_in]``.

    Raises:
        SettingsError: a value that cannot be.
    """
    plain = SignIn()
    mode = _given(values, "sign_in.mode") or plain.mode
    if mode not in MODES:
        _refuse("sign_in.mode", f"one of {', '.join(MODES)}", mode)
    networks = tuple(map(_network, _listed(values, "sign_in.trusted")))
    return SignIn(
        mode=next(m for m in MODES if m == mode),
        header=_header(values, "sign_in.header") or plain.header,
        name_header=_header(values, "sign_in.name_header"),
        section_header=_header(values, "sign_in.section_header"),
        trusted=networks or plain.trusted,
        admit=_switch(values, "sign_in.admit"),
        idle_minutes=_number(values, "sign_in.idle_minutes", _MOST_MINUTES, plain.idle_minutes),
        absolute_hours=_number(values, "sign_in.absolute_hours", _MOST_HOURS, plain.absolute_hours),
    )


def read_reached(values: Mapping[str, str]) -> Reached:
    """The settings of ``[server]``.

    Raises:
        SettingsError: a value that cannot be.
    """
    return Reached(
        public_address(_given(values, "server.public")),
        tuple(map(host_name, _listed(values, "server.names"))),
    )


def public_address(given: str) -> str:
    """The address that people type, without a slash at its end; "" for none.

    Raises:
        SettingsError: it is no address of a web page.
    """
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        fits = parts.scheme in ("http", "https") and parts.hostname and not parts.username
        fits = bool(fits and not parts.query and not parts.fragment and (parts.port or 1) > 0)
    except ValueError:
        fits = False
    if not fits:
        _refuse("server.public", "an address such as https://kyodo.city.example", given)
    return given.rstrip("/")


def host_name(given: str) -> str:
    """A host name; raises SettingsError where it is none."""
    if not _NAME.fullmatch(given):
        _refuse("server.names", "host names such as kyodo.city.example", given)
    return given


def _network(given: str) -> Network:
    try:
        return ipaddress.ip_network(given)
    except ValueError:
        return _refuse("sign_in.trusted", "addresses of the proxy such as 127.0.0.1", given)


def _given(values: Mapping[str, str], key: str) -> str:
    return values.get(key, "").strip()


def _listed(values: Mapping[str, str], key: str) -> list[str]:
    return [part.strip() for part in values.get(key, "").split(",") if part.strip()]


def _header(values: Mapping[str, str], key: str) -> str:
    given = _given(values, key)
    if given and not _HEADER.fullmatch(given):
        _refuse(key, "the name of an HTTP header such as X-Remote-User", given)
    return given


def _switch(values: Mapping[str, str], key: str) -> bool:
    given = _given(values, key).lower() or "false"
    if given not in ("true", "false"):
        _refuse(key, "true or false", given)
    return given == "true"


def _number(values: Mapping[str, str], key: str, most: int, usual: int) -> int:
    given = _given(values, key) or str(usual)
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= most):
        _refuse(key, f"a whole number from 1 to {most:,}", given)
    return int(given)


def _refuse(key: str, expected: str, found: str) -> NoReturn:
    raise SettingsError(f"{key}: expected {expected}, found {found!r}.")
