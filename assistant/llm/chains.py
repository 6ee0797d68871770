"""What belongs to what in an English sentence: its runs of content words, each on one before.

A run ends at any word that only joins (the, of, is, and). "The ward makes the selection" has
two, ``ward makes`` and ``selection``; who does something stays with what is done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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
    run = _Run(kind="it" if _GOES_ON.match(sentence) else "")
    first = 0
    for match in _TOKEN.finditer(sentence):
        token = match.group()
        spoken = _spoken(token, match.start(), numbers)
        if spoken is not None:
            run.words += spoken
            run.close = match.end() if spoken else run.close
            continue
        run = _finished(run, found, first, sentence)
        first = len(found) if token in breaks else first
        run.take(token, token in verbs, token in breaks and bool(found), token in before)
    _finished(run, found, first, sentence)
    return found


@dataclass
class _Run:
    """A run of content words, what stands before it, and where it and its marks lie."""

    kind: str = ""
    words: list[str] = field(default_factory=list)
    verbal: bool = False
    listed: bool = False
    begin: int = 0
    close: int = 0

    def take(self, token: str, verb: bool, breaks: bool, before: bool) -> None:
        """Note a word that only joins."""
        if breaks:
            self.kind = "anew"
        elif before and self.kind != "anew":
            self.kind = token
        self.verbal = self.verbal or verb
        self.listed = self.listed or token in (",", "and", "or")


def _finished(run: _Run, found: list[Phrase], first: int, sentence: str) -> _Run:
    """Add a run that holds words to those found; the run that goes on from there."""
    if not run.words:
        return run
    place = len(found)
    head = first if run.verbal and first < place else place - 1
    kind = "beside" if run.listed and not run.kind else run.kind
    own = tuple(dict.fromkeys(run.words))
    told = marks(sentence[run.begin : run.close])
    found.append(Phrase(own, kind, head, told, loose=True))
    return _Run(begin=run.close, close=run.close)


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
