"""Train the tokenizer: Unigram pieces over text that is normalised in the tokenizer itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "<unk>"
WORD_START = "\u2581"
_LONG_VOWELS = {
    "\u0101": "a",
    "\u012b": "i",
    "\u016b": "u",
    "\u0113": "e",
    "\u014d": "o",
}
_CHUNKS = (
    rf"'\p{{Latin}}+|{WORD_START}[\p{{Latin}}\p{{M}}]+|\p{{N}}+"
    r"|[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\u3005]+|[^\s]"
)
_RUNS = (
    rf"(?:{WORD_START}[\p{{Latin}}\p{{M}}]+(?:'\p{{Latin}}+)*)+|\p{{N}}+"
    r"|[\p{Han}\p{Hiragana}\p{Katakana}\u30fc\u3005]+|[^\s]"
)


def new_tokenizer(phrases: bool = False) -> Tokenizer:
    """Make an untrained tokenizer that normalises and cuts text into chunks.

    NFKC and lower case make width and capitals equal; macrons of romanised Japanese are
    dropped; a mark is put before each Latin word, so that pieces know where words begin;
    scripts, numbers and punctuation are never joined in one piece.

    Args:
        phrases: Whether a piece may reach over several Latin words.

    Returns:
        The tokenizer, with an empty Unigram model.
    """
    tokenizer = Tokenizer(models.Unigram())
    joined = [normalizers.Replace(Regex(rf"\s+(?={WORD_START})"), "")] if phrases else []
    macrons = [normalizers.Replace(long, short) for long, short in _LONG_VOWELS.items()]
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace("\u2019", "'"),
            normalizers.Lowercase(),
            *macrons,
            normalizers.Replace(Regex(r"(?<![\p{Latin}\p{M}'])(?=\p{Latin})"), WORD_START),
            *joined,
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(_RUNS if phrases else _CHUNKS), behavior="isolated"),
        ]
    )
    return tokenizer


def train_tokenizer(texts: Iterable[str], pieces: int, longest: int) -> Tokenizer:
    """Learn the pieces.

    Args:
        texts: What to learn them from, both languages; no piece reaches over a space.
        pieces: How many, with the unknown piece.
        longest: Characters of the longest piece.

    Returns:
        A tokenizer whose piece 0 is the unknown piece.
    """
    tokenizer = new_tokenizer()
    trainer = trainers.UnigramTrainer(
        vocab_size=pieces,
        special_tokens=[UNKNOWN],
        unk_token=UNKNOWN,
        max_piece_length=longest,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def unknown_id(tokenizer: Tokenizer) -> int:
    """Id of the piece that stands for characters never seen."""
    return int(json.loads(tokenizer.to_str())["model"]["unk_id"])


class Ragged:
    """Token ids of many texts in one flat array.

    ``flat[starts[i]:starts[i + 1]]`` are the ids of text ``i``.
    """

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        """Flatten ``rows``, one list of ids a text."""
        lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
        self.starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum(lengths)])
        self.flat: NDArray[np.int64] = np.fromiter(
            (token for row in rows for token in row),
            dtype=np.int64,
            count=int(lengths.sum()),
        )

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.starts) - 1

    def take(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Gather some texts.

        Args:
            rows: Which texts, shape (n,).

        Returns:
            Their ids in one flat array, and which of the n texts each belongs to.
        """
        lengths = self.starts[rows + 1] - self.starts[rows]
        owner = np.repeat(np.arange(len(rows)), lengths)
        first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        within = np.arange(int(lengths.sum())) - first[owner]
        return self.flat[self.starts[rows][owner] + within], owner


def tokenize(tokenizer: Tokenizer, texts: Sequence[str]) -> Ragged:
    """Turn texts into ids, unknown pieces left out as both runtimes leave them out.

    Args:
        tokenizer: A trained tokenizer.
        texts: What to tokenize.

    Returns:
        The ids, one row a text.
    """
    unknown = unknown_id(tokenizer)
    encoded = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    return Ragged([[token for token in one.ids if token != unknown] for one in encoded])
