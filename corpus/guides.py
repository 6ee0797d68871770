"""Decision guides: what a section writes down so that a case can be weighed, not looked up.

A guide is one TOML file (``guides/FORMAT.md``): which questions it serves, its criteria with the
passages that carry them, precedents, steps, and whom to ask. Every text is in ja and en.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal, get_args

from corpus.datatypes import Passage
from corpus.errors import CorpusError

BUNDLED_GUIDES = Path(__file__).with_name("guides")
Part = Literal["decides", "doubts", "needed", "both", "counts", "aside"]
VALUES = ("likely", "depends", "unlikely")


class GuideError(CorpusError):
    """A decision guide that cannot be used."""


@dataclass(frozen=True)
class Text:
    """One text in both languages."""

    ja: str
    en: str

    def of(self, language: str) -> str:
        """The text in "ja" or "en"."""
        return self.en if language == "en" else self.ja


@dataclass(frozen=True)
class Texts:
    """Several texts in each language; the two need not be as many."""

    ja: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def of(self, language: str) -> tuple[str, ...]:
        """The texts in "ja" or "en"."""
        return self.en if language == "en" else self.ja

    @property
    def all(self) -> tuple[str, ...]:
        """The texts of both languages."""
        return self.ja + self.en


@dataclass(frozen=True)
class Place:
    """A passage named as staff would: its document and its locator.

    ``targets``: those it is cited for; empty: all.
    """

    document: str
    locator: str
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """One of the things that a guide decides on, and its verdicts in words."""

    target_id: str
    name: Text
    words: Texts
    verdicts: dict[str, Text]


@dataclass(frozen=True)
class Criterion:
    """A point to establish.

    ``part`` is what it does to the verdict: "decides" (not met: unlikely), "needed" (must be
    met for likely), "both", "doubts" (not met: unlikely until all that is needed is met),
    "counts" (not met: it depends) or "aside" (only reported).
    ``speaks_for`` and ``speaks_against`` are example sentences; ``about``, ``words_for`` and
    ``words_against`` words that settle it where an example alone would not.
    ``in_questions``: whether the words of the question itself may say it.
    """

    criterion_id: str
    name: Text
    establish: Text
    ask: Text
    part: Part
    targets: tuple[str, ...]
    sources: tuple[Place, ...]
    speaks_for: Texts
    speaks_against: Texts
    about: Texts
    words_for: Texts
    words_against: Texts
    in_questions: bool


@dataclass(frozen=True)
class Step:
    """Something to do: what, who, when and with which paper."""

    what: Text
    who: Text
    when: Text
    paper: Text
    sources: tuple[Place, ...]


@dataclass(frozen=True)
class Guide:
    """A decision guide. ``name`` is its file's name without ``.toml``.

    ``names``: words, beside those of its targets, that name what the guide is about.
    """

    name: str
    title: Text
    kind: str
    serves: Texts
    leaves: Texts
    names: Texts
    targets: tuple[Target, ...]
    criteria: tuple[Criterion, ...]
    grounds: tuple[Place, ...]
    precedents: tuple[Place, ...]
    steps: tuple[Step, ...]
    open_points: tuple[Place, ...]
    section: Text
    contact: str

    def __hash__(self) -> int:
        """By the name: guides are looked up at every turn, and one alone has a name."""
        return hash(self.name)


def read_guides(folders: Sequence[Path]) -> tuple[Guide, ...]:
    """The guides of folders, by name; a folder that is not there holds none.

    Raises:
        GuideError: if a file is no guide or two have one name.
    """
    files = sorted(file for folder in folders for file in folder.glob("*.toml"))
    guides = tuple(_read(file) for file in files)
    names = [guide.name for guide in guides]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise GuideError(f"guide {twice[0]}: expected one file of this name, found two.")
    return guides


def check_places(guides: Sequence[Guide], passages: Sequence[Passage]) -> None:
    """See that every passage that a guide cites is there.

    Raises:
        GuideError: on the first that is not, naming the guide.
    """
    known = {(p.document.document_id, fold_place(p.locator)) for p in passages}
    for guide in guides:
        for place in cited_places(guide):
            if (place.document, fold_place(place.locator)) not in known:
                raise GuideError(
                    f"guide {guide.name}: expected the passage {place.locator!r} in "
                    f"{place.document}, found none; correct its locator in {guide.name}.toml."
                )


def for_target(guide: Guide, target: Target) -> Guide:
    """The guide with only those places that are cited where a target is decided on."""

    def kept(places: tuple[Place, ...]) -> tuple[Place, ...]:
        return tuple(p for p in places if not p.targets or target.target_id in p.targets)

    return replace(
        guide,
        criteria=tuple(replace(c, sources=kept(c.sources)) for c in guide.criteria),
        steps=tuple(replace(s, sources=kept(s.sources)) for s in guide.steps),
        grounds=kept(guide.grounds),
        precedents=kept(guide.precedents),
        open_points=kept(guide.open_points),
    )


def cited_places(guide: Guide) -> tuple[Place, ...]:
    """Every place that a guide cites, in order."""
    inner = [p for c in guide.criteria for p in c.sources]
    inner += [p for s in guide.steps for p in s.sources]
    return (*inner, *guide.grounds, *guide.precedents, *guide.open_points)


@lru_cache(maxsize=8_192)
def fold_place(locator: str) -> str:
    """A locator as it is compared: NFKC, no white space."""
    return "".join(unicodedata.normalize("NFKC", locator).split())


def _read(file: Path) -> Guide:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GuideError(f"guide {file.stem}: expected TOML in {file.name}: {error}") from error
    try:
        return parse_guide(file.stem, table)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GuideError(
            f"guide {file.stem}: expected the keys of guides/FORMAT.md in {file.name}, "
            f"found a mistake at: {error}"
        ) from error


def parse_guide(name: str, table: dict[str, Any]) -> Guide:
    """A guide from its table; raises KeyError, TypeError or ValueError where a part is amiss."""
    targets = tuple(_target(row) for row in table["target"])
    ids = tuple(t.target_id for t in targets)
    places = partial(_places, ids=ids)
    return Guide(
        name=name,
        title=_text(table["title"]),
        kind=str(table["kind"]),
        serves=_texts(table["serves"]),
        leaves=_texts(table.get("leaves", {})),
        names=_texts(table.get("names", {})),
        targets=targets,
        criteria=tuple(_criterion(row, ids) for row in table["criterion"]),
        grounds=places(table.get("grounds", ())),
        precedents=places(table.get("precedents", ())),
        steps=tuple(_step(row, ids) for row in table.get("step", ())),
        open_points=places(table.get("open", ())),
        section=_text(table["section"]),
        contact=str(table["section"].get("contact", "")),
    )


def _target(row: dict[str, Any]) -> Target:
    verdicts = {value: _text(row[value]) for value in VALUES}
    return Target(str(row["id"]), _text(row["name"]), _texts(row.get("words", {})), verdicts)


def _criterion(row: dict[str, Any], ids: tuple[str, ...]) -> Criterion:
    part = row.get("part", "counts")
    targets = tuple(row.get("targets", ids))
    if part not in get_args(Part):
        raise ValueError(f"part = {part!r} of the criterion {row['id']!r}")
    if not set(targets) <= set(ids):
        raise ValueError(f"targets = {list(targets)} of the criterion {row['id']!r}")
    return Criterion(
        criterion_id=str(row["id"]),
        name=_text(row["name"]),
        establish=_text(row["establish"]),
        ask=_text(row["ask"]),
        part=part,
        targets=targets,
        sources=_places(row["sources"], ids),
        speaks_for=_texts(row.get("for", {})),
        speaks_against=_texts(row.get("against", {})),
        about=_texts(row.get("about", {})),
        words_for=_texts(row.get("words_for", {})),
        words_against=_texts(row.get("words_against", {})),
        in_questions=bool(row.get("in_questions", False)),
    )


def _step(row: dict[str, Any], ids: tuple[str, ...]) -> Step:
    return Step(
        _text(row["what"]),
        _text(row["who"]),
        _text(row["when"]),
        _text(row["paper"]),
        _places(row.get("sources", ()), ids),
    )


def _places(rows: Sequence[dict[str, Any]], ids: tuple[str, ...]) -> tuple[Place, ...]:
    return tuple(_place(row, ids) for row in rows)


def _place(row: dict[str, Any], ids: tuple[str, ...]) -> Place:
    targets = tuple(map(str, row.get("targets", ())))
    if not set(targets) <= set(ids):
        raise ValueError(f"targets = {list(targets)} of the passage {row['locator']!r}")
    return Place(str(row["document"]), str(row["locator"]), targets)


def _text(row: dict[str, Any]) -> Text:
    ja, en = str(row["ja"]).strip(), str(row["en"]).strip()
    if not ja or not en:
        raise ValueError(f"an empty text beside {ja or en!r}: ja and en are both needed")
    return Text(ja, en)


def _texts(row: dict[str, Any]) -> Texts:
    return Texts(tuple(map(str, row.get("ja", ()))), tuple(map(str, row.get("en", ()))))
