"""The decision guides beside an index: checked against its passages, stored with them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.datatypes import Passage
from corpus.folder import BUNDLED
from corpus.guides import (
    BUNDLED_GUIDES,
    Criterion,
    Guide,
    GuideError,
    Place,
    Step,
    Target,
    Text,
    Texts,
    check_places,
    read_guides,
)
from corpus.ingest import FileProblem
from index.errors import IndexMismatch

_FILE = "guides.json"


def save_guides(
    work: Path, folders: Sequence[Path], passages: Sequence[Passage], lenient: bool = False
) -> tuple[FileProblem, ...]:
    """Write the guides that belong to document folders: those in their ``guides`` subfolder.

    The bundled guides belong to the bundled documents.

    Args:
        work: the folder to write into.
        folders: the document folders.
        passages: those of the index.
        lenient: leave a guide out that cites a passage which is not there.

    Returns:
        The guides left out, and why.

    Raises:
        GuideError: if a guide cites a passage that is not there, and ``lenient`` is not set.
    """
    bundled = BUNDLED.resolve()
    guides = read_guides(
        [BUNDLED_GUIDES if f.resolve() == bundled else f / "guides" for f in folders]
    )
    left_out = lost_guides(guides, passages) if lenient else {}
    guides = tuple(guide for guide in guides if guide.name not in left_out)
    check_places(guides, passages)
    rows = [asdict(guide) for guide in guides]
    (work / _FILE).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return tuple(FileProblem(f"{name}.toml", reason) for name, reason in left_out.items())


def lost_guides(guides: Sequence[Guide], passages: Sequence[Passage]) -> dict[str, str]:
    """The guides that cite what is not there, by name, and what that is."""
    found = {}
    for guide in guides:
        try:
            check_places([guide], passages)
        except GuideError as error:
            found[guide.name] = f"{error} Until then the guide is left out."
    return found


def load_guides(folder: Path) -> tuple[Guide, ...]:
    """The guides of an index generation; none where it was built without.

    Raises:
        IndexMismatch: if they were written in another form than this program reads.
    """
    file = folder / _FILE
    if not file.is_file():
        return ()
    try:
        return tuple(_guide(row) for row in json.loads(file.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError) as error:
        raise IndexMismatch(
            f"{file}: expected decision guides in this program's form, found another ({error}); "
            "build the index again with `kyodo index build`."
        ) from error


def _guide(row: dict[str, Any]) -> Guide:
    return Guide(
        **{
            **row,
            "title": Text(**row["title"]),
            "section": Text(**row["section"]),
            "serves": _texts(row["serves"]),
            "leaves": _texts(row["leaves"]),
            "names": _texts(row["names"]),
            "targets": tuple(map(_target, row["targets"])),
            "criteria": tuple(map(_criterion, row["criteria"])),
            "steps": tuple(map(_step, row["steps"])),
            **{name: _places(row[name]) for name in ("grounds", "precedents", "open_points")},
        }
    )


def _target(row: dict[str, Any]) -> Target:
    verdicts = {value: Text(**text) for value, text in row["verdicts"].items()}
    return Target(row["target_id"], Text(**row["name"]), _texts(row["words"]), verdicts)


def _criterion(row: dict[str, Any]) -> Criterion:
    texts = ("speaks_for", "speaks_against", "about", "words_for", "words_against")
    return Criterion(
        **{
            **row,
            **{name: Text(**row[name]) for name in ("name", "establish", "ask")},
            **{name: _texts(row[name]) for name in texts},
            "targets": tuple(row["targets"]),
            "sources": _places(row["sources"]),
        }
    )


def _step(row: dict[str, Any]) -> Step:
    texts = {name: Text(**row[name]) for name in ("what", "who", "when", "paper")}
    return Step(**texts, sources=_places(row["sources"]))


def _texts(row: dict[str, Any]) -> Texts:
    return Texts(tuple(row["ja"]), tuple(row["en"]))


def _places(rows: Sequence[dict[str, Any]]) -> tuple[Place, ...]:
    return tuple(Place(**{**row, "targets": tuple(row["targets"])}) for row in rows)
