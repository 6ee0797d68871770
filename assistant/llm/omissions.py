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
_SYLLABLES = (
    r"(?:(?:[kgsztdnhbpmrfjcy]?[hyw]?|sh|ch|ts|tt|kk|ss|pp|tch)[aiueoāīūēō](?:n(?![aiueo]))?"
    r"|w[ao]|n['’]| and |[ 、,'’/-])+"
)
_ERA_YEARS = r"(?:heisei|reiwa|showa|shōwa)? ?\d+(?: and \d+)?"
_SAID_AGAIN = re.compile(
    rf"\((?:{_SYLLABLES}|{_ERA_YEARS}|(?:平成|令和|昭和)?\d+年(?:度|\d+月(?:\d+日)?)?"
    r"|[第\d条章節~・]+|第\d+回|\d+(?:st|nd|rd|th) meeting|[a-z]{2,6}|[一-鿿ァ-ヺー・]{3,})\)"
)
"""A reading in Roman letters, a date, articles, a meeting, or a name of several letters."""
_NOT_AGAIN = re.compile("[案仮版旧新元約計]|または|又は|除|含|隣|予定|原則|一部|以外|限|のみ")
_MARKER = re.compile(r"^[^\w(「『\"“]*(?:\((?:例|example)\)\s*)?")
_TOPIC = re.compile(r"[はが]、")
_LISTED = re.compile(r"(?:[一-鿿ァ-ヺー・a-z]+、)+[一-鿿ァ-ヺー・a-z]+など")
_ITEM = re.compile(r"[^、]+、")
_CLAUSE_EN = re.compile(
    r"(?:, and|;) (?:it|they|there|(?:(?:the|a|an|this|these|its|their|his|her) )"
    r"(?:(?!(?:who|which|that|and|or)\b)[\w'’-]+ ){1,6}?)\s?(?:is|are|was|were|has|have|had|will)\b"
)
_EXAMPLES_EN = re.compile(r", (?:such as|for example|for instance|including) [^;:]*(?=\.$)")
_FINITE_EN = re.compile(r"\b(?:is|are|was|were|has|have|had|\w{3,}(?:ed|s)|held|made|began)\b")
_LIMITS_EN = re.compile(
    r"\b(?:only|unless|except|however|otherwise|if|when|where|provided|until|after|as long as)\b"
)
_PAIRS_EN = re.compile(r":|\b(?:neither|either|both|between|whether|that|said|says)\b")
_ENDING = "うくすつぬむるぐぶ"
"""What a verb ends with that closes a sentence or narrows a noun."""
_CALENDAR = frozenset({"year", "fiscal_year", "month_name", "day"})
_TOTALS = ("合計", "合わせて", "計")
_TOGETHER = ("両方", "双方", "いずれ", "それぞれ", "ともに", "つ")
_PLAIN_ENDS = ("です", "ます", "でした", "ました")
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
    clauses = _japanese_clauses(text, start) if is_japanese(text) else _english_clauses(text)
    return [*spans, *clauses]


def without_brackets(text: str) -> str:
    """A sentence without the brackets that may be left out."""
    return _PAREN.sub(lambda m: "" if _only_tells_again(m.group()) else m.group(), text)


def _only_tells_again(bracket: str) -> bool:
    """Whether a bracket only says again, in another way, what stands before it."""
    return bool(_SAID_AGAIN.fullmatch(bracket)) and not _NOT_AGAIN.search(bracket)


def _connectives() -> list[str]:
    forms: list[str] = load_table("carried")["omissible"]["connectives"]
    return sorted(forms, key=len, reverse=True)


def bears_on_all(tail: str) -> bool:
    """Whether something in a stretch demands, allows, denies, narrows or doubts."""
    return bool(marks(tail) or found_in(tail, "kept") or found_in(tail, "scope"))


def _japanese_clauses(text: str, start: int) -> Iterator[tuple[int, int]]:
    """A last clause, items with a は or が of their own, and examples before など."""
    found = morphemes(text)
    commas = [i for i, m in enumerate(found) if m.surface == "、" and i]
    for place in commas:
        head, tail = found[:place], found[place + 1 :]
        joined = head[-1].word == "だ" and not _has_subject(tail)
        if not _closes(head) or joined or _corrects(text[: head[-1].end], text[head[-1].end :]):
            continue
        if _stands_alone(tail) and not bears_on_all(text[head[-1].end :]):
            yield found[place].start, len(text)
    if not any(form in text for form in _TOTALS):
        yield from _gapped(found, commas)
    yield from _examples(text, start)


def _closes(head: Sequence[Morpheme]) -> bool:
    """Whether a clause ends here that can be a sentence: a continued verb, or で of a noun."""
    last = head[-1]
    if last.speech[0] == "動詞":
        goes_on = last.surface[-1] not in _ENDING
        return goes_on and last.word not in _ADVERBIAL and len(head) > 1
    if last.speech[0] == "助動詞":
        noun = last.surface == "で" and last.word == "だ"
        return noun or last.surface in ("れ", "られ")
    return False


def _corrects(head: str, tail: str) -> bool:
    """Whether a last clause gives another figure of a kind that the clause before gives."""
    units = [{q.unit for q in quantities(t)} - _CALENDAR for t in (head, tail)]
    return bool(units[0] & units[1])


def _topic(clause: Sequence[Morpheme]) -> int | None:
    """The place of the first は that marks a topic; または holds none."""
    places = (
        i
        for i, m in enumerate(clause)
        if i and m.surface == "は" and m.speech[1] == "係助詞" and clause[i - 1].surface != "また"
    )
    return next(places, None)


def _has_subject(clause: Sequence[Morpheme]) -> bool:
    return _topic(clause) is not None or any(m.surface == "が" for m in clause)


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
    """Things named before など, which says that there are more."""
    whole = {"must", "only", "except"} & marks(text) or found_in(text, "scope")
    if whole or any(form in text for form in _TOGETHER):
        return
    for match in _LISTED.finditer(text):
        yield from (m.span() for m in _ITEM.finditer(text, match.start(), match.end()))
    clause = text.find("や、", start)
    if clause > 0 and "など" in text[clause:] and not _TOPIC.search(text[start:clause]):
        yield start, clause + len("や、")


def _english_clauses(text: str) -> Iterator[tuple[int, int]]:
    """Examples at the end, and a last clause with a subject and a verb of its own."""
    for match in _EXAMPLES_EN.finditer(text):
        if not bears_on_all(match.group()):
            yield match.span()
    for match in _CLAUSE_EN.finditer(text):
        head, tail = text[: match.start()], text[match.start() :]
        own = _FINITE_EN.search(head) and not _PAIRS_EN.search(head)
        if not own or _corrects(head, tail):
            continue
        if not (bears_on_all(tail) or _LIMITS_EN.search(tail)):
            yield match.start(), len(text)
