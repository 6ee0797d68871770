"""A file is read in a process of its own: however that ends, this one goes on."""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from corpus.child import Answer, Children, Limits
from corpus.errors import FileTooBig, ReaderCrashed, ReadingTimeout, UnreadableFile

QUICK = Limits(wall_s=1.0)


@pytest.fixture(scope="module")
def children() -> Iterator[Children]:
    with Children(1) as started:
        yield started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_text("本文", encoding="utf-8")
    return path


def run(
    children: Children, task: str, path: Path, limits: Limits = QUICK, **options: Any
) -> Answer:
    return children.run(f"tests.child_tasks:{task}", path, options, limits)


def test_a_reader_gets_the_file_and_its_options(children: Children, path: Path) -> None:
    assert run(children, "content", path, mark=1).rows == ({"text": "本文", "mark": 1},)


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGKILL", "SIGABRT"])
def test_a_reader_that_is_killed_has_crashed_and_the_next_file_is_read(
    children: Children, path: Path, name: str
) -> None:
    with pytest.raises(ReaderCrashed, match=r"^a\.pdf: its reader ended without an answer"):
        run(children, "end_by", path, signal=name)
    assert run(children, "content", path).rows


def test_a_reader_that_leaves_half_way_has_crashed(children: Children, path: Path) -> None:
    with pytest.raises(ReaderCrashed, match="exit status"):
        run(children, "leave", path)


@pytest.mark.parametrize("task", ["sleep", "spin"])
def test_a_reader_is_stopped_at_the_limit_of_the_clock(
    children: Children, path: Path, task: str
) -> None:
    started = time.monotonic()
    with pytest.raises(ReadingTimeout, match="expected to be read in 1 seconds, stopped"):
        run(children, task, path)
    assert time.monotonic() - started < 3
    assert run(children, "content", path).rows


def test_a_reader_is_stopped_at_the_limit_of_processor_time(children: Children, path: Path) -> None:
    with pytest.raises(ReadingTimeout):
        run(children, "spin", path, Limits(cpu_s=1, wall_s=20))


def test_a_reader_that_swells_is_too_big_and_this_process_does_not_grow(
    children: Children, path: Path
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileTooBig, match="within 256 MiB of memory"):
        run(children, "swell", path, Limits(memory_mib=256))
    with pytest.raises(FileTooBig, match="at most 8 MiB of text"):
        run(children, "babble", path, Limits(output_mib=8))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 40


@pytest.mark.parametrize(
    ("written", "times"), [("{", 1), ("[", 100_000), ("\0", 2), ('{"a": NaN}{}', 1)]
)
def test_what_is_no_answer_is_a_crash(
    children: Children, path: Path, written: str, times: int
) -> None:
    with pytest.raises(ReaderCrashed, match="what it wrote is no answer"):
        run(children, "write_nonsense", path, bytes=written, times=times)


def test_no_way_leads_out_of_a_reader(children: Children, path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ways = run(children, "reach_out", path, port=port, new=str(path.with_name("new"))).rows
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert {name: how != "open" for name, how in ways} == {
        "network": True,
        "program": True,
        "fork": True,
        "file": True,
    }
    assert not path.with_name("new").exists()


def test_the_kernel_shows_a_reader_no_network(children: Children, path: Path) -> None:
    (names,) = run(children, "native_network", path).rows
    here = [line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()]
    if names == here[2:] and names != ["lo"]:
        pytest.skip("this system gives a process no network of its own")
    assert names == ["lo"]


def test_a_file_that_is_not_there_is_named(children: Children, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"^none\.pdf: the file cannot be opened: No such"):
        run(children, "content", tmp_path / "none.pdf")


def test_threads_share_the_processes_and_none_is_left_over(path: Path) -> None:
    with Children(2) as started, ThreadPoolExecutor(4) as threads:
        answers = threads.map(lambda i: run(started, "content", path, i=i).rows[0]["i"], range(20))
        assert list(answers) == list(range(20))
        own = [nursery._process for nursery in started._idle.queue if nursery is not None]
        assert 1 <= len(own) <= 2
    assert all(process.poll() is not None for process in own)


def test_a_nursery_that_is_killed_is_replaced(path: Path) -> None:
    with Children(1) as started:
        run(started, "content", path)
        nursery = started._idle.queue[0]
        assert nursery is not None
        nursery._process.kill()
        nursery._process.wait()
        with pytest.raises(ReaderCrashed):
            run(started, "content", path)
        assert run(started, "content", path).rows
