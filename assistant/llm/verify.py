"""Which of a model's statements a passage carries: the quote gate, and what only a model does.

A statement is held against the whole sentences that its quote stands in, and must be one of
them with nothing but the changes that ``carried`` allows. What cannot be settled is struck out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.datatypes import Language
from assistant.gate import is_verbatim
from assistant.llm.carried import disagreement
from assistant.llm.locate import aligned, locate, whole_sentences
from assistant.llm.parse import Claim
from assistant.markup import visible
from assistant.understand import language_of
from corpus.datatypes import Passage

_MARKUP = re.compile(
    r"https?:|www\.|://|!\[|\]\s*[\[(]|<[/!?a-z]|&(?:#|[a-z]+;)|```|javascript:|data:|\bsrc\s*=",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:[a-z]+:)?//\S+|www\.\S+|<[^>]*>?|!?\[[^\]]*\]\s*[(\[][^)\]]*[)\]]", re.I)
_BULLET = re.compile(r"^(?:[-*+・•#>]|\d+[.)])\s+")
_CITES = re.compile(r"(?:\s*[\[(（【〔]\s*(?:[0-9a-f]{6}|\d{1,2})\s*[\])）】〕])+(?=[。.]?\s*$)")
LookUp = Callable[[str], Passage | None]


@dataclass(frozen=True)
class Judged:
    """A claim with our judgement.

    ``reason`` is "" where it is carried. ``passage`` and the span are what carries it, or what
    it was held against; ``passage`` is None where it names nothing that was given.
    """

    text: str
    reason: str
    passage: Passage | None = None
    start: int = 0
    end: int = 0

    @property
    def verified(self) -> bool:
        """Whether a passage carries it."""
        return not self.reason


def judge(
    claim: Claim, passages: Mapping[str, Passage], language: Language, look_up: LookUp
) -> Judged:
    """Hold one claim against the passage that it cites.

    Args:
        claim: the model's statement.
        passages: what the model was given, by the ids it may cite.
        language: the language of the answer.
        look_up: a passage by its id, for the rendering of a passage in another language.
    """
    text = tidy(claim.text)
    passage = passages.get(claim.source)
    if has_markup(claim.text):
        return Judged(without_addresses(text), "markup", passage)
    if passage is None:
        return Judged(text, "unknown_source")
    if not claim.quote:
        return Judged(text, "no_quote")
    span = locate(claim.quote, passage.text)
    if span is None:
        return Judged(text, "not_in_passage")
    start, end = whole_sentences(passage.text, *span)
    if language_of(text) != language:
        return Judged(text, "language", passage, start, end)
    return _held_against(text, passage, start, end, language, look_up)


def _held_against(
    text: str, passage: Passage, start: int, end: int, language: Language, look_up: LookUp
) -> Judged:
    if passage.language != language:
        other = look_up(passage.counterpart or "")
        if other is None or other.language != language:
            return Judged(text, "other_language", passage, start, end)
        start, end = aligned(passage.text, start, end, other.text)
        passage = other
    if is_verbatim(text, [passage.text[start:end]]):
        return Judged(text, "", passage, start, end)
    return Judged(text, disagreement(text, passage, start, end), passage, start, end)


def has_markup(text: str) -> bool:
    """Whether a text holds an address, an image, a link, a tag or a script."""
    return bool(_MARKUP.search(visible(text)))


def tidy(text: str) -> str:
    """A model's sentence without list signs, marks of its own and hidden characters."""
    plain = " ".join(visible(text).split())
    return _CITES.sub("", _BULLET.sub("", plain)).replace("**", "").strip()


def without_addresses(text: str) -> str:
    """A text without addresses, images, links and tags, to be shown struck out."""
    return " ".join(_ADDRESS.sub(" … ", text).split())
