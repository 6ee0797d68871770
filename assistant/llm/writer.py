"""Asks a model to write an answer, within its time, and judges what comes."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.datatypes import Answer, Writing
from assistant.llm.answer import enough, with_statements
from assistant.llm.breaker import Breaker
from assistant.llm.client import Endpoint, Message, Watch, open_endpoint
from assistant.llm.errors import AGAIN, ModelError
from assistant.llm.parse import MOST, SCHEMA, Claim, draft_text, parse_claims, repeats
from assistant.llm.prompt import Prompt, choose, write_prompt
from assistant.llm.settings import LlmSettings
from assistant.llm.verify import Judged, LookUp, judge, tidy, without_addresses
from assistant.personal import Concern, find_personal
from assistant.phrasebook import phrase
from corpus.datatypes import Passage

TRIES = 3
"""Tries for one answer, the first included."""
BACK_OFF_S = 0.3
"""Seconds before the second try; they double, with a share of chance."""
_LEAST_S = 0.5
_STEP = 24


@dataclass(frozen=True)
class Sending:
    """How one question may be sent to a model.

    ``draft`` is called with the statements that have come so far, none of them verified.
    ``personal``: send it although it holds personal data. ``wanted``: whether to ask the
    model at all. ``deadline``: ``time.monotonic()`` by which everything that the model does
    for the question ends, None for the settings' time from now. ``stopped`` is set when nobody
    waits any more.
    """

    draft: Callable[[str], None] | None = None
    personal: bool = False
    wanted: bool = True
    deadline: float | None = None
    stopped: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Writer:
    """A language model that words answers; threads share it. Open it by ``open_writer``."""

    endpoint: Endpoint
    breaker: Breaker = field(default_factory=Breaker, repr=False)

    @property
    def settings(self) -> LlmSettings:
        """The endpoint's settings; the key in them does not show."""
        return self.endpoint.settings

    def concerns(self, texts: Sequence[str]) -> tuple[Concern, ...]:
        """The personal data in what would be sent to another machine; none for this one."""
        return () if self.settings.is_local else find_personal("\n".join(texts))

    def write(
        self,
        own: Answer,
        passages: Sequence[Passage],
        look_up: LookUp,
        sending: Sending,
        said: Sequence[str] = (),
    ) -> Answer:
        """An answer worded by the model, or our own with the reason why it is not.

        Args:
            own: our own answer.
            passages: what may be cited, best first.
            look_up: a passage by its id.
            sending: how the question may be sent.
            said: the clerk's turns, which a case is told from.
        """
        started = time.monotonic()
        query = own.query
        if not sending.wanted:
            return self._without(own, "unwanted", started)
        if not sending.personal and self.concerns((query.question, query.standalone, *said)):
            return self._without(own, "personal", started)
        prompt = write_prompt(query, own, choose([*_cited(own), *passages]))
        try:
            deadline = sending.deadline or started + self.settings.timeout_s
            claims = self.ask(prompt, deadline, sending)
        except ModelError as error:
            return self._without(own, error.fault, started)
        judged = [judge(c, prompt.passages, query.language, look_up) for c in claims]
        return self._with(own, judged, started)

    def ask(self, prompt: Prompt, deadline: float, sending: Sending) -> tuple[Claim, ...]:
        """The model's statements, at least one.

        Raises:
            ModelError: there are none within the time.
        """
        text = self.complete(prompt.messages, deadline, sending, watching(sending), schema=SCHEMA)
        return parse_claims(text)

    def complete(
        self,
        messages: Sequence[Message],
        deadline: float,
        sending: Sending,
        watch: Watch | None = None,
        schema: Mapping[str, object] | None = None,
    ) -> str:
        """One completion, tried again where that may help, and never past the deadline.

        Raises:
            ModelError: there is none.
        """
        if not self.breaker.admits():
            raise ModelError("resting")

        def work() -> str:
            return _tries(self.endpoint, messages, deadline, sending, watch, schema)

        try:
            text = within(deadline, work, sending.stopped)
        except ModelError as error:
            if error.fault == "stopped":
                self.breaker.leave()
            else:
                self.breaker.fail()
            raise
        self.breaker.succeed()
        return text

    def _with(self, own: Answer, judged: Sequence[Judged], started: float) -> Answer:
        carried = sum(j.verified for j in judged)
        counts = {"verified": carried, "struck": len(judged) - carried}
        if not enough(own, judged):
            return self._without(own, "too_little", started, **counts)
        return replace(
            with_statements(own, judged), writing=self._writing("written", started, **counts)
        )

    def _without(self, own: Answer, outcome: str, started: float, **counts: int) -> Answer:
        """Our own answer, with a sentence that says why the model's is not shown."""
        values = {"total": sum(counts.values()), **counts} if counts else {}
        note = phrase(own.query.language, "engine", outcome, host=self.settings.host, **values)
        writing = self._writing(outcome, started, **counts)
        return replace(own, notes=(note, *own.notes), writing=writing)

    def _writing(self, outcome: str, started: float, **counts: int) -> Writing:
        seconds = round(time.monotonic() - started, 3)
        settings = self.settings
        return Writing(outcome, settings.model, settings.host, seconds=seconds, **counts)


def open_writer(settings: LlmSettings) -> Writer:
    """A writer for an endpoint; nothing is sent yet."""
    return Writer(open_endpoint(settings))


def within(deadline: float, work: Callable[[], str], stopped: threading.Event) -> str:
    """The result of work in a thread of its own, which is left behind at the deadline.

    A look-up of a name or a connection cannot be interrupted; an answer does not wait for it.

    Raises:
        ModelError: "timeout" at the deadline, or what the work raises.
    """
    done: queue.SimpleQueue[str | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put(work())
        except Exception as error:  # raised again by who waits
            done.put(error)

    threading.Thread(target=run, name="kyodo-model", daemon=True).start()
    try:
        result = done.get(timeout=max(deadline - time.monotonic(), 0.0))
    except queue.Empty:
        stopped.set()
        raise ModelError("timeout") from None
    if isinstance(result, Exception):
        raise result
    return result


def watching(sending: Sending) -> Watch:
    """Hands on the draft as it comes; says when no more is wanted."""
    shown = [0]

    def watch(written: str) -> bool:
        if sending.stopped.is_set():
            return False
        if len(written) - shown[0] < _STEP:
            return True
        shown[0] = len(written)
        if sending.draft is not None:
            lines = draft_text(written).split("\n")
            sending.draft("\n".join(without_addresses(tidy(line)) for line in lines))
        return not repeats(written) and len(parse_claims(written)) < MOST

    return watch


def _tries(
    endpoint: Endpoint,
    messages: Sequence[Message],
    deadline: float,
    sending: Sending,
    watch: Watch | None,
    schema: Mapping[str, object] | None,
) -> str:
    for number in range(1, TRIES + 1):
        try:
            text = endpoint.complete(messages, deadline, schema, watch)
            return _checked(text, sending, needs_claims=schema is SCHEMA)
        except ModelError as error:
            wait = max(BACK_OFF_S * 2 ** (number - 1) * (1 + random.random()), error.retry_after_s)
            left = deadline - time.monotonic() - wait
            if error.fault not in AGAIN or number == TRIES or left < _LEAST_S:
                raise
        if sending.stopped.wait(wait):
            raise ModelError("stopped")
    raise ModelError("malformed")


def _checked(text: str, sending: Sending, needs_claims: bool) -> str:
    if sending.stopped.is_set():
        raise ModelError("stopped")
    if needs_claims and not parse_claims(text):
        raise ModelError("too_long" if repeats(text) else "malformed")
    return text


def _cited(own: Answer) -> list[Passage]:
    return [citation.passage for citation in own.citations]
