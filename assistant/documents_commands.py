"""``kyodo documents``: the office's own documents from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from tqdm import tqdm

from assistant.audit.documents import record_documents
from assistant.audit.log import at_the_shell
from assistant.documents_list import Listed
from assistant.documents_report import Done, Progress, Report
from assistant.ingest_report import WITH_PROBLEMS
from assistant.settings import Settings
from assistant.state import State
from corpus.folder import list_files
from corpus.warnings import sentence

_LONGEST = 60


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def add_documents(commands: _Commands) -> None:
    """Add ``documents`` and its actions to the commands of ``kyodo``."""
    documents = commands.add_parser("documents", help="the office's own documents")
    actions = documents.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = _action(actions, "add", "take files in, or newer versions of them", _add)
    add.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a file or a folder")
    add.add_argument(
        "--collection",
        metavar="NAME",
        help='let only those who may see this collection see them ("": everyone)',
    )
    remove = _action(actions, "remove", "take documents away, with all their versions", _remove)
    remove.add_argument("ids", nargs="+", metavar="ID")
    _action(actions, "list", "list the documents with their state", _list)
    _action(actions, "fetch", "bring the official pages of corpus/sources.toml", _fetch)
    history = _action(actions, "history", "a document's versions and what each changed", _history)
    history.add_argument("id", metavar="ID")
    restore = _action(actions, "restore", "let another version of a document count", _restore)
    restore.add_argument("id", metavar="ID")
    restore.add_argument("version", type=int, metavar="VERSION", help="its number in the history")
    correct = _action(actions, "correct", "correct what is known of a document", _correct)
    correct.add_argument("id", metavar="ID")
    correct.add_argument(
        "values",
        nargs="+",
        type=_pair,
        metavar="KEY=VALUE",
        help="title=..., effective_from=2026-04-01, ... (keys as in corpus/FORMAT.md)",
    )


def _action(
    actions: _Commands, name: str, help_: str, run: Callable[..., int]
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=help_)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (the default one)")
    parser.set_defaults(handler=_with_store(run))
    return parser


def _with_store(run: Callable[..., int]) -> Callable[[argparse.Namespace, Settings], int]:
    def handler(options: argparse.Namespace, settings: Settings) -> int:
        from assistant.documents import DocumentStore

        index = options.index or settings.index
        options.state = State(settings.state)
        return run(options, DocumentStore(settings.documents, index, settings.model))

    return handler


def _add(options: argparse.Namespace, store: Any) -> int:
    files = [f for path in options.files for f in (list_files(path) if path.is_dir() else [path])]
    return _told(store.add(files, file_progress(), options.collection), options)


def _remove(options: argparse.Namespace, store: Any) -> int:
    reports = [store.remove(document_id, file_progress()) for document_id in options.ids]
    done = tuple(d for report in reports for d in report.done)
    last = reports[-1]
    return _told(Report(done, last.index, last.problem, last.left_out), options)


def _fetch(options: argparse.Namespace, store: Any) -> int:
    return _told(store.fetch(progress=file_progress("fetching")), options)


def _restore(options: argparse.Namespace, store: Any) -> int:
    return _told(store.restore(options.id, options.version, file_progress()), options)


def _correct(options: argparse.Namespace, store: Any) -> int:
    return _told(store.correct(options.id, dict(options.values), file_progress()), options)


def _list(options: argparse.Namespace, store: Any) -> int:
    rows: Sequence[Listed] = store.documents()
    if options.json:
        _print_json([asdict(row) for row in rows])
        return 0
    for row in rows:
        dates = f"{row.effective_from or ''}..{row.effective_until or ''}".strip(".") or "-"
        where = "added" if row.own else "bundled"
        figures = f"{row.status}\t{row.passages} passages\t{dates}\t{row.collection or '-'}"
        print(f"{row.document_id}\t{where}\t{figures}\t{row.title}")
        for note in (row.detail, *(sentence(w, "en") for w in row.warnings)):
            if note:
                print(f"    {note}")
    return 0


def _history(options: argparse.Namespace, store: Any) -> int:
    entry, steps = store.history(options.id)
    if options.json:
        versions = [
            {**asdict(v), "current": v.number == entry.current, **_done_as_dict(s)}
            for v, s in zip(entry.versions, steps, strict=True)
        ]
        _print_json({"document_id": entry.document_id, "versions": versions})
        return 0
    for version, step in zip(entry.versions, steps, strict=True):
        mark = "*" if version.number == entry.current else " "
        force = f"{version.effective_from or ''}..{version.effective_until or ''}".strip(".")
        print(f"{mark}{version.number}\t{version.added}\t{force or '-'}\t{version.file}")
        for line in _changes(step):
            print(f"    {line}")
    return 0


def _told(report: Report, options: argparse.Namespace) -> int:
    """Say and write down what became of each document; 1 where somebody should look."""
    for done in report.done:
        name = f"{done.name} ({done.document_id})" if done.document_id else done.name
        _say(f"{done.result}: {done.detail or f'{name}, {done.passages} passages'}")
        for line in (*(sentence(w, "en") for w in done.warnings), *_changes(done)):
            _say(f"    {line}")
    for reason in report.left_out:
        _say(f"left out: {reason}")
    if report.problem:
        _say(f"the documents are kept, but no index was built: {report.problem}")
    elif report.index:
        _say(f"index {report.index} answers from now on")
    if options.json:
        done_rows = [{**asdict(d), **_done_as_dict(d)} for d in report.done]
        _print_json({**asdict(report), "done": done_rows})
    record_documents(options.state, at_the_shell(), options.action, report)
    return exit_status(report)


def exit_status(report: Report) -> int:
    """0 where all went well, 1 where nothing did, 3 where some of it did not."""
    if not report.has_problems:
        return 0
    return WITH_PROBLEMS if report.index and not report.problem else 1


def _changes(done: Done) -> list[str]:
    """What changed, a line a provision, and which guides cite it."""
    lines = []
    for change in done.changes:
        text = {"added": change.after, "removed": change.before}.get(change.kind)
        words = _short(text) if text is not None else f"{_short(change.before)} → "
        after = _short(change.after) if text is None else ""
        lines.append(f"{change.kind}: {change.locator}: {words}{after}")
    for guide in done.guides:
        lines.append(f"look at the guide {guide.guide}: it cites {', '.join(guide.locators)}")
    return lines


def _done_as_dict(done: Done) -> dict[str, Any]:
    return {
        "changes": [{**asdict(c), "parts": c.parts} for c in done.changes],
        "guides": [asdict(g) for g in done.guides],
    }


def file_progress(doing: str = "reading") -> Progress:
    """A bar where somebody watches, a line a file where not."""
    if not sys.stderr.isatty():
        return lambda name, number, total: _say(f"{doing} {name} ({number}/{total})")
    bar = tqdm(unit="file", file=sys.stderr, leave=False)

    def draw(name: str, number: int, total: int) -> None:
        bar.total, bar.n = total, number
        bar.set_postfix_str(_short(name))
        if number == total:
            bar.refresh()

    return draw


def _pair(value: str) -> tuple[str, str]:
    key, equals, text = value.partition("=")
    if not equals or not key:
        raise argparse.ArgumentTypeError(f"expected KEY=VALUE, found {value!r}")
    return key, text


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"


def _say(message: str) -> None:
    print(f"kyodo: {message}", file=sys.stderr)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))
