"""Fetching official pages: HTTPS, named hosts only, at the pace that their servers ask for.

Nothing is written here; what came is handed over page by page.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from corpus.errors import CorpusError
from corpus.sources import Page, Sources

Status = Literal["new", "unchanged", "refused", "failed"]
_ROBOTS_LARGEST = 500_000
_LONGEST_PAUSE_S = 60.0
_REDIRECTS = (301, 302, 303, 307, 308)
_COME_LATER = (429, 503)


class NoNetwork(CorpusError):
    """None of the hosts could be reached."""


@dataclass(frozen=True)
class Validators:
    """What a server gave to ask by whether a page has changed since."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Fetched:
    """What came of one page. ``data`` is empty unless it is new; ``suffix`` is its file's ending.

    ``refused``: by robots.txt or by our own limits; ``failed``: the server or the line.
    """

    page: Page
    status: Status
    detail: str = ""
    data: bytes = field(default=b"", repr=False)
    suffix: str = ""
    validators: Validators = Validators()


class _Refused(Exception):
    def __init__(self, status: Status, detail: str) -> None:
        super().__init__(detail)
        self.status: Status = status
        self.detail = detail


def fetch_pages(
    sources: Sources,
    known: Mapping[str, Validators],
    verify: ssl.SSLContext | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Fetched]:
    """Fetch every page of a list, one after the other; each has one outcome.

    Args:
        sources: the pages and the manners.
        known: what the servers gave last time, by document id.
        verify: the certificates to trust; those of this machine where None.
        sleep: waits so many seconds.

    Raises:
        NoNetwork: before the first page, if no host can be reached at all.
    """
    with httpx.Client(
        verify=verify or ssl.create_default_context(),
        timeout=sources.timeout_s,
        follow_redirects=False,
        headers={"user-agent": sources.agent, "accept-encoding": "identity"},
    ) as client:
        visit = _Visit(sources, client, sleep)
        hosts = sorted({urlsplit(page.url).netloc.lower() for page in sources.pages})
        if not any(visit.meets(host) for host in hosts):
            raise NoNetwork(
                f"expected to reach {', '.join(hosts)}, found no way there ({visit.silent}); run "
                "this command where there is a network, or add the files with "
                "`kyodo documents add`."
            )
        for page in sources.pages:
            yield visit.fetch(page, known.get(page.document_id, Validators()))


class _Visit:
    """One round over the hosts: what their robots.txt says, and who does not answer."""

    def __init__(
        self, sources: Sources, client: httpx.Client, sleep: Callable[[float], None]
    ) -> None:
        self._sources, self._client, self._sleep = sources, client, sleep
        self._robots: dict[str, RobotFileParser] = {}
        self._closed: dict[str, str] = {}
        self.reached = False
        self.silent = ""

    def meets(self, host: str) -> bool:
        """Whether a host answers at all; its robots.txt is asked for."""
        with suppress(_Refused, httpx.HTTPError, ssl.SSLError):
            self._rules(host)
        return self.reached

    def fetch(self, page: Page, known: Validators) -> Fetched:
        try:
            return self._fetch(page, known)
        except _Refused as refusal:
            return Fetched(page, refusal.status, refusal.detail)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            return Fetched(page, "failed", f"{page.url}: {_said(error)}")

    def _fetch(self, page: Page, known: Validators) -> Fetched:
        url, headers = page.url, _conditions(known)
        for _ in range(self._sources.redirects + 1):
            host = urlsplit(url).netloc.lower()
            self._check_robots(url, host)
            status, answer, data = self._get(url, host, headers, self._sources.largest)
            if status not in _REDIRECTS:
                return self._outcome(page, known, url, status, answer, data)
            target = urljoin(url, answer.get("location", ""))
            if not self._sources.allows(target):
                raise _Refused("refused", f"{url}: it leads to {target}, outside the named hosts.")
            url = target
        raise _Refused(
            "failed", f"{page.url}: it leads on more than {self._sources.redirects} times."
        )

    def _outcome(
        self,
        page: Page,
        known: Validators,
        url: str,
        status: int,
        answer: httpx.Headers,
        data: bytes,
    ) -> Fetched:
        if status == httpx.codes.NOT_MODIFIED:
            return Fetched(page, "unchanged", validators=known)
        if status in _COME_LATER:
            self._closed[urlsplit(url).netloc.lower()] = f"{url}: the server asks to come later."
        if status != httpx.codes.OK:
            raise _Refused("failed", f"{url}: expected the page, found status {status}.")
        kind = answer.get("content-type", "").split(";")[0].strip().lower()
        if kind not in self._sources.types:
            allowed = ", ".join(self._sources.types)
            raise _Refused("refused", f"{url}: expected one of {allowed}, found {kind or 'none'}.")
        given = Validators(answer.get("etag", ""), answer.get("last-modified", ""))
        return Fetched(page, "new", "", data, self._sources.types[kind], given)

    def _check_robots(self, url: str, host: str) -> None:
        if not self._rules(host).can_fetch(self._sources.agent, url):
            raise _Refused("refused", f"{url}: the server's robots.txt asks not to fetch it.")

    def _rules(self, host: str) -> RobotFileParser:
        if host in self._closed:
            raise _Refused("failed", self._closed[host])
        if host not in self._robots:
            self._robots[host] = self._read_robots(host)
        return self._robots[host]

    def _read_robots(self, host: str) -> RobotFileParser:
        """What a host allows: everything where it has no robots.txt, nothing where it fails
        (RFC 9309, section 2.3.1)."""
        rules = RobotFileParser()
        address = f"https://{host}/robots.txt"
        try:
            status, _, data = self._get(address, host, {}, _ROBOTS_LARGEST)
        except (_Refused, httpx.HTTPError, ssl.SSLError) as error:
            self._closed[host] = f"{address}: {_said(error)}"
            raise
        if status == httpx.codes.OK:
            rules.parse(data.decode("utf-8", "replace").splitlines())
        elif 300 <= status < 500:
            rules.parse([])
        else:
            rules.parse(["User-agent: *", "Disallow: /"])
        return rules

    def _get(
        self, url: str, host: str, headers: dict[str, str], largest: int
    ) -> tuple[int, httpx.Headers, bytes]:
        """One request, after a pause; closes the host to further ones where it is not there."""
        if self.reached:
            self._sleep(self._pause(host))
        limit = time.monotonic() + self._sources.longest_s
        data = bytearray()
        try:
            with self._client.stream("GET", url, headers=headers) as answer:
                self.reached = True
                said = answer.headers.get("content-length", "")
                if said.isdigit() and int(said) > largest:
                    raise _Refused("refused", _too_large(url, largest))
                if answer.headers.get("content-encoding", "identity") != "identity":
                    raise _Refused("refused", f"{url}: expected it as it is, found it packed.")
                for chunk in answer.iter_raw():
                    data += chunk
                    if len(data) > largest:
                        raise _Refused("refused", _too_large(url, largest))
                    if time.monotonic() > limit:
                        raise _Refused("failed", f"{url}: it takes too long.")
                return answer.status_code, answer.headers, bytes(data)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            self.silent = self.silent or _said(error)
            raise

    def _pause(self, host: str) -> float:
        rules = self._robots.get(host)
        asked = rules.crawl_delay(self._sources.agent) if rules and rules.mtime() else None
        return max(self._sources.pause_s, min(float(asked or 0), _LONGEST_PAUSE_S))


def _conditions(known: Validators) -> dict[str, str]:
    named = {"if-none-match": known.etag, "if-modified-since": known.last_modified}
    return {name: value for name, value in named.items() if value}


def _too_large(url: str, largest: int) -> str:
    return f"{url}: expected up to {largest:,} bytes, found more."


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
