"""Whether a statement's words hang together as its source's do: a best pairing of phrases.

Each phrase of the statement is paired with a phrase of the source so that words are shared and
phrases that hang together stay near each other. What the pairing costs says how far the
statement recombines its source; the marks of paired phrases say whether it denies, demands,
allows or narrows the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.llm.chains import chain
from assistant.llm.marks import DENIED
from assistant.llm.steps import FAR, distances
from assistant.llm.trees import Phrase, phrases
from assistant.wording import any_wording

_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
_PASSIVE = re.compile(r"[らさかたまわな]れ[るたてまな、]|により|によって|\bby\b")
_UNPAIRED, _KNOWN = 3.0, 0.5
"""What a phrase without a pair costs; little where title or headings name it."""
_ELSEWHERE, _BESIDE, _PER_STEP = 3.0, 0.25, 0.75
"""What a word costs that the paired phrase lacks: at most, beside it, for each step more."""
_CLASH, _REPLACED, _INVERTED, _MARKED = 1.5, 1.0, 1.5, 0.5
"""Another part by its particle; a word in another's place; English words turned round; other
marks."""
_NEVER = 99.0
_NEAR = 2.0
"""Steps within which an English not or may belongs to a phrase."""
_GIVEN = ("", "to", "from", "by", "with", "beside")
_DOES, _OTHER = ("は", "が"), ("に", "を", "から", "へ", "の")
_PARTS = ("が", "に"), ("が", "から"), ("に", "から"), ("を", "に"), ("を", "から"), ("へ", "から")
_CLASHES = frozenset(frozenset(pair) for pair in _PARTS)


@dataclass(frozen=True)
class Source:
    """The phrases of a source with their steps, and what else is known by name.

    ``passive``, ``beside`` and ``sentence`` tell for each phrase whether its sentence is in the
    passive, which phrases stand beside it, and which sentence it is of.
    """

    phrases: tuple[Phrase, ...]
    steps: tuple[tuple[float, ...], ...]
    passive: tuple[bool, ...]
    known: frozenset[str]
    beside: tuple[frozenset[int], ...]
    sentence: tuple[int, ...]


@dataclass(frozen=True)
class Fit:
    """A pairing: its cost, how many paired phrases differ in their marks, and whether who does
    and to whom have changed places.

    ``pairs`` holds for each phrase of the statement the place of its pair, -1 for none.
    """

    cost: float
    differing: int
    swapped: bool
    pairs: tuple[int, ...]


def as_source(sentences: Sequence[str], known: Collection[str] = ()) -> Source:
    """The source that folded, lower-case sentences make.

    Args:
        sentences: the sentences, in order.
        known: words of the document's title and headings.
    """
    trees = [_tree(s) for s in sentences]
    passive = [bool(_PASSIVE.search(s)) for s, t in zip(sentences, trees, strict=True) for _ in t]
    flat = tuple(p for t in trees for p in t)
    steps = tuple(tuple(row) for row in distances(trees))
    held = {w for p in flat for w in p.words}
    outside = frozenset(w for w in known if not any_wording(w, held))
    return Source(
        flat,
        steps,
        tuple(passive),
        outside,
        tuple(map(frozenset, _beside(flat, trees))),
        tuple(i for i, t in enumerate(trees) for _ in t),
    )


def _beside(flat: Sequence[Phrase], trees: Sequence[Sequence[Phrase]]) -> list[set[int]]:
    """For each phrase those that hang on it or that it hangs on, apart from lists."""
    found: list[set[int]] = [{i} for i in range(len(flat))]
    start = 0
    for tree in trees:
        for i, phrase in enumerate(tree):
            if 0 <= phrase.head != i and phrase.kind not in ("list", "and", "beside"):
                found[start + i].add(start + phrase.head)
                found[start + phrase.head].add(start + i)
        start += len(tree)
    return found


@lru_cache(maxsize=4_096)
def _tree(sentence: str) -> tuple[Phrase, ...]:
    return tuple(phrases(sentence) if _JAPANESE.search(sentence) else chain(sentence))


def fit(said: str, source: Source) -> Fit:
    """The best pairing of one folded, lower-case sentence with a source."""
    own = _tree(said)
    voice = bool(_PASSIVE.search(said))
    apart = [_apart(o, source, voice) for o in own]
    heads = [i for i, o in enumerate(own) if o.head < 0 or o.head == i]
    below: dict[int, list[int]] = {}
    for i, o in enumerate(own):
        if 0 <= o.head != i:
            below.setdefault(o.head, []).append(i)
    best: dict[int, dict[int, float]] = {}
    picks: dict[int, dict[int, int]] = {}
    order = _upwards(heads, below)
    for i in order:
        best[i] = {s: cost for s, cost in enumerate(apart[i]) if cost < _NEVER}
        for c in below.get(i, ()):
            picks[c] = {s: _pick(best[c], s, source) for s in best[i]}
            for s, t in picks[c].items():
                best[i][s] += best[c][t] + _gap(t, s, source)
    pairs = [-1] * len(own)
    for head in heads:
        pairs[head] = min(best[head], key=best[head].__getitem__)
    for i in reversed(order):
        for c in below.get(i, ()):
            pairs[c] = picks[c][pairs[i]]
    cost = sum(best[head][pairs[head]] for head in heads)
    differing = sum(_differs(i, own, pairs, source) for i in range(len(own)))
    differing += _undenied(own, pairs, source)
    none = len(source.phrases)
    turned = _swapped(own, pairs, source)
    return Fit(cost, differing, turned, tuple(s if s < none else -1 for s in pairs))


def _pick(best: Mapping[int, float], head: int, source: Source) -> int:
    """The cheapest place for a phrase whose head is paired with a place."""
    return min(best, key=lambda t: best[t] + _gap(t, head, source))


def _differs(place: int, own: Sequence[Phrase], pairs: Sequence[int], source: Source) -> bool:
    """Whether a phrase and its pair differ in marks that no phrase beside them has."""
    pair = pairs[place]
    loose = own[place].loose
    around = range(len(own)) if loose else _beside(own, [own])[place]
    said = {m for i in around for m in own[i].marks}
    if pair == len(source.phrases):
        return bool(own[place].marks)
    near = source.beside[pair]
    if loose:
        near = frozenset(i for i, n in enumerate(source.steps[pair]) if n <= _NEAR)
    held = {m for i in near for m in source.phrases[i].marks}
    lent = [pair]
    for word in own[place].words:
        if not any_wording(word, source.phrases[pair].words):
            lent += [i for i in near if any_wording(word, source.phrases[i].words)]
    needed = {m for i in lent for m in source.phrases[i].marks}
    return not (own[place].marks <= held and needed <= said)


def _undenied(own: Sequence[Phrase], pairs: Sequence[int], source: Source) -> int:
    """How many denied phrases of the sentences used are told without the denial."""
    used = {source.sentence[s] for s in pairs if s < len(source.phrases)}
    spoken = {w for o in own for w in o.words}
    return sum(
        source.sentence[place] in used
        and all(any_wording(w, spoken) for w in phrase.words)
        and not _told_denied(phrase, own)
        and not _also_plain(place, source)
        for place, phrase in enumerate(source.phrases)
        if DENIED in phrase.marks
    )


def _told_denied(phrase: Phrase, own: Sequence[Phrase]) -> bool:
    """Whether a statement denies a phrase of the source, or what stands beside it."""
    around = _beside(own, [own])
    telling = [i for i, o in enumerate(own) if any(any_wording(w, o.words) for w in phrase.words)]
    return any(DENIED in own[j].marks for i in telling for j in around[i])


def _also_plain(place: int, source: Source) -> bool:
    """Whether the sentence of a denied phrase also says its words without the denial."""
    wanted = set(source.phrases[place].words)
    return any(
        wanted <= set(p.words) and DENIED not in p.marks
        for p, sentence in zip(source.phrases, source.sentence, strict=True)
        if sentence == source.sentence[place]
    )


def _swapped(own: Sequence[Phrase], pairs: Sequence[int], source: Source) -> bool:
    """Whether who does and to whom have changed places."""
    doers, others = [], []
    for o, s in zip(own, pairs, strict=True):
        if s == len(source.phrases):
            continue
        was = source.phrases[s].role
        if o.role in _DOES and was in _OTHER:
            doers.append(s)
        if o.role in _OTHER and was in _DOES:
            others.append(s)
    return bool(doers and others)


def _gap(one: int, other: int, source: Source) -> float:
    """Steps beyond one between two places of a source; none where one of them is no place."""
    none = len(source.phrases)
    if one == none or other == none:
        return 0.0
    return max(source.steps[one][other] - 1, 0.0)


def _apart(own: Phrase, source: Source, voice: bool) -> list[float]:
    """What pairing a phrase costs with each phrase of the source, and last with none."""
    where = {
        w: [i for i, p in enumerate(source.phrases) if any_wording(w, p.words)] for w in own.words
    }
    row = []
    for place, known in enumerate(source.phrases):
        lacked = [w for w in own.words if place not in where[w]]
        if len(lacked) == len(own.words):
            row.append(_NEVER)
            continue
        cost = sum(_lack(w, place, where[w], source) for w in lacked)
        cost += _MARKED * (own.marks != known.marks)
        if lacked and any(not any_wording(w, own.words) for w in known.words):
            cost += _REPLACED
        if known.loose and voice == source.passive[place]:
            cost += _INVERTED * any(_follows(w, own, place, where[w], source) for w in lacked)
        clash = voice == source.passive[place] and frozenset((own.role, known.role)) in _CLASHES
        row.append(cost + (_CLASH if clash else 0.0))
    named = all(w in source.known for w in own.words)
    return [*row, _KNOWN if named else _UNPAIRED]


def _lack(word: str, place: int, where: Sequence[int], source: Source) -> float:
    """What a word costs that a phrase lacks: little where a neighbour has it."""
    steps = min((source.steps[place][i] for i in where), default=FAR)
    if not where:
        return _BESIDE if word in source.known else _ELSEWHERE
    return min(_BESIDE + _PER_STEP * max(steps - 1, 0.0), _ELSEWHERE)


def _follows(word: str, own: Phrase, place: int, where: Sequence[int], source: Source) -> bool:
    """Whether a word that leads an English run comes after the run's others in the source."""
    after = own.words[own.words.index(word) + 1 :]
    held = any(any_wording(w, source.phrases[place].words) for w in after)
    near = min(where, key=lambda i: source.steps[place][i], default=-1)
    return held and near > place and source.phrases[near].kind in _GIVEN


def _upwards(heads: Sequence[int], below: dict[int, list[int]]) -> list[int]:
    """The phrases of a statement, each after those that hang on it."""
    found, waiting = [], list(heads)
    while waiting:
        place = waiting.pop()
        found.append(place)
        waiting.extend(below.get(place, ()))
    return found[::-1]
