"""BM25 over the shared tokens, through bm25s (Lucene's variant)."""

from __future__ import annotations

import json
import logging
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.datatypes import Passage
from index.cuts import Cuts, cut, load_cuts, make_cuts, save_cuts
from index.errors import IndexDamaged
from index.tokenization import BIGRAM

K1 = 1.5
B = 0.75


@dataclass(frozen=True)
class KeywordIndex:
    """BM25 scores by passage number, and in how many passages each word stands.

    ``cuts`` are there while an index is built, and where parts of it are shown to some only.
    """

    bm25: Any
    frequencies: dict[str, int]
    passages: int
    cuts: Cuts | None = field(default=None, repr=False)

    def scores(self, query: list[str]) -> npt.NDArray[np.float32]:
        """BM25 of every passage, shape (passages,); zeros where no token is known."""
        known = [t for t in query if t in self.bm25.vocab_dict]
        if not known:
            return np.zeros(self.passages, dtype=np.float32)
        return np.asarray(self.bm25.get_scores(known), dtype=np.float32)

    def holds(self, word: str) -> npt.NDArray[np.bool_]:
        """Which passages hold a token, shape (passages,)."""
        found = np.zeros(self.passages, dtype=bool)
        token = self.bm25.vocab_dict.get(word)
        if token is not None:
            scores = self.bm25.scores
            rows = slice(scores["indptr"][token], scores["indptr"][token + 1])
            found[scores["indices"][rows][scores["data"][rows] > 0]] = True
        return found

    def idf(self, word: str) -> float:
        """ln(1 + (N - n + 0.5) / (n + 0.5)), n the passages that hold the word (0 if unknown)."""
        n = self.frequencies.get(word, 0)
        return math.log(1 + (self.passages - n + 0.5) / (n + 0.5))


def searchable(passage: Passage) -> str:
    """What keywords are looked for in: the passage under its document's title and headings."""
    title = passage.document.title_en if passage.language == "en" else passage.document.title
    return "\n".join((title, *passage.headings, passage.text))


def build_keywords(
    passages: tuple[Passage, ...], known: Mapping[bytes, list[str]] = MappingProxyType({})
) -> KeywordIndex:
    """The keyword index of passages.

    Args:
        passages: the passages, in order.
        known: tokens by digest of their text (see ``index.cuts``), not cut again.
    """
    texts = [searchable(p) for p in passages]
    found = cut(texts, known)
    bm25 = _bm25s().BM25(method="lucene", k1=K1, b=B)
    bm25.index([one or ["#"] for one in found], show_progress=False)
    frequencies: Counter[str] = Counter()
    for one in found:
        frequencies.update({token for token in one if not token.startswith(BIGRAM)})
    cuts = make_cuts(texts, found, bm25.vocab_dict)
    return KeywordIndex(bm25, dict(frequencies), len(passages), cuts)


def save_keywords(keywords: KeywordIndex, folder: Path) -> None:
    """Write ``bm25/``, ``frequencies.json`` and, of an index just built, ``cuts/``."""
    keywords.bm25.save(folder / "bm25", show_progress=False, allow_pickle=False)
    path = folder / "frequencies.json"
    path.write_text(json.dumps(keywords.frequencies, ensure_ascii=False), encoding="utf-8")
    if keywords.cuts is not None:
        save_cuts(keywords.cuts, folder)


def load_keywords(folder: Path, passages: int, with_cuts: bool = False) -> KeywordIndex:
    """Read what ``save_keywords`` wrote; its ``cuts`` too where they are wanted.

    Raises:
        IndexDamaged: if it is of another number of passages.
    """
    bm25 = _bm25s().BM25.load(folder / "bm25", mmap=False, allow_pickle=False)
    found = bm25.scores["num_docs"]
    if found != passages:
        raise IndexDamaged(
            f"{folder / 'bm25'}: expected the words of {passages} passages, found those of "
            f"{found}; build the index again."
        )
    frequencies = json.loads((folder / "frequencies.json").read_text(encoding="utf-8"))
    return KeywordIndex(bm25, frequencies, passages, load_cuts(folder) if with_cuts else None)


def restrict_keywords(keywords: KeywordIndex, passages: tuple[Passage, ...]) -> KeywordIndex:
    """The keyword index of some of the passages, as if there were no others.

    Args:
        keywords: that of all passages; with its ``cuts`` nothing is cut again.
        passages: those that are left, in order.
    """
    if not passages:
        nothing = SimpleNamespace(vocab_dict={})
        return KeywordIndex(nothing, {}, 0)
    cuts = keywords.cuts
    return build_keywords(passages, cuts.by_digest(keywords.bm25.vocab_dict) if cuts else {})


@cache
def _bm25s() -> Any:
    """The library, its logger as quiet as the program's: on import it sets it to DEBUG."""
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.NOTSET)
    return bm25s
