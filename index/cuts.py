"""How each passage was cut into tokens: kept, so that an unchanged one is not cut again.

Cutting Japanese takes most of the time of a build; one changed file must not cost it for all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.tokenization import tokens

_DIGEST = 16
_NAMES = ("digests", "ends", "ids")


@dataclass(frozen=True)
class Cuts:
    """The tokens of passages in order, as numbers of a vocabulary.

    ``digests``, shape (passages, 16), tell which text each was cut from; ``ends``, shape
    (passages,), where its tokens end in ``ids``.
    """

    digests: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int32]

    def by_digest(self, vocabulary: Mapping[str, int]) -> dict[bytes, list[str]]:
        """The tokens of every passage by the digest of its text."""
        words = dict(zip(vocabulary.values(), vocabulary, strict=True))
        starts = np.concatenate(([0], self.ends[:-1]))
        rows = zip(self.digests, starts.tolist(), self.ends.tolist(), strict=True)
        ids = self.ids.tolist()
        return {row.tobytes(): [words[i] for i in ids[start:end]] for row, start, end in rows}


def cut(texts: Sequence[str], known: Mapping[bytes, list[str]]) -> list[list[str]]:
    """The tokens of texts; those that are known by the digest of their text are not cut again."""
    found = []
    for text in texts:
        again = known.get(digest_of(text))
        found.append(tokens(text) if again is None else again)
    return found


def make_cuts(
    texts: Sequence[str], cut_texts: Sequence[list[str]], vocabulary: Mapping[str, int]
) -> Cuts:
    """What is kept of texts and their tokens; every token is in the vocabulary."""
    digests = b"".join(map(digest_of, texts))
    ends = np.cumsum([len(found) for found in cut_texts], dtype=np.int64)
    ids = np.fromiter(
        (vocabulary[token] for found in cut_texts for token in found),
        dtype=np.int32,
        count=int(ends[-1]) if len(ends) else 0,
    )
    rows = np.frombuffer(digests, dtype=np.uint8).reshape(len(texts), _DIGEST)
    return Cuts(rows, ends, ids)


def save_cuts(cuts: Cuts, folder: Path) -> None:
    """Write ``cuts/digests.npy``, ``cuts/ends.npy`` and ``cuts/ids.npy``."""
    (folder / "cuts").mkdir()
    for name in _NAMES:
        np.save(folder / "cuts" / f"{name}.npy", getattr(cuts, name), allow_pickle=False)


def load_cuts(folder: Path) -> Cuts:
    """Read what ``save_cuts`` wrote."""
    digests, ends, ids = (
        np.load(folder / "cuts" / f"{name}.npy", allow_pickle=False) for name in _NAMES
    )
    return Cuts(digests, ends, ids)


def cutter_version() -> str:
    """A digest of the code and words that decide how text is cut, beside the dictionary."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for name in ("tokenization.py", "terms/unsearched.toml"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def digest_of(text: str) -> bytes:
    """16 bytes that tell one text from every other."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
