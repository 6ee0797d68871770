"""Files that belong to a document and stand beside it."""

from __future__ import annotations

import os
from pathlib import Path


def is_own_file(path: Path) -> bool:
    """Whether there is such a file and it is no link; a name that is too long is none."""
    return os.path.isfile(path) and not os.path.islink(path)
