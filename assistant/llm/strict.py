"""What only a model does to a quote: it drops a condition, lends one thing's words to another.

The gate asks whether a statement's words, numbers, limits, modality and denials are its
quote's. These checks ask whether they still belong together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.agreement import split_parts
from assistant.llm.figures import content_words
from assistant.llm.order import leading_of
from assistant.llm.segments import Segment
from assistant.topics import japanese_topic
from assistant.wording import any_wording, is_framing, unsupported_words
from index.tokenization import Morpheme, morphemes, words

_JAPANESE = re.compile(r"[぀-ヺー-ヿ一-鿿]")
_CONDITION_EN = re.compile(
    r"\b(?:if|when|where|unless|provided|once|as long as|in case|only after)\b"
    r",?(?: for example,| in particular,)?([^,;.]*)"
)
_NOT_CONDITIONAL = frozenset({"よい", "いい", "良い", "なら", "なり", "いけ", "だめ"})
"""What follows a ば that asks (どうすればよいか) or demands (しなければならない)."""
_WHEN = frozenset({"時", "場合", "際", "限り", "上"})
_HELD = 0.6
"""Share of a condition's words that a statement must repeat."""
_NAMED = re.compile(r"「[^「」]*」")
_LABEL = re.compile(r"\(\d+\)")
_PAREN = re.compile(r"\((?!\d+\))[^()]*\)")
_JOINED = re.compile(r"や|、|・|及び|並びに|または|又は|のほか")
_CLAUSE_BEFORE_NOUN = re.compile(r"(?:[うくすつぬむるぐぶ]|[たない])(?=[一-鿿ァ-ヿ「])")
_LAST = 3
_COMMA = re.compile(r"、|, ")


def repeats_words(said: str, source: str) -> bool:
    """Whether a statement uses a word twice that its source has once (企業と企業)."""
    opening = japanese_topic(said) if _JAPANESE.search(said) else leading_of(said)
    # What it opens with may come from a sentence before, which named it once already.
    opening = opening if unsupported_words(opening, source) else ""
    spoken, held = Counter(content_words(said[len(opening) :])), Counter(content_words(source))
    return any(n > 1 and 0 < held[w] < n for w, n in spoken.items())


def drops_condition(said: str, segment: Segment) -> bool:
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
        asked = any(m.surface in ("どう", "どの", "何") for m in found[max(place - 4, 0) : place])
        return not asked and follows not in _NOT_CONDITIONAL
    if morpheme.word not in _WHEN or not place:
        return False
    after_verb = found[place - 1].speech[0] in ("動詞", "助動詞", "形容詞")
    return after_verb and follows in ("に", "は", "、", "など", "には")


def _topic_end(text: str) -> int:
    """Where what is said of a topic begins."""
    topic = japanese_topic(text)
    return len(topic) + 1 if topic else 0


def widens(said: str, segment: Segment) -> bool:
    """Whether a statement's topic drops what narrows it in the source (初めて応募する団体)."""
    topic = _PAREN.sub("", japanese_topic(said)) if _JAPANESE.search(said) else ""
    own, spoken = words(topic), set(words(said))
    narrowed = _has_clause(topic)
    touched = []
    for part in _JOINED.split(segment.topic):
        narrow = words(part)
        if own and narrow and (own[-1] == narrow[-1] or (narrowed and own[-1] in narrow)):
            touched.append(part)
    if any(all(is_framing(w) or any_wording(w, spoken) for w in words(p)) for p in touched):
        return False
    return any(map(_has_clause, touched))


def _has_clause(topic: str) -> bool:
    """Whether a clause narrows a noun (初めて応募する団体); a name in 「」 is no clause."""
    return bool(_CLAUSE_BEFORE_NOUN.search(_NAMED.sub("・", topic)))


def says_as_much(said: str, segment: Segment) -> bool:
    """Whether the statement's last word ends a clause of the source, or is its topic."""
    spoken = [w for w in content_words(said) if not w.isascii()]
    if not spoken:
        return True
    clauses = [*split_parts(segment.text), *_COMMA.split(segment.text)]
    ends = {w for c in clauses for w in [w for w in content_words(c) if not w.isascii()][-_LAST:]}
    return any_wording(spoken[-1], ends | set(words(segment.topic)))
