"""The report's words, in both languages at once: the page shows one of them."""

from __future__ import annotations

import tomllib
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("page")
LANGUAGES = ("ja", "en")


def both(name: str, group: str = "", **values: object) -> str:
    """A phrase as HTML, escaped: a span for each language."""
    return "".join(
        f'<span class="{language}">{escape(plain(language, name, group, **values))}</span>'
        for language in LANGUAGES
    )


def plain(language: str, name: str, group: str = "", **values: object) -> str:
    """A phrase of one language; a name without a phrase, a new kind say, stands for itself."""
    table = _words()[language]
    phrases = table[group] if group else table
    template = str(phrases.get(name, name)) if group else str(phrases[name])
    return template.format(**values) if values else template


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((PAGE / "words.toml").read_text(encoding="utf-8"))
