"""A Japanese quote in English, by a model; off unless ``[llm] translate`` is set.

It is shown as machine translation beside the original, and only where numbers, limits, what
must or may be done and denials agree with it. Its words are not checked one by one.
"""

from __future__ import annotations

from assistant.gate import fold
from assistant.llm.client import Message
from assistant.llm.marks import marks_disagree
from assistant.llm.prompt import as_data, fresh_ids, told
from assistant.llm.verify import has_markup
from assistant.understand import language_of

MOST = 3
"""Quotes translated for one answer."""
LONGEST = 1_200
"""Characters that a translation may have."""


def translating(quote: str) -> tuple[Message, ...]:
    """The messages that ask for a translation into English."""
    (own,) = fresh_ids(1, quote)
    block = f"<<<passage {own}>>>\n{as_data(quote)}\n<<<end {own}>>>"
    return (
        {"role": "system", "content": told("en", "translate")},
        {"role": "user", "content": block},
    )


def accepted_translation(written: str, quote: str) -> str:
    """A translation that can stand beside its original, else ""."""
    text = " ".join(written.split()).strip(' "“”')
    if not text or len(text) > LONGEST or has_markup(text) or language_of(text) != "en":
        return ""
    said, carried = fold(text).lower(), fold(quote).lower()
    if marks_disagree(said, carried) or marks_disagree(carried, said):
        return ""
    return text
