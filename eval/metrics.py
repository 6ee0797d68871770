"""What one answer is measured by: a value from 0 to 1, or None where a measure does not apply.

A question that was refused or failed though it can be answered counts as 0, never as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from eval.outcome import Outcome, answers_at
from eval.questions import fold

Measure = Callable[[Outcome], float | None]
_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
_LATIN = re.compile(r"[A-Za-z]")


def citation_precision(outcome: Outcome) -> float | None:
    """Share of the citations that stand where an answer or its support stands; 0 without any.

    ALCE (Gao et al. 2023) asks instead whether each citation entails its statement, by a
    model's word. Here a quote is its statement's own words, so what is left to ask is whether
    it is to the point. Stricter would be to count supports as wrong. Applies to questions that
    name answering places.
    """
    asked = outcome.question
    if not asked.answers:
        return None
    cited = outcome.citations
    good = sum(any(answers_at(p, c) for p in (*asked.answers, *asked.supports)) for c in cited)
    return good / len(cited) if cited else 0.0


def citation_recall(outcome: Outcome) -> float | None:
    """Share of what was asked for that is cited; 0 without citations.

    Places of one group say the same, so one of them is enough (nugget recall over passages);
    supports need not be cited. The rival that asks for every place, doubles and all, would
    reward repeating oneself. ALCE's recall is another thing: the share of statements that their
    citations entail.
    """
    return _recall(outcome, None)


def citation_recall_at_3(outcome: Outcome) -> float | None:
    """The same with three groups asked for where there are more."""
    return _recall(outcome, 3)


def _recall(outcome: Outcome, most: int | None) -> float | None:
    places = outcome.question.answers
    if not places:
        return None
    needed = {p.group or p for p in places}
    cited = {p.group or p for p in places if any(answers_at(p, c) for c in outcome.citations)}
    return min(1.0, len(cited) / min(len(needed), most or len(needed)))


def key_point_coverage(outcome: Outcome) -> float | None:
    """Share of the key points that the answer or its quotes hold, in any wording listed.

    Nugget recall in TREC's words; there, people judge whether a nugget is there, and may grade
    it as vital or okay. Applies to questions to be answered that have key points.
    """
    points = outcome.question.key_points
    if outcome.question.refuse or not points:
        return None
    if outcome.refused:
        return 0.0
    said = fold(outcome.said)
    return sum(any(fold(form) in said for form in group) for group in points) / len(points)


def contradiction(outcome: Outcome) -> float | None:
    """1 if the answer or a quote holds a string that a right answer does not hold, else 0.

    Lower is better. A model of entailment would find contradictions in other words as well.
    Applies to questions that name such strings; a refusal contradicts nothing.
    """
    if not outcome.question.must_not:
        return None
    said = fold(outcome.said)
    return 1.0 if any(fold(form) in said for form in outcome.question.must_not) else 0.0


def verdict_right(outcome: Outcome) -> float | None:
    """1 if the verdict is one of the acceptable ones; an answer without a verdict counts 0.

    Exact accuracy: depends for likely is as wrong as unlikely for likely. A weighted kappa
    would grade the distance.
    """
    if not outcome.question.verdicts:
        return None
    verdict = outcome.answer.get("verdict") or {}
    return float(verdict.get("value") in outcome.question.verdicts)


def refusal_right(outcome: Outcome) -> float | None:
    """1 if it was refused just when it should be, else 0; no answer at all counts 0."""
    return float(bool(outcome.answer) and outcome.refused == outcome.question.refuse)


def wrongly_refused(outcome: Outcome) -> float | None:
    """1 if a question that can be answered was refused, else 0; lower is better."""
    if outcome.question.refuse:
        return None
    return float(outcome.refused or not outcome.answer)


def quotes_exact(outcome: Outcome) -> float | None:
    """Share of the quotes that the index's passage holds at their offsets, to the character.

    The passage is looked up in the index anew by its id: an answer's own word is not trusted.
    Folding white space or letters first would forgive what a reader could not find.
    """
    if not outcome.citations:
        return None
    return sum(outcome.exact) / len(outcome.citations)


def verified(outcome: Outcome) -> float | None:
    """Share of the statements that passed the quote gate."""
    statements = outcome.answer.get("statements")
    if not statements:
        return None
    return sum(bool(s["verified"]) for s in statements) / len(statements)


def language_right(outcome: Outcome) -> float | None:
    """1 if the answer's text is in the question's language, told by its letters.

    Japanese is a text with at least a third as many kana and kanji as Latin letters; the
    answer's own ``language`` is not trusted. A trained identifier would tell more languages.
    """
    text = outcome.answer.get("answer", "")
    japanese, latin = len(_JAPANESE.findall(text)), len(_LATIN.findall(text))
    if not japanese + latin:
        return 0.0
    found = "ja" if japanese * 3 >= latin else "en"
    return float(found == outcome.question.language)


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "citation_precision": citation_precision,
        "citation_recall": citation_recall,
        "citation_recall@3": citation_recall_at_3,
        "key_points": key_point_coverage,
        "contradiction": contradiction,
        "verdict": verdict_right,
        "quotes_exact": quotes_exact,
        "verified": verified,
        "language_right": language_right,
        "refusal_right": refusal_right,
        "wrongly_refused": wrongly_refused,
    }
)
"""Every measure of one answer by its name in ``metrics.json``."""
LOWER_IS_BETTER = frozenset({"contradiction", "wrongly_refused", "latency_median", "latency_p95"})


def measure(outcome: Outcome) -> dict[str, float]:
    """Every measure that applies to an outcome."""
    values = {name: function(outcome) for name, function in MEASURES.items()}
    return {name: value for name, value in values.items() if value is not None}
