"""Cut Japanese text at word boundaries, so that the pieces learnt are words or parts of words.

Only training needs this: the finished tokenizer runs without a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from sudachipy import Dictionary, SplitMode, Tokenizer

LONGEST = 10_000
JAPANESE = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff]")
_MODES = {"A": SplitMode.A, "B": SplitMode.B, "C": SplitMode.C}


@cache
def _analyser(mode: str) -> Tokenizer:
    return Dictionary().create(mode=_MODES[mode])


def cut_words(chunks: Iterable[str], mode: str) -> Iterator[str]:
    """Cut chunks of Japanese into words, and leave the others.

    Args:
        chunks: Stretches of one script, without spaces.
        mode: Sudachi's split mode: A (shortest units), B or C (longest).

    Yields:
        The words, in order.
    """
    analyser = _analyser(mode)
    for chunk in chunks:
        if JAPANESE.search(chunk):
            for start in range(0, len(chunk), LONGEST):
                for word in analyser.tokenize(chunk[start : start + LONGEST]):
                    yield word.surface()
        else:
            yield chunk


def spaced(texts: Iterable[str], mode: str) -> Iterator[str]:
    """Put a space between words.

    Args:
        texts: Texts in any language.
        mode: Sudachi's split mode: A (shortest units), B or C (longest).

    Yields:
        Each text with its words apart.
    """
    for text in texts:
        yield " ".join(cut_words(text.split(), mode))
