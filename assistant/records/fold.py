"""Text as the history is searched: so that 協働, ｷｮｳﾄﾞｳ and ABC are found however they are typed."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Text after NFKC, without case, white space and characters that cannot be seen."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c)[0] != "C")
