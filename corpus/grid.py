"""Tables of office documents to lines: every row with its table's caption and its heads.

A row of short cells is one line (区分：本会議／公開：傍聴できる); where a cell holds sentences,
each cell of its row is a line of its own, and the row's and the column's heads say where.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from corpus import marks
from corpus.datatypes import Standing
from corpus.minutes import standing_of_speaker
from corpus.structure import Line
from corpus.table import split_opinions, standing_of_column

_LONGEST_HEAD = 40
_LONGEST_NAME = 80
_SHORT_CELL = 60
"""Characters up to which a cell without sentences stays on its row's line."""
_MOST_HEADS = 3
_WEIGHED: frozenset[Standing] = frozenset({"opinion", "hypothesis", "background", "example"})
"""Columns whose words are no provisions: their cells are quoted one by one."""
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")
_JAPANESE = re.compile(r"[぀-ヿ一-鿿]")


@dataclass(frozen=True)
class Cell:
    """A cell; ``copy`` tells a merged cell's continuation, down its rows or across its columns."""

    text: str = ""
    copy: Literal["", "down", "across"] = ""
    head: bool = False


Row = Sequence[Cell]


def table_lines(rows: Sequence[Row], caption: str = "", page: int | None = None) -> list[Line]:
    """The lines of a table, in order.

    Args:
        rows: its rows; all as wide as the widest, or ragged.
        caption: its caption, "" where it has none.
        page: from 1, None where there are no pages.

    Returns:
        A line for every row (or cell) with its heads in ``Line.row``. A table that only lays
        out a page (one column, or numbers of provisions beside their text) gives plain lines.
    """
    grid = _without_empty([[_tidy(cell) for cell in row] for row in rows])
    if not grid:
        return []
    if _is_layout(grid):
        plain = _layout_lines(grid, page)
        return [Line(caption, page=page), *plain] if caption else plain
    count = _head_rows(grid)
    heads = _heads(grid[:count], max(map(len, grid)))
    unused = {i for i, head in enumerate(heads) if head}
    lines = []
    for row in grid[count:]:
        lines += _row_lines(row, heads, caption, page)
        unused -= {i for i, cell in enumerate(row) if cell.text and cell.copy != "across"}
    if unused:
        words = "／".join(dict.fromkeys(head for head in heads if head))
        lines.insert(0, Line(words, page=page, row=(caption or "表",)))
    return lines


def _tidy(cell: Cell) -> Cell:
    lines = [_SPACES.sub(" ", line).strip() for line in cell.text.split("\n")]
    text = "\n".join(line for line in lines if line)
    return cell if text == cell.text else replace(cell, text=text)


def _without_empty(grid: list[list[Cell]]) -> list[list[Cell]]:
    """The grid without empty rows and columns; rows made equally wide."""
    width = max(map(len, grid), default=0)
    full = [[*row, *[Cell()] * (width - len(row))] for row in grid]
    used = [i for i in range(width) if any(row[i].text and not row[i].copy for row in full)]
    kept = [[row[i] for i in used] for row in full]
    return [row for row in kept if any(cell.text and cell.copy != "down" for cell in row)]


def _is_layout(grid: list[list[Cell]]) -> bool:
    width = max(map(len, grid))
    if width == 1:
        return True
    numbers = [row[0].text for row in grid if row[0].text and not row[0].copy]
    return width == 2 and bool(numbers) and all(marks.is_bare_mark(text) for text in numbers)


def _layout_lines(grid: list[list[Cell]], page: int | None) -> list[Line]:
    lines = []
    for row in grid:
        first, *others = [cell.text for cell in row if cell.text and cell.copy != "down"]
        text = first + ("　" if others else "") + "\n".join(others)
        lines += [Line(line, page=page) for line in text.split("\n")]
    return lines


def _head_rows(grid: list[list[Cell]]) -> int:
    """How many of the first rows are heads: as marked, or else as they look."""
    if len(grid) < 2:
        return 0
    marked = 0
    while marked < min(len(grid) - 1, _MOST_HEADS) and all(c.head for c in grid[marked] if c.text):
        marked += 1
    if marked:
        return marked
    if not _looks_like_heads(grid[0]):
        return 0
    count = 1
    if any(cell.copy == "across" for cell in grid[0]) and len(grid) > 2:
        count += _looks_like_heads(grid[1])
    return count


def _looks_like_heads(row: list[Cell]) -> bool:
    filled = [cell.text for cell in row if cell.text]
    short = all(len(t) <= _LONGEST_HEAD and not t.endswith("。") for t in filled)
    if (
        not short
        or len(filled) < len(row) - 1
        or any(re.fullmatch(r"[\d,.％%円]+", t) for t in filled)
    ):
        return False
    if len(row) > 2:
        return True
    return any(_bare(text) in _words("table_heads") for text in filled)


def _bare(text: str) -> str:
    return re.sub(r"[\s　]", "", text).lower()


def _heads(rows: list[list[Cell]], width: int) -> tuple[str, ...]:
    """The head of every column: what stands above it in the head rows, each once."""
    heads = []
    for i in range(width):
        parts: list[str] = []
        for row in rows:
            text = row[i].text.replace("\n", " ")
            if text and text not in parts:
                parts.append(text)
        heads.append(" ".join(parts))
    return tuple(heads) if rows else ()


def _row_lines(
    row: list[Cell], heads: tuple[str, ...], caption: str, page: int | None
) -> list[Line]:
    cells = [(i, cell) for i, cell in enumerate(row) if cell.text and cell.copy != "across"]
    if len({cell.text for _, cell in cells}) == 1 and len(row) > 1 and not heads:
        return [Line(line, page=page) for line in cells[0][1].text.split("\n")]
    if any(_bare(head) in _words("speaker_heads") for head in heads):
        return _speech_lines(row, heads, caption, page)
    name = _row_name([cell.text for _, cell in cells])
    place = tuple(part for part in (caption, name) if part)
    weighed = any(standing_of_column(heads[i]) in _WEIGHED for i, _ in cells) if heads else False
    if not weighed and all(_is_short(cell.text) for _, cell in cells):
        return [Line(_joined(cells, heads), page=page, row=place or ("表",))]
    lines = []
    for i, cell in cells:
        if cell.text != name and cell.copy != "down":
            lines += _cell_lines(cell.text, heads[i] if heads else "", place, page)
    return lines


def _cell_lines(text: str, head: str, place: tuple[str, ...], page: int | None) -> list[Line]:
    """The lines of a cell: one, or one for every opinion."""
    standing = standing_of_column(head)
    where = tuple(part for part in (*place, head) if part) or ("表",)
    texts = split_opinions(text) if standing == "opinion" else [text]
    kept = standing if standing in _WEIGHED else "provision"
    return [Line(t, page=page, row=where, standing=kept) for t in texts]


def _speech_lines(
    row: list[Cell], heads: tuple[str, ...], caption: str, page: int | None
) -> list[Line]:
    """A row of minutes in a table: what a speaker says stands under the speaker's name."""
    at = next(i for i, head in enumerate(heads) if _bare(head) in _words("speaker_heads"))
    speaker = row[at].text
    said = [(i, c.text) for i, c in enumerate(row) if i != at and c.text and c.copy != "across"]
    place = tuple(part for part in (caption, speaker.replace("\n", " ")) if part) or ("表",)
    several = len(said) > 1
    return [
        Line(
            text,
            page=page,
            row=(*place, heads[i]) if several and heads[i] else place,
            standing=standing_of_speaker(speaker),
        )
        for i, text in said
    ]


def _is_short(text: str) -> bool:
    return len(text) <= _SHORT_CELL and text.count("。") <= 1


def _row_name(texts: list[str]) -> str:
    """What a row is called: its first cell, with the second where the first is only a number."""
    if not texts:
        return ""
    first = texts[0].split("\n")[0]
    if re.fullmatch(r"[\d０-９()（）.．①-⑳]+", first) and len(texts) > 1:
        first = f"{first} {texts[1].split(chr(10))[0]}"
    return first if len(first) <= _LONGEST_NAME else ""


def _joined(cells: list[tuple[int, Cell]], heads: tuple[str, ...]) -> str:
    texts = [(heads[i] if heads else "", cell.text.replace("\n", "、")) for i, cell in cells]
    japanese = any(_JAPANESE.search(head + text) for head, text in texts)
    colon, slash = ("：", "／") if japanese else (": ", " / ")
    if not heads and len(texts) == 2:
        return colon.join(text for _, text in texts)
    return slash.join(f"{head}{colon}{text}" if head else text for head, text in texts)


@cache
def _words(table: str) -> frozenset[str]:
    with Path(__file__).with_name("kinds.toml").open("rb") as file:
        return frozenset(tomllib.load(file)[table]["words"])
