"""``kyodo backup`` and ``kyodo restore``.

Imported by every command of ``kyodo``; what it works with is imported when it is used.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from assistant.audit.log import at_the_shell, record
from assistant.settings import FILE, Settings
from assistant.state import State


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def register(commands: _Commands) -> None:
    """Add ``kyodo backup`` and ``kyodo restore``."""
    backup = commands.add_parser("backup", help="write all state into one archive")
    backup.add_argument("file", type=Path, metavar="FILE", help="FILE.tar.zst or FILE.tar.gz")
    backup.add_argument("--json", action="store_true", help="print its manifest")
    backup.set_defaults(handler=_backup)
    restore = commands.add_parser("restore", help="put a back-up in place of the data folder")
    restore.add_argument("file", type=Path, metavar="FILE", help="what `kyodo backup` wrote")
    restore.add_argument("--home", type=Path, metavar="DIR", help="data folder (KYODO_HOME)")
    restore.add_argument(
        "--force", action="store_true", help="move a folder that is not empty aside"
    )
    restore.set_defaults(handler=_restore)


def _backup(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.operations.backup import back_up

    if settings.home.is_dir():
        record(State(settings.state), at_the_shell(), "backup.make", {"file": options.file.name})
    manifest = back_up(settings.home, FILE, options.file)
    total = sum(file["size"] for file in manifest["files"].values())
    _say(f"{len(manifest['files'])} files, {total / 1e6:,.1f} MB, in {options.file}")
    if options.json:
        print(json.dumps(manifest, ensure_ascii=False, indent=1))
    return 0


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.operations.restore import restore

    there = replace(settings, home=options.home or settings.home)
    found = restore(options.file, there.home, FILE, options.force)
    details = {"file": options.file.name, "made": found.made}
    record(State(there.state), at_the_shell(), "backup.restore", details)
    _say(f"{found.files} files of {found.made} are back in {there.home}")
    if found.aside:
        _say(f"what stood there is now in {found.aside}")
    if found.settings:
        _say(f"the settings are in {found.settings}")
    return 0


def _say(message: str) -> None:
    print(f"kyodo: {message}", file=sys.stderr)
