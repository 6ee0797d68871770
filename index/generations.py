"""Reading the index folder: which generation counts, and whether every byte of it is whole.

``CURRENT`` names a generation, a folder ``gen-000001``. Its ``manifest.json`` holds the size
and SHA-256 of every other file, and a seal over itself.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from index.errors import IndexDamaged, IndexMismatch, IndexMissing

FORMAT_VERSION = 4
MANIFEST = "manifest.json"
POINTER = "CURRENT"
_NAME = re.compile(r"gen-\d{6,}")
_UNSEALED = ("seal",)
_NOT_CONTENT = ("seal", "fingerprint", "created")
_LOOKS = 3
"""How often a folder is read anew where a writer took a generation away meanwhile."""
_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True)
class Generation:
    """One whole index on disk."""

    folder: Path
    manifest: dict[str, Any]


Stamp = tuple[str, int, int]
"""What tells one writing of ``CURRENT`` from the next: its text, inode and time."""


def current(root: Path) -> Generation:
    """The current generation, every file checked against the manifest.

    Where it is not whole, the newest other generation that is takes its place, and a warning
    that names the damaged file is logged.

    Raises:
        IndexMissing: if there is none.
        IndexDamaged: if no generation is whole; names the file of the one that should be.
        IndexMismatch: if the current one is of another format.
    """
    return newest(root, lambda generation: generation)


def newest(root: Path, use: Callable[[Generation], _T]) -> _T:
    """What ``use`` makes of the current generation, or of the newest other that it can use.

    Args:
        root: the index folder.
        use: raises IndexDamaged where the generation, though whole, is of no use.

    Raises:
        SearchIndexError: as ``current``, and whatever ``use`` raises beside IndexDamaged.
    """
    return _newest(root, use, _LOOKS)


def named(root: Path) -> Path | None:
    """The generation that CURRENT names; None where it names none."""
    try:
        name = (root / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return root / name if _NAME.fullmatch(name) else None


def stamp(root: Path) -> Stamp | None:
    """What changes whenever CURRENT is written again; None where it cannot be read."""
    path = root / POINTER
    try:
        text, found = path.read_text(encoding="utf-8", errors="replace"), path.stat()
    except OSError:
        return None
    return text, found.st_ino, found.st_mtime_ns


def generations(root: Path) -> list[Path]:
    """The folders of all generations, whole or not, oldest first."""
    found = [p for p in root.glob("gen-*") if p.is_dir() and _NAME.fullmatch(p.name)]
    return sorted(found, key=number_of)


def number_of(folder: Path) -> int:
    """The number of a generation's folder."""
    return int(folder.name.removeprefix("gen-"))


def open_generation(folder: Path) -> Generation:
    """A generation, every file of it read and compared with its manifest.

    Raises:
        IndexDamaged: if a file is missing, changed, or none of the manifest's.
        IndexMismatch: if it is of another format.
    """
    path, rebuild = folder / MANIFEST, how_to_rebuild(folder.parent)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        version, files = manifest["format_version"], dict(manifest["files"])
        whole = manifest.get("seal") == seal(manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{path}: the file is missing or cannot be read; {rebuild}") from error
    if version != FORMAT_VERSION:
        raise IndexMismatch(
            f"{folder}: expected index format {FORMAT_VERSION}, found {version}; {rebuild}"
        )
    if not whole:
        raise IndexDamaged(f"{path}: the file is not what was written; {rebuild}")
    for name, known in files.items():
        _check(folder / name, known, rebuild)
    for name in files_in(folder):
        if name not in files and name != MANIFEST:
            raise IndexDamaged(
                f"{folder / name}: expected only the files that were written, found this one too; "
                f"take it away, or {rebuild}"
            )
    return Generation(folder, manifest)


def is_whole(folder: Path) -> bool:
    """Whether a generation can be read as it was written."""
    try:
        open_generation(folder)
    except (IndexDamaged, IndexMismatch):
        return False
    return True


def files_in(folder: Path) -> list[str]:
    """The files below a folder, by name; hidden ones (of desktops, file servers) are not ours."""
    found = (p.relative_to(folder) for p in folder.rglob("*") if not p.is_dir())
    return sorted(p.as_posix() for p in found if not any(x.startswith(".") for x in p.parts))


def fingerprint(manifest: dict[str, Any]) -> str:
    """16 hex digits that two indexes share where their content is the same."""
    content = {key: value for key, value in manifest.items() if key not in _NOT_CONTENT}
    return _digest(content)[:16]


def seal(manifest: dict[str, Any]) -> str:
    """SHA-256 over all that a manifest says."""
    return _digest({key: value for key, value in manifest.items() if key not in _UNSEALED})


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def how_to_rebuild(root: Path) -> str:
    """The end of a sentence: what to do about an index that cannot be used."""
    return f"build it again with `kyodo index build --index {root}`."


def _digest(value: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _newest(root: Path, use: Callable[[Generation], _T], looks: int) -> _T:
    before = stamp(root)
    try:
        made, folder, problem = _first_good(root, use)
    except IndexDamaged:
        if looks and stamp(root) != before:
            return _newest(root, use, looks - 1)
        raise
    if problem is not None and looks and stamp(root) != before:
        return _newest(root, use, looks - 1)
    if problem is not None:
        _LOG.warning("%s Until then %s is used.", problem, folder)
    return made


def _first_good(
    root: Path, use: Callable[[Generation], _T]
) -> tuple[_T, Path, IndexDamaged | None]:
    """What is made of the first generation that serves, its folder, and what was wrong before."""
    problem: IndexDamaged | None = None
    for folder in _candidates(root):
        try:
            made = use(open_generation(folder))
        except IndexDamaged as error:
            problem = problem or error
        except IndexMismatch:
            if problem is None:
                raise
        else:
            return made, folder, problem or _pointer_problem(root, folder)
    raise problem or IndexMissing(
        f"{root}: expected an index, found none; build one with `kyodo index build --index {root}`."
    )


def _candidates(root: Path) -> list[Path]:
    """The generation that CURRENT names, then the others, newest first."""
    first = named(root)
    others = [g for g in reversed(generations(root)) if g != first]
    return [first, *others] if first else others


def _pointer_problem(root: Path, used: Path) -> IndexDamaged | None:
    if named(root) == used:
        return None
    return IndexDamaged(f"{root / POINTER}: expected a generation's name; {how_to_rebuild(root)}")


def _check(path: Path, known: dict[str, Any], rebuild: str) -> None:
    try:
        same = path.stat().st_size == known["size"] and sha256(path) == known["sha256"]
    except OSError as error:
        raise IndexDamaged(f"{path}: the file is missing or cannot be read; {rebuild}") from error
    if not same:
        raise IndexDamaged(f"{path}: the file is not what was written; {rebuild}")
