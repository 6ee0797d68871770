"""What belongs to what in an English sentence: its runs of content words, each on one before.

A run ends at any word that only joins (the, of, is, and). "The ward makes the selection" has
two, ``ward makes`` and ``selection``; who does something stays with what is done.
"""

from __future__ import annotations

import re

from assistant.llm.marks import marks
from assistant.llm.trees import Phrase
from assistant.phrasebook import load_table
from assistant.quantities import Quantity, quantities
from assistant.wording import is_framing
from index.tokenization import words

_TOKEN = re.compile(r"\d+(?:[,.]\d+)*|[a-z][a-z'’]*[a-z]|[a-z]|[,;:()\"]")
_GOES_ON = re.compile(r"\W*(?:it|they|this|these|those|both|its|their|such)\b")
_STOPS = frozenset(",;:()")


def chain(sentence: str) -> list[Phrase]:
    """The runs of content words of one folded, lower-case English sentence, in order.

    Each hangs on the run before it, or on its clause's first where is, may and the like stand
    between. ``kind`` is the preposition before a run, "beside" after and, or or a comma,
    "anew" after but and the like, "it" where a pronoun begins the sentence.
    """
    table = load_table("gate")["light"]
    verbs, breaks, before = (frozenset(table[k]) for k in ("verbs_en", "breaks_en", "before_en"))
    numbers = quantities(sentence)
    found: list[Phrase] = []
    run: list[str] = []
    first, kind, verbal, listed, end, close = 0, "", False, False, 0, 0
    if _GOES_ON.match(sentence):
        kind = "it"

    def finish() -> None:
        nonlocal run, kind, verbal, listed, end
        if not run:
            return
        place = len(found)
        head = first if verbal and first < place else place - 1
        own = "beside" if listed and not kind else kind
        found.append(
            Phrase(tuple(dict.fromkeys(run)), own, head, marks(sentence[end:close]), "", True)
        )
        run, kind, verbal, listed, end = [], "", False, False, close

    for match in _TOKEN.finditer(sentence):
        token = match.group()
        spoken = _spoken(token, match.start(), numbers)
        if spoken is not None:
            run += spoken
            close = match.end() if spoken else close
            continue
        finish()
        if token in breaks:
            first = len(found)
            kind = "anew" if found else kind
        elif token in before and kind != "anew":
            kind = token
        verbal = verbal or token in verbs
        listed = listed or token in (",", "and", "or")
    finish()
    return found


def _spoken(token: str, start: int, numbers: list[Quantity]) -> list[str] | None:
    """The words of a token, [] for one that adds no fact, None for one that only joins."""
    quantity = next((q for q in numbers if q.start <= start < q.end), None)
    if quantity is not None and quantity.start == start:
        return [f"={quantity.value}"]
    spoken = words(token)
    if not spoken or token in _STOPS:
        return None
    light = {w for entry in load_table("gate")["light"]["words_en"] for w in words(entry)}
    return [w for w in spoken if not is_framing(w) and w not in light and not w[0].isdigit()]
