"""The parts of the page as HTML, and which of them each step of a conversation changes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.conversation import Conversation, Exchange
from assistant.datatypes import Language
from assistant.handlers import Step
from assistant.pages import Link
from assistant.people.forms import with_tokens
from assistant.person import Visit, person_of, visit_of
from assistant.render import render_turn
from assistant.render_frame import render_foot, render_form, render_head, render_welcome
from assistant.seen import Seen
from assistant.service import Service
from assistant.words import Words, load_words

PARTS = ("head", "past", "recent", "live", "form", "foot")
"""The parts of the page from above. An event gives back the tab's state, then these."""
MOVING = ("live", "form")
"""What changes while an answer comes."""
FOLD = 8
"""Turns that move from ``recent`` to ``past`` at a time. ``past`` is drawn and sent at every
eighth question only: else each question would cost as much as the conversation is long."""

Beside = Callable[[str, Language], Markup]
"""What other pages put under an answer, by its id and the language of the page."""


def nothing_beside(answer_id: str, language: Language) -> Markup:
    """For a page under whose answers no other page puts anything."""
    return Markup("")


@dataclass(frozen=True)
class Drawing:
    """Draws the page of one assistant."""

    service: Service
    links: tuple[Link, ...]
    beside: Beside = nothing_beside

    def whole(self, step: Step, request: gr.Request) -> list[Any]:
        """The state and every part of the page."""
        return self._draw(step, request, PARTS)

    async def stream(
        self, steps: AsyncIterator[Step], request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        """What the steps of one answer change: at first all but the turns that stand still, then
        what moves."""
        parts: Collection[str] = ()
        async for step in steps:
            parts = MOVING if parts else _changed(step.conversation)
            yield self._draw(step, request, parts)

    def _draw(self, step: Step, request: gr.Request, parts: Collection[str]) -> list[Any]:
        conversation, visit = step.conversation, visit_of(request.request)
        words = load_words(conversation.language)
        earlier, newest = conversation.exchanges[:-1], conversation.last
        folded = _folded(conversation)
        draw: dict[str, Callable[[], Markup]] = {
            "head": lambda: render_head(conversation, words, self.links, visit),
            "past": lambda: (
                self._turns(earlier[:folded], words, visit) if newest else render_welcome(words)
            ),
            "recent": lambda: self._turns(earlier[folded:], words, visit),
            "live": lambda: self._turn(newest, words, visit, newest=True) if newest else Markup(""),
            "form": lambda: render_form(words, step.status, step.notice, step.consent),
            "foot": lambda: self._foot(conversation, words, request),
        }
        return [conversation, *(str(draw[p]()) if p in parts else gr.skip() for p in PARTS)]

    def _turns(self, exchanges: Sequence[Exchange], words: Words, visit: Visit) -> Markup:
        return Markup("").join(self._turn(e, words, visit, newest=False) for e in exchanges)

    def _turn(self, exchange: Exchange, words: Words, visit: Visit, newest: bool) -> Markup:
        under = exchange.answer_id and exchange.state in ("done", "stopped")
        more = self.beside(exchange.answer_id, words.language) if under else Markup("")
        more = with_tokens(more, visit.token)
        return render_turn(exchange, words, newest=newest, beside=more)

    def _foot(self, conversation: Conversation, words: Words, request: gr.Request) -> Markup:
        seen = Seen(self.service, person_of(request.request).collections).snapshot()
        return render_foot(conversation, seen.examples(words.language), seen.documents(), words)


def _folded(conversation: Conversation) -> int:
    """How many turns lie in ``past``."""
    return max(len(conversation.exchanges) - 1, 0) // FOLD * FOLD


def _changed(conversation: Conversation) -> Collection[str]:
    """The parts that a question, asked or refused, may change."""
    earlier = len(conversation.exchanges) - 1
    if earlier < 0 or earlier == _folded(conversation):
        return PARTS
    return tuple(part for part in PARTS if part != "past")
