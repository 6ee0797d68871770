"""One user's conversation, and the checks a question passes before the core sees it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from assistant.asked import new_id
from assistant.datatypes import Answer, Language, Turn
from assistant.errors import AssistantError
from assistant.evidence import Evidence
from assistant.markup import visible
from assistant.person import Person
from assistant.words import Words

QUESTION_LIMIT = 2000
"""Characters that a question may have."""

State = Literal["working", "done", "stopped", "failed"]


class RefusedQuestionError(AssistantError):
    """A question that is not sent to the core, with the sentence that says why."""


@dataclass(frozen=True)
class Exchange:
    """A question and what came of it. ``shown`` counts the statements on screen so far.

    ``draft`` is what a language model has written so far, none of it checked; ``consent`` what
    was chosen about personal data: "send", "keep", or "" where nobody was asked; ``answer_id``
    is what other pages know the answer by, "" before there is one.
    """

    number: int
    question: str
    as_of: str | None = None
    state: State = "working"
    answer: Answer | None = None
    evidence: Evidence = field(default_factory=Evidence)
    shown: int = 0
    error: str = ""
    draft: str = ""
    consent: str = ""
    answer_id: str = field(default="", compare=False)


@dataclass(frozen=True)
class Conversation:
    """What one browser tab has asked so far; kept by Gradio for that tab alone.

    ``person_id`` and ``collections`` say who asked and what they could see, "" before anybody
    has.
    """

    language: Language = "ja"
    exchanges: tuple[Exchange, ...] = ()
    conversation_id: str = field(default_factory=new_id, compare=False)
    person_id: str = ""
    collections: frozenset[str] | None = None

    def of(self, person: Person) -> Conversation:
        """The conversation of a person: this one if it is theirs, else a new one.

        A tab that stays open while somebody else signs in, or while a person's rights change,
        shows nothing of before.
        """
        mine = self.person_id, self.collections
        now = person.person_id, person.collections
        if mine == now:
            return self
        before = self if not self.person_id else Conversation(self.language)
        return replace(before, person_id=person.person_id, collections=person.collections)

    @property
    def last(self) -> Exchange | None:
        """The newest exchange, None before the first question."""
        return self.exchanges[-1] if self.exchanges else None

    def begin(self, question: str, as_of: str | None, consent: str = "") -> Conversation:
        """Add a question."""
        number = self.last.number + 1 if self.last else 1
        exchange = Exchange(number, question, as_of, consent=consent)
        return replace(self, exchanges=(*self.exchanges, exchange))

    def with_last(self, exchange: Exchange) -> Conversation:
        """Put a newer state of the newest exchange in its place."""
        return replace(self, exchanges=(*self.exchanges[:-1], exchange))

    def without_last(self) -> Conversation:
        """Take the newest exchange away, to ask it again."""
        return replace(self, exchanges=self.exchanges[:-1])

    def turns(self) -> tuple[Turn, ...]:
        """The earlier turns as the core takes them, without the question being asked."""
        turns: list[Turn] = []
        for exchange in self.exchanges[:-1]:
            if exchange.answer is not None:
                turns.append(Turn("user", exchange.question))
                turns.append(Turn("assistant", exchange.answer.text))
        return tuple(turns)


def check_question(value: object, words: Words) -> str:
    """The question, cleaned, if it may be asked.

    Raises:
        RefusedQuestionError: it is no text, empty, or longer than ``QUESTION_LIMIT``.
    """
    if not isinstance(value, str):
        raise RefusedQuestionError(words("ask.not_text"))
    question = visible(value[: QUESTION_LIMIT * 4]).strip()
    if not question:
        raise RefusedQuestionError(words("ask.empty"))
    length = len(question) if len(value) <= QUESTION_LIMIT * 4 else len(value)
    if length > QUESTION_LIMIT:
        raise RefusedQuestionError(
            words("ask.too_long", limit=f"{QUESTION_LIMIT:,}", length=f"{length:,}")
        )
    return question


def check_date(value: object, words: Words) -> str | None:
    """The ISO date asked about, None where the field was left empty.

    Raises:
        RefusedQuestionError: it is no date.
    """
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        shown = visible(str(value)[:40])
        raise RefusedQuestionError(words("ask.bad_date", value=shown)) from error


def choose_language(cookies: str, accepted: str) -> Language:
    """The language of the page: the one switched to before, else the browser's first.

    Args:
        cookies: the ``Cookie`` header.
        accepted: the ``Accept-Language`` header.
    """
    for part in cookies.split(";"):
        name, _, value = part.strip().partition("=")
        if name == "kyodo_language" and value in ("ja", "en"):
            return "en" if value == "en" else "ja"
    ranked: list[tuple[float, str]] = []
    for part in accepted.split(","):
        tag, _, quality = part.strip().partition(";q=")
        if tag:
            ranked.append((-_quality(quality), tag.lower()))
    for _, tag in sorted(ranked, key=lambda pair: pair[0]):
        if tag.split("-")[0] in ("ja", "en"):
            return "en" if tag.startswith("en") else "ja"
    return "en" if ranked and ranked[0][1] != "*" else "ja"


def _quality(text: str) -> float:
    if not text:
        return 1.0
    try:
        return float(text)
    except ValueError:
        return 0.0
