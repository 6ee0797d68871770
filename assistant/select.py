"""The sentences that answer, chosen across passages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.beside import all_signs, belonging, enough
from assistant.retrieve import Found
from assistant.understand import KindRule
from corpus.datatypes import Passage
from corpus.sentences import split_sentences
from index.concepts import Concept
from index.encoder import Encoder
from index.search import PRIOR, Hit, Index
from index.tokenization import words

_BULLET = re.compile(r"^[■◆◇○●□・\-*]\s*")
_LEANING = re.compile(
    r"^(?:また|なお|ただし|さらに|一方|この|その|これ|それ|同"
    r"|However|But|In addition|Moreover|It |They |This |These )"
)
SHORT = (160, 400)
"""Characters (Japanese, English) up to which the best provision is quoted whole."""
LOOKED_AT = 8
"""Units of which those are chosen that an answer cites."""
NEAR_COPY = 0.85
"""Share of words in common above which a sentence says what another has said."""
KNOWN_SHARE = 0.8
"""Share of a gap's concepts from which another passage knows enough to be told beside it."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a passage chosen for the answer: ``passage.text[start:end]``."""

    passage: Passage
    start: int
    end: int
    score: float
    rank: int

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.passage.text[self.start : self.end]


def select(found: Found, index: Index, rule: KindRule, english: bool) -> list[Piece]:
    """The stretches that answer a question, best unit first, as many as its kind allows."""
    most = rule.most
    pieces: list[Piece] = []
    for order, hit in enumerate(_choose_units(found, index, rule, english)):
        room = most - len(pieces)
        if room <= 0:
            break
        limit = 2 if order == 0 else 1
        for piece in _pieces(hit, found, index.encoder, limit)[:room]:
            if not any(_same(piece.text, other.text) for other in pieces):
                pieces.append(piece)
    return pieces


def candidates(found: Found, rule: KindRule) -> list[Hit]:
    """The units that may be cited: the one that the answer opens with, then the others."""
    return list(_without_idle_gaps(found, rule).hits[:LOOKED_AT])


def _choose_units(found: Found, index: Index, rule: KindRule, english: bool) -> list[Hit]:
    """The best unit, and those likely enough to belong beside it, the likeliest first.

    Where the question asks for findings or the like, those all belong.
    """
    hits = candidates(found, rule)
    beside = [
        (1.0 if hit.passage.standing in found.standings else belonging(seen), hit)
        for seen, hit in zip(all_signs(hits, found, index, english), hits[1:], strict=True)
    ]
    kept = sorted((row for row in beside if row[0] >= enough()), key=lambda row: -row[0])
    return [*hits[:1], *(hit for _, hit in kept[: rule.most - 1])]


def decisive_gap(found: Found) -> Hit | None:
    """The best unit, where it says that just what is asked for is not known; else None."""
    best = found.hits[0] if found.hits else None
    if best is None or best.passage.standing != "gap":
        return None
    known = max((h.coverage for h in found.hits if h.passage.standing != "gap"), default=0.0)
    return best if best.coverage * KNOWN_SHARE > known else None


def _without_idle_gaps(found: Found, rule: KindRule) -> Found:
    """What was found without gaps that hold no more of the question than an answer does.

    A gap stays where it would be the best but for its prior, and in a broad question (one
    that also looks for other things): what is not known belongs to the answer.
    """
    known = [h for h in found.hits if h.passage.standing != "gap"]
    covered = max((h.coverage for h in known), default=0.0)
    best = max((h.score for h in known), default=0.0)
    margin = 0.0 if rule.adds else 0.05
    kept = tuple(
        h
        for h in found.hits
        if h.passage.standing != "gap"
        or h.coverage >= covered + margin
        or (h.score >= PRIOR["gap"] * best and h.coverage >= covered)
    )
    return replace(found, hits=kept)


def _gain(new: set[int], found: Found) -> float:
    total = sum(found.result.weights) or 1.0
    return sum(found.result.weights[i] for i in new) / total


def concepts_in(text: str, concepts: tuple[Concept, ...]) -> set[int]:
    """Which concepts (by number) a text holds, in any of their wordings."""
    held = set(words(text))
    return {i for i, c in enumerate(concepts) if any(set(a) <= held for a in c.alternatives)}


def _pieces(hit: Hit, found: Found, encoder: Encoder, limit: int) -> list[Piece]:
    """The best sentences of a unit, in the order of the text; neighbours become one stretch."""
    passage = hit.passage
    spans = [without_bullet(passage.text, s, e) for s, e in split_sentences(passage.text)]
    spans = [(s, e) for s, e in spans if not _is_label(passage.text[s:e])]
    if not spans:
        return []
    values = _values(passage, spans, found, encoder)
    best = sorted(range(len(spans)), key=lambda i: -values[i])[:limit]
    good = {i for i in best if values[i] >= 0.6 * values[best[0]]}
    if passage.document.edition == "digest" and "\n" not in passage.text:
        short = limit > 1 and len(passage.text) <= SHORT[passage.language == "en"]
        good = set(range(len(spans) if short else max(good) + 1))
    for i in list(good):
        while i > 0 and _LEANING.match(passage.text[spans[i][0] :]) and i - 1 not in good:
            i -= 1
            good.add(i)
    return [
        Piece(passage, spans[first][0], spans[last][1], hit.score, hit.rank)
        for first, last in _runs(sorted(good), passage.text, spans)
    ]


def _values(
    passage: Passage,
    spans: list[tuple[int, int]],
    found: Found,
    encoder: Encoder,
) -> list[float]:
    """How well each sentence answers: its cosine and the question's concepts in it."""
    texts = [passage.text[s:e] for s, e in spans]
    cosines = encoder.encode_passages(texts) @ found.asked
    values = []
    for order, (text, cosine) in enumerate(zip(texts, cosines, strict=True)):
        covered = _gain(concepts_in(text, found.result.concepts), found)
        first = 0.1 if order == 0 else 0.0
        values.append(max(float(cosine), 0.0) + covered + first)
    return values


def _runs(numbers: list[int], text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbouring sentences on one line as one run."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            between = text[spans[number - 1][1] : spans[number][0]]
            if "\n" not in between and not _BULLET.match(between.strip() or "x"):
                runs[-1] = (runs[-1][0], number)
                continue
        runs.append((number, number))
    return runs


def without_bullet(text: str, start: int, end: int) -> tuple[int, int]:
    """A span of a text without the bullet that it begins with."""
    match = _BULLET.match(text[start:end])
    return (start + match.end(), end) if match else (start, end)


def _is_label(text: str) -> bool:
    """【…】 alone, or a few characters, say nothing by themselves."""
    return len(text) < 6 or bool(re.fullmatch(r"【.*】|\[.*\]", text))


def _same(one: str, other: str) -> bool:
    first, second = set(words(one)), set(words(other))
    smaller = min(len(first), len(second)) or 1
    return len(first & second) / smaller > NEAR_COPY if smaller > 3 else one == other
