"""The typeface of the evidence sheets: one of this computer that can be embedded, else a name."""

from __future__ import annotations

import logging
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from assistant.words import read_text

_FILE = Path(__file__).with_name("fonts.toml")
_LOOK_S = 10.0
_LAST_OF_UCS2 = 0xFFFF
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SheetFont:
    """A typeface that ReportLab knows. ``characters`` are those it has, None for all of UCS-2.

    ``embedded`` says whether its shapes are in the PDF; ``label`` is its name for people.
    """

    name: str
    label: str
    embedded: bool
    characters: frozenset[int] | None

    def has(self, character: str) -> bool:
        """Whether it can write a character."""
        if self.characters is None:
            return ord(character) <= _LAST_OF_UCS2
        return ord(character) in self.characters


@cache
def sheet_font() -> SheetFont:
    """The first typeface of ``fonts.toml`` that this computer has, else the one named there."""
    table = tomllib.loads(read_text(_FILE))
    for family, path, number in _installed(tuple(table["families"])):
        try:
            font = TTFont(f"kyodo-{family}", str(path), subfontIndex=number)
        except (TTFError, OSError) as error:
            _log.info("The typeface %s cannot be embedded: %s", path, error)
            continue
        pdfmetrics.registerFont(font)
        return SheetFont(font.fontName, family, True, frozenset(font.face.charToGlyph))
    cid = str(table["cid"])
    pdfmetrics.registerFont(UnicodeCIDFont(cid))
    return SheetFont(cid, cid, False, None)


def _installed(families: tuple[str, ...]) -> Iterator[tuple[str, Path, int]]:
    """The files of the families that fontconfig finds as TrueType, in the order given."""
    program = shutil.which("fc-list")
    if program is None:
        return
    asked = [program, "-f", "%{family}\t%{file}\t%{index}\t%{style}\n", ":fontformat=TrueType"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=_LOOK_S, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        _log.info("fontconfig does not say which typefaces there are: %s", error)
        return
    lines = (line.split("\t") for line in done.stdout.splitlines())
    rows = [row for row in lines if len(row) == 4]
    for family in families:
        found = [r for r in rows if family in r[0].split(",") and "Bold" not in r[3]]
        if found:
            yield family, Path(found[0][1]), int(found[0][2]) & 0xFFFF
