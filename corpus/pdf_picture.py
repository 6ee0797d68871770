"""A page of a PDF drawn by pdfium. It runs in a process of its own."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, BinaryIO

import pypdfium2

_POINTS_PER_INCH = 72.0


def draw(file: BinaryIO, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """``{"picture", "height"}``: the page in grey as a PGM file in base64, its height in points.

    Args:
        file: the PDF.
        options: ``page`` from 1, ``dots_per_inch``, ``picture_megapixels`` as its limit.
    """
    page = pypdfium2.PdfDocument(file.read())[options["page"] - 1]
    width, height = page.get_size()
    scale = options["dots_per_inch"] / _POINTS_PER_INCH
    most = options["picture_megapixels"] * 1_000_000
    scale = min(scale, (most / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    head = f"P5 {bitmap.width} {bitmap.height} 255\n".encode()
    rows = memoryview(bitmap.buffer).cast("B")
    grey = b"".join(
        rows[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height)
    )
    yield {
        "picture": base64.b64encode(head + grey).decode("ascii"),
        "height": height,
        "points": 1 / scale,
    }
