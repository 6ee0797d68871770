"""The one door: a question and its conversation in, an answer with its evidence out."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from assistant.answerable import Elsewhere, Evidence, answers, confidence, load_elsewhere, weigh
from assistant.aside import read_query
from assistant.calibration import Calibration, calibration_of
from assistant.compose import answer_text, compose
from assistant.datatypes import (
    Answer,
    Handover,
    Kind,
    Nearest,
    Query,
    Turn,
)
from assistant.decide import decide, rests_on
from assistant.examples import example_questions
from assistant.follow_ups import follow_ups
from assistant.lines import FAR
from assistant.near_misses import NearMisses, load_near_misses
from assistant.notes import has_gap, notes_on, unmentioned_note
from assistant.phrasebook import load_table, phrase
from assistant.references import follow_references
from assistant.retrieve import Found, retrieve
from assistant.select import decisive_gap, select
from assistant.serve import Thread, follow
from assistant.timings import timings_of
from assistant.understand import KindRule, clarifying_question, kind_of
from assistant.unmentioned import unmentioned
from assistant.writing import begin, reworded, with_facts, written
from corpus.datatypes import Document, Passage
from index import Index, load_index
from index.search import in_force
from index.views import Kept

if TYPE_CHECKING:
    from assistant.llm.settings import LlmSettings
    from assistant.llm.writer import Sending, Writer

_NEAREST = 3
_FEWEST = 2
"""Citations of a verdict below which the best unit found is shown beside them in any case."""
_TURNS = 8
"""Earlier questions of a conversation that a case is read from; each costs time again."""


@dataclass(frozen=True)
class Assistant:
    """Answers questions from an index. It keeps nothing of any user; threads may share it.

    ``writer`` is the language model that words answers, None where none is configured.
    """

    index: Index
    writer: Writer | None = None

    @classmethod
    def open(
        cls, root: Path, model: str | None = None, llm: LlmSettings | None = None
    ) -> Assistant:
        """The assistant over an index folder; raises SearchIndexError where it is not whole."""
        index = load_index(root, model)
        if llm is None:
            return cls(index)
        from assistant.llm.writer import open_writer  # only where an endpoint is configured

        return cls(index, open_writer(llm))

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the index that answers come from."""
        return self.index.fingerprint

    @property
    def fault(self) -> str:
        """Nothing is ever wrong with an index once it is loaded."""
        return ""

    def snapshot(self) -> Assistant:
        """Itself: it answers from one index only."""
        return self

    def seen_by(self, collections: frozenset[str] | None) -> Assistant:
        """The assistant over what somebody may see; itself where that is everything.

        Args:
            collections: those they may see beside what everyone sees; None: all.
        """
        seen = self.index.seen_by(collections)
        if seen is self.index:
            return self
        return self._views.get(seen.collections, lambda _: Assistant(seen, self.writer))

    def views(self) -> tuple[frozenset[str], ...]:
        """The sets of collections with which it was asked of late, where they are not all."""
        return self._views.keys()

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        language: str = "auto",
        as_of: str | None = None,
        sending: Sending | None = None,
    ) -> Answer:
        """Answer a question.

        Args:
            question: 1 to 2,000 characters.
            history: the conversation before it, oldest first.
            language: "ja", "en" or "auto": the language of the answer.
            as_of: an ISO date; today where None.
            sending: how it may be sent to a language model, where one is configured.

        Raises:
            QuestionError: if the question is empty or too long.
        """
        started = time.perf_counter()
        day = as_of or datetime.date.today().isoformat()
        query = read_query(question, history, language, day, self.index)
        sending = begin(self.writer, sending)
        query = reworded(self.writer, query, history, sending)
        understood = time.perf_counter()
        found = retrieve(self.index, query)
        searched = time.perf_counter()
        answer = self._decided(query, found, history, sending)
        answer = answer or self._weighed(query, found)
        composed = time.perf_counter()
        answer = written(self.writer, answer, found, history, self.index.passage, sending)
        answer = self._beside(answer, query)
        return answer.with_timings(timings_of(started, understood, searched, composed, answer))

    def evidence(self, question: str, history: Sequence[Turn] = ()) -> Evidence:
        """What speaks for answering a question, as the refusal weighs it (for calibration)."""
        day = datetime.date.today().isoformat()
        query = read_query(question, history, "auto", day, self.index)
        return weigh(
            retrieve(self.index, query), query, self.index, self._elsewhere, self._near_misses
        )

    def found(self, question: str, history: Sequence[Turn] = ()) -> tuple[Found, KindRule]:
        """What is found for a question, and the rule of its kind (for fitting on judgements)."""
        day = datetime.date.today().isoformat()
        query = read_query(question, history, "auto", day, self.index)
        return retrieve(self.index, query), kind_of(query.standalone, query.language)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of an id, None where there is none."""
        return self.index.passage(passage_id)

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document in order, none where there is no such document."""
        return self.index.by_document.get(document_id, ())

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document and language."""
        passage = self.index.passage(passage_id)
        if passage is None:
            return None, None
        row = self._rows[passage.document.document_id, passage.rendering]
        place = row.index(passage_id)
        before = self.index.passage(row[place - 1]) if place else None
        after = self.index.passage(row[place + 1]) if place + 1 < len(row) else None
        return before, after

    def documents(self) -> tuple[Document, ...]:
        """The documents that answers come from."""
        return self.index.documents

    def examples(self, language: str) -> tuple[str, ...]:
        """Questions that the documents answer, to start with."""
        return example_questions(self.index.passages, language)

    @cached_property
    def calibration(self) -> Calibration:
        """The weights and the threshold by which a question is refused."""
        return calibration_of(self.index)

    @cached_property
    def _views(self) -> Kept[frozenset[str], Assistant]:
        return Kept()

    @cached_property
    def _elsewhere(self) -> Elsewhere:
        return load_elsewhere(self.index.encoder)

    @cached_property
    def _near_misses(self) -> NearMisses:
        return load_near_misses(self.index.encoder)

    @cached_property
    def _rows(self) -> dict[tuple[str, bool], list[str]]:
        rows: dict[tuple[str, bool], list[str]] = {}
        for passage in self.index.passages:
            key = passage.document.document_id, passage.rendering
            rows.setdefault(key, []).append(passage.passage_id)
        return rows

    def _decided(
        self,
        query: Query,
        found: Found,
        history: Sequence[Turn],
        sending: Sending | None = None,
    ) -> Answer | None:
        """The answer of the decision guide that serves the question, None where none does."""
        turns = [t.content for t in history if t.role == "user" and t.content.strip()][-_TURNS:]
        thread = self._thread([*turns, query.question])
        if thread is None and query.question not in query.standalone and self._thread(turns):
            thread = self._thread([query.standalone])  # the same of another: 町内会は?
        rule = kind_of(query.standalone, query.language)
        if thread is None:
            return None
        query = replace(query, kind=cast(Kind, thread.guide.kind))
        thread, read = with_facts(self.writer, thread, query, sending)
        extra = select(found, self.index, rule, query.language == "en")[:1]
        sure = extra and (rests_on(thread.guide, extra[0]) or self._is_sure(query, found))
        ranks = self._ranks(query)
        answer = decide(thread, query, self.index, extra if sure else [], ranks)
        if len(answer.citations) < _FEWEST:
            answer = decide(thread, query, self.index, extra, ranks)
        notes = notes_on(query, answer.statements, answer.citations)
        return replace(answer, notes=(read, *notes) if read else notes)

    def _thread(self, turns: Sequence[str]) -> Thread | None:
        """The guide's thread that the last of some turns belongs to."""
        return follow(turns, self.index.guides, self.index.encoder, self.index.known)

    def _ranks(self, query: Query) -> dict[str, int]:
        """The rank of each unit that the search finds for a case."""
        found = self.index.search(query.standalone, FAR, query.as_of, query.language).hits
        return {hit.passage.unit: hit.rank for hit in found}

    def _beside(self, answer: Answer, query: Query) -> Answer:
        """The answer with the provisions that it points to, and those not in force that day."""
        set_aside = answer.set_aside or self._set_aside(query)
        references = follow_references(answer.citations, self.index, query.as_of, query.language)
        return replace(answer, references=references, set_aside=set_aside)

    def _set_aside(self, query: Query) -> tuple[Passage, ...]:
        """What would have been found first, were it in force on the day."""
        if self.index.in_force(query.as_of).all():
            return ()
        hits = self.index.search(query.standalone, _NEAREST, language=query.language).hits
        return tuple(h.passage for h in hits if not in_force(h.passage, query.as_of))

    def _is_sure(self, query: Query, found: Found) -> bool:
        """Whether what was found would make an answer of which the page says more than low."""
        evidence = weigh(found, query, self.index, self._elsewhere, self._near_misses)
        return confidence(evidence, self.calibration) >= float(load_table("confidence")["middle"])

    def _weighed(self, query: Query, found: Found) -> Answer:
        """An answer or a refusal, with how likely it is that the documents answer at all."""
        evidence = weigh(found, query, self.index, self._elsewhere, self._near_misses)
        enough = answers(evidence, self.calibration)
        answer = self._compose(query, found) if enough else self._refusal(query, found)
        return replace(answer, confidence=round(confidence(evidence, self.calibration), 4))

    def _compose(self, query: Query, found: Found) -> Answer:
        gap = decisive_gap(found)
        if gap is not None:
            return self._refusal(query, found, gap.passage)
        rule = kind_of(query.standalone, query.language)
        pieces = select(found, self.index, rule, query.language == "en")
        if not pieces:
            return self._refusal(query, found)
        defines = query.kind == "definition"
        statements, citations = compose(pieces, query.language, self.index.terms, defines)
        clarify = clarifying_question(query.kind, query.language)
        missing = unmentioned(query.standalone, found, pieces)
        partly = bool(missing) or has_gap(statements)
        return Answer(
            query=query,
            status="clarify" if clarify else "partial" if partly else "answered",
            text=answer_text(statements),
            statements=statements,
            citations=citations,
            clarifying_question=clarify,
            follow_ups=follow_ups(query, found, pieces),
            handover=_handover(query, found) if partly else None,
            index=self.fingerprint,
            notes=(*unmentioned_note(query, missing), *notes_on(query, statements, citations)),
        )

    def _refusal(self, query: Query, found: Found, gap: Passage | None = None) -> Answer:
        nearest = tuple(
            Nearest(hit.passage, min(round(hit.score, 4), 1.0)) for hit in found.hits[:_NEAREST]
        )
        handover = _handover(query, found)
        known = gap.text if gap and gap.language == query.language else ""
        parts = [known or phrase(query.language, "refuse", "gap" if gap else "text")]
        if nearest and gap is None:
            parts.append(phrase(query.language, "refuse", "nearest"))
        if _short_name(handover.section) not in known:
            parts.append(phrase(query.language, "refuse", "ask", section=handover.section))
        return Answer(
            query=query,
            status="no_answer",
            text=(" " if query.language == "en" else "").join(parts),
            nearest=nearest,
            handover=handover,
            index=self.fingerprint,
        )


def _short_name(section: str) -> str:
    """A section's own name, without what it belongs to."""
    return section.split(",")[0] if "," in section else section.split()[-1]


def _handover(query: Query, found: Found) -> Handover:
    """Whom to ask: the section that owns the nearest document that names one."""
    language = query.language
    owner = next(
        (h.passage.document for h in found.hits[:_NEAREST] if h.passage.document.section),
        None,
    )
    section = phrase(language, "refuse", "default_section")
    if owner is not None:
        section = owner.section_en if language == "en" and owner.section_en else owner.section
    return Handover(
        section=section,
        contact=owner.contact if owner else phrase(language, "refuse", "default_contact"),
        draft=phrase(language, "refuse", "draft", section=section, question=query.question),
    )
