"""The page as a Gradio app: its parts, and which function answers which event."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import anyio.to_thread
import gradio as gr

from assistant import handlers
from assistant.asked import Asked, Listener, now, tell
from assistant.conversation import Conversation, choose_language
from assistant.datatypes import Answer, Language
from assistant.drawing import PARTS, Beside, Drawing, nothing_beside
from assistant.handlers import Step, Told
from assistant.operations.watch import Watch
from assistant.pages import Link
from assistant.person import person_of
from assistant.render_frame import render_form
from assistant.seen import Seen
from assistant.service import Service
from assistant.words import load_words, read_interface

EVENT: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "trigger_mode": "once",
}


def build_app(
    service: Service,
    links: Sequence[Link] = (),
    listeners: Sequence[Listener] = (),
    beside: Beside = nothing_beside,
    watch: Watch | None = None,
) -> gr.Blocks:
    """The page for one assistant. It keeps each tab's conversation in that tab's state.

    Args:
        service: what answers the questions; shared by all, so it keeps nobody's state.
        links: the pages of the navigation, this one first.
        listeners: who is told of every answer.
        beside: what other pages put under an answer.
        watch: the server's account of itself.

    Raises:
        PageError: a file in ``interface/`` is missing or incomplete.
    """
    words = load_words("ja")
    page = gr.Blocks(
        title=words("page.title"),
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(3600, 86400),
    )
    with page:
        state = gr.State(Conversation(), time_to_live=24 * 3600)
        first = {"form": (str(render_form(words)), read_interface("page.js"))}
        parts = {name: _part(name, *first.get(name, ())) for name in PARTS}
        drawing = Drawing(service, tuple(links), beside)
        told = partial(_told, tuple(listeners))
        _listen(drawing, told, watch or Watch(), page, parts["form"], [state, *parts.values()])
    return page


def _told(listeners: tuple[Listener, ...], request: gr.Request) -> Told:
    """What tells the listeners of the answers to one request."""

    def told(answer_id: str, conversation: Conversation, answer: Answer) -> None:
        person = person_of(request.request)
        tell(listeners, Asked(answer_id, conversation.conversation_id, person, now(), answer))

    return told


def _own(conversation: Conversation, request: gr.Request) -> Conversation:
    """The conversation of who makes a request: nobody goes on with somebody else's."""
    return conversation.of(person_of(request.request))


def _seen(service: Service, request: gr.Request) -> Seen:
    """The service as who makes a request may see it."""
    return Seen(service, person_of(request.request).collections)


def _listen(
    drawing: Drawing,
    told: Callable[[gr.Request], Told],
    watch: Watch,
    page: gr.Blocks,
    form: gr.HTML,
    parts: list[Any],
) -> None:
    """Tie every event to its function; ``parts`` starts with the tab's state."""
    draw = drawing.whole

    def start(request: gr.Request) -> list[Any]:
        headers = request.headers
        language = choose_language(headers.get("cookie", ""), headers.get("accept-language", ""))
        return draw(Step(_own(Conversation(language), request)), request)

    async def ask(
        conversation: Conversation, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        conversation, seen = _own(conversation, request), _seen(drawing.service, request)
        await _make_ready(seen)
        steps = handlers.ask(seen, conversation, _data(event), told(request), watch.is_busy)
        async for drawn in drawing.stream(watch.follow(conversation, steps), request):
            yield drawn
        _drop_drawn(page, request)

    async def retry(conversation: Conversation, request: gr.Request) -> AsyncIterator[list[Any]]:
        conversation, seen = _own(conversation, request), _seen(drawing.service, request)
        await _make_ready(seen)
        steps = handlers.retry(seen, conversation, told(request), watch.is_busy)
        async for drawn in drawing.stream(watch.follow(conversation, steps), request):
            yield drawn
        _drop_drawn(page, request)

    def stop(conversation: Conversation, request: gr.Request) -> list[Any]:
        return draw(handlers.stop(_own(conversation, request)), request)

    def clear(conversation: Conversation, request: gr.Request) -> list[Any]:
        return draw(Step(_own(Conversation(conversation.language), request)), request)

    def switch(conversation: Conversation, event: gr.EventData, request: gr.Request) -> list[Any]:
        language: Language = "en" if _data(event).get("language") == "en" else "ja"
        return draw(Step(replace(_own(conversation, request), language=language)), request)

    state = parts[0]
    page.load(start, None, parts, **EVENT)
    asking = form.submit(ask, [state], parts, **EVENT)
    retrying = form.retry(retry, [state], parts, **EVENT)
    form.stop(stop, [state], parts, cancels=[asking, retrying], **EVENT)
    form.clear(clear, [state], parts, **EVENT)
    form.select(switch, [state], parts, **EVENT)


def _part(name: str, value: str = "", js_on_load: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=f"k-{name}", apply_default_css=False, js_on_load=js_on_load)


def _data(event: gr.EventData) -> Mapping[str, object]:
    """What the browser sent with an event; it may be anything, so anything else is nothing."""
    data = event._data
    return data if isinstance(data, dict) else {}


async def _make_ready(seen: Seen) -> None:
    """Make what may be seen aside, where it is not there yet: nobody else waits for it."""
    if seen.collections is not None:
        await anyio.to_thread.run_sync(seen.snapshot)


def _drop_drawn(page: gr.Blocks, request: gr.Request) -> None:
    """Let go of what Gradio keeps of the parts drawn for a tab.

    For links to a state, which this page has none of, Gradio keeps every value sent, and a part
    that one step skips under a new number each time: the whole conversation once more with
    every question, for as long as the tab is known.
    """
    session = page.state_holder.session_data.get(request.session_hash or "")
    if session is None:
        return
    for number, kept in list(session.config_values.items()):
        if number not in page.blocks:
            del session.config_values[number]
        elif isinstance(page.blocks[number], gr.HTML):
            kept["props"]["value"] = ""
