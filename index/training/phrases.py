"""Pieces that span several words: what a set phrase means is not the sum of its words.

A phrase's vector starts as the sum of its words' vectors, so a model with phrases begins as the
model without them; training then learns only how a phrase differs from its words.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from scipy import sparse
from tokenizers import Tokenizer

from index.training.tokens import WORD_START, new_tokenizer
from index.training.words import JAPANESE, cut_words

MOST_WORDS = 4
LEAST = 5
"""How often a phrase must occur."""
LONGEST = {"ja": 10, "en": 32}
"""Characters of the longest phrase."""
_LATIN = re.compile(rf"{WORD_START}[^{WORD_START}]+")


def add_phrases(tokenizer: Tokenizer, texts: Iterable[str], most: int) -> Tokenizer:
    """Add the phrases whose words stand together more than chance would have it.

    Args:
        tokenizer: A tokenizer of words and parts of words.
        texts: What to count phrases in, both languages.
        most: How many phrases of each language.

    Returns:
        A tokenizer with the same pieces at the same ids, and the phrases behind them: the
        strongest by count times pointwise mutual information. A phrase's score is the
        logarithm of its share, so that it wins over its words wherever it stands.
    """
    singles: Counter[str] = Counter()
    joined: Counter[tuple[str, ...]] = Counter()
    for words in _runs(texts):
        singles.update(words)
        for length in range(2, MOST_WORDS + 1):
            joined.update(zip(*(words[i:] for i in range(length)), strict=False))
    total = sum(singles.values())
    known = set(tokenizer.get_vocab())
    ranked: dict[str, list[tuple[float, str, int]]] = {"ja": [], "en": []}
    for row, count in joined.items():
        phrase = "".join(row)
        language = "ja" if JAPANESE.search(phrase) else "en"
        if count < LEAST or phrase in known or len(phrase) > LONGEST[language]:
            continue
        chance = sum(math.log(singles[word] / total) for word in row)
        strength = math.log(count / total) - chance
        if strength > 0:
            ranked[language].append((-count * strength, phrase, count))
    stored = json.loads(tokenizer.to_str())
    for rows in ranked.values():
        # The same letters may be cut into words in more than one way; the strongest stands.
        counts: dict[str, int] = {}
        for _, phrase, count in sorted(rows):
            counts.setdefault(phrase, count)
        kept = list(counts.items())[:most]
        stored["model"]["vocab"] += [[p, math.log(count / total)] for p, count in kept]
    wide = json.loads(new_tokenizer(phrases=True).to_str())
    stored["pre_tokenizer"], stored["normalizer"] = wide["pre_tokenizer"], wide["normalizer"]
    return Tokenizer.from_str(json.dumps(stored))


def word_matrix(tokenizer: Tokenizer, words: int) -> sparse.csr_matrix:
    """Say which pieces each phrase is made of.

    Args:
        tokenizer: What ``add_phrases`` gave.
        words: How many of its pieces, the first ones, are no phrases.

    Returns:
        Shape (pieces, words): a phrase's row counts its words, any other piece's row has 1 at
        itself, so that the matrix times the words' vectors gives every piece its sum.
    """
    stored = json.loads(tokenizer.to_str())
    pieces = [piece for piece, _ in stored["model"]["vocab"]]
    stored["model"]["vocab"] = stored["model"]["vocab"][:words]
    plain = Tokenizer.from_str(json.dumps(stored))
    rows, columns = list(range(words)), list(range(words))
    for number, piece in enumerate(pieces[words:], words):
        text = piece.replace(WORD_START, " ").strip()
        ids = plain.encode(text, add_special_tokens=False).ids
        rows += [number] * len(ids)
        columns += ids
    values = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(pieces), words))


def _runs(texts: Iterable[str]) -> Iterator[Sequence[str]]:
    """The words of every stretch that a phrase may stand in."""
    tokenizer = new_tokenizer(phrases=True)
    for text in texts:
        plain = tokenizer.normalizer.normalize_str(text)
        for chunk, _ in tokenizer.pre_tokenizer.pre_tokenize_str(plain):
            if chunk.startswith(WORD_START):
                yield _LATIN.findall(chunk)
            elif JAPANESE.search(chunk):
                yield list(cut_words([chunk], "A"))
