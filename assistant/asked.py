"""A question that was asked on the page and answered, told to whoever keeps account of it."""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from assistant.datatypes import Answer
from assistant.person import Person
from corpus.datatypes import Document, Passage

if TYPE_CHECKING:
    from assistant.pages import Surroundings

PLUGINS = "kyodo.listeners"
"""Entry-point group through which packages ask to be told of every answer."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A question, its answer, and the circumstances.

    Attributes:
        answer_id: of this answer alone; pages beside the conversation refer to it.
        conversation_id: the same for all questions of one conversation.
        person: who asked.
        at: ISO time in UTC.
        answer: with its citations and their documents.
    """

    answer_id: str
    conversation_id: str
    person: Person
    at: str
    answer: Answer

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON, with the versions of the documents that it rests on."""
        return {
            "answer_id": self.answer_id,
            "conversation_id": self.conversation_id,
            "person_id": self.person.person_id,
            "at": self.at,
            "answer": self.answer.to_dict(),
            "documents": [_version(d) for d in documents_of(self.answer)],
        }


Listener = Callable[[Asked], None]
"""Called in the thread that answers, before the answer is shown. It returns soon."""


def new_id() -> str:
    """An identity that nobody guesses: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def now() -> str:
    """This moment as an ISO time in UTC, in whole seconds."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def documents_of(answer: Answer) -> tuple[Document, ...]:
    """The documents that an answer shows passages of, each once, in the order of the citations."""
    shown: list[Passage] = [c.passage for c in answer.citations]
    shown += [n.passage for n in answer.nearest]
    return tuple({p.document.document_id: p.document for p in shown}.values())


def find_listeners(around: Surroundings) -> tuple[Listener, ...]:
    """The listeners of the installed packages: an entry point makes one from the surroundings."""
    found = sorted(entry_points(group=PLUGINS), key=lambda point: point.name)
    return tuple(point.load()(around) for point in found)


def tell(listeners: Sequence[Listener], asked: Asked) -> None:
    """Tell all of them. One that fails is logged; the answer is shown all the same."""
    for listener in listeners:
        try:
            listener(asked)
        except Exception:
            _log.exception("An answer was given, and %s did not take it down.", listener)


def _version(document: Document) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "title": document.title,
        "authority": document.authority,
        "edition": document.edition,
        "sha256": document.sha256,
        "source": document.source,
        "effective_from": document.effective_from,
        "effective_until": document.effective_until,
    }
