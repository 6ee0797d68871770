"""What changed between two versions of a document, provision by provision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from corpus.datatypes import Passage
from corpus.guides import Guide, cited_places, fold_place

Kind = Literal["added", "removed", "changed"]
Part = Literal["same", "removed", "added"]


@dataclass(frozen=True)
class Change:
    """A provision that is not as it was; ``before`` or ``after`` is "" where there is none."""

    kind: Kind
    locator: str
    before: str
    after: str

    @property
    def parts(self) -> tuple[tuple[Part, str], ...]:
        """The wording in stretches that stayed, went or came, in reading order."""
        found: list[tuple[Part, str]] = []
        matcher = SequenceMatcher(None, self.before, self.after, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal":
                found.append(("same", self.before[a:b]))
                continue
            if a < b:
                found.append(("removed", self.before[a:b]))
            if c < d:
                found.append(("added", self.after[c:d]))
        return tuple(found)


@dataclass(frozen=True)
class Reliance:
    """A decision guide that cites provisions which changed or went."""

    guide: str
    title: str
    locators: tuple[str, ...]


def changes(before: Sequence[Passage], after: Sequence[Passage]) -> tuple[Change, ...]:
    """What went, came or was worded anew, in the order of the newer version.

    Args:
        before: the passages of the older version; renderings in another language are left out.
        after: those of the newer one.
    """
    old, new = _by_locator(before), _by_locator(after)
    found: list[Change] = []
    for locator, (name, texts) in new.items():
        found += _differences(name, old[locator][1] if locator in old else [], texts)
    gone = [row for locator, row in old.items() if locator not in new]
    for name, texts in gone:
        found += [Change("removed", name, text, "") for text in texts]
    return tuple(found)


def relying(
    document_id: str, found: Sequence[Change], guides: Sequence[Guide]
) -> tuple[Reliance, ...]:
    """The guides that cite, in this document, what changed or went."""
    touched = {fold_place(c.locator): c.locator for c in found if c.kind != "added"}
    rows = []
    for guide in guides:
        places = [fold_place(p.locator) for p in cited_places(guide) if p.document == document_id]
        hit = tuple(dict.fromkeys(touched[p] for p in places if p in touched))
        if hit:
            rows.append(Reliance(guide.name, guide.title.ja, hit))
    return tuple(rows)


def _by_locator(passages: Sequence[Passage]) -> dict[str, tuple[str, list[str]]]:
    """The texts at each locator, in order, under the locator as it is compared."""
    rows: dict[str, tuple[str, list[str]]] = {}
    for passage in passages:
        if not passage.rendering:
            key = fold_place(passage.locator)
            rows.setdefault(key, (passage.locator, []))[1].append(passage.text)
    return rows


def _differences(locator: str, old: list[str], new: list[str]) -> list[Change]:
    """The changes at one locator, which may hold several passages."""
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = min(b - a, d - c)
        found += [Change("changed", locator, old[a + i], new[c + i]) for i in range(pairs)]
        found += [Change("removed", locator, text, "") for text in old[a + pairs : b]]
        found += [Change("added", locator, "", text) for text in new[c + pairs : d]]
    return found
