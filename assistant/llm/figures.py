"""What a statement's numbers are told of, beside what the source's are."""

from __future__ import annotations

import re
from collections import Counter

from assistant.llm.segments import Segment, opening_of
from assistant.phrasebook import load_table
from assistant.quantities import Quantity, quantities
from assistant.wording import any_wording, is_framing
from index.tokenization import words

_COMMA = re.compile(r"、|, | and (?=no |in |at |for |up )")
_NEXT = 2


def figures_astray(said: str, segment: Segment) -> bool:
    """Whether a number of a statement is not its segment's, or is told of something else.

    What a number is told of is looked for between the commas that it stands between, or
    after them where nothing else stands there. What a statement opens with is left out.
    """
    opening = len(opening_of(said))
    known, about = quantities(segment.text), set(content_words(segment.topic))
    numbered = {q.unit for q in quantities(segment.topic)}
    for quantity in quantities(said):
        same = [k for k in known if k.value == quantity.value and _same_label(quantity, k)]
        if quantity.start < opening and (same or quantity.unit not in numbered):
            continue
        if not same:
            return True
        rest = map(content_words, _COMMA.split(said[quantity.end :]))
        follows = next((spoken for spoken in rest if spoken), [])[:_NEXT]
        near = [about | set(content_words(_around(segment.text, k.start, k.end))) for k in same]
        if follows and not any(any_wording(w, held) for held in near for w in follows):
            return True
    told = Counter(q.value for q in quantities(said) if q.start >= opening)
    return bool(told - Counter(k.value for k in known)) or _apart(said, segment)


def _same_label(one: Quantity, other: Quantity) -> bool:
    """Whether "Term 5" is not told of "five items": a label stands before both or neither."""
    labels = load_table("gate")["counters"]["labels"]
    return {one.anchor} & set(labels) == {other.anchor} & set(labels)


def _apart(said: str, segment: Segment) -> bool:
    """Whether numbers told in one breath stand in different parts of a list in the source."""
    chunks = [{q.value for q in quantities(c)} for c in _COMMA.split(segment.text)]
    about = {q.value for q in quantities(segment.topic)}
    own = [{q.value for q in quantities(c)} - about for c in _COMMA.split(said)]
    several = [c for c in chunks if c]
    for told in own:
        held = [c for c in several if c & told]
        if len(told) > 1 and len(held) > 1 and not any(told <= c for c in several):
            return True
    joined = set().union(*own) if own else set()
    rivals = [c for c in several if c & joined]
    return len(own) > 1 and len(joined) > 1 and _crossed(joined, rivals)


def _crossed(told: set[str], chunks: list[set[str]]) -> bool:
    """Whether numbers are taken from two parts that each pair them with others."""
    pairs = [c for c in chunks if len(c) > 1]
    return len(pairs) > 1 and not any(told <= c for c in pairs)


def _around(text: str, place: int, after: int) -> str:
    """The text between the commas around a number, which stands from ``place`` to ``after``;
    the next stretch too where nothing stands between it and the comma (各区1か所、計7回開く)."""
    start = max((m.end() for m in _COMMA.finditer(text) if m.end() <= place), default=0)
    end = after
    for _ in range(2):
        match = _COMMA.search(text, end)
        end = match.end() if match else len(text)
        if content_words(text[after:end]):
            break
    return text[start:end]


def content_words(text: str) -> list[str]:
    """The words of a text that are no figures, no counters and no framing, in order."""
    counters = load_table("gate")["counters"]["words"]
    return [
        w for w in words(text) if not w[0].isdigit() and w not in counters and not is_framing(w)
    ]
