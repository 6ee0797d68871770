"""An index with the bundled documents and guides, built once for the tests of guides."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from assistant.pipeline import Assistant
from index.build import build_index


@cache
def assistant() -> Assistant:
    root = Path(mkdtemp(prefix="kyodo-guides-"))
    build_index(root)
    return Assistant.open(root)
