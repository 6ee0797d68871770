"""A question set through the search and the assistant, an outcome at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields

from assistant.errors import QuestionError
from assistant.pipeline import Assistant
from corpus.datatypes import Passage
from eval.outcome import Found, Outcome
from eval.questions import Question
from eval.retrieval import DEPTH
from eval.sets import QuestionSets
from index.search import Index, Mode, SearchResult


@dataclass(frozen=True)
class OneSided(Index):
    """An index whose every search uses the rankings named, whatever it is asked for."""

    only: Mode = "both"

    def search(
        self,
        query: str,
        k: int = 10,
        as_of: str | None = None,
        language: str | None = None,
        mode: Mode = "both",
    ) -> SearchResult:
        """See ``Index.search``; ``mode`` gives way to ``only``."""
        del mode
        return super().search(query, k, as_of, language, self.only)


def one_sided(index: Index, only: Mode) -> Index:
    """The same index, searched by the rankings named alone."""
    return OneSided(**{f.name: getattr(index, f.name) for f in fields(index)}, only=only)


def ask(door: Assistant, question: Question, group: str, day: str) -> Outcome:
    """Ask one question; one that the assistant cannot take is an outcome without an answer.

    Args:
        door: what answers.
        question: what to ask.
        group: the name of its file.
        day: the ISO date to answer for, where the question names none.
    """
    started = time.perf_counter()
    as_of = question.as_of or day
    try:
        answer = door.ask(question.question, question.history, as_of=as_of)
    except QuestionError as error:
        return Outcome(question, group, {}, (), None, (), str(error))
    hits = door.index.search(answer.query.standalone, DEPTH, as_of).hits
    return Outcome(
        question=question,
        group=group,
        answer=answer.to_dict(),
        found=tuple(_found(hit.passage) for hit in hits),
        confidence=answer.confidence,
        exact=tuple(
            _reads(door, c.passage.passage_id, c.start, c.end, c.quote) for c in answer.citations
        ),
        seconds=round(time.perf_counter() - started, 4),
    )


def ask_all(
    door: Assistant, sets: QuestionSets, day: str, known: frozenset[str]
) -> Iterator[Outcome]:
    """The outcomes of all questions but those whose ids are known, in order."""
    for group, questions in sets.items():
        for question in questions:
            if question.question_id not in known:
                yield ask(door, question, group, day)


def _found(passage: Passage) -> Found:
    return Found(passage.passage_id, passage.unit, passage.document.document_id, passage.locator)


def _reads(door: Assistant, passage_id: str, start: int, end: int, quote: str) -> bool:
    """Whether the index's passage of an id reads as quoted."""
    passage = door.passage(passage_id)
    return passage is not None and quote != "" and passage.text[start:end] == quote
