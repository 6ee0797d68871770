"""``kyodo feedback``: what people said of answers, from the command line.

Imported by every command of ``kyodo``; what it works with is imported when it is used.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Protocol

from assistant.settings import Settings


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def register(commands: _Commands) -> None:
    """Add ``kyodo feedback export``."""
    feedback = commands.add_parser("feedback", help="what people said of answers")
    actions = feedback.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = actions.add_parser("export", help="write it as JSON Lines or CSV, oldest first")
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="(jsonl)")
    export.add_argument(
        "--language", choices=("ja", "en"), default="ja", help="of the headings of CSV (ja)"
    )
    export.add_argument("--verdict", choices=("right", "wrong"), default="")
    export.add_argument("--state", choices=("open", "done"), default="")
    export.add_argument("--since", default="", metavar="DATE", help="the first day, YYYY-MM-DD")
    export.add_argument("--until", default="", metavar="DATE", help="the last day")
    export.add_argument("--output", type=Path, metavar="FILE", help="a file (standard output)")
    export.set_defaults(handler=_export)


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.feedback.exports import as_csv, as_json_lines
    from assistant.feedback.search import Wanted, every
    from assistant.feedback.sight import EVERYTHING
    from assistant.feedback.view import PLACE
    from assistant.state import open_state
    from assistant.words import load_words

    wanted = Wanted(
        verdict=options.verdict, state=options.state, since=options.since, until=options.until
    )
    found = every(open_state(settings.state), wanted, EVERYTHING)
    if options.format == "csv":
        text = as_csv(found, load_words(options.language, PLACE.folder))
    else:
        text = as_json_lines(found)
    if options.output:
        options.output.write_text(text, encoding="utf-8", newline="")
    else:
        sys.stdout.write(text)
    return 0
