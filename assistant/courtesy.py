"""A question without the greetings around it."""

from __future__ import annotations

import re
from functools import cache

from assistant.phrasebook import load_table
from index.tokenization import words

_APART = r"[\s、。,.!?！？:：;〜~…\-—]"


def without_courtesy(text: str) -> str:
    """The text without greetings at its beginning and thanks at its end.

    They tell nothing of what is asked, but make a short question like small talk. The phrases are
    in ``language/courtesies.toml``. Where nothing to look for would be left, the text as it is.
    """
    opens, closes = _patterns()
    kept = closes.sub("", opens.sub("", text)).strip()
    return kept if words(kept) else text


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = load_table("courtesies")
    first = _one_of([*table["opens_ja"], *table["opens_en"]])
    last = _one_of([*table["closes_ja"], *table["closes_en"]])
    return (
        re.compile(rf"^(?:{first}{_APART}+)+", re.IGNORECASE),
        re.compile(rf"(?<=[\s、。,.!?！？])(?:{last}{_APART}*)+$", re.IGNORECASE),
    )


def _one_of(phrases: list[str]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, longest_first))})"
