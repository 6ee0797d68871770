"""What a guide has to say of a case: the passages that bear on it, in the order of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.datatypes import Query
from assistant.phrasebook import phrase
from assistant.places import Places
from assistant.select import Piece
from assistant.serve import Thread
from assistant.verdict import criteria_of, to_ask, value_of
from corpus.datatypes import AUTHORITIES
from corpus.guides import Criterion, Target

PRECEDENTS = 2
_FIRST, _NEAR, FAR = 5, 15, 60
"""Ranks in the search up to which a passage is likely, may be and can be about the case: of the
judged passages of guides, two in three up to the first, one in three up to the second, one in
four up to the third and one in seven beyond it belong to the answer (development questions)."""
_REACH = {
    "both": FAR,
    "needed": FAR,
    "counts": FAR,
    "doubts": _NEAR,
    "decides": _FIRST,
    "aside": _FIRST,
}
"""For each part of a criterion the rank up to which it is shown though the case is silent."""
_VIEWS = ("opinion", "remark", "hypothesis")
_ORDER = ("ground", "example", "view", "gap")


@dataclass(frozen=True)
class Line:
    """A statement in the making: a piece, its role, and what it is introduced by.

    What is not ``said`` is only cited: it stands in the table and among the sources.
    """

    piece: Piece
    role: str
    names: tuple[str, ...]
    said: bool

    @property
    def key(self) -> tuple[str, int]:
        """What tells it from other lines: its unit and where its piece begins."""
        return self.piece.passage.unit, self.piece.start


@dataclass(frozen=True)
class Bearing:
    """Which of a guide's passages bear on the case, by their ranks in the search."""

    ranks: Mapping[str, int] | None

    def within(self, piece: Piece, rank: int) -> bool:
        """Whether the search found a piece's unit up to a rank; all do where none was made."""
        return self.ranks is None or self.ranks.get(piece.passage.unit, FAR + 1) <= rank


def lines_of(
    thread: Thread,
    target: Target,
    places: Places,
    query: Query,
    extra: Sequence[Piece],
    bearing: Bearing,
) -> list[Line]:
    """The lines of an answer, those that it says first, then those that are only cited.

    Args:
        thread: the guide and the case so far.
        target: what is decided.
        places: looks up the guide's passages.
        query: the question as understood.
        extra: what the ordinary search found best, said as well.
        bearing: which passages bear on the case.
    """
    lines: dict[tuple[str, int], Line] = {}
    for piece, name, said in (
        *_criteria(thread, target, places, query, bearing),
        *_beside(thread, target, places, query, bearing),
        *((piece, "", True) for piece in extra),
    ):
        _add(lines, piece, name, said)
    used = [line for line in lines.values() if line.said or line.names]
    return sorted(_whole(used), key=_rank)


def _criteria(
    thread: Thread, target: Target, places: Places, query: Query, bearing: Bearing
) -> Iterator[tuple[Piece, str, bool]]:
    """What carries each criterion: of those that the case is silent on only what bears on it."""
    asked = to_ask(thread.guide, target, thread.case)[:1]
    for criterion in criteria_of(thread.guide, target):
        wanted = wanted_of(criterion, query.language)
        for piece in places.pieces(criterion.sources, wanted)[:1]:
            known = thread.case.state(criterion) != "unknown" or criterion in asked
            if known or bearing.within(piece, _REACH[criterion.part]):
                yield piece, criterion.name.of(query.language), _is_said(criterion, thread)


def _beside(
    thread: Thread, target: Target, places: Places, query: Query, bearing: Bearing
) -> Iterator[tuple[Piece, str, bool]]:
    """Grounds, precedents, what is open, and steps, as far as they bear on the case."""
    guide, language = thread.guide, query.language
    for order, piece in enumerate(places.pieces(guide.grounds, query.standalone)):
        view = piece.passage.standing in _VIEWS
        if bearing.within(piece, FAR if view else _FIRST):
            yield piece, "", order == 0 or view
    for piece in places.nearest(guide.precedents, " ".join(thread.said), PRECEDENTS):
        if bearing.within(piece, _FIRST):
            yield piece, "", True
    for piece in places.first(guide.open_points)[:1]:
        if value_of(guide, target, thread.case) != "unlikely" or bearing.within(piece, _NEAR):
            yield piece, "", True
    for step in guide.steps:
        for piece in places.pieces(step.sources, step.what.of(language)):
            if bearing.within(piece, _NEAR):
                yield piece, phrase(language, "verdict", "step"), False


def wanted_of(criterion: Criterion, language: str) -> str:
    """What a criterion's sentence should speak of: its name above all."""
    name = criterion.name.of(language)
    return f"{name} {name} {criterion.establish.of(language)}"


def _is_said(criterion: Criterion, thread: Thread) -> bool:
    known = thread.case.state(criterion) != "unknown"
    return known or criterion.part in ("needed", "both")


def _add(lines: dict[tuple[str, int], Line], piece: Piece, name: str, said: bool) -> None:
    line = Line(piece, _role(piece), (name,) if name else (), said)
    known = lines.get(line.key)
    if known is None:
        lines[line.key] = line
        return
    more = (name,) if name and name not in known.names and (said or not known.said) else ()
    lines[line.key] = Line(known.piece, known.role, known.names + more, known.said or said)


def _whole(lines: Sequence[Line]) -> list[Line]:
    """The lines without those whose words another one, said as well, quotes with more beside."""
    said = [line.piece for line in lines if line.said]
    return [line for line in lines if line.names or not any(_within(line.piece, p) for p in said)]


def _within(piece: Piece, other: Piece) -> bool:
    same = piece is not other and piece.passage.passage_id == other.passage.passage_id
    inside = other.start <= piece.start and piece.end <= other.end
    return same and inside and (piece.start, piece.end) != (other.start, other.end)


def _role(piece: Piece) -> str:
    standing = piece.passage.standing
    if standing in _VIEWS:
        return "view"
    if standing == "gap":
        return "gap"
    return "example" if standing in ("example", "issue") else "ground"


def _rank(line: Line) -> tuple[bool, int, int]:
    return not line.said, _ORDER.index(line.role), AUTHORITIES.index(line.piece.passage.authority)
