"""What only a model does to a quote: it drops a condition, lends one thing's words to another.

The gate asks whether a statement's words, numbers, limits, modality and denials are its
quote's. These checks ask whether they still belong together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.agreement import split_parts
from assistant.gate import sentences
from assistant.llm.segments import Segment, borrows, japanese_topic, nearest_segment
from assistant.phrasebook import load_table
from assistant.polarity import polarity_differs, spelled_out
from assistant.quantities import quantities
from assistant.wording import any_wording, is_framing
from corpus.datatypes import Passage
from index.tokenization import Morpheme, morphemes, words

_JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
_CONDITION_EN = re.compile(
    r"\b(?:if|when|where|unless|provided|once|as long as|in case|only after)\b"
    r",?(?: for example,| in particular,)?([^,;.]*)"
)
_NOT_CONDITIONAL = frozenset({"よい", "いい", "良い", "なら", "なり", "いけ", "だめ"})
"""What follows a ば that asks (どうすればよいか) or demands (しなければならない)."""
_WHEN = frozenset({"時", "場合", "際", "限り", "上"})
_HELD = 0.6
"""Share of a condition's words that a statement must repeat."""
_PAREN = re.compile(r"\([^()]*\)")
_JOINED = re.compile(r"や|、|・|及び|並びに|または|又は|のほか")
_CLAUSE_BEFORE_NOUN = re.compile(r"(?:[うくすつぬむるぐぶ]|[たない])(?=[一-鿿ァ-ヿ「])")
_PASSIVE = re.compile(r"[らさかたまわな]れ[るたてまな、]|により|によって")
_LAST, _NEXT = 3, 2
_COMMA = re.compile(r"、|, ")
_LEADING = re.compile(r"^(?:in|at|for|under|on|with|as|according to) [^,]*,")
_PASSIVE_EN = re.compile(r"\bby\b|\b(?:is|are|was|were|be|been) \w+(?:ed|en|wn|de|nt|ld)\b")


def strict_disagreement(text: str, quote: str, passage: Passage) -> str:
    """Why a statement's parts do not belong together as in its quote; "" where they do.

    Returns "", "condition", "negation", "roles" or "authority".
    """
    sources = sentences(spelled_out(_PAREN.sub("", quote)))
    for said in sentences(spelled_out(text)):
        segment = nearest_segment(said, sources)
        reason = _reason(said, segment)
        if reason:
            return reason
    return ""


def _reason(said: str, segment: Segment) -> str:
    if polarity_differs(said, segment.text):
        return "negation"
    if borrows(said, segment):
        return "roles"
    if _drops_condition(said, segment) or _widens(said, segment):
        return "condition"
    if _other_number(said, segment):
        return "numbers"
    if not _JAPANESE.search(said):
        return "roles" if _other_order(said, segment.text) else ""
    if _other_doer(said, segment.text) or _other_pair(said, segment.text):
        return "roles"
    return "" if _says_as_much(said, segment) else "roles"


def _drops_condition(said: str, segment: Segment) -> bool:
    """Whether a statement gives what holds on a condition without the condition."""
    spoken = set(words(said))
    for condition, rest in _conditions(segment.text):
        wanted = [w for w in words(condition) if not is_framing(w)]
        told = sum(any_wording(w, spoken) for w in wanted)
        holds = [w for w in words(rest) if not is_framing(w)]
        speaks = not holds or any(any_wording(w, spoken) for w in holds)
        if wanted and speaks and told < _HELD * len(wanted):
            return True
    return False


def _conditions(text: str) -> Iterator[tuple[str, str]]:
    """Each condition of a segment, and what is said on it."""
    if not _JAPANESE.search(text):
        for match in _CONDITION_EN.finditer(text):
            yield match.group(1), text[: match.start()] + text[match.end() :]
        return
    found = morphemes(text)
    for place, morpheme in enumerate(found):
        if _is_condition(found, place):
            begin = _topic_end(text[: morpheme.start])
            yield text[begin : morpheme.start], text[morpheme.end :]


def _is_condition(found: Sequence[Morpheme], place: int) -> bool:
    """Whether a word closes a condition: ば, or とき and 場合 after a verb."""
    morpheme = found[place]
    follows = found[place + 1].surface if place + 1 < len(found) else ""
    if morpheme.speech == ("助詞", "接続助詞") and morpheme.surface == "ば":
        return follows not in _NOT_CONDITIONAL
    if morpheme.word not in _WHEN or not place:
        return False
    after_verb = found[place - 1].speech[0] in ("動詞", "助動詞", "形容詞")
    return after_verb and follows in ("に", "は", "、", "など", "には")


def _topic_end(text: str) -> int:
    """Where what is said of a topic begins."""
    topic = japanese_topic(text)
    return len(topic) + 1 if topic else 0


def _widens(said: str, segment: Segment) -> bool:
    """Whether a statement's topic drops what narrows it in the source (初めて応募する団体)."""
    topic = _PAREN.sub("", japanese_topic(said)) if _JAPANESE.search(said) else ""
    own, spoken = words(topic), set(words(said))
    narrowed = bool(_CLAUSE_BEFORE_NOUN.search(topic))
    touched = []
    for part in _JOINED.split(segment.topic):
        narrow = words(part)
        if own and narrow and (own[-1] == narrow[-1] or (narrowed and own[-1] in narrow)):
            touched.append(part)
    if any(all(any_wording(w, spoken) for w in words(part)) for part in touched):
        return False
    return any(_CLAUSE_BEFORE_NOUN.search(part) for part in touched)


def _other_doer(said: str, source: str) -> bool:
    """Whether who does something is in the source only one to whom it is done."""
    if bool(_PASSIVE.search(said)) != bool(_PASSIVE.search(source)):
        return False
    doers, known = _marked(said, ("が",)), _marked(source, ("が",))
    others = _marked(source, ("に", "へ", "を", "と", "から"))
    for doer in doers:
        if not known or any(doer <= one for one in known):
            continue
        if any(doer <= other for other in others) or _part_of_name(doer, known):
            return True
    return False


def _part_of_name(doer: frozenset[str], known: set[frozenset[str]]) -> bool:
    """Whether a doer shares words with one of the source's and has others (another office)."""
    return any(doer & one and doer - one for one in known)


def _marked(text: str, particles: tuple[str, ...]) -> set[frozenset[str]]:
    """The compound nouns that stand right before one of the particles, as words."""
    found = morphemes(text)
    marked = set()
    for place, particle in enumerate(found):
        if particle.surface in particles and particle.speech == ("助詞", "格助詞"):
            start = place
            while start and found[start - 1].speech[0] in ("名詞", "接尾辞", "接頭辞"):
                start -= 1
            if start < place:
                marked.add(frozenset(m.word for m in found[start:place]))
    return marked


def _other_pair(said: str, source: str) -> bool:
    """Whether an AのB of the statement is another's B in the source (協働の制度, 参加の制度)."""
    known = _pairs(source)
    for owner, thing in _pairs(said):
        owners = [a for a, b in known if b == thing]
        if any(w[0].isdigit() for w in owner | thing):
            continue
        fits = any(owner <= a or a <= owner for a in owners)
        if owners and not fits and not _beside(owner, thing, source):
            return True
    return False


def _pairs(text: str) -> set[tuple[frozenset[str], frozenset[str]]]:
    """Each compound noun with the one that follows it after の."""
    nouns = _compounds(text)
    return {
        (a, b)
        for (a, _, end), (b, start, _) in zip(nouns, nouns[1:], strict=False)
        if text[end:start] == "の"
    }


def _beside(owner: frozenset[str], thing: frozenset[str], source: str) -> bool:
    """Whether both stand in one compound of the source, or side by side."""
    nouns = [words_ for words_, _, _ in _compounds(source)]
    return any(owner | thing <= noun for noun in nouns) or any(
        owner <= a and thing <= b for a, b in zip(nouns, nouns[1:], strict=False)
    )


def _compounds(text: str) -> list[tuple[frozenset[str], int, int]]:
    """The runs of nouns of a text, as words, with where each starts and ends."""
    found: list[tuple[frozenset[str], int, int]] = []
    run: list[Morpheme] = []
    for morpheme in (*morphemes(text), None):
        if morpheme is not None and morpheme.speech[0] in ("名詞", "接尾辞", "接頭辞"):
            run.append(morpheme)
            continue
        if run:
            found.append((frozenset(m.word for m in run), run[0].start, run[-1].end))
        run = []
    return found


def _other_number(said: str, segment: Segment) -> bool:
    """Whether a number of a statement is not the segment's own, or is told of something else.

    What a number is told of is looked for between the commas that it stands between, or
    after them where nothing else stands there.
    """
    opening = len(_opening(said))
    known, about = quantities(segment.text), set(_content(segment.topic))
    for quantity in quantities(said):
        if quantity.start < opening:
            continue
        same = [k for k in known if k.value == quantity.value]
        if not same:
            return True
        rest = map(_content, _COMMA.split(said[quantity.end :]))
        follows = next((spoken for spoken in rest if spoken), [])[:_NEXT]
        near = [about | set(_content(_around(segment.text, k.start))) for k in same]
        if follows and not any(any_wording(w, held) for held in near for w in follows):
            return True
    return False


def _opening(said: str) -> str:
    """What a sentence begins with to say what it is about: its topic, or "In fiscal 2022,"."""
    if _JAPANESE.search(said):
        return japanese_topic(said)
    match = _LEADING.match(said)
    return match.group() if match else ""


def _around(text: str, place: int) -> str:
    """The text between the commas around a place; the next stretch too where that is bare."""
    start = max(text.rfind("、", 0, place), text.rfind(", ", 0, place)) + 1
    end = place
    for _ in range(2):
        match = _COMMA.search(text, end)
        end = match.end() if match else len(text)
        if len(_content(text[place:end])) > 0:
            break
    return text[start:end]


def _says_as_much(said: str, segment: Segment) -> bool:
    """Whether the statement's last word ends a clause of the source, or is its topic."""
    spoken = [w for w in _content(said) if not w.isascii()]
    if not spoken:
        return True
    clauses = [*split_parts(segment.text), *_COMMA.split(segment.text)]
    ends = {w for c in clauses for w in [w for w in _content(c) if not w.isascii()][-_LAST:]}
    return any_wording(spoken[-1], ends | set(words(segment.topic)))


def _content(text: str) -> list[str]:
    """The Japanese words of a text that are neither framing nor counters, in order."""
    counters = load_table("gate")["counters"]["words"]
    return [
        w
        for w in words(text)
        if not w[0].isdigit() and w not in counters and not is_framing(w)
    ]


def _other_order(said: str, source: str) -> bool:
    """Whether two who act stand in the other order than in an English source.

    A passive turns the order round, so that it is only compared between two of a kind.
    """
    if bool(_PASSIVE_EN.search(said)) != bool(_PASSIVE_EN.search(source)):
        return False
    actors = {w for entry in load_table("gate")["actors"]["words"] for w in words(entry)}
    own = [w for w in dict.fromkeys(words(said[len(_opening(said)) :])) if w in actors]
    known = words(source[len(_opening(source)) :])
    for one, other in zip(own, own[1:], strict=False):
        if one in known and other in known and _last(known, one) > _first(known, other):
            if _first(known, one) > _first(known, other):
                return True
    return False


def _first(held: Sequence[str], word: str) -> int:
    return held.index(word)


def _last(held: Sequence[str], word: str) -> int:
    return len(held) - 1 - list(reversed(held)).index(word)
