"""What may be left out of a sentence without making what remains untrue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.agreement import found_in
from assistant.llm.marks import marks
from assistant.llm.wordings import is_japanese
from assistant.phrasebook import load_table
from assistant.quantities import quantities
from index.tokenization import Morpheme, morphemes

_PAREN = re.compile(r"\((?!\d{1,2}\))[^()]*\)")
_READING = re.compile(
    r"\((?:(?:[kgsztdnhbpmrfjcy]?[hyw]?|sh|ch|ts|tt|kk|ss|pp|tch)[aiueoāīūēō](?:n(?![aiueo]))?"
    r"|w[ao]|n['’]|[ 、,'’/-])+\)"
)
"""A Japanese word in Roman letters, which may look like an English no or not."""
_MARKER = re.compile(r"^[^\w(「『\"“]*(?:\((?:例|example)\)\s*)?")
_TOPIC = re.compile(r"[はが]、")
_SOME = re.compile(r"(?<![一-鿿ァ-ヺーのをにで])([一-鿿ァ-ヺー]{2,})(や)([一-鿿ァ-ヺー]{2,})")
"""A や between two plain nouns."""
_LISTED = re.compile(r"(?:[一-鿿ァ-ヺー・a-z]+、)+[一-鿿ァ-ヺー・a-z]+など")
_ITEM = re.compile(r"[^、]+、")
_CLAUSE_EN = re.compile(r"(?:,|;) (?:and )?(?=(\w+(?: [\w'’-]+){0,7}))")
_EXAMPLES_EN = re.compile(r", (?:such as|for example|for instance|including) [^;:]*(?=\.$)")
_GOES_ON_EN = re.compile(
    r"(?:it|they|he|she|this|these|its|their|is|are|was|were|has|have|\w+ed)\b"
)
_PRONOUN_EN = re.compile(r"(?:it|they) ")
_LEADS_EN = re.compile(
    r"(?:in|at|for|under|on|with|as|according to|of|if|when|where|although|while)\b"
)
_FINITE_EN = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|can|will|\w{3,}ed"
    r"|held|set|ran|made|began|selects|deals|takes|makes|holds)\b"
)
_LIMITS_EN = re.compile(
    r"\b(?:only|unless|except|however|otherwise|if|when|where|provided|until|after|as long as)\b"
)
_PAIRS_EN = re.compile(r"\b(?:neither|either|both|between|whether)\b")
_CONDITION = re.compile(r"(?:ば|たら|なら|とき|時|場合|際|限り|後|うえで|上で)(?:に|は|も|、|$)")
_CALENDAR = frozenset({"year", "fiscal_year", "month_name", "day"})
_TOTALS = ("合計", "合わせて", "計")
_TOGETHER = ("両方", "双方", "いずれ", "それぞれ", "ともに", "つ")
_PLAIN_ENDS = ("です", "ます", "でした", "ました")
_PAST_ENDS = ("した", "でした")
_INSIDE = frozenset({"事", "こと", "物", "もの", "為", "時", "場合", "際", "様", "訳", "筈", "の"})
_NOUNLIKE = frozenset({"名詞", "接頭辞", "代名詞", "形状詞"})
_ADVERBIAL = frozenset(
    {"踏まえる", "基づく", "通じる", "通ずる", "対する", "関する", "因る", "経る"}
)


def omissible(text: str) -> list[tuple[int, int]]:
    """The stretches of a folded, lower-case sentence that a statement may leave out.

    Brackets, marks of a list and connectives before it, and a last clause that stands beside
    what is said before it, unless something in it bears on the whole.
    """
    spans = [m.span() for m in _PAREN.finditer(text) if _only_tells_again(m.group())]
    opening = _MARKER.match(text)
    start = opening.end() if opening else 0
    if start:
        spans.append((0, start))
    connective = next((c for c in _connectives() if text[start:].startswith(c)), "")
    if connective:
        spans.append((start, start + len(connective)))
    clauses = _japanese_clauses if is_japanese(text) else _english_clauses
    return [*spans, *clauses(text, start)]


def without_brackets(text: str) -> str:
    """A sentence without the brackets that may be left out."""
    return _PAREN.sub(lambda m: "" if _only_tells_again(m.group()) else m.group(), text)


def _only_tells_again(bracket: str) -> bool:
    """Whether a bracket holds a reading or a remark that nothing else depends on."""
    return bool(_READING.fullmatch(bracket)) or not bears_on_all(bracket)


def _connectives() -> list[str]:
    forms: list[str] = load_table("carried")["omissible"]["connectives"]
    return sorted(forms, key=len, reverse=True)


def bears_on_all(tail: str) -> bool:
    """Whether something in a stretch demands, allows, denies, narrows or doubts."""
    return bool(marks(tail) or found_in(tail, "kept") or found_in(tail, "scope"))


def _japanese_clauses(text: str, start: int) -> Iterator[tuple[int, int]]:
    """A first or a last clause, and items with a は or が of their own beside others."""
    found = morphemes(text)
    commas = [i for i, m in enumerate(found) if m.surface == "、" and i]
    for place in commas:
        head, tail = found[:place], found[place + 1 :]
        if not _closes(head) or _corrects(text[: head[-1].end], text[head[-1].end :]):
            continue
        if head[-1].word == "だ" and not _has_subject(tail):
            continue
        concedes = head[-1].surface == "が"
        if not concedes and _stands_alone(tail) and not bears_on_all(text[head[-1].end :]):
            yield found[place].start, len(text)
        first = text[: head[-1].end]
        bound = _opens_scope(head) or bears_on_all(first) or _CONDITION.search(first)
        if _has_topic(tail) and not bound:
            yield start, found[place].end
    yield from _earlier(found, commas, text)
    yield from _gapped(found, commas)
    yield from _examples(text, start)


def _earlier(
    found: Sequence[Morpheme], commas: Sequence[int], text: str
) -> Iterator[tuple[int, int]]:
    """What is denied of the topic before, or what happened before, where nothing hangs on it."""
    topic = _topic(found)
    if topic is None or "may" in marks(text):
        return
    past = text.rstrip("。").endswith(_PAST_ENDS)
    begin = topic + 1 + (found[topic + 1 : topic + 2] != () and found[topic + 1].surface == "、")
    for place in (c for c in commas if c > begin):
        denies = found[place - 1].surface in ("ず", "なく")
        if denies or _closes(found[:place]):
            clause = found[begin:place]
            apart = not _narrows(found[place + 1 :]) and not _has_topic(clause)
            bound = _CONDITION.search(text[clause[0].start : found[place].start])
            if (denies or past) and apart and not bound:
                yield found[begin].start, found[place].end
            begin = place + 1


def _closes(head: Sequence[Morpheme]) -> bool:
    """Whether a clause ends here that can be a sentence: a continued verb, or で of a noun."""
    last = head[-1]
    if last.speech[0] == "動詞":
        return last.word not in _ADVERBIAL and len(head) > 1
    if last.speech[0] == "助動詞":
        noun = last.surface == "で" and last.word == "だ"
        return noun or last.surface in ("れ", "られ")
    return last.surface == "が" and last.speech[1] == "接続助詞"


def _corrects(head: str, tail: str) -> bool:
    """Whether a last clause gives another figure of a kind that the clause before gives."""
    units = [{q.unit for q in quantities(t)} - _CALENDAR for t in (head, tail)]
    return bool(units[0] & units[1])


def _has_topic(clause: Sequence[Morpheme]) -> bool:
    return _topic(clause) is not None


def _topic(clause: Sequence[Morpheme]) -> int | None:
    """The place of the first は that marks a topic; または holds none."""
    places = (
        i
        for i, m in enumerate(clause)
        if i and m.surface == "は" and m.speech[1] == "係助詞" and clause[i - 1].surface != "また"
    )
    return next(places, None)


def _has_subject(clause: Sequence[Morpheme]) -> bool:
    return _has_topic(clause) or any(m.surface == "が" for m in clause)


def _opens_scope(head: Sequence[Morpheme]) -> bool:
    """Whether a clause opens with a place, a time or a source that holds for what follows."""
    topic = next((i for i, m in enumerate(head) if m.surface in ("は", "、")), 0)
    return topic > 0 and head[topic - 1].surface in ("で", "に", "と", "ば", "から", "時", "場合")


def _stands_alone(tail: Sequence[Morpheme]) -> bool:
    """Whether nothing in a last clause takes the clause before it in."""
    if not any(m.surface == "、" or m.speech[0] == "助詞" for m in tail):
        return False
    text = "".join(m.surface for m in tail).rstrip("。")
    if not text.endswith(_PLAIN_ENDS):
        return False
    topic = _topic(tail)
    pairs = list(pairwise(tail))
    if any(_is_predicate(one) and other.surface == "と" for one, other in pairs):
        return False
    return not _narrows(tail if topic is None else tail[: topic + 2])


def _narrows(clauses: Sequence[Morpheme]) -> bool:
    """Whether a predicate narrows a noun: what stands before it may narrow it with it."""
    return any(
        other.speech[0] in _NOUNLIKE
        and one.word not in _ADVERBIAL
        and (other.word in _INSIDE or (_is_predicate(one) and one.surface != "で"))
        for one, other in pairwise(clauses)
    )


def _is_predicate(morpheme: Morpheme) -> bool:
    return morpheme.speech[0] in ("動詞", "助動詞", "形容詞")


def _gapped(found: Sequence[Morpheme], commas: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Items that share the predicate at the end (共催が3か月前、後援が1か月前です)."""
    if any(form in "".join(m.surface for m in found) for form in _TOTALS):
        return
    ends = [*commas, len(found)]
    starts = [0, *(c + 1 for c in commas)]
    items = [
        (begin, _nominal_end(found, begin, end)) for begin, end in zip(starts, ends, strict=True)
    ]
    gapped = [(begin, end) for begin, end in items if end and _marked(found[begin:end])]
    if len(gapped) < 2:
        return
    for begin, end in gapped:
        if begin:
            yield found[begin - 1].start, found[end - 1].end
        if end < len(found) and found[end].surface == "、" and begin:
            yield found[begin].start, found[end].end


def _marked(item: Sequence[Morpheme]) -> bool:
    plain = all(m.speech[0] not in ("動詞", "形容詞") for m in item)
    return plain and any(m.surface in ("は", "が") and m.speech[0] == "助詞" for m in item[1:])


def _nominal_end(found: Sequence[Morpheme], begin: int, end: int) -> int:
    """Where an item ends without the predicate, 0 where it does not end with a noun."""
    last = end
    if end == len(found):
        while last > begin and found[last - 1].speech[0] in ("動詞", "助動詞", "補助記号"):
            last -= 1
    closing = found[last - 1] if last > begin else None
    nominal = closing is not None and (
        closing.speech[0] in ("名詞", "接尾辞")
        or closing.surface in ("まで", "以上", "以内")
        or closing.surface.isascii()
    )
    return last if nominal else 0


def _examples(text: str, start: int) -> Iterator[tuple[int, int]]:
    """What opens a sentence before のほか, and things joined by や, which names only some."""
    whole = {"must", "only", "except"} & marks(text) or found_in(text, "scope")
    if whole or any(form in text for form in _TOGETHER):
        return
    others = text.find("のほか、", start)
    if others > 0 and not _TOPIC.search(text[start:others]):
        yield start, others + len("のほか、")
    for match in _SOME.finditer(text):
        yield match.start(1), match.end(2)
        yield match.start(2), match.end(3)
    for match in _LISTED.finditer(text):
        yield from (m.span() for m in _ITEM.finditer(text, match.start(), match.end()))
    clause = text.find("や、", start)
    if clause > 0 and "など" in text[clause:] and not _TOPIC.search(text[start:clause]):
        yield start, clause + len("や、")


def _english_clauses(text: str, start: int) -> Iterator[tuple[int, int]]:
    for match in _EXAMPLES_EN.finditer(text):
        if not bears_on_all(match.group()):
            yield match.span()
    for match in _CLAUSE_EN.finditer(text):
        head, tail = text[: match.start()], text[match.start() :]
        if not _FINITE_EN.search(match.group(1)) or _corrects(head, tail):
            continue
        if not (bears_on_all(tail) or _LIMITS_EN.search(tail) or _PAIRS_EN.search(head)):
            yield match.start(), len(text)
        goes_on = _PRONOUN_EN.match(text[match.end() :])
        verb = _FINITE_EN.search(head)
        if goes_on and verb and "," not in text[start : verb.start()]:
            yield verb.start(), match.end() + goes_on.end()
        fresh = not _GOES_ON_EN.match(text[match.end() :]) and not _LEADS_EN.match(text[start:])
        if fresh and not bears_on_all(head):
            yield start, match.end()
