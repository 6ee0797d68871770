"""Measure a model on questions of the field: is the right provision among the first five?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.training.datatypes import Pair
from index.training.documents import Provision
from index.training.measure import Encode

FIRST = 5


def measure_field(
    encode: Encode, questions: Sequence[Pair], provisions: Sequence[Provision]
) -> dict[str, float]:
    """Measure questions on the bundled documents, Japanese and English apart.

    A provision is as near as the nearer of its Japanese text and its English rendering.

    Args:
        encode: The model.
        questions: (question, last heading of a provision that answers it), never trained on.
        provisions: Every provision of the documents.

    Returns:
        ``field_ja_s@5`` and ``field_en_s@5`` with the mean reciprocal ranks, 0 to 1; empty
        where there are no questions.

    Raises:
        ValueError: A question names a heading that no provision has.
    """
    headings = [provision.headings[-1] for provision in provisions]
    unknown = [heading for _, heading in questions if heading not in headings]
    if unknown:
        raise ValueError(f"expected headings of the documents, found {unknown[0]!r}; correct it")
    japanese = encode([" ".join((*p.headings, p.japanese)) for p in provisions])
    english = encode([" ".join((*p.headings_en, p.english)) for p in provisions])
    figures: dict[str, float] = {}
    for language in ("ja", "en"):
        asked = [pair for pair in questions if pair[0].isascii() == (language == "en")]
        if not asked:
            continue
        vectors = encode([question for question, _ in asked])
        scores = np.maximum(vectors @ japanese.T, vectors @ english.T)
        right = np.array([[heading == h for h in headings] for _, heading in asked])
        best = np.where(right, scores, -2).max(axis=1)
        places = (scores > best[:, None]).sum(axis=1)
        figures[f"field_{language}_s@{FIRST}"] = round(float((places < FIRST).mean()), 4)
        figures[f"field_{language}_mrr"] = round(float((1 / (places + 1)).mean()), 4)
    return figures
