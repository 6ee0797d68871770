"""What a Japanese sentence is about: what stands before its は."""

from __future__ import annotations

import re

from index.tokenization import Morpheme, morphemes

_BRACKETED = re.compile(r"\([^()]*\)|「[^「」]*」|\"[^\"]*\"")


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
