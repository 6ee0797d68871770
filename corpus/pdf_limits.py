"""The limits of ``pdf.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class PdfLimits:
    """What a PDF may ask for; ``pdf.toml`` says what each is."""

    seconds: float
    memory_mib: int
    pages_in_time: int
    seconds_per_page: float
    longest_seconds: float
    file_mib: int
    characters_per_page: int
    pages: int
    pages_over_limit: int
    unpacked_bytes: int
    parsing_steps: int
    agreement: float
    broken: float
    blank_bytes: int
    picture_share: float
    scan_characters: int
    ocr: bool
    dots_per_inch: int
    picture_megapixels: int
    ocr_seconds: float
    ocr_confidence: float
    ocr_sure: float


@cache
def pdf_limits() -> PdfLimits:
    """The limits as they stand in the file."""
    with Path(__file__).with_name("pdf.toml").open("rb") as file:
        return PdfLimits(**tomllib.load(file))
