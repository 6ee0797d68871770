"""Passages that stand in several documents: copies, and versions of one provision.

Of passages with the same words one stands for all: of versions the newest, else the one of
the highest authority. The others stay in the index and name it in ``copy_of``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path

from corpus.datatypes import AUTHORITIES, Document, Passage
from corpus.shingles import Shingles, folded, likeness, near_pairs, shingles
from corpus.warnings import warning

_VERSION_WORDS = re.compile(
    r"[（(【\[][^（()）】\]]*[)）】\]]|(?:令和|平成|昭和)[元\d]+年(?:度|\d+月(?:\d+日)?)?|\d{4}年(?:度)?"
    r"|第\d+版|改[定正訂]版?|最新版?|旧版?|新版?|案|ver\.?\s*[\d.]+|[\s　_\-]+|\d{6,8}"
)
_NAMED = 3


@dataclass(frozen=True)
class _Rules:
    """The figures of copies.toml."""

    near: float
    version: float
    shortest: int
    flood: int
    same_document: float


def mark_copies(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages, each with the copies of it in other documents; renderings as they are.

    Each group's best passage names the others in ``copies``; each other names it in
    ``copy_of``, and is ``superseded`` where it is of an older version of the same document.
    """
    originals = [p for p in passages if not p.rendering]
    texts = [folded(p.text) for p in originals]
    groups = _Groups(len(originals))
    for one, other in _all_pairs(originals, texts):
        groups.join(one, other)
    marks: dict[str, Passage] = {}
    for members in groups.of_several():
        marks |= _marked([originals[i] for i in members])
    cleared = (replace(p, copies=(), copy_of=None, superseded=False) for p in passages)
    return tuple(marks.get(p.passage_id, p) for p in cleared)


def alerts(passages: Iterable[Passage]) -> tuple[str, ...]:
    """A warning for every text that stands, nearly the same, in so many documents as to flood."""
    by_id = {p.passage_id: p for p in passages}
    found: dict[tuple[str, ...], None] = {}
    for passage in by_id.values():
        group = [passage, *(by_id[c] for c in passage.copies if c in by_id)]
        names = tuple(sorted({p.document.document_id for p in group}))
        if len(names) >= _rules().flood:
            found[names] = None
    return tuple(
        w
        for names in found
        for w in warning("near_copies", len(names), "、".join(names[: _NAMED * 4]))
    )


class _Groups:
    """Numbers joined into groups (union-find)."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def root(self, number: int) -> int:
        """The number that stands for a number's group."""
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        first, second = sorted((self.root(one), self.root(other)))
        self._above[second] = first

    def of_several(self) -> list[list[int]]:
        """The groups of two and more, each in order."""
        found: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._above)):
            found[self.root(number)].append(number)
        return [members for members in found.values() if len(members) > 1]


def _all_pairs(originals: list[Passage], texts: list[str]) -> Iterable[tuple[int, int]]:
    """Pairs of passages, by number and of different documents, that say the same."""
    rules = _rules()
    long = [i for i, text in enumerate(texts) if len(text) >= rules.shortest]
    sets: dict[int, Shingles] = {i: shingles(texts[i]) for i in long}
    related = _related(originals, texts)
    pairs = [(long[a], long[b]) for a, b in near_pairs([sets[i] for i in long], rules.near)]
    for first, second in related:
        pairs += _pairs_of_documents(originals, texts, first, second)
    ids = [p.document.document_id for p in originals]
    return [(a, b) for a, b in pairs if ids[a] != ids[b]]


def _related(originals: list[Passage], texts: list[str]) -> set[tuple[str, str]]:
    """Pairs of documents, by id, of one title, or that have most of their passages in common."""
    documents = {p.document.document_id: p.document for p in originals}
    titled: dict[str, list[str]] = defaultdict(list)
    for name, document in documents.items():
        titled[policy_of(document)].append(name)
    related = {pair for names in titled.values() for pair in combinations(sorted(names), 2)}
    holders: dict[str, set[str]] = defaultdict(set)
    for passage, text in zip(originals, texts, strict=True):
        holders[text].add(passage.document.document_id)
    common = Counter(
        pair
        for names in holders.values()
        if 1 < len(names) <= _rules().flood * 4
        for pair in combinations(sorted(names), 2)
    )
    sizes = Counter(p.document.document_id for p in originals)
    for (one, other), count in common.items():
        if count >= _rules().same_document * min(sizes[one], sizes[other]) and count > 1:
            related.add((one, other))
    return related


def _pairs_of_documents(
    originals: list[Passage], texts: list[str], first: str, second: str
) -> list[tuple[int, int]]:
    """What two related documents have in common: equal texts, and one place in two wordings."""
    mine = [i for i, p in enumerate(originals) if p.document.document_id == first]
    theirs = [i for i, p in enumerate(originals) if p.document.document_id == second]
    by_text = {texts[i]: i for i in reversed(theirs)}
    by_place: dict[str, list[int]] = defaultdict(list)
    for i in theirs:
        by_place[originals[i].locator].append(i)
    pairs = []
    for i in mine:
        same = by_text.get(texts[i])
        here = by_place.get(originals[i].locator, [])
        if same is not None:
            pairs.append((i, same))
        elif len(here) == 1 and _alike(texts[i], texts[here[0]]):
            pairs.append((i, here[0]))
    return pairs


def _alike(one: str, other: str) -> bool:
    return likeness(shingles(one), shingles(other)) >= _rules().version


def policy_of(document: Document) -> str:
    """The title of a document without what tells its versions apart (令和5年度, 改定版, 案)."""
    return _VERSION_WORDS.sub("", unicodedata.normalize("NFKC", document.title)).casefold()


def _marked(group: list[Passage]) -> dict[str, Passage]:
    best = max(group, key=lambda p: (_date(p), -AUTHORITIES.index(p.authority), _original(p)))
    same = [p for p in group if policy_of(p.document) == policy_of(best.document)]
    if len(same) < len(group):
        ranked = sorted(group, key=lambda p: (AUTHORITIES.index(p.authority), -_original(p)))
        newest = [p for p in group if policy_of(p.document) == policy_of(ranked[0].document)]
        best = max(newest, key=_date)
    others = [p for p in group if p is not best]
    marks = {best.passage_id: replace(best, copies=tuple(p.passage_id for p in others))}
    for passage in others:
        older = policy_of(passage.document) == policy_of(best.document) and _date(passage) < _date(
            best
        )
        marks[passage.passage_id] = replace(
            passage, copy_of=best.passage_id, superseded=older, copies=()
        )
    return marks


def _original(passage: Passage) -> bool:
    return passage.document.edition == "original"


def _date(passage: Passage) -> str:
    """Since when a passage's version holds, "" where nothing says it."""
    document = passage.document
    dates = (document.amended, document.effective_from, document.adopted)
    return max((d for d in dates if d), default="")


@cache
def _rules() -> _Rules:
    with Path(__file__).with_name("copies.toml").open("rb") as file:
        return _Rules(**tomllib.load(file))
