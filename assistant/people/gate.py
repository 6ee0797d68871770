"""Which role each address needs. What nothing is said of needs a reader's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.pages import Page
from assistant.person import Role

OPEN = frozenset(
    {"/healthz", "/readyz", "/metrics", "/style.css", "/theme.css", "/gradio_api/theme.css"}
    | {"/favicon.ico", "/robots.txt"}
)
"""For everybody: how the server is, and files that are the same for all and tell nothing."""
OPEN_FOLDERS = ("/assets/", "/static/")
_LOOKS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Rule:
    """What a place, with all that lies below it, needs: to look, and to do anything else; None
    for nothing, not even a sign-in."""

    place: str
    look: Role | None
    change: Role | None

    def covers(self, path: str) -> bool:
        """Whether a path is the place or lies below it."""
        return path == self.place or path.startswith(f"{self.place}/")


def rules_of(pages: Sequence[Page]) -> tuple[Rule, ...]:
    """What the pages say of themselves, the longest place first."""
    rules = [Rule(p.link.path, p.role, p.role if p.changes is None else p.changes) for p in pages]
    rules += [Rule(place, role, role) for p in pages for place, role in p.roles.items()]
    return tuple(sorted(rules, key=lambda rule: len(rule.place), reverse=True))


def role_for(rules: Sequence[Rule], path: str, method: str) -> Role | None:
    """The role that a request needs; None where it needs none."""
    if path in OPEN or path.startswith(OPEN_FOLDERS):
        return None
    for rule in rules:
        if rule.covers(path):
            return rule.look if method in _LOOKS else rule.change
    return "reader"
