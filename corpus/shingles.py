"""How much two texts have in common: sets of four-character shingles, and MinHash to find pairs.

Pairs are found by locality-sensitive hashing (20 bands of 5 rows: of texts with eight tenths in
common, 1 pair in 3,000 is missed) and then compared exactly.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from corpus.invisible import searchable

Shingles = npt.NDArray[np.uint64]

_WIDTH = 4
_BANDS, _ROWS = 20, 5
_CROWD = 40
"""Texts in one bucket above which each is compared with the first ones only."""
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


def near_pairs(sets: Sequence[Shingles], least: float) -> Iterator[tuple[int, int]]:
    """The pairs of sets, by number, that have at least this share in common."""
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for number, signature in enumerate(_signatures(sets)):
        for band in range(_BANDS):
            rows = signature[band * _ROWS : (band + 1) * _ROWS]
            buckets[band, rows.tobytes()].append(number)
    seen: set[tuple[int, int]] = set()
    for members in buckets.values():
        for pair in _pairs(members):
            if pair not in seen:
                seen.add(pair)
                if likeness(sets[pair[0]], sets[pair[1]]) >= least:
                    yield pair


def _pairs(members: list[int]) -> Iterator[tuple[int, int]]:
    for i, one in enumerate(members):
        others = members[:i] if len(members) <= _CROWD else members[: min(i, 2)]
        yield from ((other, one) for other in others)


def _signatures(sets: Sequence[Shingles]) -> Iterator[npt.NDArray[np.uint64]]:
    random = np.random.default_rng(_SEED)
    size = _BANDS * _ROWS
    factors = random.integers(1, 2**63, size=size, dtype=np.uint64) | np.uint64(1)
    for one in sets:
        products = one[:, None] * factors
        yield (products ^ (products >> np.uint64(31))).min(axis=0)
