"""The folder of runs: which are there, how far they are, and starting and stopping one.

A run holds a lock on its folder for as long as its process lives; the kernel lets it go
whatever ends the process. So what is under way can be told after a reload of the page, and
after the server was started anew.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TextIO

from eval.errors import RunBusyError
from eval.stored import ANSWERS, INFO, METRICS, make_folder, read_json, write_json

LOCK, LOG, REQUEST = "LOCK", "run.log", "request.json"
Stage = Literal["running", "done", "stopped", "failed"]
_RUN_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,80}")
_CHILD = "import os; os.nice(10); from assistant.cli import run; run()"
"""A run gives way to people who are asking."""
_TRIES, _PAUSE_S = 20, 0.02
_STARTING_S = 60.0


@dataclass(frozen=True)
class RunState:
    """A run as far as its folder tells.

    Attributes:
        run_id: the folder's name.
        folder: the folder.
        stage: running; done; stopped, and to be gone on with; or failed.
        asked: how many questions have been asked.
        total: how many there are, 0 where that is not known yet.
        sets: the names of its question sets.
        started: ISO date and time, "" where it is not known.
        search: which rankings answer, "" where it is not known.
        message: why it failed, in the words of the command.
        need_a_look: how many questions of a finished run need one; None where that is unknown.
    """

    run_id: str
    folder: Path
    stage: Stage
    asked: int
    total: int
    sets: tuple[str, ...]
    started: str
    search: str = ""
    message: str = ""
    need_a_look: int | None = None


def runs_folder(home: Path) -> Path:
    """Where runs are kept in the data folder."""
    return home / "eval" / "runs"


def new_folder(home: Path) -> Path:
    """A folder for a new run, named by the second that it starts in."""
    return runs_folder(home) / time.strftime("%Y%m%d-%H%M%S")


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a run's folder while it is written.

    Raises:
        RunBusyError: another process is writing it.
    """
    make_folder(folder)
    with (folder / LOCK).open("a+", encoding="utf-8") as lock:
        if not _locked(lock):
            raise RunBusyError(
                f"{folder}: another process is writing this run; wait until it has finished or "
                "name another folder with --output."
            )
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _locked(lock: TextIO) -> bool:
    """Take a lock; ``holder`` holds it for a moment when it looks, so try for a while."""
    for attempt in range(_TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(_PAUSE_S if attempt + 1 < _TRIES else 0)
        else:
            return True
    return False


def holder(folder: Path) -> int | None:
    """The process that writes a run; None where none does."""
    try:
        with (folder / LOCK).open(encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return _number(lock.read())
    except OSError:
        return None
    return None


def list_runs(home: Path) -> tuple[RunState, ...]:
    """Every run in the data folder, newest first."""
    folder = runs_folder(home)
    found = [p for p in folder.iterdir() if p.is_dir()] if folder.is_dir() else []
    runs = [state_of(p) for p in found if _is_run(p)]
    return tuple(sorted(runs, key=lambda run: (run.started, run.run_id), reverse=True))


def find_run(home: Path, run_id: str) -> RunState | None:
    """The run of an id, None where there is none; an id is no path."""
    folder = runs_folder(home) / run_id
    return state_of(folder) if _is_run(folder) and folder.name == run_id else None


def _is_run(folder: Path) -> bool:
    named = _RUN_ID.fullmatch(folder.name) is not None
    return named and ((folder / INFO).is_file() or (folder / REQUEST).is_file())


def state_of(folder: Path) -> RunState:
    """How far a run is."""
    info = _json(folder / INFO)
    request = _json(folder / REQUEST)
    stage: Stage = "stopped"
    if holder(folder) is not None or _is_starting(folder, request):
        stage = "running"
    elif (folder / METRICS).is_file():
        stage = "done"
    message = "" if stage in ("running", "done") else _last_words(folder)
    if message:
        stage = "failed"
    total = sum(q["count"] for q in info.get("questions", []))
    sets = [q["set"] for q in info.get("questions", [])] or request.get("sets", [])
    return RunState(
        run_id=folder.name,
        folder=folder,
        stage=stage,
        asked=total if stage == "done" else _lines(folder / ANSWERS),
        total=total,
        sets=tuple(map(str, sets)),
        started=str(info.get("started") or request.get("started", "")),
        search=str(info.get("search", "")),
        message=message,
        need_a_look=info.get("need_a_look"),
    )


def start_run(home: Path, index: Path, files: Sequence[Path], folder: Path | None = None) -> str:
    """Ask sets of questions in a process of its own; the run's id.

    Args:
        home: the data folder.
        index: the index that answers.
        files: the question sets.
        folder: the run to go on with; a new one where None.

    Raises:
        RunBusyError: another run is under way.
        EvalError: the folder cannot be written.
    """
    make_folder(runs_folder(home))
    with held(runs_folder(home)):
        if any(run.stage == "running" for run in list_runs(home)):
            raise RunBusyError("Another run is under way; wait until it has finished or stop it.")
        folder = folder or _unused(new_folder(home))
        make_folder(folder)
        command = [sys.executable, "-c", _CHILD, "eval", "run", "--index", str(index)]
        command += ["--output", str(folder)]
        command += [part for file in files for part in ("--questions", str(file))]
        with (folder / LOG).open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env={**os.environ, "KYODO_HOME": str(home)},
                start_new_session=True,
            )
        write_json(
            folder / REQUEST,
            {
                "pid": process.pid,
                "started": time.strftime("%Y-%m-%dT%H:%M:%S"),
                "files": [str(file) for file in files],
                "sets": [file.stem for file in files],
            },
        )
    threading.Thread(target=process.wait, daemon=True).start()
    return folder.name


def resume_run(home: Path, index: Path, run: RunState) -> str:
    """Go on with a run that was stopped, with the files that it was started with."""
    files = _json(run.folder / REQUEST).get("files") or [
        q["file"] for q in _json(run.folder / INFO).get("questions", [])
    ]
    return start_run(home, index, [Path(file) for file in files], run.folder)


def stop_run(run: RunState) -> None:
    """End the process of a run; what it has answered is kept. Nothing where none is running."""
    pid = holder(run.folder) or _number(str(_json(run.folder / REQUEST).get("pid", "")))
    if run.stage == "running" and pid is not None:
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            return


def _unused(folder: Path) -> Path:
    number = 1
    while folder.with_name(f"{folder.name}-{number}").exists():
        number += 1
    return folder.with_name(f"{folder.name}-{number}") if folder.exists() else folder


def _json(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}


def _is_starting(folder: Path, request: dict[str, Any]) -> bool:
    """Whether a process was started for a run a moment ago and has not taken its lock yet.

    Later its number may be another process's.
    """
    pid = _number(str(request.get("pid", "")))
    if pid is None or time.time() - (folder / REQUEST).stat().st_mtime > _STARTING_S:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _lines(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    except FileNotFoundError:
        return 0


def _last_words(folder: Path) -> str:
    """The sentence that a failed run ended with; a run that was stopped says none."""
    try:
        text = (folder / LOG).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    lines = [line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
    if not lines:
        return ""
    if lines[-1].startswith("kyodo: ") and "going on from there" not in lines[-1]:
        return lines[-1].removeprefix("kyodo: ")
    return lines[-1] if any(line.startswith("Traceback") for line in lines) else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None
