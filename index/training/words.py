"""Cut Japanese text at word boundaries, so that the pieces learnt are words or parts of words.

Only training needs this: the finished tokenizer runs without a dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sudachipy import Dictionary, SplitMode

LONGEST_BYTES = 40_000
_MODES = {"A": SplitMode.A, "B": SplitMode.B, "C": SplitMode.C}


def spaced(texts: Iterable[str], mode: str) -> Iterator[str]:
    """Put a space between words.

    Args:
        texts: Texts in any language.
        mode: Sudachi's split mode: A (shortest units), B or C (longest).

    Yields:
        Each text with its words apart.
    """
    analyser = Dictionary().create(mode=_MODES[mode])
    for text in texts:
        for start in range(0, len(text), LONGEST_BYTES // 4):
            part = text[start : start + LONGEST_BYTES // 4]
            yield " ".join(word.surface() for word in analyser.tokenize(part))
