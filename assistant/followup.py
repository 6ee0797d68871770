"""A short question that leans on the one before it, worded so that it stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.datatypes import Turn
from assistant.phrasebook import load_table
from index.concepts import find_concepts
from index.terms import Match, TermList
from index.tokenization import normalise, words


def stand_alone(question: str, history: Sequence[Turn], language: str, terms: TermList) -> str:
    """The question worded to stand alone: itself where it already does.

    A word of the same kind (another partner, another document) takes the place of the one in
    the question before; otherwise the topic of that question is put in front.
    """
    before = _last_question(history, language, terms)
    if not before or not leans(question, language, terms):
        return question
    swapped = _swap(before, question, terms)
    if swapped:
        return swapped
    topic = _topic(before, terms)
    if not topic:
        return question
    template = str(load_table("followups")[f"join_{language}"])
    return template.format(topic=topic, question=question)


def leans(question: str, language: str, terms: TermList) -> bool:
    """Whether a question needs the one before it to be understood."""
    table = load_table("followups")
    plain = normalise(question)
    if any(plain.startswith(opening.strip()) for opening in table[f"opens_{language}"]):
        return len(find_concepts(question, terms)) <= 5
    if any(part in f" {plain} " for part in table[f"holds_{language}"]):
        return len(find_concepts(question, terms)) <= 5
    size = len(plain) if language == "ja" else len(plain.split())
    return size <= int(table[f"short_{language}"]) and len(words(question)) <= 3


def _last_question(history: Sequence[Turn], language: str, terms: TermList) -> str:
    """The user's last question, itself made stand-alone by what came before it."""
    asked = [i for i, turn in enumerate(history) if turn.role == "user" and turn.content.strip()]
    if not asked:
        return ""
    last = asked[-1]
    return stand_alone(history[last].content.strip(), history[:last][-6:], language, terms)


def _swap(before: str, question: str, terms: TermList) -> str:
    """The question before, with its partner (document ...) replaced by this question's."""
    replaceable = load_table("followups")["replaceable"]
    new = [m for m in terms.find(question) if m.term.category in replaceable]
    old = [m for m in terms.find(before) if m.term.category in replaceable]
    leftover = len(words(question)) - sum(len(words(m.surface)) for m in new)
    for match in new:
        for candidate in old:
            if _same_kind(match, candidate) and leftover <= 1:
                return _replace(before, candidate, _as_written(match, question))
    return ""


def _same_kind(new: Match, old: Match) -> bool:
    return new.term.category == old.term.category and new.term.ja != old.term.ja


def _as_written(match: Match, question: str) -> str:
    if match.surface in normalise(question):
        return match.surface
    for form in (*match.term.en_plain, *match.term.en):
        found = re.search(rf"\b{re.escape(form)}\b", question, re.IGNORECASE)
        if found:
            return found.group()
    return match.term.en[0]


def _replace(before: str, old: Match, new: str) -> str:
    forms = sorted({old.surface, *old.term.en, *old.term.en_plain}, key=len, reverse=True)
    for form in forms:
        pattern = re.escape(form)
        if form.isascii():
            pattern = rf"\b{pattern}\b"
        changed, count = re.subn(pattern, lambda _: new, before, flags=re.IGNORECASE)
        if count:
            return changed
    changed, count = re.subn(re.escape(old.surface), lambda _: new, normalise(before))
    return changed if count else ""


def _topic(before: str, terms: TermList) -> str:
    """What the question before was about, in its own words."""
    surfaces = [m.surface for m in terms.find(before)]
    spoken = normalise(before)
    kept = [s for s in dict.fromkeys(surfaces) if s in spoken]
    if spoken.isascii():
        return before.rstrip("?？ .")
    return "・".join(kept[:4]) or before.rstrip("?？。 ")
