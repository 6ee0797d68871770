"""The parts of a source that speak of one thing each, and what each speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.wording import any_wording, unsupported_words
from index.tokenization import Morpheme, morphemes, words

_JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
_ENGLISH_CUT = re.compile(
    r"(?<=;) |(?<=,) (?=(?:and |but |while )?(?:in|at|for|under|to|with) "
    r"(?!example|principle|particular|addition|short|general))"
)
_PRONOUN = re.compile(r"^(?:it|they|this|these|those|its|their|he|she|both|such)\b")
_LEADING = re.compile(
    r"^(?:(?:and|but|while) )?(?:in|at|for|under|to|with|on|as|according to) ([^,]*)"
)
_BRACKETED = re.compile(r"\([^()]*\)|「[^「」]*」|\"[^\"]*\"")
_COMMA = re.compile(r"(?<=[、,])(?!\d)")
_FIGURE = re.compile(r"\d")
_SUBJECT = 5


@dataclass(frozen=True)
class Segment:
    """A stretch of one sentence: its text and the words that say what it is about.

    ``topic`` is the text of the topic, "" where it has none of its own (it goes on from what
    stands before it).
    """

    text: str
    topic: str


def segments(sentence: str) -> list[Segment]:
    """The segments of one folded, lower-case sentence, in order."""
    if not _JAPANESE.search(sentence):
        parts = [p for p in _ENGLISH_CUT.split(sentence) if words(p)]
        return [Segment(part, _english_topic(part)) for part in parts]
    found: list[Segment] = []
    for part in _COMMA.split(sentence):
        topic = japanese_topic(part)
        topic = topic if _goes_on(part[len(topic) :]) else ""
        if found and (not topic or not found[-1].topic or _only_topic(found[-1])):
            last = found.pop()
            found.append(Segment(last.text + part, last.topic or (topic and last.text + topic)))
        else:
            found.append(Segment(part, topic))
    return found


def _only_topic(segment: Segment) -> bool:
    return not words(segment.text[len(segment.topic) :])


def _goes_on(rest: str) -> bool:
    """Whether something is said of a topic, in what follows its particle or after a comma."""
    return bool(words(rest)) or not rest[1:].strip("、, ")


def nearest_segment(said: str, sources: Sequence[str]) -> Segment:
    """The segment of the source sentences that lacks fewest of a statement's words."""
    everything = [s for source in sources for s in segments(source)]
    if not everything:
        return Segment("", "")
    wanted = words(said)

    def fit(segment: Segment) -> tuple[float, int]:
        held = set(words(segment.text))
        return sum(any_wording(w, held) for w in wanted), -len(held)

    return max(everything, key=fit)


def borrows(said: str, segment: Segment) -> bool:
    """Whether a statement takes words from elsewhere and drops what the segment is about."""
    topic = words(segment.topic)
    missing = [w for w in unsupported_words(said, segment.text) if not _FIGURE.search(w)]
    if not topic or not missing:
        return False
    rest = words(segment.text.replace(segment.topic, " ", 1))
    spoken = words(said)
    told = sum(any_wording(topic[0], {word}) for word in spoken)
    return told <= rest.count(topic[0])


def japanese_topic(text: str) -> str:
    """The text before the first は or も that marks a topic, outside brackets."""
    hidden = _BRACKETED.sub(lambda m: "・" * len(m.group()), text)
    found = morphemes(hidden)
    for before, morpheme in zip(found, found[1:], strict=False):
        if morpheme.speech[0] == "助詞" and _marks_topic(before, morpheme):
            return text[: morpheme.start]
    return ""


def _marks_topic(before: Morpheme, particle: Morpheme) -> bool:
    if particle.surface == "は":
        return before.surface != "また"
    after_noun = before.speech[0] in ("名詞", "接尾辞", "代名詞", "補助記号")
    return particle.surface == "も" and (after_noun or before.surface in ("に", "で", "と"))


def _english_topic(text: str) -> str:
    if _PRONOUN.match(text):
        return ""
    leading = _LEADING.match(text)
    if leading and words(leading.group(1)):
        return leading.group(1)
    return " ".join(text.split()[:_SUBJECT])
