"""The assistant as one person may see it: what they may not see is in none of its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from assistant.datatypes import Answer, Turn
from assistant.person import SCOPE_KEY, Person
from assistant.service import Service, WritingService, writer_of
from corpus.datatypes import Document, Passage

if TYPE_CHECKING:
    from assistant.llm.writer import Sending, Writer

NOTHING: frozenset[str] = frozenset()
"""The collections of somebody who may see what everyone sees and nothing else."""


class _Scoped(Protocol):
    @property
    def scope(self) -> Mapping[str, Any]: ...


def collections_of(request: _Scoped) -> frozenset[str] | None:
    """The collections that who makes a request may see, None for all.

    Nobody in particular sees what everyone sees: for pages that need no sign-in.
    """
    person = request.scope.get(SCOPE_KEY)
    return person.collections if isinstance(person, Person) else NOTHING


@dataclass(frozen=True)
class Seen:
    """A service with what some collections may see of it; always of the newest index.

    Its ``snapshot`` may take a moment where nobody has asked with these collections before: it
    is called in a thread.
    """

    service: Service
    collections: frozenset[str] | None

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the index that answers come from."""
        return self.service.fingerprint

    @property
    def fault(self) -> str:
        """Why the newest index does not answer, one sentence; "" where it does."""
        return self.service.fault

    @property
    def writer(self) -> Writer | None:
        """The language model that words answers, None where none is configured."""
        return writer_of(self.service)

    def snapshot(self) -> Service:
        """The service over what may be seen of one index."""
        return self.service.snapshot().seen_by(self.collections)

    def seen_by(self, collections: frozenset[str] | None) -> Service:
        """What somebody may see of this."""
        return self.snapshot().seen_by(collections)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        language: str = "auto",
        as_of: str | None = None,
        sending: Sending | None = None,
    ) -> Answer:
        """Answer a question; see ``WritingService.ask``."""
        now = self.snapshot()
        if isinstance(now, WritingService):
            return now.ask(question, history, language, as_of, sending)
        return now.ask(question, history, language, as_of)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id, None where there is none to be seen."""
        return self.snapshot().passage(passage_id)

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document in order, none where there is none to be seen."""
        return self.snapshot().passages_of(document_id)

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after this one in its document, None at an end."""
        return self.snapshot().neighbours(passage_id)

    def examples(self, language: str) -> tuple[str, ...]:
        """Example questions, taken from the documents."""
        return self.snapshot().examples(language)

    def documents(self) -> tuple[Document, ...]:
        """Every document that may be seen."""
        return self.snapshot().documents()
