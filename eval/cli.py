"""``kyodo eval``: added to the command line through the entry-point group ``kyodo.commands``.

Imported by every command of ``kyodo``, so what measures is imported only when it is used.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from assistant.settings import Settings

Handler = Callable[[argparse.Namespace, Settings], int]


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def register(commands: _Commands) -> None:
    """Add ``kyodo eval run | compare | gate | calibrate``."""
    evaluate = commands.add_parser("eval", help="measure answers on sets of questions")
    actions = evaluate.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_run(actions)
    _add_compare(actions)
    _add_gate(actions)
    _add_calibrate(actions)


def _add_run(actions: _Commands) -> None:
    run = actions.add_parser("run", help="ask sets of questions and measure the answers")
    _with_sets(run)
    run.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="folder for answers.jsonl, metrics.json, report.html, run.trec and qrels.trec "
        "(a new one in the data folder, which the Evaluation page lists)",
    )
    run.add_argument(
        "--search",
        choices=("both", "dense", "keywords"),
        default="both",
        help="which rankings answer: both, or one alone, to see what it is worth (both)",
    )
    run.add_argument(
        "--format",
        nargs=2,
        metavar=("squad|beir", "FILE_OR_DIR"),
        help="instead of question sets: search a public set, by keywords, vectors and both",
    )
    run.add_argument("--json", action="store_true", help="print all figures as JSON")
    run.set_defaults(handler=_lazily("run"), parser=run)


def _add_compare(actions: _Commands) -> None:
    compare = actions.add_parser("compare", help="say what changed between two runs")
    compare.add_argument("before", type=Path, metavar="DIR_A", help="the run before")
    compare.add_argument("after", type=Path, metavar="DIR_B", help="the run after")
    compare.add_argument("--json", action="store_true", help="print JSON")
    compare.set_defaults(handler=_lazily("compare"))


def _add_gate(actions: _Commands) -> None:
    gate = actions.add_parser("gate", help="exit 1 where a run is not good enough")
    gate.add_argument("run", type=Path, metavar="DIR", help="the run")
    gate.add_argument(
        "--baseline", type=Path, metavar="FILE", help="metrics.json of the run to be held to"
    )
    gate.add_argument(
        "--floors",
        type=Path,
        metavar="FILE",
        help="floors (floors.toml in the folder of the questions that were run)",
    )
    gate.set_defaults(handler=_lazily("gate"))


def _add_calibrate(actions: _Commands) -> None:
    calibrate = actions.add_parser(
        "calibrate", help="fit when to refuse and how sure to be, and keep it with the index"
    )
    _with_sets(calibrate)
    calibrate.add_argument(
        "--also",
        nargs="+",
        action="append",
        default=[],
        metavar=("DIR", "FILE"),
        help="another index and its questions, fitted together with the first",
    )
    calibrate.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write the weights to a TOML file instead of storing them with the index",
    )
    calibrate.set_defaults(handler=_lazily("calibrate"), parser=calibrate)


def _with_sets(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--questions",
        type=Path,
        action="append",
        metavar="FILE",
        help="questions as JSON Lines or CSV, may be given several times (the development sets)",
    )
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (the default one)")


def _lazily(name: str) -> Handler:
    """The command of a name, imported when it is run."""

    def handler(options: argparse.Namespace, settings: Settings) -> int:
        from eval import commands

        status: int = commands.HANDLERS[name](options, settings)
        return status

    return handler
