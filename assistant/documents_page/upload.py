"""Files sent by a browser: their names made harmless, their bytes put into an empty folder."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from corpus.invisible import strip_invisible

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"|?*%#]')
_DOTS = re.compile(r"\.{2,}")
_LONGEST = 150
"""Bytes of a name without its ending."""
_NAMELESS = "document"


def safe_name(sent: str) -> str:
    """A file name of ours for one that a browser sent: no folder, nothing hidden, not too long.

    >>> safe_name("../../etc/手引き..pdf")
    '手引き.pdf'
    """
    last = re.split(r"[/\\]", sent)[-1]
    plain = strip_invisible(unicodedata.normalize("NFC", last))[0]
    plain = _DOTS.sub(".", _NOT_IN_NAMES.sub("_", plain)).strip().strip(".").strip()
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = plain, ""
    stem = stem.encode()[:_LONGEST].decode("utf-8", "ignore").strip() or _NAMELESS
    return f"{stem}.{suffix}" if suffix else stem


def keep_files(folder: Path, sent: Sequence[tuple[str, BinaryIO]]) -> tuple[str, ...]:
    """Write the files sent; their names below the folder, in order.

    Two of one name go into folders of their own: each is told of in the report.

    Args:
        folder: an empty folder.
        sent: the name and the bytes of each.
    """
    names = names_of([name for name, _ in sent])
    for name, (_, data) in zip(names, sent, strict=True):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(data, file)
    return names


def names_of(sent: Sequence[str]) -> tuple[str, ...]:
    """The names below their folder under which ``keep_files`` writes files of these names."""
    names: list[str] = []
    for number, each in enumerate(sent):
        name = safe_name(each)
        names.append(f"{number}-again/{name}" if name in names else name)
    return tuple(names)
