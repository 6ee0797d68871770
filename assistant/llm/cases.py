"""Who does what to whom in Japanese, by the particles after the nouns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.llm.segments import Segment
from assistant.topics import japanese_topic
from assistant.wording import any_wording
from index.tokenization import Morpheme, morphemes, words

_CASES = frozenset({"が", "を", "に", "へ", "から", "まで", "で", "と", "より"})
_LISTED = frozenset(
    {"や", "と", "、", "・", "及び", "並びに", "または", "又は", "か", "など", "等"}
)
_NOUNS = ("名詞", "接尾辞", "接頭辞", "形状詞")
_PASSIVE = re.compile(r"[らさかたまわな]れ[るたてまな、]|により|によって")
_MEET = frozenset(
    {frozenset(p) for p in (("に", "へ"), ("に", "まで"), ("に", "で"), ("から", "より"))}
)
_AHEAD = 4


@dataclass(frozen=True)
class Noun:
    """A compound noun as words, the particle after it, and what follows within its clause.

    ``particle`` is "" where none marks it (a predicate, a list's last item); a list's items
    have the particle that closes the list.
    """

    words: frozenset[str]
    start: int
    end: int
    particle: str
    ahead: tuple[str, ...]


def other_case(said: str, segment: Segment) -> bool:
    """Whether a noun of a statement plays another part than it does in the source."""
    known = nouns(segment.text)
    about = len(segment.topic)
    head = max((k.end for k in known if k.end <= about), default=0)
    cleft = segment.topic.endswith("の")
    turned = bool(_PASSIVE.search(said)) != bool(_PASSIVE.search(segment.text))
    variants: dict[int, list[Noun]] = {}
    for noun in nouns(said):
        if noun.particle in _CASES and noun.start >= len(japanese_topic(said)):
            variants.setdefault(noun.start, []).append(noun)
    about_else = not set(words(japanese_topic(said))) & set(words(segment.topic))
    topical = {w for k in known if k.end == head for w in k.words}
    for same_noun in variants.values():
        noun = same_noun[0]
        if about_else and japanese_topic(said) and noun.words <= topical:
            return True
        same = [k for k in known if all(any_wording(w, k.words) for w in noun.words)]
        free = any(k.end == head or (cleft and k.start > about) for k in same)
        if not same and _part_of_another(noun, known):
            return True
        if same and not free and not any(_meets(n, k, turned) for n in same_noun for k in same):
            return True
    return False


def other_owner(said: str, source: str) -> bool:
    """Whether an AのB of the statement is another's B in the source (協働の制度, 参加の制度)."""
    known = _pairs(nouns(source), source)
    runs = nouns(source)
    for owner, thing in _pairs(nouns(said), said):
        owners = [a for a, b in known if b == thing]
        if not owners or any(w[0].isdigit() for w in owner | thing):
            continue
        if any(owner <= a or a <= owner for a in owners) or _beside(owner, thing, runs):
            continue
        return True
    return False


def other_name(said: str, source: str) -> bool:
    """Whether a compound of a statement is put together from words of several in the source
    (自治推進審議会, of 自治推進委員会 and 審議する)."""
    runs = [n.words for n in nouns(source)]
    joined = [a | b for a, b in zip(runs, runs[1:], strict=False)]
    everything = set(words(source)) | {w for run in runs for w in run}
    for noun in nouns(said):
        whole = {w for w in noun.words if not w[0].isdigit()}
        if len(whole) < 2 or not whole <= everything:
            continue
        if not any(whole <= run for run in (*runs, *joined)):
            return True
    return False


def nouns(text: str) -> list[Noun]:
    """The compound nouns of a folded text, in order."""
    found = morphemes(text)
    result: list[Noun] = []
    following = ""
    for start, end in reversed(_runs(found)):
        run = frozenset(m.word for m in found[start:end])
        spoken = [w for m in found[end : end + 2 * _AHEAD] for w in words(m.surface)][:_AHEAD]
        marks = _marks(found, end, following)
        place = found[start].start, found[end - 1].end
        result += [Noun(run, *place, mark, tuple(spoken)) for mark in marks]
        following = marks[-1]
    return result[::-1]


def _marks(found: Sequence[Morpheme], end: int, following: str) -> tuple[str, ...]:
    """The particle after a noun; for an item of a list also the one that closes the list."""
    mark = found[end].surface if end < len(found) else ""
    after = found[end + 1].word if end + 1 < len(found) else ""
    if mark == "に" and after in ("よる", "因る"):
        return ("が",)
    if mark == "と" and after == "為る":
        return ("",)
    if (mark in _LISTED and mark not in _CASES) or (mark == "の" and after in ("他", "外")):
        return (following,)
    if mark == "と" and following:
        return (mark, following)
    return (mark if mark in _CASES or mark in ("の", "は", "も") else "",)


def _runs(found: Sequence[Morpheme]) -> list[tuple[int, int]]:
    """Where compound nouns start and end, as places among the morphemes."""
    runs: list[tuple[int, int]] = []
    start = None
    for place, morpheme in enumerate(found):
        noun = morpheme.speech[0] in _NOUNS
        if noun and start is None:
            start = place
        if not noun and start is not None:
            runs.append((start, place))
            start = None
    return [*runs, (start, len(found))] if start is not None else runs


def _meets(noun: Noun, known: Noun, turned: bool) -> bool:
    one, other = noun.particle, known.particle
    if one == other or other in ("は", "も", "") or frozenset((one, other)) in _MEET:
        return True
    if {one, other} == {"が", "で"}:
        return any(any_wording(w, set(known.ahead[:1])) for w in noun.ahead[:1])
    if turned and {one, other} <= {"が", "を", "に"}:
        return True
    if other == "の" and one in ("が", "を", "に", "で"):
        return any(any_wording(w, set(noun.ahead)) for w in known.ahead[:2])
    return False


def _part_of_another(noun: Noun, known: Sequence[Noun]) -> bool:
    """Whether one who acts shares words with one of the source's and has others besides."""
    if noun.particle != "が":
        return False
    doers = [k.words for k in known if k.particle == "が"]
    return any(noun.words & doer and noun.words - doer for doer in doers)


def _pairs(found: Sequence[Noun], text: str) -> set[tuple[frozenset[str], frozenset[str]]]:
    return {
        (a.words, b.words)
        for a, b in zip(found, found[1:], strict=False)
        if text[a.end : b.start] == "の"
    }


def _beside(owner: frozenset[str], thing: frozenset[str], runs: Sequence[Noun]) -> bool:
    """Whether both stand in one compound of the source, or side by side."""
    if any(owner | thing <= noun.words for noun in runs):
        return True
    return any(owner <= a.words and thing <= b.words for a, b in zip(runs, runs[1:], strict=False))
