"""Rankings in TREC's format: a run, and the qrels that it is judged by, for any TREC tool."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.datatypes import Passage
from eval.questions import Question
from eval.run import Result


def relevant_units(question: Question, passages: Iterable[Passage]) -> tuple[str, ...]:
    """Ids of the units that stand where an answer stands; a rendering is its original's unit."""
    held = (p.unit for p in passages if any(place.holds(p) for place in question.answers))
    return tuple(dict.fromkeys(held))


def run_text(results: Sequence[Result], name: str) -> str:
    """What the search found, ``question Q0 unit rank score name`` a line.

    Only the order is told: the score is 1 / rank. Questions to be refused are left out.

    Args:
        results: the run.
        name: what the run is called, without spaces.
    """
    return "".join(
        f"{_cell(result.question.question_id)} Q0 {_cell(unit)} {rank} {1 / rank:.6f} {name}\n"
        for result in results
        if not result.question.refuse
        for rank, unit in enumerate(dict.fromkeys(p.unit for p in result.passages), 1)
    )


def qrels_text(
    questions: Iterable[Question], passages: Sequence[Passage]
) -> tuple[str, tuple[str, ...]]:
    """Which units answer, ``question 0 unit 1`` a line.

    Args:
        questions: the set; questions to be refused are left out.
        passages: all passages of the index.

    Returns:
        The lines, and the ids of the questions whose places are not in the index. TREC tools
        leave these out of their means; our figures count them as 0.
    """
    lines: list[str] = []
    unplaced: list[str] = []
    for question in (q for q in questions if not q.refuse):
        units = relevant_units(question, passages)
        lines += [f"{_cell(question.question_id)} 0 {_cell(unit)} 1\n" for unit in units]
        if not units:
            unplaced.append(question.question_id)
    return "".join(lines), tuple(unplaced)


def _cell(text: str) -> str:
    """A TREC column holds no white space."""
    return "_".join(text.split())
