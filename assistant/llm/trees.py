"""What belongs to what in a Japanese sentence: its phrases, each hung on the one it goes with.

A reading by particles alone, right for most sentences of official prose: 〜の and a verb before
a noun hang on that noun, a noun with a case particle on the next predicate, the topic on the
last one, items of a list on each other. Words that carry no fact (行う, こと, ある) melt into
the phrase before them, so that 支援を行う and 支援する read alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.llm.marks import marks
from assistant.phrasebook import load_table
from assistant.quantities import Quantity, quantities
from assistant.wording import is_framing
from index.tokenization import Morpheme, morphemes

_HELD = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞", "接尾辞", "接頭辞", "代名詞"})
_NOUNLIKE = frozenset({"名詞", "接尾辞", "接頭辞", "形状詞", "代名詞"})
_LISTS = frozenset({"と", "や", "及び", "並びに", "または", "又は", "か", "とか"})
_CASES = frozenset({"が", "を", "に", "へ", "から", "まで", "で", "より", "と"})
_TOPICS = frozenset(p + t for p in ("", *_CASES) for t in ("は", "も")) - {
    "とも",
    "よりは",
    "よりも",
}
_OPEN, _CLOSE = "(", ")"
_PUNCTUATION = re.compile(r"[、。,.;:]")


@dataclass(frozen=True)
class Phrase:
    """A phrase: its content words, the particles that close it, what it hangs on.

    ``head`` is the place of another phrase of the sentence, -1 for the last predicate.
    ``kind`` is "の", a case particle, "は" (topic), "list", "clause" (it narrows a noun), "and"
    (another clause follows), or "" for none. ``marks`` names what must or may be done, what is
    denied and what is narrowed in its own words.
    """

    words: tuple[str, ...]
    kind: str
    head: int
    marks: frozenset[str] = frozenset()
    role: str = ""
    loose: bool = False


@dataclass
class _Part:
    words: list[str]
    start: int
    end: int
    tail: str = ""
    comma: bool = False
    predicate: bool = False
    noun: bool = False
    source: bool = False
    cited: bool = False
    depth: int = 0


def phrases(sentence: str) -> list[Phrase]:
    """The phrases of one folded, lower-case Japanese sentence, in order."""
    parts = _melted(_parts(_read_as(sentence)))
    _find_gapped(parts)
    ends = [*(p.start for p in parts[1:]), len(sentence)]
    kinds = [_kind(p, parts, i) for i, p in enumerate(parts)]
    heads = [-1] * len(parts)
    for i in reversed(range(len(parts))):
        heads[i] = _head(parts, kinds, heads, i)
    for i in reversed(range(len(parts))):
        if kinds[i] == "list" and heads[heads[i]] >= 0:
            kinds[i], heads[i] = _role(parts, kinds, heads, i), heads[heads[i]]
    return [
        Phrase(
            tuple(p.words),
            kinds[i],
            heads[i],
            marks(sentence[p.start : ends[i]]),
            _role(parts, kinds, heads, i),
        )
        for i, p in enumerate(parts)
    ]


def _role(parts: Sequence[_Part], kinds: Sequence[str], heads: Sequence[int], place: int) -> str:
    """The part that a phrase plays by its particle, that of the whole list for an item."""
    while kinds[place] == "list" and heads[place] > place:
        place = heads[place]
    tail = parts[place].tail
    return tail[:-1] if kinds[place] == "は" and tail[:-1] in _CASES else kinds[place]


def _parts(sentence: str) -> list[_Part]:
    """Runs of content words, each with the particles after it."""
    numbers = quantities(sentence)
    parts: list[_Part] = []
    depth, closed = 0, True
    for morpheme in morphemes(sentence):
        surface, speech = morpheme.surface, morpheme.speech[0]
        if surface in (_OPEN, _CLOSE):
            depth, closed = max(0, depth + (1 if surface == _OPEN else -1)), True
        elif _is_content(morpheme, numbers):
            if closed or _breaks(parts[-1], morpheme):
                parts.append(_Part([], morpheme.start, morpheme.end, depth=depth))
            closed = speech == "副詞"
            _take(parts[-1], morpheme, numbers)
        elif any(p.depth <= depth for p in parts):
            closed = closed or speech == "助詞" or bool(_PUNCTUATION.match(surface))
            closed = closed or surface in ("・", "「", "」")
            _close(next(p for p in reversed(parts) if p.depth <= depth), morpheme)
    return parts


def _is_content(morpheme: Morpheme, numbers: Sequence[Quantity]) -> bool:
    inside = any(q.start <= morpheme.start < q.end for q in numbers)
    return inside or (morpheme.speech[0] in _HELD and morpheme.speech[1] != "助動詞語幹")


def _breaks(part: _Part, morpheme: Morpheme) -> bool:
    """Whether a content word begins a new phrase right after another (行う + 団体)."""
    if morpheme.speech[0] in ("接尾辞", "動詞", "形容詞") and part.noun:
        return morpheme.speech[0] != "接尾辞" and morpheme.word not in _light()
    return part.predicate or bool(part.tail)


def _take(part: _Part, morpheme: Morpheme, numbers: Sequence[Quantity]) -> None:
    quantity = next((q for q in numbers if q.start <= morpheme.start < q.end), None)
    part.end = morpheme.end
    part.tail = ""
    if quantity is not None:
        word = f"={quantity.value}"
        if word not in part.words:
            part.words.append(word)
        part.noun, part.predicate = True, False
        return
    if morpheme.speech[0] in ("動詞", "形容詞"):
        part.predicate, part.noun = True, False
    else:
        part.noun, part.predicate = morpheme.speech[0] in _NOUNLIKE, False
    part.cited = morpheme.word in ("因る", "よる")
    if morpheme.word not in _light() and not is_framing(morpheme.word):
        part.words.append(morpheme.word)


def _close(part: _Part, morpheme: Morpheme) -> None:
    part.end = morpheme.end
    if _PUNCTUATION.match(morpheme.surface):
        part.comma = True
    elif morpheme.speech[0] == "助詞" and morpheme.word not in _light():
        part.tail += morpheme.surface
    elif morpheme.speech[0] == "助動詞":
        part.predicate = part.predicate or morpheme.word in ("だ", "です", "た", "ない", "ます")
        if morpheme.surface == "な":
            part.predicate, part.noun = True, False


def _melted(parts: Sequence[_Part]) -> list[_Part]:
    """Phrases without those that hold no word of their own, which melt into the one before."""
    kept: list[_Part] = []
    for part in parts:
        if part.words or not kept:
            kept.append(part)
            continue
        last = kept[-1]
        last.tail, last.comma, last.end = part.tail, part.comma, part.end
        last.predicate = last.predicate or part.predicate
        last.source = last.source or (part.cited and part.tail in ("と", "ば"))
    return [p for p in kept if p.words]


def _read_as(sentence: str) -> str:
    """A sentence in which words that are cut wrongly are put as others of the same length."""
    for form, other in load_table("gate")["light"]["read_as"]:
        sentence = sentence.replace(form, other)
    return sentence


def _find_gapped(parts: Sequence[_Part]) -> None:
    """Mark nouns that say what something is without です (第1章が総則、第2章が制度です)."""
    for i, part in enumerate(parts):
        if not part.noun or part.tail not in ("", "で") or not part.comma or part.predicate:
            continue
        before = next((p for p in parts[:i][::-1] if _speaks(p)), None)
        after = next((p for p in parts[i + 1 :] if _speaks(p)), None)
        if before and after and not before.predicate and not after.predicate:
            part.predicate = part.tail == "で" or before.tail == after.tail
            part.tail = "" if part.predicate else part.tail


def _speaks(part: _Part) -> bool:
    """Whether a phrase says something, or names what something is said of."""
    return part.predicate or part.tail in ("が", "は", "に")


def _kind(part: _Part, parts: Sequence[_Part], place: int) -> str:
    tail = part.tail
    if tail in _TOPICS or part.source:
        return "は"
    if tail in _LISTS or (not tail and not part.predicate and part.comma):
        return "list" if place + 1 < len(parts) else ""
    if tail.endswith("の"):
        return "の"
    if part.predicate:
        return "and" if part.comma else "clause"
    return tail if tail in _CASES else tail[:1] if tail[:1] in _CASES else ""


def _head(parts: Sequence[_Part], kinds: Sequence[str], heads: Sequence[int], place: int) -> int:
    """What a phrase hangs on: a place after its own, -1 for the last of the sentence."""
    part = parts[place]
    later = [i for i in range(place + 1, len(parts)) if parts[i].depth == part.depth]
    if part.depth and not later:
        return next((i for i in range(place - 1, -1, -1) if parts[i].depth < part.depth), -1)
    if not later:
        return -1
    kind = kinds[place]
    if kind == "list":
        return _end_of_modifiers(kinds, heads, later[0])
    if kind == "は":
        return _last_predicate(parts, later)
    predicates = [i for i in later if parts[i].predicate]
    if part.predicate and part.comma and predicates:
        return predicates[0]
    if kind == "の" or not (part.comma or part.tail):
        return later[0]
    return predicates[0] if predicates else later[-1]


def _end_of_modifiers(kinds: Sequence[str], heads: Sequence[int], place: int) -> int:
    """The noun that the phrases from a place on narrow (市内で活動する団体)."""
    while heads[place] >= 0:
        narrows = kinds[place] in ("の", "clause") or kinds[heads[place]] == "clause"
        if not narrows:
            return place
        place = heads[place]
    return place


def _last_predicate(parts: Sequence[_Part], later: Sequence[int]) -> int:
    """The predicate that ends what is said of a topic: the last before another topic's own."""
    best = later[-1]
    for i in later:
        if not (parts[i].predicate and parts[i].comma):
            continue
        rest = [j for j in later if j > i]
        follows = next((j for j in rest if parts[j].predicate or parts[j].tail in _TOPICS), None)
        if follows is not None and parts[follows].tail in _TOPICS:
            return i
    return best


def _light() -> frozenset[str]:
    return frozenset(load_table("gate")["light"]["words"])
