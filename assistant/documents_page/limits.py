"""The limits of ``limits.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class PageLimits:
    """What the page takes and draws; ``limits.toml`` says what each is."""

    upload_mb: int
    upload_files: int
    dots_per_inch: int
    megapixels: float
    seconds: int
    memory_mib: int

    @property
    def upload_bytes(self) -> int:
        """The most bytes that can be sent at once."""
        return self.upload_mb * 1_000_000


@cache
def page_limits() -> PageLimits:
    """The limits as they stand in the file."""
    with Path(__file__).with_name("limits.toml").open("rb") as file:
        return PageLimits(**tomllib.load(file))
