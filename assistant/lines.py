"""What a guide has to say of a case: the passages that bear on it, in the order of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.datatypes import Query
from assistant.phrasebook import phrase
from assistant.places import Places
from assistant.select import Piece
from assistant.serve import Thread
from assistant.verdict import criteria_of, to_ask, value_of
from corpus.datatypes import AUTHORITIES
from corpus.guides import Criterion, Target

PRECEDENTS = 2
_FIRST, _NEAR, _MIDDLE, FAR = 5, 15, 25, 60
"""Ranks in the search up to which a passage is likely, may be and can be about the case: of the
judged passages of guides, two in three up to the first, one in three up to the second, one in
four up to the last and one in seven beyond it belong to the answer (development questions). The
third gives the best precision at the same recall for what the case is silent on."""
_REACH = {
    "both": _MIDDLE,
    "needed": _MIDDLE,
    "counts": _MIDDLE,
    "doubts": _NEAR,
    "decides": _FIRST,
    "aside": _FIRST,
}
"""For each part of a criterion the rank up to which it is shown though the case is silent."""
Key = tuple[str, int]
_VIEWS = ("opinion", "remark", "hypothesis")
_ORDER = ("ground", "example", "view", "gap")


@dataclass(frozen=True)
class Line:
    """A statement in the making: a piece, its role, and what it is introduced by.

    What is not ``said`` is only cited: it stands in the table and among the sources.
    ``taken_in``: the keys of lines that it speaks for as well.
    """

    piece: Piece
    role: str
    names: tuple[str, ...]
    said: bool
    taken_in: tuple[Key, ...] = ()

    @property
    def key(self) -> Key:
        """What tells it from other lines: its unit and where its piece begins."""
        return self.piece.passage.unit, self.piece.start

    @property
    def keys(self) -> tuple[Key, ...]:
        """Its own key and those of the lines that it speaks for."""
        return self.key, *self.taken_in


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
        thread: the guide as it is for the target (``for_target``), and the case so far.
        target: what is decided.
        places: looks up the guide's passages.
        query: the question as understood.
        extra: what the ordinary search found best, said as well.
        bearing: which passages bear on the case.
    """
    lines: dict[Key, Line] = {}
    for piece, name, said in (
        *_criteria(thread, target, places, query, bearing),
        *_beside(thread, target, places, query, bearing),
        *((piece, "", True) for piece in extra),
    ):
        _add(lines, piece, name, said)
    used = [line for line in lines.values() if line.said or line.names]
    return sorted(_joined(used), key=_rank)


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
    """Grounds, precedents, what is open, and steps, as far as they bear on the case.

    What a guide names for the very target is what that rests on: it is always said.
    """
    guide, language = thread.guide, query.language
    own = tuple(place for place in guide.grounds if place.targets)
    yield from ((piece, "", True) for piece in places.pieces(own, query.standalone))
    others = tuple(place for place in guide.grounds if not place.targets)
    for order, piece in enumerate(places.pieces(others, query.standalone)):
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
            if bearing.within(piece, _FIRST):
                yield piece, phrase(language, "verdict", "step"), False


def wanted_of(criterion: Criterion, language: str) -> str:
    """What a criterion's sentence should speak of: its name above all."""
    name = criterion.name.of(language)
    return f"{name} {name} {criterion.establish.of(language)}"


def _is_said(criterion: Criterion, thread: Thread) -> bool:
    known = thread.case.state(criterion) != "unknown"
    return known or criterion.part in ("needed", "both")


def _add(lines: dict[Key, Line], piece: Piece, name: str, said: bool) -> None:
    line = Line(piece, _role(piece), (name,) if name else (), said)
    known = lines.get(line.key)
    if known is None:
        lines[line.key] = line
        return
    more = (name,) if name and name not in known.names and (said or not known.said) else ()
    lines[line.key] = Line(known.piece, known.role, known.names + more, known.said or said)


def _joined(lines: Sequence[Line]) -> list[Line]:
    """The lines with those of one passage as one where its words run on: one source, not two."""
    joined: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.piece.passage.passage_id, line.piece.start)):
        before = joined[-1] if joined else None
        if before is not None and _runs_on(before, line):
            joined[-1] = _both(before, line)
        else:
            joined.append(line)
    order = {line.key: number for number, line in enumerate(lines)}
    return sorted(joined, key=lambda line: min(order[key] for key in line.keys))


def _runs_on(before: Line, line: Line) -> bool:
    """Whether a line quotes what an earlier one quotes, or, both being said, what follows it."""
    one, other = before.piece, line.piece
    if one.passage.passage_id != other.passage.passage_id:
        return False
    if other.end <= one.end:
        return True
    between = one.passage.text[one.end : other.start]
    return before.said and line.said and "\n" not in between and not between.strip()


def _both(before: Line, line: Line) -> Line:
    end = max(before.piece.end, line.piece.end)
    return replace(
        before,
        piece=replace(before.piece, end=end, score=max(before.piece.score, line.piece.score)),
        names=before.names + tuple(name for name in line.names if name not in before.names),
        said=before.said or line.said,
        taken_in=(*before.taken_in, *line.keys),
    )


def _role(piece: Piece) -> str:
    standing = piece.passage.standing
    if standing in _VIEWS:
        return "view"
    if standing == "gap":
        return "gap"
    return "example" if standing in ("example", "issue") else "ground"


def _rank(line: Line) -> tuple[bool, int, int]:
    return not line.said, _ORDER.index(line.role), AUTHORITIES.index(line.piece.passage.authority)
