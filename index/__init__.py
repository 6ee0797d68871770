"""Passages to vectors and keywords, and the search over both."""

from index.build import build_index
from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    ModelError,
    SearchIndexError,
)
from index.opening import describe_index, load_index
from index.search import Hit, Index, SearchResult

__all__ = [
    "Hit",
    "Index",
    "IndexBusy",
    "IndexDamaged",
    "SearchIndexError",
    "IndexMismatch",
    "IndexMissing",
    "ModelError",
    "SearchResult",
    "build_index",
    "describe_index",
    "load_index",
]
