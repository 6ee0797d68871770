"""How long reading takes beside bare ``pypdf`` extraction of the same pages in the same run.

``python -m tests.pdf_ratio [FILES] [PAGES]``: FILES files (10) of about PAGES pages (50) each.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from pypdf import PdfReader

from corpus import read_folders
from tests.pdf_producers import reportlab
from tests.pdf_samples import Sample, samples

_PARTS_PER_PAGE = 12.9


def long_sample(number: int, pages: int) -> Sample:
    """A document of about so many pages: articles, then prose, over and over."""
    parts: list = []
    seed = 0
    while len(parts) < pages * _PARTS_PER_PAGE:
        for layout in ("furniture", "tables"):
            (*_, sample) = samples(layout, seed + 1)
            parts += sample.parts
        seed += 1
    (first,) = samples("furniture", 1)
    return replace(first, name=f"long-{number}", parts=tuple(parts), fonts=1)


def main(files: int, pages: int) -> str:
    """The times of both, and their ratio."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as made_in:
        folder = Path(made_in)
        printed = reportlab([long_sample(n, pages) for n in range(files)], folder)
        started, used = time.perf_counter(), _processor_s()
        count = characters = 0
        for path in printed.values():
            for page in PdfReader(path).pages:
                characters += len(page.extract_text())
                count += 1
        bare, bare_cpu = time.perf_counter() - started, _processor_s() - used
        started, used = time.perf_counter(), _processor_s()
        reading = read_folders([folder])
        ours, ours_cpu = time.perf_counter() - started, _processor_s() - used
    read = sum(o.pages or 0 for o in reading.outcomes)
    return (
        f"{count} pages, {characters} characters in {files} files\n"
        f"pypdf alone: {bare:.2f} s, of the processor {bare_cpu:.2f} s\n"
        f"read_folders ({read} pages, {len(reading.passages)} passages): {ours:.2f} s, of the "
        f"processors {ours_cpu:.2f} s\n"
        f"ratio of the clock: {ours / bare:.2f}, of the processors: {ours_cpu / bare_cpu:.2f}"
    )


def _processor_s() -> float:
    """Seconds of processor time of this process and of those that it has ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:3]]
    sys.stdout.write(main(*(given + [10, 50][len(given) :])) + "\n")
