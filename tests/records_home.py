"""Answers of two people, as the page tells them, and the pages over records of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.asked import Asked, new_id, now
from assistant.datatypes import Answer
from assistant.pages import Surroundings, find_pages
from assistant.person import Person
from assistant.records.schema import SCHEMA
from assistant.records.store import keep
from assistant.service import Service
from assistant.settings import Settings
from assistant.state import State, open_state
from tests.page_server import serving
from tests.page_stub import StubService

HANAKO = Person("hanako", "川崎 花子", "reader")
TARO = Person("taro", "多摩 太郎", "reader")


def records(folder: Path) -> State:
    """A state file with the tables of the records."""
    return open_state(folder / "state.sqlite3", [SCHEMA])


def asked(
    question: str = "条例では「協働」をどう定めていますか",
    person: Person = HANAKO,
    conversation: str = "",
    at: str = "",
    answer: Answer | None = None,
) -> Asked:
    """A question that a person asked, with the answer of the small assistant."""
    given = answer or StubService().ask(question)
    return Asked(new_id(), conversation or new_id(), person, at or now(), given)


def ask(state: State, question: str = "協働とは何ですか", **more: object) -> Asked:
    """Ask, and have the answer kept."""
    told = asked(question, **more)  # type: ignore[arg-type]
    keep(state, told)
    return told


@contextmanager
def serving_records(
    folder: Path, service: Service | None = None, days: int = 365
) -> Iterator[tuple[str, State]]:
    """Serve all pages over records of their own; gives the address and the records."""
    door, state = service or StubService(), open_state(folder / "state.sqlite3")
    settings = Settings(folder, records_days=days)
    around = Surroundings(settings, folder / "index", door, state)
    with serving(door, find_pages(), around) as address:
        yield address, state


def bytes_of(state: State) -> bytes:
    """All that the files of the state hold: the file itself, its log and its index."""
    files = sorted(state.path.parent.glob(f"{state.path.name}*"))
    return b"".join(path.read_bytes() for path in files)
