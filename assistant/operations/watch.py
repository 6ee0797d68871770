"""What one server knows of itself: who is being answered, whether it is stopping, what fails."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from assistant.audit import log as audit
from assistant.conversation import Conversation
from assistant.handlers import Step
from assistant.operations.figures import Figures
from assistant.operations.logs import QUESTIONS
from assistant.words import load_words

BUSY = 3
"""Answers under way up to which each is shown sentence by sentence."""
_log = logging.getLogger(QUESTIONS)


class Watch:
    """One server's account of itself. Threads may share it."""

    def __init__(self) -> None:
        """Begin: nothing runs, nothing failed."""
        self.figures = Figures()
        self._lock = threading.Lock()
        self._running = 0
        self._stopping = False
        self._missed = _Missed()
        self.figures.follow("answers_running", "Questions being answered", lambda: self._running)

    @property
    def running(self) -> int:
        """How many questions are being answered."""
        return self._running

    @property
    def stopping(self) -> bool:
        """Whether no further question is taken up."""
        return self._stopping

    @property
    def entries_missed(self) -> int:
        """Entries that the audit log did not take since the start."""
        return self._missed.count

    def is_busy(self) -> bool:
        """Whether so many are being answered that an answer is shown at once and not sentence by
        sentence: drawing every step would take time from those who wait."""
        return self._running > BUSY

    def stop(self) -> None:
        """Take up no further question."""
        self._stopping = True

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Count the entries that the audit log does not take, for as long as the block runs."""
        logger = logging.getLogger(audit.__name__)
        logger.addHandler(self._missed)
        try:
            yield
        finally:
            logger.removeHandler(self._missed)

    async def follow(
        self, conversation: Conversation, steps: AsyncIterator[Step]
    ) -> AsyncIterator[Step]:
        """The steps of an answer, counted; one step that says so where the server is stopping.

        Args:
            conversation: as it stands before the question.
            steps: what comes of the question.
        """
        if self._stopping:
            self.figures.refused("stopping")
            notice = load_words(conversation.language)("ask.stopping")
            yield Step(conversation, notice=notice)
            return
        begun, last = time.monotonic(), Step(conversation)
        with self._lock:
            self._running += 1
        try:
            async for step in steps:
                last = step
                yield step
        finally:
            with self._lock:
                self._running -= 1
            self._account(conversation, last, time.monotonic() - begun)

    def _account(self, before: Conversation, last: Step, seconds: float) -> None:
        exchange = last.conversation.last
        if last.notice or exchange is None or exchange == before.last:
            self.figures.refused("not_fit")
            return
        language = last.conversation.language
        status: str = exchange.state if exchange.state != "working" else "stopped"
        engine = "none"
        if exchange.answer is not None:
            language, engine = exchange.answer.query.language, exchange.answer.engine
            status = exchange.answer.status if status == "done" else status
        self.figures.answered(status, engine, language, seconds)
        facts = {"status": status, "engine": engine, "language": language}
        more = {**facts, "ms": round(seconds * 1000), "question": exchange.question}
        _log.info("A question was dealt with.", extra={"facts": more})


class _Missed(logging.Handler):
    """Counts what it is told of."""

    def __init__(self) -> None:
        super().__init__(logging.CRITICAL)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        self.count += 1
