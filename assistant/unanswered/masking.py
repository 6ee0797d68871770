"""Takes out of a question what looks like personal data, before the question is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from assistant.personal import Concern, find_personal

MASK = "■■■"


def masked(text: str) -> str:
    """The text with ``MASK`` in place of what looks like personal data.

    A text with none is returned as it is; one with some after NFKC, as it was read.
    """
    concerns = find_personal(text)
    if not concerns:
        return text
    plain = unicodedata.normalize("NFKC", text)
    for words in (w for concern in concerns for w in _words(concern)):
        plain = plain.replace(words, MASK)
    return MASK if find_personal(plain) else plain


def _words(concern: Concern) -> Sequence[str]:
    """The stretches of text that a concern names."""
    both = concern.kind == "name_and_address"
    return concern.words.split(" / ") if both else [concern.words]
