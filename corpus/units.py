"""Units of the learning path: short lessons of which every sentence names its passage.

The files are ``units/*.toml``; how to write one stands in ``units/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.cited import Cited, read_sources, source_of
from corpus.guides import Text
from corpus.rows import Row, read_row, toml_files

BUNDLED_UNITS = Path(__file__).with_name("units")
STARTS = "starts.toml"


@dataclass(frozen=True)
class Said:
    """A sentence in both languages, and the passage that carries it."""

    text: Text
    source: Cited


@dataclass(frozen=True)
class Option:
    """An answer that a question offers. ``why`` explains why it is right, or why it is not."""

    text: Text
    right: bool
    why: Said


@dataclass(frozen=True)
class Question:
    """A question of a quiz. ``several``: any number of options may be right."""

    question_id: str
    text: Text
    several: bool
    options: tuple[Option, ...]

    @property
    def right(self) -> frozenset[int]:
        """The places of the options that are right, from 0."""
        return frozenset(n for n, option in enumerate(self.options) if option.right)


@dataclass(frozen=True)
class Case:
    """Something to try in the conversation: a situation, and the question to ask there."""

    situation: Text
    ask: Text


@dataclass(frozen=True)
class Unit:
    """A lesson. ``unit_id`` is its file's name without ``.toml``; ``minutes`` is 1 to 60."""

    unit_id: str
    order: int
    minutes: int
    title: Text
    aim: Text
    sentences: tuple[Said, ...]
    case: Case
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Note:
    """What a start stresses in a unit, for people of one kind of work."""

    unit_id: str
    said: Said


@dataclass(frozen=True)
class StartCase:
    """A further case of a unit, for people of one kind of work."""

    unit_id: str
    case: Case
    said: Said


@dataclass(frozen=True)
class Start:
    """A way through the units for one kind of work. ``units`` come first, the others after."""

    start_id: str
    name: Text
    lead: Text
    units: tuple[str, ...]
    notes: tuple[Note, ...]
    cases: tuple[StartCase, ...]


def read_units(folders: tuple[Path, ...]) -> tuple[Unit, ...]:
    """The units of folders in their order; one of a later folder stands for its namesake.

    Raises:
        TeachingError: if a file is no unit; it names the file and the place in it.
    """
    units = (read_unit(file) for file in toml_files(folders, leave=(STARTS,)))
    return tuple(sorted(units, key=lambda unit: (unit.order, unit.unit_id)))


def read_starts(folders: tuple[Path, ...], units: tuple[Unit, ...]) -> tuple[Start, ...]:
    """The starts of the last folder that has a ``starts.toml``; none where there is none.

    Raises:
        TeachingError: if it is no such file, or names a unit that is not there.
    """
    files = [folder / STARTS for folder in folders if (folder / STARTS).is_file()]
    if not files:
        return ()
    row = read_row(files[-1])
    row.known("start", "source")
    sources, known = read_sources(row), {unit.unit_id for unit in units}
    return tuple(_start(start, sources, known) for start in row.rows("start", least=1))


def read_unit(file: Path) -> Unit:
    """A unit from its file; raises TeachingError with the place of what is amiss."""
    row = read_row(file)
    row.known("order", "minutes", "title", "aim", "source", "sentence", "case", "question")
    sources = read_sources(row)
    questions = tuple(_question(q, sources) for q in row.rows("question", least=3))
    ids = [question.question_id for question in questions]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise row.wrong("question", "an id of its own for every question", f"{twice[0]!r} twice")
    return Unit(
        unit_id=file.stem,
        order=row.number("order", 1, 999),
        minutes=row.number("minutes", 1, 60),
        title=row.both("title"),
        aim=row.both("aim"),
        sentences=tuple(_said(s, sources) for s in row.rows("sentence", least=1)),
        case=_case(row.inner("case")),
        questions=questions,
    )


def cited_in(unit: Unit) -> Iterator[Cited]:
    """Every passage that a unit rests on, in order; one may come again."""
    yield from (said.source for said in unit.sentences)
    yield from (option.why.source for q in unit.questions for option in q.options)


def cited_at_start(start: Start, unit_id: str) -> Iterator[Cited]:
    """Every passage that a start adds to a unit."""
    yield from (note.said.source for note in start.notes if note.unit_id == unit_id)
    yield from (case.said.source for case in start.cases if case.unit_id == unit_id)


def _question(row: Row, sources: Mapping[str, Cited]) -> Question:
    row.known("id", "ja", "en", "several", "option")
    options = tuple(_option(o, sources) for o in row.rows("option", least=2))
    several, right = row.flag("several"), sum(option.right for option in options)
    if right == 0 or (right > 1 and not several):
        expected = "one or more options" if several else "exactly one option"
        raise row.wrong("option", f"{expected} with right = true", right)
    return Question(row.words("id"), _text(row), several, options)


def _option(row: Row, sources: Mapping[str, Cited]) -> Option:
    row.known("ja", "en", "right", "why")
    return Option(_text(row), row.flag("right"), _said(row.inner("why"), sources))


def _said(row: Row, sources: Mapping[str, Cited]) -> Said:
    row.known("ja", "en", "source")
    return Said(_text(row), source_of(row, sources))


def _case(row: Row) -> Case:
    row.known("ja", "en", "ask")
    return Case(_text(row), row.both("ask"))


def _text(row: Row) -> Text:
    return Text(row.words("ja"), row.words("en"))


def _start(row: Row, sources: Mapping[str, Cited], known: set[str]) -> Start:
    row.known("id", "name", "lead", "units", "note", "case")
    units = row.names("units")
    other = [name for name in units if name not in known]
    if other:
        raise row.wrong("units", "the names of units (their files without .toml)", other[0])
    return Start(
        start_id=row.words("id"),
        name=row.both("name"),
        lead=row.both("lead"),
        units=units,
        notes=tuple(_note(note, sources, known) for note in row.rows("note")),
        cases=tuple(_start_case(case, sources, known) for case in row.rows("case")),
    )


def _note(row: Row, sources: Mapping[str, Cited], known: set[str]) -> Note:
    row.known("unit", "ja", "en", "source")
    return Note(_unit_of(row, known), Said(_text(row), source_of(row, sources)))


def _start_case(row: Row, sources: Mapping[str, Cited], known: set[str]) -> StartCase:
    row.known("unit", "ja", "en", "ask", "why")
    case = Case(_text(row), row.both("ask"))
    return StartCase(_unit_of(row, known), case, _said(row.inner("why"), sources))


def _unit_of(row: Row, known: set[str]) -> str:
    name = row.words("unit")
    if name not in known:
        raise row.wrong("unit", "the name of a unit (its file without .toml)", repr(name))
    return name
