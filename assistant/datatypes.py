"""What goes into an answer and what comes out: see ``Answer.to_dict`` for the JSON contract."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from corpus.datatypes import Passage

Kind = Literal[
    "counts",
    "fairness",
    "definition",
    "procedure",
    "comparison",
    "lookup",
    "fact",
    "other",
]
Status = Literal["answered", "partial", "clarify", "no_answer"]
Language = Literal["ja", "en"]
Role = Literal["user", "assistant"]


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True)
class Query:
    """A question as understood: its kind, its language, and its stand-alone wording.

    ``question`` is as typed, without the greetings around it.
    """

    question: str
    language: Language
    kind: Kind
    standalone: str
    as_of: str


@dataclass(frozen=True)
class Citation:
    """A span cut out of a passage: ``quote == passage.text[start:end]`` by construction."""

    number: int
    passage: Passage
    start: int
    end: int
    score: float = 0.0

    @property
    def quote(self) -> str:
        """The words quoted, verbatim."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True)
class Statement:
    """One sentence of the answer.

    ``lead`` is our own framing ("A committee member's opinion:"), ``text`` the whole
    statement with it. ``verified`` is the quote gate's word; ``reason`` says why not.
    ``role`` is the part it plays: conclusion, ground, condition, example, view or gap.
    ``translation`` is a machine translation of its quote, "" where there is none.
    """

    text: str
    citations: tuple[int, ...]
    verified: bool
    role: str = "ground"
    lead: str = ""
    reason: str = ""
    translation: str = ""


@dataclass(frozen=True)
class Reference:
    """A provision that a cited one points to; ``words`` are its address (第3条)."""

    citation: int
    words: str
    passage: Passage


@dataclass(frozen=True)
class Nearest:
    """A passage close to a question that could not be answered; ``score`` from 0 to 1."""

    passage: Passage
    score: float


@dataclass(frozen=True)
class Handover:
    """Whom to ask when the documents do not answer, with a message ready to send."""

    section: str
    contact: str
    draft: str


@dataclass(frozen=True)
class Writing:
    """What came of asking a language model to write the answer.

    ``outcome``: "written", "too_little", "personal", or why there is no text of the model's
    (``assistant.llm.errors.Fault``). ``verified`` and ``struck`` count its statements;
    ``host`` is the endpoint's address without any key.
    """

    outcome: str
    model: str
    host: str
    verified: int = 0
    struck: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Answer:
    """An answer with its evidence. ``original`` and neighbours are looked up in the index.

    ``references`` are provisions that cited ones point to; ``set_aside`` passages that would
    have been used, but are not in force on the day; ``confidence`` is the probability, 0 to 1,
    that the documents answer the question, None where a decision guide answers.
    """

    query: Query
    status: Status
    text: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    clarifying_question: str | None = None
    follow_ups: tuple[str, ...] = ()
    handover: Handover | None = None
    verdict: dict[str, Any] | None = None
    engine: Literal["extractive", "llm"] = "extractive"
    index: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    set_aside: tuple[Passage, ...] = ()
    writing: Writing | None = None
    confidence: float | None = None

    def with_timings(self, timings_ms: dict[str, float]) -> Answer:
        """The same answer with its timings in milliseconds."""
        return replace(self, timings_ms=timings_ms)

    def to_dict(self) -> dict[str, Any]:
        """The answer as the JSON contract has it (keys may be added, never removed)."""
        return {
            "question": self.query.question,
            "language": self.query.language,
            "standalone_question": self.query.standalone,
            "kind": self.query.kind,
            "status": self.status,
            "verdict": self.verdict,
            "answer": self.text,
            "statements": [{**asdict(s), "citations": list(s.citations)} for s in self.statements],
            "citations": [citation_to_dict(c) for c in self.citations],
            "nearest": [{**passage_to_dict(n.passage), "score": n.score} for n in self.nearest],
            "clarifying_question": self.clarifying_question,
            "follow_ups": list(self.follow_ups),
            "handover": asdict(self.handover) if self.handover else None,
            "engine": self.engine,
            "index": self.index,
            "as_of": self.query.as_of,
            "timings_ms": self.timings_ms,
            "notes": list(self.notes),
            "references": [
                {"citation": r.citation, "words": r.words, **passage_to_dict(r.passage)}
                for r in self.references
            ],
            "confidence": self.confidence,
            "not_in_force": [passage_to_dict(p) for p in self.set_aside],
            "writing": asdict(self.writing) if self.writing else None,
        }


def passage_to_dict(passage: Passage) -> dict[str, Any]:
    """A passage as the JSON contract has it."""
    document = passage.document
    return {
        "passage_id": passage.passage_id,
        "document_id": document.document_id,
        "title": document.title,
        "title_en": document.title_en,
        "authority": passage.authority,
        "binding": passage.binding,
        "edition": document.edition,
        "standing": passage.standing,
        "locator": passage.locator,
        "locator_en": passage.locator_en,
        "page": passage.page,
        "ocr_confidence": passage.ocr_confidence,
        "headings": list(passage.headings),
        "text": passage.text,
        "language": passage.language,
        "rendering": passage.rendering,
        "counterpart": passage.counterpart,
        "effective_from": passage.effective_from,
        "effective_until": passage.effective_until,
        "source": passage.source,
        "more_sources": list(passage.more_sources),
        "section": document.section,
        "copies": list(passage.copies),
        "superseded": passage.superseded,
        "suspicious": passage.suspicious,
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
    """A citation as the JSON contract has it: the passage's place and the words quoted."""
    place = passage_to_dict(citation.passage)
    for key in ("text", "headings"):
        del place[key]
    return {
        "number": citation.number,
        **place,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "score": citation.score,
    }
