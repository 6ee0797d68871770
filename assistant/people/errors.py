"""What can be wrong with an account, a password or a sign-in."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import AssistantError
from assistant.words import load_words

FOLDER = Path(__file__).parent
"""Where the words of these pages lie."""


class PeopleError(AssistantError):
    """Something about people that cannot be.

    ``problem`` names the sentence under ``[problem]`` in ``ja.toml`` and ``en.toml``; as text it
    is the English one.
    """

    def __init__(self, problem: str) -> None:
        """Keep which problem it is."""
        super().__init__(load_words("en", FOLDER)(f"problem.{problem}"))
        self.problem = problem
