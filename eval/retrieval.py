"""How well the search ranks: TREC runs and qrels, and measures on them through ir-measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from corpus.datatypes import Passage
from eval.outcome import Outcome
from eval.questions import Question

DEPTH = 10
NAMES: Mapping[str, str] = {
    "success@1": "Success@1",
    "success@5": "Success@5",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "rr": "RR@10",
    "ndcg@10": "nDCG@10",
}
"""Our names of measures and those of ir-measures.

Success@k: 1 if a unit that answers is among the first k; others say hit rate, or recall@k for
questions with one answer. R@k: the share of the units that answer among the first k; some
divide by min(k, answers) instead. RR: 1 / the rank of the first, 0 beyond rank 10; its mean is
MRR. nDCG: discount log2(rank + 1), gain 1, after Järvelin and Kekäläinen; Burges' variant takes
2^gain - 1, which is the same for gains of 0 and 1.
"""
Ranking = Mapping[str, Sequence[str]]
"""For each question the ids found, best first."""
Relevant = Mapping[str, Sequence[str]]
"""For each question the ids that answer it."""


def measure_rankings(rankings: Ranking, relevant: Relevant) -> dict[str, dict[str, float]]:
    """The measures of each question that has an answer somewhere, by its id.

    A question that found nothing, or whose answers are not in the index, counts as 0: TREC
    tools leave both out of their means.
    """
    import ir_measures
    from ir_measures import Qrel, ScoredDoc

    ours = {str(ir_measures.parse_measure(theirs)): name for name, theirs in NAMES.items()}
    values = {question: dict.fromkeys(NAMES, 0.0) for question in relevant}
    qrels = [Qrel(q, unit, 1) for q, units in relevant.items() for unit in units]
    run = [
        ScoredDoc(q, unit, 1 / rank)
        for q, units in rankings.items()
        for rank, unit in enumerate(dict.fromkeys(units), 1)
    ]
    if qrels and run:
        measures = [ir_measures.parse_measure(name) for name in ours]
        for metric in ir_measures.iter_calc(measures, qrels, run):
            values[metric.query_id][ours[str(metric.measure)]] = float(metric.value)
    return values


def relevant_units(question: Question, passages: Iterable[Passage]) -> tuple[str, ...]:
    """Ids of the units that stand where an answer stands; a rendering is its original's unit."""
    held = (p.unit for p in passages if any(place.holds(p) for place in question.answers))
    return tuple(dict.fromkeys(held))


def relevant_of(questions: Iterable[Question], passages: Sequence[Passage]) -> dict[str, list[str]]:
    """The units that answer each question that names answering places."""
    return {q.question_id: list(relevant_units(q, passages)) for q in questions if q.answers}


def rankings_of(outcomes: Iterable[Outcome]) -> dict[str, list[str]]:
    """What was found for each question that is to be answered."""
    return {
        o.question.question_id: [f.unit for f in o.found] for o in outcomes if o.question.answers
    }


def run_text(rankings: Ranking, name: str) -> str:
    """A TREC run, ``question Q0 unit rank score name`` a line; the score is 1 / rank.

    Args:
        rankings: what was found.
        name: what the run is called, without spaces.
    """
    return "".join(
        f"{_cell(question)} Q0 {_cell(unit)} {rank} {1 / rank:.6f} {name}\n"
        for question, units in rankings.items()
        for rank, unit in enumerate(dict.fromkeys(units), 1)
    )


def qrels_text(relevant: Relevant) -> str:
    """TREC qrels, ``question 0 unit 1`` a line."""
    return "".join(
        f"{_cell(question)} 0 {_cell(unit)} 1\n"
        for question, units in relevant.items()
        for unit in units
    )


def unplaced(relevant: Relevant) -> tuple[str, ...]:
    """The questions whose answering places are not in the index."""
    return tuple(question for question, units in relevant.items() if not units)


def _cell(text: str) -> str:
    """A TREC column holds no white space."""
    return "_".join(text.split())
