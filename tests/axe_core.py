"""axe-core in the tests' browser: what somebody with a screen reader or low vision runs into."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import pytest
from lxml import html as parser

AXE = Path(__file__).parents[1] / "build/npm/node_modules/axe-core/axe.min.js"
"""Where the Makefile puts it where npm is at hand."""
needs_axe = pytest.mark.skipif(
    not AXE.is_file(), reason="axe-core is not installed (npm was not at hand: see the Makefile)"
)
_SERIOUS = ("serious", "critical")
_PLAIN = re.compile(r"[a-z_-]*")
MOST = 8
"""Addresses that are tried of one registered page."""


def found_by_axe(page: Any) -> list[str]:
    """The serious and critical issues of what a browser shows, a line each."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{issue['impact']} {issue['id']}: {node['target']} {node['failureSummary'][:300]}"
        for issue in result["violations"]
        if issue["impact"] in _SERIOUS
        for node in issue["nodes"][:3]
    ]


def addresses_below(web: httpx.Client, path: str) -> list[str]:
    """A registered page and what it leads to below itself, one address of each kind."""
    found, kinds, waiting = [], {_kind(path)}, [path]
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        answer = web.get(address, follow_redirects=True)
        is_page = answer.status_code == 200 and "text/html" in answer.headers["content-type"]
        if not is_page or not answer.url.path.startswith(path):
            continue
        found.append(address)
        for link in parser.fromstring(answer.text).xpath("//main//a/@href"):
            to = urlsplit(urljoin(address, str(link)))
            target = to.path + (f"?{to.query}" if to.query else "")
            is_below = not to.netloc and (to.path == path or to.path.startswith(f"{path}/"))
            if is_below and _kind(target) not in kinds:
                kinds.add(_kind(target))
                waiting.append(target)
    return found


def _kind(address: str) -> tuple[Any, ...]:
    """What addresses of the same view share: their words, and the names in their query."""
    parts = urlsplit(address)
    first, *steps = parts.path.strip("/").split("/")
    words = [step if _PLAIN.fullmatch(step) and len(step) < 12 else "*" for step in steps]
    if words and words[0] not in ("-", "*"):
        words[0] = words[0] if len(steps) == 1 and len(words[0]) < 8 else "*"
    return (first, *words, *sorted(name for name, _ in parse_qsl(parts.query)))
