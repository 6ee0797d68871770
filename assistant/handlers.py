"""What the page does when someone asks, stops, tries again, starts anew or switches language.

Every function takes a conversation and gives back a new one: nothing is kept here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import anyio.to_thread

from assistant.asked import new_id
from assistant.conversation import (
    Conversation,
    Exchange,
    RefusedQuestionError,
    check_date,
    check_question,
)
from assistant.datatypes import Answer
from assistant.drafting import CONSENTS, drafting, personal_notice, until_done
from assistant.errors import AssistantError
from assistant.evidence import gather
from assistant.service import Service, WritingService
from assistant.words import load_words

if TYPE_CHECKING:
    from assistant.llm.writer import Sending

PAUSE_S = 0.05
"""Seconds between two statements, so that an answer is read as it comes."""

Told = Callable[[str, Conversation, Answer], None]
"""Takes down an answer: its id, the conversation that it belongs to, and the answer."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """A conversation at one moment, and what to say about it.

    ``notice`` is why a question was not sent; ``status`` is read out, not shown; ``consent``
    says that it waits for a choice about personal data.
    """

    conversation: Conversation
    notice: str = ""
    status: str = ""
    consent: bool = False


def _nobody(answer_id: str, conversation: Conversation, answer: Answer) -> None:
    """Nobody keeps account of the answers."""


async def ask(
    service: Service,
    conversation: Conversation,
    event: Mapping[str, object],
    told: Told = _nobody,
    hurried: Callable[[], bool] = lambda: False,
) -> AsyncIterator[Step]:
    """Ask what the event holds; a step for every statement that comes.

    ``hurried``: whether the whole answer is shown at once, since others wait.
    """
    words = load_words(conversation.language)
    try:
        question = check_question(event.get("question"), words)
        as_of = check_date(event.get("as_of"), words)
    except RefusedQuestionError as refusal:
        yield Step(conversation, notice=str(refusal))
        return
    consent = str(event.get("consent") or "")
    begun = conversation.begin(question, as_of, consent if consent in CONSENTS else "")
    asked = personal_notice(service, begun, words)
    if asked:
        yield Step(conversation, notice=asked, consent=True)
        return
    async for step in _answer(service, begun, told, hurried):
        yield step


async def retry(
    service: Service,
    conversation: Conversation,
    told: Told = _nobody,
    hurried: Callable[[], bool] = lambda: False,
) -> AsyncIterator[Step]:
    """Ask the newest question again, as if it had not been asked; see ``ask``."""
    last = conversation.last
    if last is None:
        yield Step(conversation)
        return
    earlier = conversation.without_last()
    again = earlier.begin(last.question, last.as_of, last.consent)
    async for step in _answer(service, again, told, hurried):
        yield step


def stop(conversation: Conversation) -> Step:
    """Keep what has been shown of an answer that is still coming."""
    last = conversation.last
    if last is None or last.state != "working":
        return Step(conversation)
    words = load_words(conversation.language)
    status = words("turn.stopped" if last.answer else "turn.stopped_early")
    return Step(conversation.with_last(replace(last, state="stopped", draft="")), status=status)


async def _answer(
    service: Service, conversation: Conversation, told: Told, hurried: Callable[[], bool]
) -> AsyncIterator[Step]:
    exchange = conversation.exchanges[-1]
    words = load_words(conversation.language)
    yield Step(conversation, status=words("ask.busy"))
    async with drafting(service, exchange) as (sending, drafts):
        fetching = asyncio.create_task(_fetch(service, conversation, sending, told))
        async for draft in until_done(fetching, drafts):
            yield Step(conversation.with_last(replace(exchange, draft=draft)))
        exchange = await fetching
    if exchange.answer is None:
        yield Step(
            conversation.with_last(exchange),
            status=exchange.error or words("turn.failed"),
        )
        return
    total = len(exchange.answer.statements)
    for shown in range(1, total + 1):
        if hurried():
            break
        yield Step(conversation.with_last(replace(exchange, shown=shown)))
        await asyncio.sleep(PAUSE_S)
    done = replace(exchange, shown=total, state="done")
    status = words("turn.done_status", statements=total, sources=len(exchange.answer.citations))
    yield Step(conversation.with_last(done), status=status)


async def _fetch(
    service: Service, conversation: Conversation, sending: Sending | None, told: Told
) -> Exchange:
    """Get the answer in a thread, so that stopping never waits for it."""
    exchange = conversation.exchanges[-1]

    def work() -> Exchange:
        now = service.snapshot()
        asked = exchange.question, conversation.turns(), "auto", exchange.as_of
        if sending is not None and isinstance(now, WritingService):
            answer = now.ask(*asked, sending)
        else:
            answer = now.ask(*asked)
        answer_id = new_id()
        told(answer_id, conversation, answer)
        evidence = gather(answer, now)
        return replace(exchange, answer=answer, evidence=evidence, answer_id=answer_id)

    try:
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
    except AssistantError as error:
        return replace(exchange, state="failed", error=str(error))
    except Exception:
        _log.exception("An answer failed for a reason that nobody foresaw.")
        return replace(exchange, state="failed")
