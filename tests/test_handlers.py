"""What asking, stopping and asking again do to a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

from assistant import handlers
from assistant.conversation import Conversation
from assistant.datatypes import Answer, Turn
from assistant.handlers import Step
from tests.page_stub import DEMO, StubService


@dataclass(frozen=True)
class Listening(StubService):
    """Remembers what it was asked."""

    heard: list[tuple[str, tuple[Turn, ...], str, str | None]] = field(default_factory=list)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        language: str = "auto",
        as_of: str | None = None,
    ) -> Answer:
        self.heard.append((question, tuple(history), language, as_of))
        return super().ask(question, history, language, as_of)


def collect(steps: AsyncIterator[Step]) -> list[Step]:
    async def gather() -> list[Step]:
        return [step async for step in steps]

    return asyncio.run(gather())


def test_statements_come_one_by_one() -> None:
    steps = collect(handlers.ask(StubService(), Conversation(), {"question": "協働とは"}))
    states = [
        (s.conversation.exchanges[-1].state, s.conversation.exchanges[-1].shown) for s in steps
    ]
    assert states == [("working", n) for n in range(6)] + [("done", 5)]
    assert steps[0].status == "文書を調べています"
    assert steps[-1].status == "回答が出ました。文は5、根拠は3件です。"


def test_an_answer_comes_whole_while_others_wait() -> None:
    event = {"question": "協働とは"}
    steps = collect(handlers.ask(StubService(), Conversation(), event, hurried=lambda: True))
    states = [s.conversation.exchanges[-1].state for s in steps]
    assert states == ["working", "done"]
    assert steps[-1].conversation.exchanges[-1].shown == 5


def test_the_core_hears_the_question_the_history_and_the_date() -> None:
    service = Listening()
    first = collect(handlers.ask(service, Conversation(), {"question": " 協働とは "}))[-1]
    event = {"question": "企業も同じですか", "as_of": "2025-01-31"}
    collect(handlers.ask(service, first.conversation, event))
    answer = first.conversation.exchanges[0].answer
    assert answer is not None
    assert service.heard == [
        ("協働とは", (), "auto", None),
        (
            "企業も同じですか",
            (Turn("user", "協働とは"), Turn("assistant", answer.text)),
            "auto",
            "2025-01-31",
        ),
    ]


def test_a_refused_question_never_reaches_the_core() -> None:
    service = Listening()
    for value in ("", "あ" * 2001, ["x"], None):
        steps = collect(handlers.ask(service, Conversation(), {"question": value}))
        assert len(steps) == 1
        assert steps[0].notice
        assert steps[0].conversation == Conversation()
    assert service.heard == []


def test_stopping_keeps_the_statements_shown() -> None:
    steps = collect(handlers.ask(StubService(), Conversation(), {"question": "協働とは"}))
    stopped = handlers.stop(steps[2].conversation)
    last = stopped.conversation.exchanges[-1]
    assert (last.state, last.shown) == ("stopped", 2)
    assert stopped.status == "途中で止めました。ここまでの内容を表示しています。"
    assert handlers.stop(steps[-1].conversation).conversation == steps[-1].conversation


def test_asking_again_leaves_the_earlier_turns_alone() -> None:
    service = Listening()
    one = collect(handlers.ask(service, Conversation(), {"question": "一つ目"}))[-1].conversation
    two = collect(handlers.ask(service, one, {"question": "二つ目", "as_of": "2025-01-31"}))[-1]
    again = collect(handlers.retry(service, two.conversation))[-1].conversation
    assert [e.question for e in again.exchanges] == ["一つ目", "二つ目"]
    assert service.heard[2] == service.heard[1]
    assert again == replace(two.conversation)


def test_asking_again_with_nothing_asked_does_nothing() -> None:
    steps = collect(handlers.retry(StubService(), Conversation()))
    assert steps == [Step(Conversation())]


def test_an_unknown_error_is_logged_and_not_told(caplog) -> None:
    steps = collect(handlers.ask(StubService(), Conversation(), {"question": DEMO["fail"]}))
    last = steps[-1].conversation.exchanges[-1]
    assert (last.state, last.error, last.answer) == ("failed", "", None)
    assert "RuntimeError: secret path" in caplog.text
    assert "secret" not in steps[-1].status
