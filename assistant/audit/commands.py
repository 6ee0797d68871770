"""``kyodo audit``: the audit log from the command line.

Imported by every command of ``kyodo``; what it works with is imported when it is used.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from assistant.audit.chain import Entry
from assistant.audit.expire import expire
from assistant.audit.log import AuditError, at_the_shell, audit_file, head, open_log, record
from assistant.audit.verify import Anchor, entries, read_anchor, verify
from assistant.errors import StateError
from assistant.settings import Settings
from assistant.state import State

_COLUMNS = ("sequence", "at", "person", "name", "action", "details", "previous", "sha256")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet program would run."""


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def register(commands: _Commands) -> None:
    """Add ``kyodo audit verify | anchor | show | expire``."""
    audit = commands.add_parser("audit", help="the audit log: who did what")
    actions = audit.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = _action(actions, "verify", "check that no entry was changed, removed or added", _verify)
    check.add_argument(
        "--anchor", metavar="SEQUENCE:HASH", help="an entry written down elsewhere before"
    )
    check.add_argument("--json", action="store_true", help="print JSON")
    _action(actions, "anchor", "print the last entry's number and hash, to keep elsewhere", _anchor)
    show = _action(actions, "show", "list the entries, oldest first", _show)
    show.add_argument("--since", type=_moment, metavar="DATE", help="from a day on")
    show.add_argument("--person", default="", metavar="NAME", help="of one person, by name or id")
    forms = show.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print one JSON list")
    forms.add_argument("--csv", action="store_true", help="print CSV")
    old = _action(actions, "expire", "remove what has been kept for its term", _expire)
    old.add_argument(
        "--older-than", type=_days, metavar="DAYS", help="days back from now ([audit] days)"
    )


def _action(
    actions: _Commands,
    name: str,
    help_: str,
    run: Callable[[argparse.Namespace, Settings, State], int],
) -> argparse.ArgumentParser:
    def handler(options: argparse.Namespace, settings: Settings) -> int:
        state = State(settings.state)
        if not audit_file(state).is_file():
            raise AuditError(
                f"{audit_file(state)}: expected the audit log, found none; is KYODO_HOME right?"
            )
        try:
            return run(options, settings, state)
        except (sqlite3.Error, StateError) as error:
            raise AuditError(
                f"{audit_file(state)}: expected the audit log, found: {error}; restore it from a "
                "back-up."
            ) from error

    parser = actions.add_parser(name, help=help_)
    parser.set_defaults(handler=handler)
    return parser


def _verify(options: argparse.Namespace, settings: Settings, state: State) -> int:
    del settings
    anchor = read_anchor(options.anchor) if options.anchor else None
    found = verify(audit_file(state), anchor)
    if options.json:
        _print(json.dumps(found.__dict__))
        return 0
    gone = f", {found.expired} removed at the end of their term" if found.expired else ""
    held = f", held to the anchor at {anchor.sequence}" if anchor else ""
    _print(f"whole: entries {found.first} to {found.last}{gone}{held}")
    return 0


def _anchor(options: argparse.Namespace, settings: Settings, state: State) -> int:
    del options, settings
    _print(str(Anchor(*head(audit_file(state)))))
    return 0


def _show(options: argparse.Namespace, settings: Settings, state: State) -> int:
    del settings
    asked = {"since": options.since or "", "person": options.person}
    record(state, at_the_shell(), "audit.show", asked)
    with open_log(audit_file(state)).reading() as rows:
        found = (Entry(*row) for row in entries(rows, **asked))
        if options.json:
            _print(json.dumps([e.to_dict() for e in found], ensure_ascii=False, indent=1))
        elif options.csv:
            _print_csv(found)
        else:
            for e in found:
                _print(f"{e.sequence}\t{e.at}\t{e.name or e.person}\t{e.action}\t{e.details}")
    return 0


def _print_csv(found: Iterator[Entry]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for entry in found:
        cells = [getattr(entry, name) for name in _COLUMNS]
        writer.writerow(
            [f"'{c}" if isinstance(c, str) and c.startswith(_FORMULA) else c for c in cells]
        )


def _expire(options: argparse.Namespace, settings: Settings, state: State) -> int:
    days = settings.running.audit_days if options.older_than is None else options.older_than
    verify(audit_file(state))
    count = expire(audit_file(state), days, at_the_shell())
    print(f"kyodo: {count} entries older than {days} days removed", file=sys.stderr)
    return 0


def _print(text: str) -> None:
    print(text)


def _days(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise argparse.ArgumentTypeError(f"expected a number of days, found {value!r}")
    return int(value)


def _moment(value: str) -> str:
    """A day of this machine, or a time, as the log writes times."""
    try:
        found = datetime.datetime.fromisoformat(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected a date such as 2026-04-01, found {value!r}"
        ) from error
    return found.astimezone(datetime.UTC).isoformat(timespec="microseconds")
