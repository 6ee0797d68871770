"""Passages that stand in several documents: copies, and versions of one provision.

Of passages with the same words one stands for all: of versions the newest, else the one of
the highest authority. The others stay in the index and name it in ``copy_of``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path

from corpus.datatypes import AUTHORITIES, BINDING, Authority, Document, Passage
from corpus.shingles import folded, likeness, near_pairs, shingles
from corpus.warnings import warning

_VERSION_WORDS = re.compile(
    r"[（(【\[][^（()）】\]]*[)）】\]]|(?:令和|平成|昭和)[元\d]+年(?:度|\d+月(?:\d+日)?)?|\d{4}年(?:度)?"
    r"|第\d+版|改[定正訂]版?|最新版?|旧版?|新版?|案|ver\.?\s*[\d.]+|[\s　_\-]+|\d{6,8}"
)
_NAMED = 12
"""Documents that an alert names."""
_RULES: frozenset[Authority] = BINDING | {"policy", "guideline", "rule", "manual"}
"""What has versions of which the newest holds; reports of two years both hold."""


@dataclass(frozen=True)
class _Rules:
    """The figures of copies.toml."""

    near: float
    version: float
    shortest: int
    flood: int
    same_document: float


def mark_copies(passages: Sequence[Passage]) -> tuple[tuple[Passage, ...], tuple[str, ...]]:
    """The passages, each with its copies in other documents, and alerts to floods of copies.

    Each group's best passage names the others in ``copies``; each other names it in
    ``copy_of``, and is ``superseded`` where it is of an older version of the same document.
    Texts that differ in a figure are copies only where they are versions of one provision:
    the figures of two years are two facts. Renderings stay as they are.

    Returns:
        The passages in order, and a warning (see ``corpus.warnings``) for every text that
        stands, nearly the same, in so many documents as to count many times.
    """
    passages = tuple(map(_without_marks, passages))
    originals = [p for p in passages if not p.rendering]
    texts = [folded(p.text) for p in originals]
    copies, near = _Groups(len(originals)), _Groups(len(originals))
    for one, other, counted in _all_pairs(originals, texts):
        near.join(one, other)
        if counted:
            copies.join(one, other)
    marks: dict[str, Passage] = {}
    for members in copies.of_several():
        marks |= _marked([originals[i] for i in members])
    marked = tuple(marks.get(p.passage_id, p) for p in passages)
    return marked, _alerts([[originals[i] for i in g] for g in near.of_several()])


def _without_marks(passage: Passage) -> Passage:
    if not (passage.copies or passage.copy_of or passage.superseded):
        return passage
    return replace(passage, copies=(), copy_of=None, superseded=False)


def _alerts(groups: list[list[Passage]]) -> tuple[str, ...]:
    found: dict[tuple[str, ...], None] = {}
    for group in groups:
        names = tuple(sorted({p.document.document_id for p in group}))
        if len(names) >= _rules().flood:
            found[names] = None
    return tuple(
        kept for names in found for kept in warning("near_copies", len(names), _list(names))
    )


def _list(names: tuple[str, ...]) -> str:
    return "、".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")


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


def _all_pairs(originals: list[Passage], texts: list[str]) -> Iterator[tuple[int, int, bool]]:
    """Pairs of passages, by number and of different documents, that say (nearly) the same.

    The last value says whether one may stand for the other.
    """
    rules = _rules()
    ids = [p.document.document_id for p in originals]
    long = [i for i, text in enumerate(texts) if len(text) >= rules.shortest]
    for a, b in near_pairs([texts[i] for i in long], rules.near):
        one, other = long[a], long[b]
        if ids[one] != ids[other]:
            yield one, other, _figures(originals[one]) == _figures(originals[other])
    for first, second in _related(originals, texts):
        for one, other in _pairs_of_documents(originals, texts, first, second):
            yield one, other, True


def _figures(passage: Passage) -> list[str]:
    return re.findall(r"\d+", unicodedata.normalize("NFKC", passage.text))


def _related(originals: list[Passage], texts: list[str]) -> set[tuple[str, str]]:
    """Pairs of documents, by id, of one title, or that have most of their passages in common."""
    documents = {p.document.document_id: p.document for p in originals}
    titled: dict[str, list[str]] = defaultdict(list)
    for name, document in documents.items():
        if document.authority in _RULES:
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
    best = _best(group)
    others = [p for p in group if p is not best]
    marks = {best.passage_id: replace(best, copies=tuple(p.passage_id for p in others))}
    for passage in others:
        version = policy_of(passage.document) == policy_of(best.document)
        older = version and passage.authority in _RULES and _date(passage) < _date(best)
        marks[passage.passage_id] = replace(
            passage, copy_of=best.passage_id, superseded=older, copies=()
        )
    return marks


def _best(group: list[Passage]) -> Passage:
    """The weightiest document's passage, an original before a digest, of it the newest version."""
    first = min(group, key=lambda p: (AUTHORITIES.index(p.authority), not _original(p)))
    policy = policy_of(first.document)
    return max((p for p in group if policy_of(p.document) == policy), key=_date)


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
