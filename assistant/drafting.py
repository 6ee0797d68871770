"""What the page does while a language model writes: its draft, and consent to send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from assistant.consent import names_of
from assistant.conversation import Conversation, Exchange
from assistant.service import Service, writer_of
from assistant.words import Words

if TYPE_CHECKING:
    from assistant.llm.writer import Sending

CONSENTS = ("send", "keep")
"""What may be chosen about a question that holds personal data."""
PAUSE_S = 0.15
"""Seconds between two looks at a draft."""


def personal_notice(service: Service, begun: Conversation, words: Words) -> str:
    """What to ask before a question is sent to a model elsewhere; "" where nothing is.

    Args:
        service: what answers.
        begun: the conversation with the question in it.
        words: the words of the page.
    """
    writer, exchange = writer_of(service), begun.exchanges[-1]
    if writer is None or exchange.consent:
        return ""
    said = [turn.content for turn in begun.turns() if turn.role == "user"]
    concerns = writer.concerns([exchange.question, *said])
    if not concerns:
        return ""
    kinds = names_of(concerns, words.language)
    return words("personal.question", kinds=kinds, host=writer.settings.host)


@asynccontextmanager
async def drafting(
    service: Service, exchange: Exchange
) -> AsyncIterator[tuple[Sending | None, asyncio.Queue[str]]]:
    """How a question is sent, and where its drafts come; leaving it stops the model."""
    drafts: asyncio.Queue[str] = asyncio.Queue()
    if writer_of(service) is None:
        yield None, drafts
        return
    from assistant.llm.writer import Sending  # only where an endpoint is configured

    loop = asyncio.get_running_loop()

    def hand_on(text: str) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(drafts.put_nowait, text)

    personal, wanted = exchange.consent == "send", exchange.consent != "keep"
    sending = Sending(hand_on, personal=personal, wanted=wanted)
    try:
        yield sending, drafts
    finally:
        sending.stopped.set()


async def until_done(work: asyncio.Task[Any], drafts: asyncio.Queue[str]) -> AsyncIterator[str]:
    """The newest draft, every now and then, until the work is done."""
    try:
        while not work.done():
            await asyncio.wait({work}, timeout=PAUSE_S)
            newest = ""
            while not drafts.empty():
                newest = drafts.get_nowait()
            if newest and not work.done():
                yield newest
    finally:
        if not work.done():
            work.cancel()
