"""The words that frame an answer, and those that tell questions apart: data, not code."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("language")


@cache
def load_table(name: str) -> dict[str, Any]:
    """A table of ``assistant/language/`` by its name without ``.toml``."""
    with (_FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def phrase(language: str, group: str, name: str, **values: object) -> str:
    """A phrase of the answer's language with its blanks filled in; "" where there is none."""
    template = load_table(f"phrases.{language}").get(group, {}).get(name, "")
    return str(template).format(**values) if values else str(template)
