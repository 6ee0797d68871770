"""Many threads cut words at once: they share the dictionary, and get the same words."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.tokenization import words

THREADS = 8
TEXT = "協働型事業のルールに拘束力はありますか"


@pytest.mark.skipif(not Path("/proc/self/maps").is_file(), reason="needs Linux's /proc")
def test_threads_share_one_dictionary() -> None:
    found: list[list[str]] = []
    here, counted = threading.Barrier(THREADS + 1), threading.Barrier(THREADS + 1)

    def cut() -> None:
        found.append(words(TEXT))
        here.wait(60)
        counted.wait(60)

    expected = words(TEXT)
    threads = [threading.Thread(target=cut) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    here.wait(60)
    maps = Path("/proc/self/maps").read_text().splitlines()
    counted.wait(60)
    for thread in threads:
        thread.join()
    assert found == [expected] * THREADS
    assert len([line for line in maps if line.endswith("system.dic")]) == 1
