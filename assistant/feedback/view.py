"""What the views of the feedback page share: where it stands, and the answer that one is about."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from assistant.feedback.datatypes import Part
from assistant.markup import html, join
from assistant.plain_page import Place, View
from assistant.words import Words

PLACE = Place("/feedback", Path(__file__).parent, "f-page")
_SHORT = 70


def part_words(part: Part, answer: Mapping[str, Any], words: Words) -> str:
    """A part of an answer in words, with the beginning of what it names."""
    if part.kind == "statement":
        text = str(answer["statements"][part.number - 1]["text"])
        return words("part.statement", number=part.number, text=shortened(text))
    if part.kind == "citation":
        cited = next(c for c in answer["citations"] if c["number"] == part.number)
        return words("part.citation", number=part.number, text=place_words(cited, words))
    return words(f"part.{part.kind}")


def place_words(cited: Mapping[str, Any], words: Words) -> str:
    """Where a citation stands: title and locator, in the page's language where it has them."""
    english = words.language == "en"
    title = (english and cited.get("title_en")) or cited["title"]
    locator = (english and cited.get("locator_en")) or cited["locator"]
    return f"{title} {locator}".strip()


def shortened(text: str) -> str:
    """The beginning of a text on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHORT else f"{flat[: _SHORT - 1]}…"


def local_time(moment: str) -> str:
    """An ISO time as this machine's date and minute."""
    return datetime.datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def items(texts: list[str], css: str = "") -> Markup:
    """A list of texts."""
    return html(
        '<ul class="{css}">{items}</ul>',
        css=css,
        items=join(html("<li>{t}</li>", t=text) for text in texts),
    )


def crumbs(view: View, *steps: tuple[str, str]) -> Markup:
    """The way back: steps (title, address); the last one is here."""
    links = [html('<li><a href="{a}">{t}</a></li>', a=a, t=t) for t, a in steps[:-1]]
    links.append(html('<li aria-current="page">{t}</li>', t=steps[-1][0]))
    return html(
        '<nav class="f-crumbs" aria-label="{label}"><ol>{items}</ol></nav>',
        label=view.words("page.crumbs"),
        items=join(links),
    )
