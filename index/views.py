"""Parts of an index that some people may see, as indexes of their own."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from corpus.collection import may_see
from corpus.copies import mark_copies
from index.asked import restrict_asked
from index.dense import restrict_rows
from index.guides import lost_guides
from index.keywords import restrict_keywords

if TYPE_CHECKING:
    from index.search import Index

MOST = 32
"""Views that are kept: more different sets of collections than an office hands out."""
_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Kept(Generic[_Key, _Value]):
    """What was made for a key, kept while it is among the newest used; threads may share it."""

    def __init__(self, most: int = MOST) -> None:
        """Keep up to ``most``."""
        self._most = most
        self._lock = threading.Lock()
        self._made: OrderedDict[_Key, Future[_Value]] = OrderedDict()

    def get(self, key: _Key, make: Callable[[_Key], _Value]) -> _Value:
        """What is kept for a key; of several who ask for it first, one makes it."""
        with self._lock:
            found = self._made.get(key)
            if found is not None:
                self._made.move_to_end(key)
            else:
                making: Future[_Value] = Future()
                self._made[key] = making
                while len(self._made) > self._most:
                    self._made.popitem(last=False)
        if found is not None:
            return found.result()
        try:
            making.set_result(make(key))
        except BaseException as error:
            with self._lock:
                self._made.pop(key, None)
            making.set_exception(error)
            raise
        return making.result()

    def keys(self) -> tuple[_Key, ...]:
        """The keys for which something is kept, the newest used last."""
        with self._lock:
            return tuple(self._made)


def restricted_parts(index: Index, collections: frozenset[str]) -> dict[str, Any]:
    """The parts of an index that holds only what may be seen, by the names of its fields.

    Copies are marked and words are counted anew: what is hidden stands for nothing that is left,
    and makes no word more common. A guide that cites a passage which is hidden is left out.

    Args:
        index: the whole.
        collections: those that may be seen, beside documents without one.
    """
    seen = np.array([may_see(p.document, collections) for p in index.passages], dtype=bool)
    numbers = np.where(seen, np.cumsum(seen) - 1, -1).astype(np.int32)
    left = [p for p, is_seen in zip(index.passages, seen.tolist(), strict=True) if is_seen]
    passages, _ = mark_copies(left)
    lost = lost_guides(index.guides, passages)
    asked, crowded = restrict_asked(index.asked, index.crowded, numbers)
    return {
        "passages": passages,
        "documents": tuple(d for d in index.documents if may_see(d, collections)),
        "dense": restrict_rows(index.dense, numbers),
        "asked": asked,
        "crowded": crowded,
        "keywords": restrict_keywords(index.keywords, passages),
        "guides": tuple(guide for guide in index.guides if guide.name not in lost),
    }
