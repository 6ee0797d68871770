"""Documents printed by several programs are read as they were written.

By default one document of every layout; ``KYODO_TEST_PDFS=3`` prints and reads all fifty-four.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("rapidfuzz", reason="RapidFuzz is not installed")

from tests.pdf_quality import print_all, report  # noqa: E402 - only where it can be measured

COUNT = int(os.environ.get("KYODO_TEST_PDFS", "1"))


@pytest.mark.parametrize("producer", ["chromium", "libreoffice", "reportlab"])
def test_a_printed_document_is_read_as_it_was_written(producer: str, tmp_path: Path) -> None:
    found = print_all(COUNT, tmp_path, [producer])
    figures = report(found)
    assert len(found) == 6 * COUNT
    assert min(q.characters for q in found) > 0.99, figures
    right, read, there = (sum(q.articles[i] for q in found) for i in range(3))
    assert there
    assert right / read > 0.98, figures
    assert right / there > 0.98, figures
    cells, _, all_cells = (sum(q.cells[i] for q in found) for i in range(3))
    assert all_cells
    assert cells / all_cells > 0.98, figures
