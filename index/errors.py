"""What can go wrong with an index.

SearchIndexError
├── IndexMissing     there is no index in the folder
├── IndexDamaged     a part is missing, or is not what was written
├── IndexMismatch    it was built with another model, format or dictionary
├── IndexBusy        another process is writing it
└── ModelError       the embedding model cannot be loaded
"""

from __future__ import annotations


class SearchIndexError(Exception):
    """A problem with an index, in one sentence that says what to do."""


class IndexMissing(SearchIndexError):
    """There is no index in the folder."""


class IndexDamaged(SearchIndexError):
    """A part of the index is missing, or is not what was written."""


class IndexMismatch(SearchIndexError):
    """The index was built with another model, format or dictionary."""


class IndexBusy(SearchIndexError):
    """Another process is writing the index."""


class ModelError(SearchIndexError):
    """The embedding model cannot be loaded."""
