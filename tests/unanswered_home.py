"""Questions that were not answered, as the conversation tells them, over records of their own."""

from __future__ import annotations

from pathlib import Path

from assistant.asked import Asked, new_id, now
from assistant.datatypes import Answer, Handover, Query
from assistant.pages import Surroundings
from assistant.settings import Settings
from assistant.state import State, open_state
from assistant.unanswered.listener import listener
from assistant.unanswered.store import Wanted, all_groups, chosen
from tests.feedback_home import HANAKO
from tests.page_stub import StubService

COPIES = ("コピー代は1枚いくらですか", "コピーは一枚いくらかかりますか", "コピー代 1枚 料金")
OTHER = "住民投票はこれまで何回行われましたか"


def asked(
    question: str,
    status: str = "no_answer",
    conversation: str = "",
    at: str = "",
    section: str = "市民文化局 協働・連携推進課",
) -> Asked:
    """A question that was not answered, as the conversation tells it."""
    language = "en" if question.isascii() else "ja"
    query = Query(question, language, "fact", question, "2026-11-26")  # type: ignore[arg-type]
    answer = Answer(query, status, "", handover=Handover(section, "", ""))  # type: ignore[arg-type]
    return Asked(new_id(), conversation or new_id(), HANAKO, at or now(), answer)


def around(home: Path) -> Surroundings:
    service = StubService()
    return Surroundings(Settings(home), home / "index", service, open_state(home / "s.sqlite3"))


def tell(place: Surroundings, *told: Asked) -> None:
    listen = listener(place)
    for one in told:
        listen(one)


def sizes(state: State) -> list[int]:
    return [group.size for group in chosen(all_groups(state), Wanted())]
