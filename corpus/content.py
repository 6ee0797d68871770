"""Lines of any kind of file to its content: what nobody sees taken out, the rest structured."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from corpus.blocks import FileContent
from corpus.invisible import strip_invisible
from corpus.marks import opens_heading
from corpus.minutes import with_speakers
from corpus.structure import Line, structure
from corpus.warnings import warning

_LONGEST_TITLE = 60
_LOOKED_AT = 3
_NO_TITLE = re.compile(
    r"^(?:[（(【]?(?:資料|別紙|参考|案|別添)[\s　]*[0-9０-９一二三四五六七八九十]*[\s　）)】]*"
    r"|.{0,12}[年号]?.{0,8}(?:日|号|現在)(?:制定|改定|改正|決裁|施行)?|[0-9０-９.\-/]+)$"
)


def content_of(
    lines: Iterable[Line],
    title: str = "",
    warnings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    guess_title: bool = True,
) -> FileContent:
    """The content of a file that was read line by line.

    Args:
        lines: its lines, rows of tables among them (``Line.row``).
        title: its title, "" where it says none.
        warnings: what a person should know (see ``corpus.warnings``).
        notes: what could not be read, a sentence each.
        guess_title: whether its first line may be its title.
    """
    seen: list[Line] = []
    unseen = 0
    for line in lines:
        text, number = strip_invisible(line.text)
        unseen += number
        row = tuple(strip_invisible(head)[0] for head in line.row)
        same = text == line.text and row == line.row
        seen.append(line if same else replace(line, text=text, row=row))
    title = strip_invisible(title)[0]
    if guess_title and not title:
        title, seen = take_title(seen)
    return FileContent(
        {},
        tuple(structure(with_speakers(seen))),
        title=title,
        notes=notes,
        warnings=(*warnings, *warning("invisible_characters", unseen)),
    )


def take_title(lines: list[Line]) -> tuple[str, list[Line]]:
    """The title that stands at the head of lines, and the others; "" where none does.

    It is short, no heading and no sentence; a number or a date may stand above it (資料１).
    A lone line is a title and the text; a marked heading stays where it stands.
    """
    for i, line in enumerate(lines[:_LOOKED_AT]):
        text = line.text.strip()
        if not text or _NO_TITLE.match(text):
            continue
        wrong = len(text) > _LONGEST_TITLE or text.endswith("。") or opens_heading(text)
        if wrong or line.row or line.speaker or line.level > 1:
            return "", lines
        below = [*lines[:i], *lines[i + 1 :]]
        return text, lines if line.level or not below else below
    return "", lines
