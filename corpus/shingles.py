"""How much two texts have in common: sets of four-character shingles, and MinHash to find pairs.

Pairs are found by locality-sensitive hashing (20 bands of 5 rows: of texts with eight tenths in
common, 1 pair in 3,000 is missed) and then compared exactly.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from corpus.invisible import searchable

Shingles = npt.NDArray[np.uint64]

_WIDTH = 4
_BANDS, _ROWS = 20, 5
_CROWD = 40
"""Texts in one bucket above which each is compared with the first ones only."""
_KEPT = 2_000
_SEED = 20_050_401
_PRIME = np.uint64(0x9E3779B97F4A7C15)


def folded(text: str) -> str:
    """A text as it is compared: NFKC, lower case, letters and figures only."""
    plain = unicodedata.normalize("NFKC", searchable(text)).casefold()
    return "".join(filter(str.isalnum, plain))


def shingles(plain: str) -> Shingles:
    """The distinct shingles of a folded text, sorted; a short text is one shingle."""
    codes = np.frombuffer(plain.ljust(_WIDTH).encode("utf-32-le"), dtype=np.uint32)
    codes = codes.astype(np.uint64)
    count = len(codes) - _WIDTH + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for offset in range(_WIDTH):
        mixed = (mixed ^ codes[offset : offset + count]) * _PRIME
        mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed)


def likeness(one: Shingles, other: Shingles) -> float:
    """The share of shingles in common (Jaccard), from 0 to 1."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def near_pairs(texts: Sequence[str], least: float) -> Iterator[tuple[int, int]]:
    """The pairs of folded texts, by number, that have at least this share in common.

    Memory grows by 400 bytes a text: shingles are made again for the pairs that are compared.
    """
    signatures = np.empty((len(texts), _BANDS * _ROWS), dtype=np.uint32)
    for number, text in enumerate(texts):
        signatures[number] = _signature(shingles(text))
    made = lru_cache(maxsize=_KEPT)(lambda number: shingles(texts[number]))
    seen: set[tuple[int, int]] = set()
    for band in range(_BANDS):
        for members in _buckets(signatures[:, band * _ROWS : (band + 1) * _ROWS]):
            for pair in _pairs(members):
                if pair not in seen:
                    seen.add(pair)
                    if likeness(made(pair[0]), made(pair[1])) >= least:
                        yield pair


def _buckets(rows: npt.NDArray[np.uint32]) -> Iterator[list[int]]:
    """The numbers of equal rows, group by group; rows that equal no other are left out."""
    keys = np.zeros(len(rows), dtype=np.uint64)
    for column in range(rows.shape[1]):
        keys = (keys ^ rows[:, column]) * _PRIME
        keys ^= keys >> np.uint64(29)
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order])) + 1
    for group in np.split(order, starts):
        if len(group) > 1:
            yield group.tolist()


def _pairs(members: list[int]) -> Iterator[tuple[int, int]]:
    for i, one in enumerate(members):
        others = members[:i] if len(members) <= _CROWD else members[: min(i, 2)]
        yield from ((other, one) for other in others)


def _signature(one: Shingles) -> npt.NDArray[np.uint32]:
    products = one[:, None] * _factors()
    least: npt.NDArray[np.uint32] = (products >> np.uint64(32)).astype(np.uint32).min(axis=0)
    return least


@cache
def _factors() -> npt.NDArray[np.uint64]:
    random = np.random.default_rng(_SEED)
    return random.integers(1, 2**63, size=_BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
