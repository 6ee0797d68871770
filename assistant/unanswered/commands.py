"""``kyodo unanswered``: the questions that the documents did not answer, from the command line.

Imported by every command of ``kyodo``; what it works with is imported when it is used.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.state import State
    from assistant.unanswered.store import Group
    from index.encoder import Encoder

_STATES = ("open", "added", "elsewhere", "not_ours", "all")


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def register(commands: _Commands) -> None:
    """Add ``kyodo unanswered list | check``."""
    unanswered = commands.add_parser("unanswered", help="questions that were not answered")
    actions = unanswered.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("list", help="list them, those that ask the same together")
    show.add_argument("--state", choices=_STATES, default="open", help="what became of them (open)")
    show.add_argument("--section", default="", help="of one section; - where none is known")
    forms = show.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print JSON Lines, a group a line")
    forms.add_argument("--csv", action="store_true", help="print CSV, a question a row")
    show.set_defaults(handler=_list)
    check = actions.add_parser("check", help="ask what is open again: what is answered now?")
    check.set_defaults(handler=_check)
    for action in (show, check):
        action.add_argument("--index", type=Path, metavar="DIR", help="index folder (the default)")


def _list(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.state import open_state
    from assistant.unanswered.exports import as_csv, as_json_lines
    from assistant.unanswered.store import Wanted, chosen
    from assistant.unanswered.view import PLACE
    from assistant.words import load_words

    groups = _grouped(
        open_state(settings.state), _encoder(options.index or settings.index, settings)
    )
    wanted = Wanted("" if options.state == "all" else options.state, options.section)
    found = chosen(groups, wanted)
    if options.csv:
        sys.stdout.write(as_csv(found, load_words("ja", PLACE.folder)))
    elif options.json:
        sys.stdout.write(as_json_lines(found))
    else:
        sys.stdout.writelines(_line(group) for group in found)
    return 0


def _check(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.pipeline import Assistant
    from assistant.state import open_state
    from assistant.unanswered.check import check
    from assistant.unanswered.store import Wanted, all_groups, chosen

    state = open_state(settings.state)
    door = Assistant.open(options.index or settings.index, settings.model)
    groups = chosen(_grouped(state, door.index.encoder), Wanted("open"))
    check(state, door, groups)
    answered = [g for g in chosen(all_groups(state), Wanted("open")) if g.now_answered]
    sys.stdout.writelines(_line(group) for group in answered)
    sys.stderr.write(
        f"kyodo: {len(groups)} open groups asked again, {len(answered)} answered now\n"
    )
    return 0


def _encoder(index: Path, settings: Settings) -> Encoder:
    """The model of the index, so that the pages need not read the questions anew."""
    from index import describe_index
    from index.encoder import BUNDLED_NAME, load_encoder

    stands = (index / "CURRENT").is_file()
    return load_encoder(
        settings.model or (describe_index(index)["model"] if stands else BUNDLED_NAME)
    )


def _grouped(state: State, encoder: Encoder) -> tuple[Group, ...]:
    from assistant.unanswered.grouping import group_new
    from assistant.unanswered.store import all_groups

    group_new(state, encoder)
    return all_groups(state)


def _line(group: Group) -> str:
    first = group.wordings[0][0].standalone
    return f"{group.size}\t{group.newest[:10]}\t{group.section}\t{' '.join(first.split())}\n"
