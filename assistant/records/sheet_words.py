"""What a sheet and a page of the records say of a time, a person and a passage, in words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from assistant.person import Person
from assistant.render_sources import day
from assistant.words import Words, load_words

JAPAN = datetime.timezone(datetime.timedelta(hours=9), "JST")
"""Japan's time: it has no other in summer."""


def in_japan(moment: str) -> datetime.datetime:
    """An ISO time as Japan's time."""
    return datetime.datetime.fromisoformat(moment).astimezone(JAPAN)


def moment_words(moment: str, words: Words, key: str = "page.moment") -> str:
    """An ISO time as date and minute in Japan; ``sheet.moment`` says which time it is."""
    local = in_japan(moment)
    chat = load_words(words.language)
    date = day(local.date().isoformat(), chat)
    return words(key, date=date, time=local.strftime("%H:%M"))


def name_of(person: Person, words: Words) -> str:
    """A person's name with their section, as others see it."""
    named = " ".join(part for part in (person.section, person.name) if part)
    return named or words("sheet.at_this_machine")


def title_of(place: Mapping[str, Any], words: Words) -> str:
    """The title of a passage's document, in the language of the words where it has one."""
    english = words.language == "en" and place.get("title_en")
    return str(place["title_en"] if english else place["title"])


def locator_of(place: Mapping[str, Any], words: Words) -> str:
    """Where a passage stands in its document; many Japanese typefaces lack the thin arrow."""
    english = words.language == "en" and place.get("locator_en")
    return str(place["locator_en"] if english else place["locator"]).replace("›", "＞")


def weight_of(place: Mapping[str, Any], words: Words) -> str:
    """What a passage weighs: its authority, whether it binds, its edition and its standing."""
    chat = load_words(words.language)
    parts = [
        chat(f"authority.{place['authority']}"),
        chat("source.binding" if place["binding"] else "source.not_binding"),
        chat(f"source.{place['edition']}"),
    ]
    if place["standing"] != "provision":
        audited = place["standing"] == "opinion" and place["authority"] == "audit"
        parts.append(chat("standing.audit_opinion" if audited else f"standing.{place['standing']}"))
    if place.get("ocr_percent") is not None:
        parts.append(chat("source.ocr", percent=place["ocr_percent"]))
    if place.get("superseded"):
        parts.append(words("sheet.superseded"))
    return (" ／ " if words.language == "ja" else ", ").join(parts)


def dates_of(place: Mapping[str, Any], words: Words) -> str:
    """From when to when a passage is in force."""
    chat = load_words(words.language)
    since, until = place["effective_from"], place["effective_until"]
    parts = [chat("source.from", date=day(since, chat))] if since else []
    parts += [chat("source.until", date=day(until, chat))] if until else []
    return " ".join(parts) or chat("source.no_dates")
