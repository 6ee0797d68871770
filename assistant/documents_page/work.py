"""A change to the documents, made in a process of its own while people ask.

The process holds a lock for as long as it lives, so that there is one change at a time; the
kernel lets it go whatever ends the process. How far it is, and what came of it, lie in files: a
reload of the page, or a new start of the server, loses nothing.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.audit.documents import record_documents
from assistant.audit.log import AuditError
from assistant.documents import DocumentStore
from assistant.documents_report import Progress, Report
from assistant.person import Person
from assistant.state import FILE as STATE_FILE
from assistant.state import State
from corpus.durable import make_folder, replace_file
from corpus.errors import CorpusError
from index import SearchIndexError

_CHILD = "import os; os.nice(5); from assistant.documents_page.work import run; run()"
"""A change gives way to people who are asking."""
_TRIES, _PAUSE_S = 20, 0.02
_TELL_S = 0.3
_REQUEST, _PROGRESS, _REPORT = "request.json", "progress.json", "report.json"
_log = logging.getLogger(__name__)


class WorkBusyError(Exception):
    """Another change is under way."""


@dataclass(frozen=True)
class Work:
    """The newest change, as far as its files tell.

    ``running``: its process lives. ``action`` is what was asked (``add``, ``remove``,
    ``correct``, ``restore``), ``started`` a local ISO time. ``name``, ``number`` and ``total``
    say which file it is at. ``report`` is what came of it (``Report`` as JSON), {} while it
    runs or where its process died; ``failed`` says in a sentence why nothing was done.
    """

    running: bool
    action: str = ""
    started: str = ""
    name: str = ""
    number: int = 0
    total: int = 0
    report: Mapping[str, Any] | None = None
    failed: str = ""


def work_folder(home: Path) -> Path:
    """Where the newest change is kept in the data folder."""
    return home / "documents-work"


def work_of(home: Path) -> Work | None:
    """The newest change; None where there was none."""
    folder = work_folder(home)
    request = _json(folder / _REQUEST)
    if not request:
        return None
    running, told, report = _is_held(folder), _json(folder / _PROGRESS), _json(folder / _REPORT)
    return Work(
        running,
        str(request["action"]),
        str(request["started"]),
        str(told.get("name", "")),
        int(told.get("number", 0)),
        int(told.get("total", 0)),
        report.get("report"),
        str(report.get("failed", "")),
    )


def start_work(
    store: DocumentStore,
    home: Path,
    action: str,
    given: Mapping[str, Any],
    who: Person,
    bring: Callable[[Path], None] = lambda folder: None,
) -> None:
    """Start a change.

    Args:
        store: the documents and their index.
        home: the data folder.
        action: ``add``, ``remove``, ``correct`` or ``restore``.
        given: what the action needs, plain JSON.
        who: who asked for it.
        bring: puts files into the empty folder that the change may read from.

    Raises:
        WorkBusyError: another change is under way.
        OSError: the data folder cannot be written.
    """
    folder = work_folder(home)
    make_folder(folder)
    with (folder / "LOCK").open("a") as lock:
        if not _take(lock.fileno()):
            raise WorkBusyError
        for name in (_REQUEST, _PROGRESS, _REPORT):
            (folder / name).unlink(missing_ok=True)
        shutil.rmtree(folder / "files", ignore_errors=True)
        (folder / "files").mkdir()
        bring(folder / "files")
        request = {
            "action": action,
            "given": dict(given),
            "started": time.strftime("%Y-%m-%dT%H:%M:%S"),
            "root": str(store.root),
            "index": str(store.index),
            "model": store.model,
            "state": str(home / STATE_FILE),
            "who": [who.person_id, who.name, who.role],
        }
        replace_file(folder / _REQUEST, json.dumps(request, ensure_ascii=False))
        process = _spawn(folder, lock.fileno())
    threading.Thread(target=process.wait, daemon=True).start()


def _spawn(folder: Path, lock: int) -> subprocess.Popen[bytes]:
    """The process; it inherits the lock, so there is no moment in which nobody holds it."""
    with (folder / "work.log").open("w", encoding="utf-8") as log:
        return subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            pass_fds=[lock],
            start_new_session=True,
        )


def run() -> None:
    """What the process does: the change that its folder asks for."""
    folder = Path(sys.argv[1])
    request = _json(folder / _REQUEST)
    model = request["model"]
    store = DocumentStore(Path(request["root"]), Path(request["index"]), model)
    told: dict[str, Any] = {"report": None, "failed": ""}
    try:
        report = _change(store, request["action"], request["given"], folder)
        told["report"] = asdict(report)
        who = Person(*request["who"])
        record_documents(State(Path(request["state"])), who, request["action"], report)
    except AuditError:
        _log.exception("A change was made that the audit log does not hold.")
    except (CorpusError, SearchIndexError) as error:
        told["failed"] = str(error).replace(f"{store.root}: ", "")
    except Exception:
        _log.exception("A change to the documents failed for a reason that nobody foresaw.")
    finally:
        shutil.rmtree(folder / "files", ignore_errors=True)
    if told["report"] or told["failed"]:
        replace_file(folder / _REPORT, json.dumps(told, ensure_ascii=False))


def _change(store: DocumentStore, action: str, given: Mapping[str, Any], folder: Path) -> Report:
    progress = _telling(folder / _PROGRESS)
    if action == "add":
        files = [folder / "files" / name for name in given["files"]]
        return store.add(files, progress, given.get("collection"))
    if action == "remove":
        return store.remove(given["id"], progress)
    if action == "restore":
        return store.restore(given["id"], int(given["version"]), progress)
    return store.correct(given["id"], given["values"], progress)


def _telling(path: Path) -> Progress:
    """Progress written down at most every so often."""
    last = 0.0

    def tell(name: str, number: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < _TELL_S and number < total:
            return
        last = time.monotonic()
        row = json.dumps({"name": name, "number": number, "total": total}, ensure_ascii=False)
        fresh = path.with_suffix(".tmp")
        fresh.write_text(row, encoding="utf-8")
        os.replace(fresh, path)

    return tell


def _take(lock: int) -> bool:
    """Take the lock; ``_is_held`` holds it for a moment when it looks, so try for a while."""
    for attempt in range(_TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_S if attempt + 1 < _TRIES else 0)
        else:
            return True
    return False


def _is_held(folder: Path) -> bool:
    try:
        with (folder / "LOCK").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
