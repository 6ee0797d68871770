"""What the assistant takes of an office machine's memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index import Index

MOST_MB = 400
"""Resident at most, asked in two languages: 170 of them are files mapped in, Sudachi's
dictionary above all, which processes share."""
ASKING = """
import sys
from pathlib import Path
from assistant.pipeline import Assistant
assistant = Assistant.open(Path(sys.argv[1]))
for question in ("企業とも協働できますか", "Can we work with a company?"):
    assert assistant.ask(question).status == "answered"
print(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_that_answers_stays_small(bundled_index_folder: Path) -> None:
    command = [sys.executable, "-c", ASKING, str(bundled_index_folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(ran.stdout) / 1024 <= MOST_MB


def test_a_vector_takes_two_bytes_a_number(bundled_index: Index) -> None:
    for rows in (bundled_index.dense, bundled_index.asked):
        assert rows.faiss_index.sa_code_size() == 2 * bundled_index.encoder.dimension
