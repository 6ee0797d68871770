"""The assistant over an index folder that is built again while people ask.

A thread looks at the folder every few seconds. A new generation is loaded, checked and asked a
few questions aside; then one reference is replaced. Where any of it fails, the old generation
goes on answering and ``fault`` says why.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.datatypes import Answer, Turn
from assistant.pipeline import Assistant
from assistant.seen import Seen
from assistant.service import Service
from assistant.writing import withheld
from corpus.datatypes import Document, Passage
from index import IndexDamaged, IndexMissing, SearchIndexError
from index.generations import Stamp, stamp
from index.opening import load_index, load_named

if TYPE_CHECKING:
    from assistant.llm.writer import Sending, Writer

EVERY_S = 3.0
"""Seconds between two looks at the folder."""
RETRY_S = 60.0
"""Seconds until a generation that failed is tried again: what failed may have been memory."""
_LANGUAGES = ("ja", "en")
_log = logging.getLogger(__name__)


class LiveAssistant:
    """Answers from the newest good generation. Threads may share it.

    Every call is answered from one generation. Whoever makes several calls for one answer takes
    a ``snapshot`` first.
    """

    def __init__(self, root: Path, model: str | None = None, writer: Writer | None = None) -> None:
        """Load the index that stands; raises SearchIndexError where none of it is whole.

        Args:
            root: the index folder.
            model: as in ``load_index``.
            writer: the language model that words answers, None where none is configured.
        """
        self._root, self._model, self._writer = root, model, writer
        self._seen: Stamp | None = stamp(root)
        self._failed_at = 0.0
        self._fault = ""
        try:
            self._now = Assistant(load_named(root, model), writer)
        except (IndexDamaged, IndexMissing) as error:
            self._now = Assistant(load_index(root, model), writer)
            self._fail(error)

    @property
    def fault(self) -> str:
        """Why the newest generation does not answer, one sentence; "" where it does."""
        return self._fault

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the index that answers come from."""
        return self._now.fingerprint

    @property
    def writer(self) -> Writer | None:
        """The language model that words answers, None where none is configured."""
        return self._writer

    def snapshot(self) -> Assistant:
        """The assistant over one generation, which stays as it is."""
        return self._now

    def seen_by(self, collections: frozenset[str] | None) -> Service:
        """What somebody may see, always of the newest good generation; see ``Seen``."""
        return Seen(self, collections)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        language: str = "auto",
        as_of: str | None = None,
        sending: Sending | None = None,
    ) -> Answer:
        """Answer a question; as ``Assistant.ask``."""
        return self._now.ask(question, history, language, as_of, sending)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of an id, None where there is none."""
        return self._now.passage(passage_id)

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document in order, none where there is no such document."""
        return self._now.passages_of(document_id)

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document and language."""
        return self._now.neighbours(passage_id)

    def documents(self) -> tuple[Document, ...]:
        """The documents that answers come from."""
        return self._now.documents()

    def examples(self, language: str) -> tuple[str, ...]:
        """Questions that the documents answer, to start with."""
        return self._now.examples(language)

    def look(self) -> bool:
        """Look at the folder once; True where a new generation answers from now on.

        It never raises for what is in the folder: ``fault`` says what is wrong.
        """
        found = stamp(self._root)
        waited = time.monotonic() - self._failed_at
        if found == self._seen and not (self._fault and waited > RETRY_S):
            return False
        self._seen = found
        try:
            fresh = Assistant(load_named(self._root, self._model), self._writer)
            _try_out(fresh)
            for collections in self._now.views():
                fresh.seen_by(collections)
        except SearchIndexError as error:
            self._fail(error)
            return False
        except Exception as error:
            _log.exception("A new index failed for a reason that nobody foresaw.")
            self._fail(error)
            return False
        self._now, self._fault = fresh, ""
        return True

    @contextmanager
    def watching(self, every_s: float = EVERY_S) -> Iterator[None]:
        """Look at the folder every few seconds for as long as the block runs."""
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(every_s):
                self.look()

        thread = threading.Thread(target=watch, name="kyodo-index", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(every_s + 1)

    def _fail(self, error: Exception) -> None:
        self._failed_at = time.monotonic()
        # The page tells it to everyone: where the folder lies on the machine is left out.
        fault = str(error).replace(str(self._root), "index") or type(error).__name__
        if fault != self._fault:
            _log.warning("The newest index does not answer: %s", error)
        self._fault = fault


def _try_out(assistant: Assistant) -> None:
    """Ask what the documents offer as examples; warms what the first question would wait for."""
    for language in _LANGUAGES:
        for question in assistant.examples(language)[:1]:
            assistant.ask(question, language=language, sending=withheld(assistant.writer))
