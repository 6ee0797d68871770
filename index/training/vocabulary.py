"""Choose the pieces: whole words where they are frequent, parts of words and characters else.

The stock Unigram trainer looks for pieces in the list of different words, where a frequent word
stands but once, and so misses the commonest words; here words are counted as often as they occur.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

from tokenizers import Tokenizer, models, trainers

from index.training.tokens import UNKNOWN, WORD_START, new_tokenizer
from index.training.words import cut_words

SPARE = 0.01
"""Share of a character's occurrences inside words that it is credited with on its own."""


def choose_pieces(texts: Iterable[str], pieces: int, longest: int, mode: str) -> Tokenizer:
    """Make a tokenizer of the most frequent words, parts of words and characters.

    Args:
        texts: What to count them in, both languages.
        pieces: How many, with the unknown piece.
        longest: Characters of the longest Japanese piece.
        mode: Sudachi's split mode (A, B or C).

    Returns:
        A Unigram tokenizer whose piece 0 is the unknown piece; a piece's score is the logarithm
        of its share, so that the most likely way to cut a text is found, without a dictionary.
    """
    words = Counter(_words(texts, mode))
    latin = Counter({word: n for word, n in words.items() if word.startswith(WORD_START)})
    counts = Counter({w: n for w, n in words.items() if w not in latin and len(w) <= longest})
    counts.update(_latin_parts(latin, pieces // 2))
    letters: Counter[str] = Counter()
    for word, number in words.items():
        for letter in word:
            letters[letter] += number
    kept = {letter: max(counts[letter], SPARE * n) for letter, n in letters.items() if n > 1}
    for piece, number in counts.most_common():
        if len(kept) >= pieces - 1:
            break
        kept.setdefault(piece, number)
    total = sum(kept.values())
    scored = sorted(kept.items(), key=lambda item: (-item[1], item[0]))
    vocabulary = [(UNKNOWN, 0.0), *((piece, math.log(n / total)) for piece, n in scored)]
    tokenizer = new_tokenizer()
    tokenizer.model = models.Unigram(vocabulary, 0, False)
    return tokenizer


def _words(texts: Iterable[str], mode: str) -> Iterator[str]:
    tokenizer = new_tokenizer()
    for text in texts:
        chunks = tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(text))
        yield from cut_words((chunk for chunk, _ in chunks), mode)


def _latin_parts(latin: Counter[str], most: int) -> Counter[str]:
    tokenizer = Tokenizer(models.BPE())
    trainer = trainers.BpeTrainer(vocab_size=most, show_progress=False)
    tokenizer.train_from_iterator(
        (w for w, n in latin.items() for _ in range(min(n, 500))), trainer
    )
    parts: Counter[str] = Counter()
    for word, number in latin.items():
        for part in tokenizer.encode(word).tokens:
            parts[part] += number
    return parts
