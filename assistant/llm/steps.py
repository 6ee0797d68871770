"""How far apart the phrases of a text stand, in steps along what belongs together."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

from assistant.llm.trees import Phrase

FAR = 6.0
"""Steps between phrases that nothing joins."""
_SAME = 0.25
"""Between phrases of two sentences that name the same thing."""
_COST = {"list": 1.0, "and": 0.5, "beside": 0.5, "anew": 2.0}
_GOES_ON, _ANEW = 1.0, 3.0
"""To the topic before, from a sentence without a topic of its own, and from one with."""


def distances(trees: Sequence[Sequence[Phrase]]) -> list[list[float]]:
    """The steps from each phrase of a text to each, ``FAR`` at most.

    Args:
        trees: the phrases of each sentence of the text.
    """
    near = _edges(trees)
    return [_from(start, near) for start in range(len(near))]


def _edges(trees: Sequence[Sequence[Phrase]]) -> list[dict[int, float]]:
    near: list[dict[int, float]] = [{} for tree in trees for _ in tree]
    start, topic = 0, -1
    for tree in trees:
        for one, other, cost in _within(tree):
            _join(near, start + one, start + other, cost)
        root = next((start + i for i, p in enumerate(tree) if p.head == -1), start)
        own = next((start + i for i, p in enumerate(tree) if p.kind == "は"), -1)
        if topic >= 0 and tree:
            goes_on = tree[0].kind == "it" if tree[0].loose else own < 0
            _join(near, topic, root, _GOES_ON if goes_on else _ANEW)
        topic = own if own >= 0 else root if topic < 0 else topic
        start += len(tree)
    _join_same(near, trees)
    return near


def _within(tree: Sequence[Phrase]) -> Iterator[tuple[int, int, float]]:
    """The pairs of phrases of one sentence that a step joins, with its cost."""
    for place, phrase in enumerate(tree):
        if 0 <= phrase.head != place:
            yield place, phrase.head, _cost(tree, place)
        if phrase.loose and phrase.kind != "anew":
            yield from ((place, other, 1.0) for other in _loosely(tree, place))
        head = tree[phrase.head] if phrase.head >= 0 else phrase
        if phrase.kind == head.kind == "の" and head.head >= 0:
            yield place, head.head, 1.0
        yield from ((place, other, 1.0) for other in _shared(tree, place))


def _shared(tree: Sequence[Phrase], place: int) -> list[int]:
    """The items of a list and the clauses that a phrase goes with, besides the last of them."""
    phrase = tree[place]
    found = []
    for other in range(place + 1, phrase.head):
        listed = tree[other].kind == "list" and tree[other].head == phrase.head
        if listed and phrase.kind in ("は", "が"):
            found.append(other)
        if tree[other].kind == "and" and phrase.kind == "は":
            found.append(other)
    return found


def _loosely(tree: Sequence[Phrase], place: int) -> list[int]:
    """What an English phrase may hang on besides: the last before it that no preposition leads."""
    return [i for i, p in enumerate(tree[:place]) if p.kind in ("", "beside")][-1:]


def _cost(tree: Sequence[Phrase], place: int) -> float:
    """A step from a phrase to its head; long where a clause with a subject of its own begins."""
    phrase = tree[place]
    between = tree[place + 1 : max(phrase.head, 0)]
    own = any(p.kind in ("は", "が") and p.head == place for p in tree[:place])
    anew = any(p.kind in ("は", "が") and p.head == phrase.head for p in between) and own
    return _ANEW if phrase.kind == "and" and anew else _COST.get(phrase.kind, 1.0)


def _join_same(near: list[dict[int, float]], trees: Sequence[Sequence[Phrase]]) -> None:
    """Join phrases of different sentences that name the same thing."""
    phrases = [p for tree in trees for p in tree]
    sentence = [i for i, tree in enumerate(trees) for _ in tree]
    sets = [frozenset(p.words) for p in phrases]
    for i, one in enumerate(sets):
        for j in range(i + 1, len(sets)):
            within = (one <= sets[j] or sets[j] <= one) and not phrases[i].loose
            several = min(len(one), len(sets[j])) > 1 and not all(w[0] == "=" for w in one)
            topical = "は" in (phrases[i].kind, phrases[j].kind)
            same = (several and within) or ((several or topical) and one == sets[j])
            if sentence[i] != sentence[j] and same:
                _join(near, i, j, _SAME)


def _join(near: list[dict[int, float]], one: int, other: int, cost: float) -> None:
    for a, b in ((one, other), (other, one)):
        near[a][b] = min(near[a].get(b, FAR), cost)


def _from(start: int, near: Sequence[dict[int, float]]) -> list[float]:
    steps = [FAR] * len(near)
    steps[start] = 0.0
    queue = [(0.0, start)]
    while queue:
        cost, place = heapq.heappop(queue)
        if cost > steps[place]:
            continue
        for other, more in near[place].items():
            if cost + more < steps[other]:
                steps[other] = cost + more
                heapq.heappush(queue, (cost + more, other))
    return steps
