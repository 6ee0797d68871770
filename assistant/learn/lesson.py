"""A unit as one person may see it now: what stands, what is being checked, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.learn.ground import Ground, Quoted
from assistant.learn.material import Material
from assistant.learn.store import Progress
from corpus.cited import Cited
from corpus.datatypes import Passage
from corpus.units import Case, Question, Said, Start, Unit

Sees = Callable[[Passage], bool]
"""Whether the person at hand may see a passage."""


@dataclass(frozen=True)
class Carried:
    """A sentence with the quote that carries it."""

    said: Said
    quoted: Quoted


@dataclass(frozen=True)
class Lesson:
    """What of a unit is shown.

    ``checking``: a passage that it rests on has changed, and nobody has looked yet.
    ``left_out`` counts the sentences and questions that wait for that.
    ``notes`` and ``cases`` are those of the person's start, the unit's own case first.
    """

    unit: Unit
    sentences: tuple[Carried, ...]
    questions: tuple[Question, ...]
    notes: tuple[Carried, ...]
    cases: tuple[tuple[Case, Carried | None], ...]
    checking: bool
    left_out: int

    @property
    def question_ids(self) -> tuple[str, ...]:
        """The ids of the questions that are asked."""
        return tuple(question.question_id for question in self.questions)


@dataclass(frozen=True)
class Looking:
    """What decides on what is shown: the index, the language, and whom it is for.

    ``documents`` are those that the person may see.
    """

    ground: Ground
    language: str
    sees: Sees
    documents: frozenset[str]

    def carried(self, said: Said) -> Carried | None:
        """A sentence with its quote; None where the quote does not stand, or may not be seen."""
        quoted = self.quoted(said.source)
        return Carried(said, quoted) if quoted else None

    def quoted(self, source: Cited) -> Quoted | None:
        """A quote; None where it does not stand, or may not be seen."""
        found = self.ground.find(source, self.language)
        return found if found and self.sees(found.passage) else None

    def waits(self, source: Cited) -> bool:
        """Whether a quote does not stand any more, and the person may know that."""
        return self.may_know(source) and self.ground.find(source, self.language) is None

    def may_know(self, source: Cited) -> bool:
        """Whether a document is the person's to see, or is gone for everybody."""
        return source.document in self.documents or source.document not in self.ground.documents


def lesson_of(unit: Unit, start: Start | None, looking: Looking, checking: bool) -> Lesson | None:
    """A unit as it is shown; None where the person may see none of its documents.

    Args:
        unit: the unit.
        start: the start that the person chose.
        looking: what decides.
        checking: whether a passage has changed.
    """
    if not any(said.source.document in looking.documents for said in unit.sentences):
        return None
    every = [looking.carried(said) for said in unit.sentences]
    sentences = tuple(carried for carried in every if carried)
    waiting = sum(looking.waits(said.source) for said in unit.sentences)
    questions = tuple(q for q in unit.questions if _stands(q, looking))
    lost = [q for q in unit.questions if any(looking.waits(o.why.source) for o in q.options)]
    notes, cases = _of_start(unit, start, looking)
    return Lesson(
        unit=unit,
        sentences=sentences,
        questions=questions,
        notes=notes,
        cases=((unit.case, None), *cases),
        checking=checking,
        left_out=waiting + len(lost),
    )


def lessons(
    material: Material, start: Start | None, looking: Looking, checking: frozenset[str]
) -> tuple[Lesson, ...]:
    """All units that a person is shown, in the order of their start."""
    first = start.units if start else ()
    order = {name: place for place, name in enumerate(first)}
    units = sorted(material.units, key=lambda unit: order.get(unit.unit_id, len(order)))
    found = (lesson_of(u, start, looking, u.unit_id in checking) for u in units)
    return tuple(lesson for lesson in found if lesson)


def next_step(lesson: Lesson, progress: Progress) -> int:
    """Where to go on: 0 to read, n for the n-th question, and past the last for the end."""
    if not progress.read_at and not progress.answers:
        return 0
    for number, question in enumerate(lesson.questions, 1):
        if question.question_id not in progress.answers:
            return number
    return len(lesson.questions) + 1


def score(lesson: Lesson, progress: Progress) -> tuple[int, int]:
    """How many questions were answered right the last time, and how many there are."""
    right = [q for q in lesson.question_ids if q in progress.answers and progress.answers[q].right]
    return len(right), len(lesson.questions)


def _stands(question: Question, looking: Looking) -> bool:
    return all(looking.carried(option.why) for option in question.options)


def _of_start(
    unit: Unit, start: Start | None, looking: Looking
) -> tuple[tuple[Carried, ...], Sequence[tuple[Case, Carried]]]:
    """What a start adds to a unit, as far as it stands and may be seen."""
    if start is None:
        return (), ()
    notes = (looking.carried(n.said) for n in start.notes if n.unit_id == unit.unit_id)
    cases = ((c.case, looking.carried(c.said)) for c in start.cases if c.unit_id == unit.unit_id)
    return tuple(n for n in notes if n), [(case, said) for case, said in cases if said]
