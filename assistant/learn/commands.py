"""``kyodo learn``: added to the command line through the entry-point group ``kyodo.commands``.

Imported by every command of ``kyodo``, so what works is imported only when it is used.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.learn.ground import Change, Ground
    from assistant.learn.material import Material


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def register(commands: _Commands) -> None:
    """Add ``kyodo learn check | confirm | lock``."""
    learn = commands.add_parser("learn", help="see to the units and the glossary")
    actions = learn.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="list the units whose passages have changed")
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(handler=_check)
    confirm = actions.add_parser("confirm", help="record that somebody has looked at a unit")
    confirm.add_argument("unit", help="its file's name without .toml, or: glossary")
    confirm.set_defaults(handler=_confirm)
    lock = actions.add_parser(
        "lock", help="write basis.json: the texts that the units of a folder were written from"
    )
    lock.add_argument("folder", type=Path, metavar="DIR", help="the folder of the units")
    lock.set_defaults(handler=_lock)
    for action in (check, confirm, lock):
        action.add_argument("--index", type=Path, metavar="DIR", help="the index (the default)")


def _taught(arguments: argparse.Namespace, settings: Settings) -> tuple[Material, Ground]:
    from assistant.learn.ground import read_ground
    from assistant.learn.material import shelf

    material = shelf(settings.documents).material()
    return material, read_ground(arguments.index or settings.index, material.documents())


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    """List what has changed; exits 1 where anything has, so that a script can tell."""
    import json

    from assistant.learn.review import changes_of
    from assistant.state import open_state

    material, ground = _taught(arguments, settings)
    changes = [
        change
        for found in changes_of(open_state(settings.state), material, ground).values()
        for change in found
    ]
    if arguments.json:
        print(json.dumps([_row(change) for change in changes], ensure_ascii=False, indent=1))
    else:
        for change in changes:
            print(
                f"{change.piece}\t{change.kind}\t{change.source.document}\t"
                f"{change.source.locator}\t{change.language}"
            )
            print(f"  - {change.before}")
            print(f"  + {change.now or '(no such passage)'}")
        print(f"{len(material.pieces())} checked, {len(changes)} changed passages.")
    return 1 if changes else 0


def _confirm(arguments: argparse.Namespace, settings: Settings) -> int:
    import sys

    from assistant.learn.review import confirm
    from assistant.state import open_state

    material, ground = _taught(arguments, settings)
    if arguments.unit not in material.pieces():
        known = ", ".join(material.pieces())
        print(f"kyodo: expected one of {known}; found {arguments.unit!r}.", file=sys.stderr)
        return 1
    left = confirm(open_state(settings.state), material, ground, arguments.unit, "command line")
    for change in left:
        print(
            f"kyodo: {change.source.document}, {change.source.locator}: expected the quote "
            f"{change.source.quote.of(change.language)!r}, found "
            f"{change.now or 'no such passage'!r}; correct the quote in the unit's file.",
            file=sys.stderr,
        )
    return 1 if left else 0


def _lock(arguments: argparse.Namespace, settings: Settings) -> int:
    from assistant.learn.ground import read_ground
    from assistant.learn.material import read_material, write_basis
    from corpus.glossary import BUNDLED_GLOSSARY
    from corpus.units import BUNDLED_UNITS

    own = arguments.folder.resolve()
    beside = BUNDLED_GLOSSARY if own == BUNDLED_UNITS.resolve() else own.parent / "glossary"
    material = read_material((own,), (beside,))
    ground = read_ground(arguments.index or settings.index, material.documents())
    sources = [cited for piece in material.pieces() for cited in material.sources_of(piece)]
    texts = ground.texts(sources)
    write_basis(own, texts)
    print(f"{len(texts)} texts in {own / 'basis.json'}")
    return 0


def _row(change: Change) -> dict[str, str]:
    return {
        "unit": change.piece,
        "change": change.kind,
        "document": change.source.document,
        "locator": change.source.locator,
        "language": change.language,
        "quote": change.source.quote.of(change.language),
        "before": change.before,
        "now": change.now,
    }
