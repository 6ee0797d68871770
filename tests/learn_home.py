"""The learning pages over a data folder of their own, and an index that a test may change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.live import LiveAssistant
from assistant.pages import Surroundings, find_pages
from assistant.settings import Settings
from assistant.state import open_state
from tests.page_server import serving


@contextmanager
def learning(home: Path, index: Path) -> Iterator[str]:
    """Serve the conversation and the pages over an index; gives the address."""
    door = LiveAssistant(index)
    around = Surroundings(Settings(home), index, door, open_state(home / "state.sqlite3"))
    with door.watching(0.2), serving(door, find_pages(), around) as address:
        yield address
