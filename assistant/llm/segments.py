"""The parts of a source that speak of one thing each, and what each speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.topics import japanese_topic
from assistant.wording import any_wording, unsupported_words
from index.tokenization import normalise, words

_JAPANESE = re.compile(r"[぀-ヺー-ヿ一-鿿]")
_ENGLISH_CUT = re.compile(
    r"(?<=;) |(?<=,) (?=(?:and |but |while )?(?:in|at|for|under|to|with) "
    r"(?!example|principle|particular|addition|short|general))"
    r"|(?<=,) (?=(?:but|while|whereas) (?!also))"
)
_PRONOUN = re.compile(r"^(?:it|they|this|these|those|its|their|he|she|both|such)\b")
_LEADING = re.compile(
    r"^(?:(?:and|but|while) )?(?:in|at|for|under|to|with|on|as|according to) ([^,]*)"
)
_OPENING = re.compile(r"^(?:in|at|for|under|on|with|as|according to) [^,]*,")
_COMMA = re.compile(r"(?<=、)|(?<=,)(?!\d)")
_FIGURE = re.compile(r"\d")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|must|will|should|does|do|did|cannot|could)\b"
)
_FINITE = re.compile(
    _VERB.pattern
    + r"|\b(?:came|comes|took|takes|began|begins|gave|gives|became|covers|sets|holds)\b"
)
_SUBJECT, _SHORT = 5, 2
_NAMED = 8
"""Words that name a thing at most."""


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
        topic = topic if _goes_on(part, topic) and not (found and _beside_only(part, topic)) else ""
        if found and (not topic or not found[-1].topic or _only_topic(found[-1])):
            last = found.pop()
            found.append(Segment(last.text + part, last.topic or (topic and last.text + topic)))
        else:
            found.append(Segment(part, topic))
    return found


def _only_topic(segment: Segment) -> bool:
    return not words(segment.text[len(segment.topic) :])


def _beside_only(part: str, topic: str) -> bool:
    """Whether a は after と only sets someone beside (国や県とは対等な), and defines nothing."""
    return topic.endswith("と") and not part[len(topic) + 1 :].startswith("、")


def _goes_on(part: str, topic: str) -> bool:
    """Whether something is said of a topic, in what follows its particle or after a comma."""
    return len(words(part)) > len(words(topic)) or not part[len(topic) + 1 :].strip("、, ")


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
    """Whether a statement takes words from elsewhere that its segment does not hold.

    It may only where they say what it is about, and its segment is about the same: names
    nothing else, or something that the statement names too.
    """
    missing = [w for w in unsupported_words(said, segment.text) if not _FIGURE.search(w)]
    if not missing:
        return False
    opening = normalise(opening_of(said))
    if any(w not in opening for w in missing):
        return True
    topic = words(segment.topic)
    rest = words(segment.text.replace(segment.topic, " ", 1))
    told = sum(any_wording(topic[0], {word}) for word in words(said)) if topic else 1
    return bool(topic) and told <= rest.count(topic[0])


def with_subjects(sentences: Sequence[str]) -> list[str]:
    """Sentences in which an English "it" that begins one is the subject of the one before."""
    told: list[str] = []
    for sentence in sentences:
        subject = _subject(told[-1]) if told and sentence.startswith("it ") else ""
        told.append(f"{subject}{sentence[3:]}" if subject else sentence)
    return told


def _subject(sentence: str) -> str:
    """What stands before the verb of an English sentence, "" where that is not plain."""
    verb = None if _JAPANESE.search(sentence) else _FINITE.search(sentence)
    opening = " ".join(sentence[: verb.start()].split()) + " " if verb else ""
    plain = "," not in opening and 1 < len(opening.split()) <= _NAMED
    return opening if plain else ""


def opening_of(said: str) -> str:
    """What a sentence begins with to say what it is about: its topic, or "In fiscal 2022,"."""
    if _JAPANESE.search(said):
        return japanese_topic(said)
    match = _OPENING.match(said)
    if match:
        return match.group()
    verb = _VERB.search(said)
    return said[: verb.start()] if verb else " ".join(said.split()[:_SHORT])


def _english_topic(text: str) -> str:
    if _PRONOUN.match(text):
        return ""
    leading = _LEADING.match(text)
    if leading and words(leading.group(1)):
        return leading.group(1)
    return " ".join(text.split()[:_SUBJECT])
