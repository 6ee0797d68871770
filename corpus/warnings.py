"""What a person should know about a file that was read: codes to keep, sentences to show."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


def warning(code: str, count: int, detail: str = "") -> tuple[str, ...]:
    """One warning as it is kept (``hidden_text:12:``), as a tuple; () where the count is 0.

    Args:
        code: a table of warnings.toml.
        count: of what the warning speaks.
        detail: names or figures beside it.
    """
    return (f"{code}:{count}:{detail}",) if count else ()


def sentence(kept: str, language: str = "ja") -> str:
    """The sentence of a warning, in "ja" or "en"; the code itself where it is not known."""
    code, _, rest = kept.partition(":")
    count, _, detail = rest.partition(":")
    words = _sentences().get(code)
    return words[language].format(count=count, detail=detail) if words else kept


@cache
def _sentences() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("warnings.toml").open("rb") as file:
        return tomllib.load(file)
