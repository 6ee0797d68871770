"""Memory that was freed, handed back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back_memory() -> None:
    """Hand freed memory back to the system, where it is kept otherwise.

    model2vec loads its tokenizer twice and drops one (44 MB for the bundled model). Only glibc
    keeps such memory, and only there is there such a call; elsewhere nothing happens.
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    trim = getattr(library, "malloc_trim", None)
    if trim is not None:
        trim(0)
