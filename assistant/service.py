"""What the page needs from the assistant: the one door, and the passages behind an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from assistant.datatypes import Answer, Turn
from corpus.datatypes import Document, Passage

if TYPE_CHECKING:
    from assistant.llm.writer import Sending, Writer


class Service(Protocol):
    """The assistant as its front ends see it. It keeps no state of any user."""

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the index that answers come from."""
        ...

    @property
    def fault(self) -> str:
        """Why the newest index does not answer, one sentence; "" where it does."""
        ...

    def snapshot(self) -> Service:
        """The service over one index, for all the calls that make one answer."""
        ...

    def seen_by(self, collections: frozenset[str] | None) -> Service:
        """The service with what somebody may see, and nothing else in it.

        Args:
            collections: those they may see beside what everyone sees (``Person.collections``);
                None: all.
        """
        ...

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        language: str = "auto",
        as_of: str | None = None,
    ) -> Answer:
        """Answer a question.

        Args:
            question: 1 to 2,000 characters.
            history: earlier turns, oldest first.
            language: ``ja``, ``en``, or ``auto`` for the question's own.
            as_of: ISO date that the answer should hold on, None for today.

        Raises:
            AssistantError: with a sentence for people.
        """
        ...

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id, None where there is none."""
        ...

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document in order, none where there is no such document."""
        ...

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after this one in its document, None at an end."""
        ...

    def examples(self, language: str) -> tuple[str, ...]:
        """Example questions, taken from the documents, in ``ja`` or ``en``."""
        ...

    def documents(self) -> tuple[Document, ...]:
        """Every document of the index."""
        ...


@runtime_checkable
class WritingService(Protocol):
    """A service that may have a language model word its answers."""

    @property
    def writer(self) -> Writer | None:
        """The language model, None where none is configured."""
        ...

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        language: str = "auto",
        as_of: str | None = None,
        sending: Sending | None = None,
    ) -> Answer:
        """Answer a question; see ``Service.ask``.

        Args:
            question: 1 to 2,000 characters.
            history: earlier turns, oldest first.
            language: ``ja``, ``en``, or ``auto``.
            as_of: ISO date, None for today.
            sending: how it may be sent to the model.
        """
        ...


def writer_of(service: Service) -> Writer | None:
    """The language model of a service, None where it has none."""
    return service.writer if isinstance(service, WritingService) else None
