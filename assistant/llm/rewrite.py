"""A follow-up worded by a model so that it stands alone; off unless ``[llm] rewrite`` is set."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.datatypes import Language, Turn
from assistant.gate import fold
from assistant.llm.client import Message
from assistant.llm.prompt import as_data, fresh_ids, told
from assistant.llm.verify import has_markup
from assistant.quantities import quantities
from assistant.understand import language_of
from assistant.wording import unsupported_words

LONGEST = 300
"""Characters that a question made stand-alone may have."""
TURNS = 6
"""Turns before the question that are told to the model."""
_TURN = 600


def rewriting(question: str, history: Sequence[Turn], language: Language) -> tuple[Message, ...]:
    """The messages that ask a model to make a follow-up stand alone."""
    turns = [f"{t.role}: {t.content[:_TURN]}" for t in history[-TURNS:]]
    talk, asked = fresh_ids(2, "\n".join([question, *turns]))
    parts = [
        f"<<<conversation {talk}>>>\n{as_data(chr(10).join(turns))}\n<<<end {talk}>>>",
        f"<<<question {asked}>>>\n{as_data(question)}\n<<<end {asked}>>>",
    ]
    return (
        {"role": "system", "content": told(language, "rewrite")},
        {"role": "user", "content": "\n\n".join(parts)},
    )


def accepted_rewriting(
    written: str, question: str, history: Sequence[Turn], language: Language
) -> str:
    """The model's wording where nothing in it is new, else "".

    Every content word and number must stand in the conversation, and the question's own
    numbers must stay.
    """
    text = " ".join(written.split()).strip(' "「」')
    if not text or len(text) > LONGEST or has_markup(text) or language_of(text) != language:
        return ""
    known = "\n".join([question, *(t.content for t in history[-TURNS:])])
    if unsupported_words(fold(text).lower(), fold(known).lower()):
        return ""
    numbers = [{q.value for q in quantities(fold(t).lower())} for t in (question, text, known)]
    return text if numbers[0] <= numbers[1] <= numbers[2] else ""
