"""Characters that a reader does not see: left out of every text, and counted.

Tag characters, zero-width characters, direction controls and stray variation selectors can
hide words from people that a search would still read. An ideographic variation sequence (one
selector after a kanji, as in the names of people and places) is kept, for it is seen.
"""

from __future__ import annotations

import re

_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_KANJI = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_SEEN = re.compile(rf"(?<=[{_KANJI}])[{_SELECTORS}]")
_INVISIBLE = re.compile(
    rf"(?:(?<![{_KANJI}])[{_SELECTORS}]|(?<=[{_SELECTORS}])[{_SELECTORS}]|[{_UNSEEN}])"
)
_EMOJI = re.compile("(?<=[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f])[\u200d\ufe0e\ufe0f]")


def strip_invisible(text: str) -> tuple[str, int]:
    """A text without invisible characters, and how many were left out.

    Those that only join or colour an emoji are left out too, but not counted.
    """
    if text.isascii():
        return text, 0
    plain = _EMOJI.sub("", text)
    return _INVISIBLE.subn("", plain)


def searchable(text: str) -> str:
    """A text as it is searched: without the selectors that are kept to be seen."""
    return text if text.isascii() else _SEEN.sub("", text)
